"""What was plugged in and what it really gave, how long decisions and sounds took."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape

import numpy as np

from hipcue.devices.readings import DeviceStatus, LinkState
from hipcue.realtime.records import SettingCommand, setting_of
from hipcue.realtime.review.labels import clock
from hipcue.realtime.review.sections.tables import table_html
from hipcue.realtime.session.reader import SessionReader

_MOST_ROWS = 40
# Reasons that are named for each device; more are summed up.
_MOST_REASONS = 3
# Shorter waiting is not worth a word; our choice.
_WAITING_S = 5.0
# Frames further apart have a pause between them that says nothing about the camera's rate.
_PAUSE_S = 2.0


@dataclass(slots=True)
class _Light:
    """How a device's light went: seconds in all and live, and the times it was not."""

    seconds: float = 0.0
    live_s: float = 0.0
    last: str = ""
    troubles: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[str, float]] = field(default_factory=dict)


def device_table(session: SessionReader) -> str:
    """Return a row per device: what it gave, how much of the time, and what was wrong when."""
    lights = _lights(session)
    names = dict.fromkeys([*session.header.devices, *lights])
    body = []
    for name in names:
        given = ", ".join(part for part in _given(session, name, lights.get(name)) if part)
        light = lights.get(name, _Light())
        share = f"{100 * light.live_s / light.seconds:.0f}\u00a0%" if light.seconds > 0 else "–"
        body.append((name, given or "–", share, _troubles(light)))
    faults = [(clock(f.t_s - session.t_first_s), f.text) for f in session.faults[:_MOST_ROWS]]
    head = ("Device", "What it gave", "In order", "What was wrong, first time, how often")
    return (table_html(head, body, "texts devices") if body else "") + (
        table_html(("When", "What went wrong"), faults) if faults else ""
    )


def _lights(session: SessionReader) -> dict[str, _Light]:
    """Return how each device's light went between the first frame and the last."""
    frames = session.select("SELECT max(t_last_s) FROM frames")
    last = frames[0][0]
    strides = session.strides
    known = [t for t in (last, *(s.end_s for s in strides[-1:])) if isinstance(t, float)]
    start, end = session.t_first_s, max(known, default=session.t_first_s)
    changes: dict[str, list[tuple[float, DeviceStatus]]] = {}
    for t_s, status in session.devices:
        changes.setdefault(status.name, []).append((t_s, status))
    return {name: _light(some, start, end) for name, some in changes.items()}


def _light(some: list[tuple[float, DeviceStatus]], start: float, end: float) -> _Light:
    light = _Light()
    ends = [*(t for t, _ in some[1:]), end]
    before = ""
    for (t_s, status), until in zip(some, ends, strict=True):
        # A film that is over, a device that was never asked for: no trouble.
        if status.state is LinkState.OFF and not status.advice:
            continue
        seconds = max(min(until, end) - max(t_s, start), 0.0)
        light.seconds += seconds
        if status.state is LinkState.LIVE:
            light.live_s += seconds
            light.last, before = status.text, ""
            continue
        # Every device is waited for a little when a session begins.
        passing = status.state is LinkState.WAITING and seconds < _WAITING_S
        why = _why(status)
        # "10 of 59 pictures" and "14 of 59 pictures" are one trouble.
        kind = re.sub(r"\d+", "0", why)
        if seconds > 0 and kind != before and not passing:
            light.troubles[kind] += 1
            light.first.setdefault(kind, (why, max(t_s - start, 0.0)))
        before = kind
    return light


def _why(status: DeviceStatus) -> str:
    parts = [part for part in (status.text, status.advice) if part and part != status.name]
    return ": ".join(dict.fromkeys(parts)) or status.state.value


def _troubles(light: _Light) -> str:
    said = []
    for kind, n in light.troubles.most_common(_MOST_REASONS):
        why, first_s = light.first[kind]
        said.append(f"{why} ({clock(first_s)}{f', {n} times' if n > 1 else ''})")
    more = len(light.troubles) - _MOST_REASONS
    return "; ".join(said) + (f"; and {more} more" if more > 0 else "") or "–"


def _given(session: SessionReader, name: str, light: _Light | None) -> list[str]:
    """Return what a device really gave, from what was recorded of it."""
    asked = session.header.devices.get(name, "")
    if name == "camera":
        size = session.header.size_px
        rate = picture_rate(session)
        measured = "" if rate is None else f"{rate:.0f} pictures a second measured"
        return [asked, f"{size[0]}x{size[1]}" if size else "", measured]
    if name == "belt":
        return [asked, *_belt_readings(session)]
    return [asked, light.last if light is not None and light.last != name else ""]


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


def _belt_readings(session: SessionReader) -> list[str]:
    out = []
    for source, count, first, last, unknown in session.select(
        "SELECT source, count(*), min(t_s), max(t_s), sum(speed_mps IS NULL) FROM belt "
        "GROUP BY source ORDER BY count(*) DESC"
    ):
        words = f"{source}, {count} reading{'s' if count != 1 else ''}"
        if isinstance(first, float) and isinstance(last, float) and last > first:
            words += f", {(count - 1) / (last - first):.1f} a second"
        out.append(words + (f", {unknown} without a speed" if unknown else ""))
    return out


def latency_words(session: SessionReader) -> str:
    """Return how long decisions and sounds took, in words."""
    known = session.header_values.get("latency_ms")
    words = ""
    if isinstance(known, dict) and all(_is_time(known.get(p)) for p in ("p50", "p95", "p99")):
        words = (
            f"<p>From the picture to what hipcue made of it: median {known['p50']:.0f} ms, 95 % "
            f"within {known['p95']:.0f} ms, 99 % within {known['p99']:.0f} ms.</p>"
        )
    decided, sounded = [], []
    for cue in session.cues:
        played = session.played.get(cue.number)
        sound_s = played.t_sound_s if played else None
        if sound_s is not None:
            decided.append((sound_s - cue.t_capture_s) * 1000)
            sounded.append((sound_s - cue.t_event_s) * 1000)
    if not sounded:
        return words
    from_picture = np.percentile(decided, (50, 95))
    from_event = np.percentile(sounded, (50, 95))
    return words + (
        f"<p>From the picture to the sound: median {from_picture[0]:.0f} ms, 95 % within "
        f"{from_picture[1]:.0f} ms. From the push-off to the sound: median "
        f"{from_event[0]:.0f} ms, 95 % within {from_event[1]:.0f} ms. One step lasts about "
        "350 ms.</p>"
    )


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and 0.0 <= value < 1e6


def _rounded(value: object) -> str:
    parts = value if isinstance(value, list) else [value]
    numbers = [f"{part:.3f}" for part in parts if isinstance(part, int | float)]
    return " ".join(numbers[:1] + [f"({' to '.join(numbers[1:])})"] * (len(numbers) > 1))


def settings_words(session: SessionReader) -> str:
    """Return versions and settings as used, and what was chosen anew, folded away."""
    head = session.header
    lines = [f"{name} {value}" for name, value in head.versions.items()]
    for name, part in head.settings.items():
        if isinstance(part, dict):
            lines += [f"{name}.{key} = {value}" for key, value in part.items()]
    for name, key in (("neutral", "neutral_end"), ("baseline", "baseline_end")):
        found = session.header_values.get(key)
        if isinstance(found, dict):
            lines += [f"{name}.{part} = {_rounded(value)}" for part, value in found.items()]
    lines += [
        f"{' = '.join(map(str, setting_of(command)))} from "
        f"{clock(session.t_of_step(step) - session.t_first_s)} on"
        for step, command in session.command_steps[:_MOST_ROWS]
        if isinstance(command, SettingCommand)
    ]
    text = escape("\n".join(lines))
    return f"<details><summary>Versions and settings as used</summary><pre>{text}</pre></details>"
