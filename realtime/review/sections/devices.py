"""What was plugged in and what it really gave, how long decisions and sounds took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hipcue.config.reasons import Reason
from hipcue.realtime.records import SettingCommand, setting_of
from hipcue.realtime.review.sections.device_status import StatusHistory, status_histories
from hipcue.realtime.review.sections.table import MOST_ROWS, Table, heads, table_of
from hipcue.realtime.review.texts import DASH, Texts, clock
from hipcue.realtime.session.reader import SessionReader

# Reasons that are named for each device; more are summed up.
_MOST_REASONS = 3
# Frames further apart have a pause between them that says nothing about the camera's rate.
_PAUSE_S = 2.0


@dataclass(frozen=True, slots=True)
class Devices:
    """Sentences on the delays, a table of devices, one of faults, the settings as used."""

    delays: tuple[str, ...]
    devices: Table | None
    faults: Table | None
    settings: str


def devices_of(session: SessionReader, texts: Texts) -> Devices:
    """Return what is known about devices, delays and settings of a session."""
    faults = [
        (clock(f.t_s - session.t_first_s), texts.reason(f.reason))
        for f in session.faults[:MOST_ROWS]
    ]
    fault_heads = heads("devices", ("fault_when", "fault_what"), texts)
    left_out = len(session.faults) - MOST_ROWS
    return Devices(
        tuple(_delays(session, texts)),
        _device_table(session, texts),
        table_of(fault_heads, faults, left_out, texts),
        "\n".join(_settings_lines(session, texts)),
    )


def _device_table(session: SessionReader, texts: Texts) -> Table | None:
    """Return a row per device: what it gave, how much of the time, what was wrong when."""
    histories = status_histories(session)
    rows = []
    for name in dict.fromkeys([*session.header.devices, *histories]):
        history = histories.get(name, StatusHistory())
        given = ", ".join(part for part in _given(session, name, history, texts) if part)
        share = DASH
        if history.seconds > 0:
            share = f"{texts.number(100 * history.live_s / history.seconds)}\u00a0%"
        troubles = _troubles(history, texts)
        rows.append((texts.known("device", name), given or DASH, share, troubles))
    return table_of(
        heads("devices", ("device", "gave", "in_order", "wrong"), texts), rows, 0, texts
    )


def _troubles(history: StatusHistory, texts: Texts) -> str:
    said = []
    for kind, n in history.troubles.most_common(_MOST_REASONS):
        why, first_s = history.first[kind]
        often = texts("devices.often", n=n) if n > 1 else ""
        said.append(f"{_told(why, texts)} ({clock(first_s)}{often})")
    more = len(history.troubles) - _MOST_REASONS
    if more > 0:
        said.append(texts("devices.more", n=more))
    return "; ".join(said) or DASH


def _told(why: Reason, texts: Texts) -> str:
    return ": ".join(part for part in (texts.reason(why), texts.advice(why)) if part)


def _given(session: SessionReader, name: str, history: StatusHistory, texts: Texts) -> list[str]:
    """Return what a device really gave, from what was recorded of it."""
    asked = texts.known("address", session.header.devices.get(name, ""))
    if name == "camera":
        size = session.header.size_px
        rate = picture_rate(session)
        measured = "" if rate is None else texts("devices.pictures", n=texts.number(rate))
        return [asked, f"{size[0]}x{size[1]}" if size else "", measured]
    if name == "belt":
        return [asked, *_belt_readings(session, texts)]
    return [asked, "" if history.last is None else texts.reason(history.last)]


def picture_rate(session: SessionReader) -> float | None:
    """Return how many pictures a second were measured, pauses left out; None without any."""
    found = session.select("SELECT count, t_first_s, t_last_s FROM frames ORDER BY first")
    chunks = np.array(found, float).reshape(-1, 3)
    if not len(chunks) or not np.isfinite(chunks).all():
        return None
    count, begins, ends = chunks.T
    # A chunk lasts until the next one begins, unless there was a pause.
    spans = np.append(begins[1:], ends[-1]) - begins
    spans = np.where((spans < 0) | (spans > ends - begins + _PAUSE_S), ends - begins, spans)
    # The last frame ends with itself, not with a next one.
    return float((count.sum() - 1) / spans.sum()) if spans.sum() > 0 else None


def _belt_readings(session: SessionReader, texts: Texts) -> list[str]:
    out = []
    # A speed that needs a reason was not told, but counted.
    for source, count, first, last, unknown, counted in session.select(
        "SELECT source, count(*), min(t_s), max(t_s), sum(speed_mps IS NULL), "
        "sum(speed_mps IS NOT NULL AND coalesce(reason, '') <> '') FROM belt "
        "GROUP BY source ORDER BY count(*) DESC"
    ):
        words = [texts.known("belt_source", str(source)), texts.count("count.reading", count)]
        if isinstance(first, float) and isinstance(last, float) and last > first:
            rate = texts.number((count - 1) / (last - first), 1)
            words.append(texts("devices.a_second", n=rate))
        if unknown:
            words.append(texts("devices.no_speed", n=unknown))
        if counted:
            words.append(texts("devices.counted", n=counted))
        out.append(", ".join(words))
    return out


def _delays(session: SessionReader, texts: Texts) -> list[str]:
    """Return how long decisions and sounds took, in sentences."""
    sentences = []
    known = session.header_values.get("latency_ms")
    if isinstance(known, dict) and all(_is_time(known.get(p)) for p in ("p50", "p95", "p99")):
        numbers = {p: texts.number(known[p]) for p in ("p50", "p95", "p99")}
        sentences.append(texts("devices.to_decision", **numbers))
    from_picture, from_event = [], []
    for cue in session.cues:
        played = session.played.get(cue.number)
        sound_s = played.t_sound_s if played else None
        if sound_s is not None:
            from_picture.append((sound_s - cue.t_capture_s) * 1000)
            from_event.append((sound_s - cue.t_event_s) * 1000)
    if from_picture:
        picture50, picture95 = (texts.number(v) for v in np.percentile(from_picture, (50, 95)))
        event50, event95 = (texts.number(v) for v in np.percentile(from_event, (50, 95)))
        sentences.append(
            texts(
                "devices.to_sound",
                picture50=picture50,
                picture95=picture95,
                event50=event50,
                event95=event95,
            )
        )
    return sentences


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and 0.0 <= value < 1e6


def _settings_lines(session: SessionReader, texts: Texts) -> list[str]:
    """Return versions and settings as used, what was learnt, and what was chosen anew.

    Keys and numbers are those of the settings file, whatever the language.
    """
    head = session.header
    lines = [f"{name} {value}" for name, value in head.versions.items()]
    for name, part in head.settings.items():
        if isinstance(part, dict):
            lines += [f"{name}.{key} = {value}" for key, value in part.items()]
    for name, key in (("neutral", "neutral_end"), ("baseline", "baseline_end")):
        found = session.header_values.get(key)
        if isinstance(found, dict):
            lines += [f"{name}.{part} = {_rounded(value, texts)}" for part, value in found.items()]
    for step, command in session.command_steps[:MOST_ROWS]:
        if isinstance(command, SettingCommand):
            key, value = setting_of(command)
            time = clock((session.frames.t_of_step(step) or session.t_first_s) - session.t_first_s)
            lines.append(texts("devices.chosen", key=key, value=value, time=time))
    return lines


def _rounded(value: object, texts: Texts) -> str:
    """Return a number, or the middle of a band with its ends."""
    parts = value if isinstance(value, list) else [value]
    numbers = [f"{part:.3f}" for part in parts if isinstance(part, int | float)]
    if len(numbers) < 3:
        return " ".join(numbers[:1])
    return f"{numbers[0]} ({texts('time.span', start=numbers[1], end=numbers[2])})"
