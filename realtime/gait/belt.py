"""The belt: its speed over a stride, its way, and the scale of the picture.

A planted foot moves exactly with the belt. Its speed in the picture against the speed
on the wire gives pixels per metre without a ruler; with the scale known, the same
equation backwards gives the belt's speed without a wire.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.records import Measurement

# Eyes and ears are this part of the body height above the soles (Winter 2009, fig. 4.1).
_EYE_HEIGHT = 0.936
# Wire against camera: consoles are off by a few per cent; Willwacher 2021 saw 98 to 103 %.
_DISAGREE = 0.05
_DISAGREE_S = 10.0
# What MediaPipe's heels and the belt disagree by on one camera, after both legs are
# averaged: 4 % over six rendered runners.
_CAMERA_SIGMA = 0.03
_MEMORY_S = 30.0
# A belt's acceleration is believed for this long after the newest sample; our choice.
_SLOPE_S = 0.6
# Steps that make a ruler good enough to doubt the console by; our choice: four seconds.
_RULER_STEPS = 12


@dataclass(frozen=True, slots=True)
class BeltOverStride:
    """Mean speed and way of the belt between two instants."""

    speed_mps: Measurement
    distance_m: Measurement
    source: BeltSource


class BeltMemory:
    """What the wire said lately."""

    def __init__(self, stale_after_s: float) -> None:
        self._stale_after_s = stale_after_s
        self._samples: deque[BeltSample] = deque()
        self.newest: BeltSample | None = None

    def push(self, samples: Iterable[BeltSample]) -> None:
        """Take new samples, in time order; a step back in time is dropped."""
        for sample in samples:
            if self.newest is not None and sample.t_s < self.newest.t_s:
                continue
            self.newest = sample
            self._samples.append(sample)
        while len(self._samples) > 2 and (self._samples[-1].t_s - self._samples[1].t_s > _MEMORY_S):
            self._samples.popleft()

    def now(self, t_s: float) -> Measurement:
        """Speed at `t_s` for the screen: missing when the newest is stale or has none."""
        newest = self.newest
        if newest is None:
            return Measurement.missing("no treadmill")
        age_s = t_s - newest.t_s
        if age_s > self._stale_after_s and newest.source is BeltSource.WIRE:
            return Measurement.missing(f"belt silent {age_s:.0f} s")
        if newest.speed_mps is None:
            return Measurement.missing(newest.reason or "no speed from the treadmill")
        return Measurement(newest.speed_mps, 0.01 * newest.speed_mps)

    def over(self, start_s: float, end_s: float) -> BeltOverStride:
        """Integrate the speed over a stretch; missing when the wire was silent in it."""
        samples = [s for s in self._samples if s.speed_mps is not None]
        if not samples:
            reason = "no treadmill" if self.newest is None else "no speed from the treadmill"
            return _no_belt(self.newest.reason or reason if self.newest else reason)
        if samples[0].source in (BeltSource.FIXED,) and len(samples) == 1:
            return _steady(samples[0].speed_mps or 0.0, end_s - start_s, samples[0].source)
        t = np.array([s.t_s for s in samples])
        v = np.array([s.speed_mps for s in samples], dtype=float)
        last_before = int(np.searchsorted(t, start_s, side="right")) - 1
        first_after = int(np.searchsorted(t, end_s, side="left"))
        inside = t[max(last_before, 0) : first_after + 1]
        edges = np.concatenate([[start_s], inside[(inside > start_s) & (inside < end_s)], [end_s]])
        oldest_gap = start_s - t[last_before] if last_before >= 0 else t[0] - start_s
        newest_gap = 0.0 if first_after < len(t) else end_s - t[-1]
        gaps = np.diff(inside) if len(inside) > 1 else np.zeros(1)
        silent = max(float(oldest_gap), float(newest_gap), float(gaps.max(initial=0.0)))
        if samples[-1].source is BeltSource.WIRE and silent > self._stale_after_s:
            return _no_belt(f"belt silent {silent:.1f} s")
        if any(s.speed_mps is None and start_s <= s.t_s <= end_s for s in self._samples):
            return _no_belt("no speed from the treadmill in this stride")
        speed = np.interp(edges, t, v)
        if end_s > t[-1] and len(t) >= 2:
            speed[edges > t[-1]] = _go_on(t, v, edges[edges > t[-1]])
        way = float(np.sum((speed[1:] + speed[:-1]) / 2 * np.diff(edges)))
        mean = way / (end_s - start_s)
        return BeltOverStride(
            Measurement(mean, 0.01 * mean), Measurement(way, 0.01 * way), samples[-1].source
        )


def _go_on(
    t: NDArray[np.float64], v: NDArray[np.float64], until: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Speed after the newest sample: a belt that speeds up goes on doing so, for a while."""
    lately = t > t[-1] - _SLOPE_S
    slope = (v[-1] - v[lately][0]) / (t[-1] - t[lately][0]) if lately.sum() >= 2 else 0.0
    return np.asarray(np.maximum(v[-1] + slope * np.minimum(until - t[-1], _SLOPE_S), 0.0))


def _no_belt(reason: str) -> BeltOverStride:
    return BeltOverStride(Measurement.missing(reason), Measurement.missing(reason), BeltSource.NONE)


def _steady(speed_mps: float, seconds: float, source: BeltSource) -> BeltOverStride:
    return BeltOverStride(
        Measurement(speed_mps, 0.0), Measurement(speed_mps * seconds, 0.0), source
    )


class Scale:
    """Pixels per metre at the runner, and the belt's speed as the camera sees it."""

    def __init__(self, known_px_per_m: float | None, runner_height_m: float | None) -> None:
        self._known = known_px_per_m
        self._runner_height_m = runner_height_m
        self._from_belt: deque[float] = deque(maxlen=24)
        self._from_height: float | None = None
        self._disagrees_since_s: float | None = None
        self.disagreement: float | None = None

    def stood(self, height_px: float) -> None:
        """Take the standing runner's height in the picture (eye level to sole)."""
        if self._runner_height_m is not None:
            self._from_height = height_px / (_EYE_HEIGHT * self._runner_height_m)

    def planted(self, t_s: float, foot_px_per_s: float, belt: Measurement) -> None:
        """Take one step's planted-foot speed (mean of both legs) and the wire's speed then."""
        if belt.value is None or belt.value < 0.3:
            return
        if len(self._from_belt) >= _RULER_STEPS:
            seen = foot_px_per_s / float(np.median(self._from_belt))
            self._compare(t_s, seen, belt.value)
            if self._disagrees_since_s is not None:
                return  # One of them is wrong: do not let it move the ruler.
        self._from_belt.append(foot_px_per_s / belt.value)

    def _compare(self, t_s: float, seen_mps: float, wire_mps: float) -> None:
        off = seen_mps / wire_mps - 1.0
        if abs(off) <= _DISAGREE:
            self._disagrees_since_s = None
            self.disagreement = None
        elif self._disagrees_since_s is None:
            self._disagrees_since_s = t_s
        elif t_s - self._disagrees_since_s > _DISAGREE_S:
            self.disagreement = off

    @property
    def px_per_m(self) -> Measurement:
        """The scale: known, else from the belt, else from the runner's height."""
        if self._known is not None:
            return Measurement(self._known, 0.0)
        if len(self._from_belt) >= 4:
            value = float(np.median(self._from_belt))
            return Measurement(value, _CAMERA_SIGMA * value)
        if self._from_height is not None:
            return Measurement(self._from_height, 0.04 * self._from_height)
        return Measurement.missing("scale unknown: no belt speed and no body height")

    def speed_mps(self, foot_px_per_s: float | None) -> Measurement:
        """Belt speed as the camera sees it; missing without a scale or a planted foot."""
        scale = self.px_per_m
        if scale.value is None:
            return Measurement.missing(scale.reason or "scale unknown")
        if foot_px_per_s is None:
            return Measurement.missing("no planted foot seen yet")
        value = foot_px_per_s / scale.value
        return Measurement(value, value * float(np.hypot(_CAMERA_SIGMA, 0.02)))
