"""What the treadmill said lately: its speed at an instant and over a stride, and its grade."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.pace import Pace
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.gait.belt_over_stride import (
    BeltOverStride,
    console_speed,
    no_belt,
    told_over,
)
from hipcue.realtime.records import Measurement

# Standard uncertainty of a console's grade, percent. Our choice: CSAFE and FTMS tell it in
# steps of 0.1; how level the treadmill stands, nobody tells.
_GRADE_SIGMA_PERCENT = 0.1
_MEMORY_S = 30.0
# A belt's acceleration on the wire is believed for this long after the newest sample; our choice.
_SLOPE_S = 0.6
# Two samples of one time are a step; apart by this they can be interpolated between.
_STEP_WIDTH_S = 1e-9


class BeltBuffer:
    """The samples of the last half minute, in time order.

    Samples of a wire grow stale; a speed that was typed in, or comes from a file, does not.

    Parameters
    ----------
    stale_after_s : float
        Samples of a wire that are older than this say nothing, unless it speaks more seldom.

    Attributes
    ----------
    newest : BeltSample or None
        The newest sample, stale or not; None before the first.
    """

    def __init__(self, stale_after_s: float) -> None:
        self._pace = Pace(stale_after_s)
        self._samples: deque[BeltSample] = deque()
        self.newest: BeltSample | None = None

    def add_samples(self, samples: Iterable[BeltSample]) -> None:
        """Take new samples, in time order; a step back in time is dropped."""
        for sample in samples:
            if self.newest is not None and sample.t_s < self.newest.t_s:
                continue
            self.newest = sample
            if sample.source is BeltSource.WIRE:
                self._pace.add(sample.t_s)
            self._samples.append(sample)
        while len(self._samples) > 2 and (self._samples[-1].t_s - self._samples[1].t_s > _MEMORY_S):
            self._samples.popleft()

    def speed_now(self, t_s: float) -> Measurement:
        """Speed of the belt; missing when the newest sample is stale or has none."""
        newest = self.newest
        if newest is None:
            return Measurement.missing(ReasonCode.NO_TREADMILL)
        if self._is_stale(newest, t_s):
            return Measurement.missing(ReasonCode.BELT_SILENT, seconds=round(t_s - newest.t_s))
        if newest.speed_mps is None:
            return Measurement.missing(newest.reason or ReasonCode.NO_BELT_SPEED)
        return console_speed(newest.speed_mps, newest.sigma_mps)

    def grade_now(self, t_s: float) -> Measurement:
        """Slope of the belt, percent, uphill positive; missing when the newest sample is stale."""
        newest = self.newest
        if newest is None or newest.grade_percent is None:
            return Measurement.missing(ReasonCode.GRADE_NOT_KNOWN)
        if self._is_stale(newest, t_s):
            return Measurement.missing(ReasonCode.BELT_SILENT, seconds=round(t_s - newest.t_s))
        return Measurement(newest.grade_percent, _GRADE_SIGMA_PERCENT)

    def told_between(self, start_s: float, end_s: float) -> list[BeltSample]:
        """Return the samples with a speed from one instant to another, oldest first."""
        inside: list[BeltSample] = []
        for sample in reversed(self._samples):
            if sample.t_s < start_s:
                break
            if sample.t_s <= end_s and sample.speed_mps is not None:
                inside.append(sample)
        return inside[::-1]

    def speed_over(
        self, start_s: float, end_s: float, left_out: Collection[BeltSample] = ()
    ) -> BeltOverStride:
        """Integrate the speed over a stretch; missing when the wire was silent in it.

        `left_out` are samples that are not believed.
        """
        samples = self._told_since(start_s, left_out)
        if not samples:
            if self.newest is None:
                return no_belt(Reason(ReasonCode.NO_TREADMILL))
            return no_belt(self.newest.reason or Reason(ReasonCode.NO_BELT_SPEED))
        t = _steps_apart(np.array([s.t_s for s in samples]))
        v = np.array([s.speed_mps for s in samples], dtype=float)
        last_before = int(np.searchsorted(t, start_s, side="right")) - 1
        first_after = int(np.searchsorted(t, end_s, side="left"))
        around = slice(max(last_before, 0), first_after + 1)
        source = samples[-1].source
        if source is BeltSource.FIXED and (v[around] == v[around][0]).all():
            # However often a speed that was typed in is repeated, to the last bit.
            speed = float(v[around][0])
            return told_over(speed, speed * (end_s - start_s), source)
        inside = t[around]
        edges = np.concatenate([[start_s], inside[(inside > start_s) & (inside < end_s)], [end_s]])
        oldest_gap = start_s - t[last_before] if last_before >= 0 else t[0] - start_s
        newest_gap = 0.0 if first_after < len(t) else end_s - t[-1]
        gaps = np.diff(inside) if len(inside) > 1 else np.zeros(1)
        silent = max(float(oldest_gap), float(newest_gap), float(gaps.max(initial=0.0)))
        if source is BeltSource.WIRE and silent > self._pace.stale_after_s:
            return no_belt(Reason(ReasonCode.BELT_SILENT, seconds=round(silent, 1)))
        if self._refused_between(start_s, end_s):
            return no_belt(Reason(ReasonCode.NO_BELT_SPEED_IN_STRIDE))
        speeds = np.interp(edges, t, v)
        # Only a wire's next word is still to come; after a file's last row its speed stays.
        if source is BeltSource.WIRE and end_s > t[-1]:
            speeds[edges > t[-1]] = _go_on(t, v, edges[edges > t[-1]])
        distance = float(np.sum((speeds[1:] + speeds[:-1]) / 2 * np.diff(edges)))
        sigma_mps = max(sample.sigma_mps for sample in samples[around])
        return told_over(distance / (end_s - start_s), distance, source, sigma_mps)

    def _told_since(self, start_s: float, left_out: Collection[BeltSample]) -> list[BeltSample]:
        """Samples with a speed since an instant, the last one before it, and the newest slope."""
        told: list[BeltSample] = []
        since_s = start_s
        for sample in reversed(self._samples):
            if sample.speed_mps is None or (left_out and sample in left_out):
                continue
            if not told:
                since_s = min(start_s, sample.t_s - _SLOPE_S)
            told.append(sample)
            if sample.t_s < since_s:
                break
        return told[::-1]

    def _refused_between(self, start_s: float, end_s: float) -> bool:
        """Whether the machine answered without a speed in a stretch."""
        for sample in reversed(self._samples):
            if sample.t_s < start_s:
                return False
            if sample.t_s <= end_s and sample.speed_mps is None:
                return True
        return False

    def _is_stale(self, sample: BeltSample, t_s: float) -> bool:
        return sample.source is BeltSource.WIRE and t_s - sample.t_s > self._pace.stale_after_s


def _go_on(
    t: NDArray[np.float64], v: NDArray[np.float64], until: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Speed after the newest sample: a belt that speeds up goes on doing so, for a while."""
    first = int(np.searchsorted(t, t[-1] - _SLOPE_S, side="right"))
    lasted_s = t[-1] - t[first]
    slope = (v[-1] - v[first]) / lasted_s if lasted_s > len(t) * _STEP_WIDTH_S else 0.0
    return np.asarray(np.maximum(v[-1] + slope * np.minimum(until - t[-1], _SLOPE_S), 0.0))


def _steps_apart(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Times of samples, those of one time a hair apart: a step from the one to the other."""
    same = np.diff(t) <= 0.0
    return t + _STEP_WIDTH_S * np.concatenate([[0], np.cumsum(same)]) if same.any() else t
