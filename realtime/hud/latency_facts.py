"""How soon things happen after the picture was taken, as the coach reads it. Pure."""

from __future__ import annotations

import numpy as np

from realtime.hud.facts import camera_lost
from realtime.hud.texts import DASH, Texts
from realtime.records import Snapshot

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


def _sound(snapshot: Snapshot, texts: Texts) -> str:
    cues = snapshot.cue_latency_ms
    if not cues:
        # Cues that nobody heard: muted, or no loudspeaker.
        return f"{DASH} {texts('latency.no_sound' if snapshot.cues else 'latency.no_cue')}"
    if len(cues) < _FEW:
        return texts("latency.newest", ms=texts.number(cues[max(cues)]))
    p50, p95, p99 = np.percentile(np.array(list(cues.values())), (50, 95, 99))
    return _percentiles((float(p50), float(p95), float(p99)), texts)


def _percentiles(values: tuple[float | None, ...], texts: Texts) -> str:
    names = ("p50", "p95", "p99")
    shown = [DASH if value is None else texts.number(value) for value in values]
    return texts("latency.values", **dict(zip(names, shown, strict=True)))
