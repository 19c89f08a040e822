"""The belt as far as anybody knows it: the treadmill's word, else what the planted feet tell."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from hipcue.config.reasons import Reason
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.gait.belt_buffer import BeltBuffer
from hipcue.realtime.gait.belt_check import (
    Foot,
    bridged_m,
    hurried_mps,
    jump_named,
    not_believed,
    possible,
    unsure_m,
)
from hipcue.realtime.gait.belt_doubt import not_in_life, what_is_wrong
from hipcue.realtime.gait.belt_over_stride import BeltOverStride, no_belt, of_camera
from hipcue.realtime.gait.belt_refuter import Refuter
from hipcue.realtime.gait.foot_speeds import FootSpeeds
from hipcue.realtime.gait.scale import Scale
from hipcue.realtime.gait.seen_belt import seen_over
from hipcue.realtime.gait.strides import StrideEvents
from hipcue.realtime.records import Measurement

# The belt is steady when it kept its speed this well for this long; our choices: a
# runner needs a few strides to settle at a new speed.
_STEADY_S = 3.0
STEADY_MPS = 0.15
# Samples are weighed anew with every stride, from so long before it.
_WEIGHED_S = 1.3
# Samples that are further apart than this are rows of a file, not a wire; our choice: a slow
# console tells its speed once a second.
_SPARSE_S = 1.1
# A belt teaches again after so long without a doubt, and a step is confirmed after so long.
_TAUGHT_AFTER_S, _CONFIRMED_S = 2.0, 3.0
# Share of a step that is uncertain where no ruler can confirm it; our choice.
_UNSEEN_STEP = 0.5
# Of these, what is not older than this against the stride's contact; our choice.
_FRESH_S = 0.3
# Samples that are not believed are kept in mind as long as the others.
_KEPT_S = 30.0
# A doubt is shown for so long after the last stride that it touched; our choice.
_DOUBT_S = 5.0
# What feet and console differ by on average over so many strides, beyond what feet err by
# anyway (`hipcue.realtime.gait.scale`), is uncertain.
_OFFS, _OFF = 6, 0.04
# Feet that are measured in metres, by markers, differ by less: our choice, 0.4 to 2.3 % in three
# trials.
_OFF_METRES = 0.010
# A gap in the pictures that is longer than this adds no more to the distance than this.
_LONGEST_STEP_S = 1.0

SeenSpeed = Callable[[], Measurement]
"""The belt's speed as the camera sees it, asked for only where the treadmill is silent."""


@dataclass(frozen=True, slots=True)
class BeltNow:
    """The belt at one instant.

    Attributes
    ----------
    speed_mps : Measurement
        Missing with the treadmill's reason where the camera cannot tell either.
    source : BeltSource
        Who told the speed; NONE where it is missing.
    grade_percent : Measurement
        Slope, uphill positive; only the treadmill knows it.
    steady : bool or None
        Whether the treadmill kept its speed for the last seconds; None where it told none
        in that time, and so nothing speaks against it.
    distance_m : float
        How far the belt went since the first step; while the speed is missing it stands.
    """

    speed_mps: Measurement
    source: BeltSource
    grade_percent: Measurement
    steady: bool | None
    distance_m: float


class BeltTracker:
    """Follows the belt's speed, grade and distance.

    Parameters
    ----------
    stale_after_s : float
        Samples of a wire that are older than this say nothing.
    """

    def __init__(self, stale_after_s: float) -> None:
        self._buffer = BeltBuffer(stale_after_s)
        self._speeds: deque[tuple[float, float]] = deque()
        self._last_step_s: float | None = None
        self._distance_m = 0.0
        self._not_believed: set[BeltSample] = set()
        # Whether what is told now follows from what the feet agreed with last.
        self._follows = True
        self._doubt: tuple[float, Reason] | None = None
        self._offs: deque[float] = deque(maxlen=_OFFS)
        self._stepped = (-math.inf, 0.0)
        self._refuter = Refuter()
        self._last_told: BeltSample | None = None

    def add_samples(self, samples: Iterable[BeltSample]) -> None:
        """Take what the treadmill said since the last call."""
        for sample in samples:
            self._buffer.add_samples([sample])
            if sample.speed_mps is None or sample.source is not BeltSource.WIRE:
                continue
            before, self._last_told = self._last_told, sample
            if before is not None and not possible(before, sample):
                self._follows = False

    def step(self, now: float, seen: SeenSpeed | None) -> BeltNow:
        """Go on to an instant; return the belt as it is known then.

        Parameters
        ----------
        now : float
            Time of the newest picture.
        seen : callable or None
            What the camera sees of the belt; None while nobody runs on it.
        """
        told, newest = self._buffer.speed_now(now), self._buffer.newest
        source = newest.source if newest is not None else BeltSource.NONE
        if seen is None:
            self._follows = True  # Nobody's feet say anything else.
        if not self._follows and told.known:
            why = self._doubt[1] if self._doubt is not None else self._jumped()
            told = Measurement.missing(why)
        speed, source = self._or_seen(told, source, seen)
        if self._last_step_s is not None and speed.value is not None:
            lasted_s = max(min(now - self._last_step_s, _LONGEST_STEP_S), 0.0)
            self._distance_m += speed.value * lasted_s
        self._last_step_s = now
        self._remember(now, told.value)
        grade = self._buffer.grade_now(now)
        return BeltNow(speed, source, grade, self._is_steady(), self._distance_m)

    def doubt_at(self, now: float, within_s: float = _DOUBT_S) -> Reason | None:
        """What is wrong with the treadmill's word, of late."""
        if self._doubt is None or now - self._doubt[0] > within_s:
            return None
        return self._doubt[1]

    def over_stride(self, stride: StrideEvents, feet: FootSpeeds, scale: Scale) -> BeltOverStride:
        """Mean speed of the belt over a stride, and the distance it went.

        The treadmill's word as far as the feet agree with it, else what the feet show.
        """
        start_s, end_s = stride.contact_s, stride.end_s
        told = self._buffer.told_between(start_s - _WEIGHED_S, math.inf)
        planted = [
            Foot(f.side, f.t_s, f.legs_per_s, scale.limits(f))
            for f in feet.between(start_s - _WEIGHED_S, end_s)
        ]
        left_out = self._leave_out(told, planted, scale.is_exact, start_s)
        over = self._buffer.speed_over(start_s, end_s, self._not_believed)
        seen = seen_over(feet, scale, start_s, end_s)
        pace, wrong = not_in_life(stride), None
        if over.speed_mps.value is None:
            wrong = left_out
        else:
            wrong = self._refuter.weigh(over.speed_mps.value, self._believed(told), planted, scale)
        if pace is not None:
            over = no_belt(pace)
        elif wrong is not None or over.speed_mps.value is None:
            over = of_camera(seen, over, wrong, stride.lasted_s)
        else:
            over = self._widened(over, told, seen, scale, stride)
        doubt = pace or wrong or left_out
        newest_believed = not told or told[-1] not in self._not_believed
        self._follows = pace is None and wrong is None and newest_believed
        if doubt is not None:
            self._doubt = (end_s, doubt)
        return replace(over, doubt=doubt, teaches=self.doubt_at(end_s, _TAUGHT_AFTER_S) is None)

    def _believed(self, told: Sequence[BeltSample]) -> Sequence[BeltSample]:
        if not self._not_believed:
            return told
        return [s for s in told if s not in self._not_believed]

    def _leave_out(
        self, told: Sequence[BeltSample], planted: Sequence[Foot], exact: bool, start_s: float
    ) -> Reason | None:
        """Find the samples that are not believed; return what is wrong with those of a stride."""
        if len(told) < 2 or told[-1].t_s - told[0].t_s > _SPARSE_S * (len(told) - 1):
            return None  # Typed in, or rows of a file: weighed as a whole.
        # What was weighed with all the feet around it stays as it was found.
        fresh_s = start_s - _FRESH_S
        kept = {s for s in self._not_believed if told[0].t_s - _KEPT_S < s.t_s < fresh_s}
        fresh = [s for s in told if s not in kept] if kept else told
        out, contradicted = not_believed(fresh, planted)
        self._not_believed = kept | {s for s in out if s.t_s >= fresh_s}
        contradicted = [s for s in contradicted if s.t_s >= start_s]
        if not any(s.t_s >= start_s for s in out):
            return None
        if not contradicted:
            return jump_named(told)
        near_s = contradicted[-1].t_s
        seen = min(planted, key=lambda foot: abs(foot.t_s - near_s)).limits.seen_mps
        speeds = [s.speed_mps for s in contradicted if s.speed_mps is not None]
        return what_is_wrong(median(speeds), seen, exact=exact)

    def _widened(
        self,
        over: BeltOverStride,
        told: Sequence[BeltSample],
        seen: Measurement,
        scale: Scale,
        stride: StrideEvents,
    ) -> BeltOverStride:
        """As sure as steps, lateness, gaps and a small disagreement with the feet leave it."""
        speed, distance = over.speed_mps.value, over.distance_m.value
        assert speed is not None and distance is not None
        start_s, end_s = stride.contact_s, stride.end_s
        unsure, step = 0.0, 0.0
        if over.source is BeltSource.WIRE:
            believed = self._believed(told)
            step = hurried_mps(believed, start_s - _WEIGHED_S, end_s)
            inside = [s for s in told if start_s <= s.t_s <= end_s]
            bridged = bridged_m(distance, inside, self._not_believed)
            unsure = math.hypot(unsure_m(believed, start_s, end_s), bridged)
        if step > 0.0:
            self._stepped = (end_s, step)
        since_s, step = self._stepped
        stepped = end_s - since_s < _CONFIRMED_S
        if scale.is_taught and seen.value is not None and speed > 0.0:
            self._offs.append(seen.value / speed - 1.0)
            # Just after a step no foot has confirmed it: all that they differ by counts.
            newest = [self._offs[-1]] if stepped else self._offs
            off = abs(sum(newest) / len(newest))
            tolerated = 0.0 if stepped else _OFF_METRES if scale.is_in_metres else _OFF
            unsure = math.hypot(unsure, max(off - tolerated, 0.0) * distance)
        elif stepped:
            unsure = math.hypot(unsure, _UNSEEN_STEP * step * stride.lasted_s)
        sigma = math.hypot(over.distance_m.sigma or 0.0, unsure)
        return replace(
            over,
            distance_m=Measurement(distance, sigma),
            speed_mps=Measurement(speed, sigma / stride.lasted_s),
        )

    def _jumped(self) -> Reason:
        newest = self._buffer.newest
        since_s = -math.inf if newest is None else newest.t_s - _WEIGHED_S
        return jump_named(self._buffer.told_between(since_s, math.inf))

    @staticmethod
    def _or_seen(
        told: Measurement, source: BeltSource, seen: SeenSpeed | None
    ) -> tuple[Measurement, BeltSource]:
        """Take the treadmill's word; where it is silent, what the camera sees, if it does."""
        if told.known:
            return told, source
        speed = seen() if seen is not None else told
        return (speed, BeltSource.CAMERA) if speed.known else (told, BeltSource.NONE)

    def _remember(self, now: float, speed_mps: float | None) -> None:
        """Keep the speeds of the last seconds: one entry a speed, as long as it lasts."""
        if speed_mps is not None:
            if self._speeds and self._speeds[-1][1] == speed_mps:
                self._speeds.pop()
            self._speeds.append((now, speed_mps))
        while self._speeds and now - self._speeds[0][0] > _STEADY_S:
            self._speeds.popleft()

    def _is_steady(self) -> bool | None:
        if not self._speeds:
            return None
        speeds = [speed for _, speed in self._speeds]
        return max(speeds) - min(speeds) <= STEADY_MPS
