"""Latencies from the picture to the decision and to the sound, as the coach reads them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.hud.facts.devices import camera_lost
from hipcue.realtime.hud.facts.texts import DASH, Texts
from hipcue.realtime.view.latency import CUE_STAGES, CueTimes, Latency
from hipcue.realtime.view.snapshot import Snapshot

# Fewer cues than this have no percentiles worth the name; our choice.
_FEW = 4

Line = tuple[str, str]


def latency_lines(snapshot: Snapshot, texts: Texts) -> tuple[Line, Line]:
    """Return name and value of two latencies: picture to decision, and picture to sound.

    Decisions are those of the last frames; there is none while the camera is lost. Sounds
    are those of the cues of the last three minutes: percentiles when there are at least
    four, the newest one before.
    """
    known = snapshot.latency
    decision = (known.p50_ms, known.p95_ms, known.p99_ms)
    old = camera_lost(snapshot) or known.p50_ms is None
    told = DASH if old else _percentiles(decision, texts)
    if snapshot.replay is not None and known.p50_ms is None:
        told = f"{DASH} {texts('latency.not_kept')}"
    return (
        (texts("latency.decision"), told),
        (texts("latency.sound"), _sound(snapshot, texts)),
    )


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage on the way from the picture to the sound: its name and its percentiles.

    `values` are p50, p95 and p99 in ms; dashes where `reason` says why.
    """

    name: str
    values: tuple[str, str, str]
    reason: str = ""


def stage_rows(snapshot: Snapshot, texts: Texts) -> list[StageRow]:
    """Return a row for every picture's decision, then one for each stage of the cues."""
    known = snapshot.latency
    reason = ""
    if camera_lost(snapshot):
        reason = texts.reason(Reason(ReasonCode.CAMERA_LOST))
    elif known.p50_ms is None:
        code = ReasonCode.NOT_KEPT if snapshot.replay else ReasonCode.NO_PICTURE_YET
        reason = texts.reason(Reason(code))
    rows = [_row("every_decision", Latency() if reason else known, reason, texts)]
    cues = CueTimes.latencies(snapshot.cue_times.values())
    why_none = _why_no_sound(snapshot, texts)
    if not why_none and len(snapshot.cue_times) < _FEW:
        why_none = texts("latency.few")
    for stage in CUE_STAGES:
        stamped = cues.get(stage)
        why = why_none or ("" if stamped is not None else texts("latency.not_kept"))
        rows.append(_row(stage, Latency() if why or stamped is None else stamped, why, texts))
    return rows


def _row(name: str, latency: Latency, reason: str, texts: Texts) -> StageRow:
    p50, p95, p99 = (
        DASH if value is None else texts.number(value)
        for value in (latency.p50_ms, latency.p95_ms, latency.p99_ms)
    )
    return StageRow(texts(f"latency.{name}"), (p50, p95, p99), reason)


def _why_no_sound(snapshot: Snapshot, texts: Texts) -> str:
    if snapshot.cue_times:
        return ""
    # Cues that nobody heard: muted, or no loudspeaker.
    return texts("latency.no_sound" if snapshot.cues else "latency.no_cue")


def _sound(snapshot: Snapshot, texts: Texts) -> str:
    cues = snapshot.cue_times
    if not cues:
        return f"{DASH} {_why_no_sound(snapshot, texts)}"
    if len(cues) < _FEW:
        return texts("latency.newest", ms=texts.number(cues[max(cues)].sound_ms))
    found = Latency.of([times.sound_ms for times in cues.values()])
    return _percentiles((found.p50_ms, found.p95_ms, found.p99_ms), texts)


def _percentiles(values: tuple[float | None, ...], texts: Texts) -> str:
    names = ("p50", "p95", "p99")
    shown = [DASH if value is None else texts.number(value) for value in values]
    return texts("latency.values", **dict(zip(names, shown, strict=True)))
