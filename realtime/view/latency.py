"""How long after its picture was taken something was decided, or heard."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Latency:
    """Percentiles of capture-to-decision (or to sound), in ms; missing before there are any."""

    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None

    @classmethod
    def of(cls, values_ms: Collection[float]) -> Latency:
        """Return the percentiles of values; missing without any."""
        if not values_ms:
            return cls()
        p50, p95, p99 = np.percentile(np.array(values_ms), (50, 95, 99))
        return cls(float(p50), float(p95), float(p99))


@dataclass(frozen=True, slots=True)
class CueTimes:
    """How long after its picture was taken a cue reached each stage on its way, ms.

    `pose_ms` the picture was understood, `decision_ms` the cue was decided, `request_ms` its
    sound was asked for: None where that was not kept. `sound_ms` the mixer took the first
    sample.
    """

    pose_ms: float | None
    decision_ms: float | None
    request_ms: float | None
    sound_ms: float

    @classmethod
    def of(cls, t_capture_s: float, stamps: Mapping[str, float]) -> CueTimes | None:
        """Return them from the stamps that are kept with a session; None without a sound.

        The latest stamp is the sound's, whatever it is called.
        """
        if not stamps:
            return None

        def after(name: str) -> float | None:
            return 1e3 * (stamps[name] - t_capture_s) if name in stamps else None

        sound_ms = 1e3 * (max(stamps.values()) - t_capture_s)
        return cls(after("pose_s"), after("decision_s"), after("request_s"), sound_ms)

    @staticmethod
    def latencies(heard: Collection[CueTimes]) -> dict[str, Latency]:
        """Return the percentiles of each of `CUE_STAGES` that was stamped."""
        found = {}
        for stage in CUE_STAGES:
            values = [ms for times in heard if (ms := getattr(times, stage)) is not None]
            if values:
                found[stage] = Latency.of(values)
        return found


CUE_STAGES = ("pose_ms", "decision_ms", "request_ms", "sound_ms")
"""The fields of `CueTimes` in the order in which they happen."""
