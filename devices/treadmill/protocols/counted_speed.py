"""Belt speed from a machine's odometer, for machines that give no speed.

An odometer that shows 12 m when it counts metres says that the belt went 12 to 13 m. While the
belt keeps its speed, one straight line goes through all readings of the last seconds, each as
wide as a step of the odometer and as what its time may be off by. The speeds of all lines that
do are the answer: their middle, and how far they spread. Where no line does, the belt changed
its speed, and what was read before says nothing more: an odometer cannot follow a change fast
enough for a stride, so meanwhile the speed is missing, not late. A change that has just begun
still leaves lines, and few lines look like a speed that is known well: so the newest readings
are looked at by themselves, and by how much they differ is not known.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_high

import numpy as np

from hipcue.config.reasons import Reason, ReasonCode

# Long enough for 2 % by metres read once a second; our choice.
_WINDOW_S = 20.0
_MOST_READINGS, _FEWEST_READINGS = 256, 4
# Fewer moves than this, or within a shorter time, make many lines; our choice.
_MOVES, _SHORTEST_S = 3, 3.0
# A step later than this, against the usual, is a belt that slows; our choices.
_LATER, _NOTICED_S = 1.25, 0.3
# What the time of a reading is off by: a console counts up at its own pace, a radio hands on
# at intervals. Our choice.
_LATE_S = 0.2
# Told when its half width is this share of it; our choice: a stride's length would be no better.
_NARROW = 0.08
# The newest readings, so many that their ends alone tell the speed to such a share, are looked
# at by themselves: the belt may have begun to change. Our choice.
_LATELY = 0.12
# A belt that changed its speed may go on doing so: for so many of those times it is watched.
_SETTLES = 1.5
# Steps longer than 20 m (a hundredth of a mile is 16) come too seldom to notice that the belt
# stopped.
_COARSEST_M = 20.0
# What an odometer moves by when it moves, though it could tell less: so many are looked at, a
# longer time than this between two is a belt that stood, unless it moves by the same again, and
# one that is larger than the others by this factor is two.
_STEPS, _STEP_WITHIN_S, _TWO = 7, 10.0, 1.5
# Steps that odometers have, from coarse to fine.
_COARSE_M = (100.0, 50.0, 20.0, 10.0, 5.0)
# One that has not moved for so long stands; our choice.
_STANDS_S = 4.0
# No belt is faster, m/s: what moves by more was set, not run.
_FASTEST_MPS, _LEAST_MPS = 15.0, 0.1
# A standard deviation of what is anywhere within a width, as a share of the width.
_UNIFORM = 1.0 / math.sqrt(12.0)


@dataclass(frozen=True, slots=True)
class Counted:
    """What an odometer tells of the speed.

    Attributes
    ----------
    speed_mps, sigma_mps : float or None
        The speed with its standard uncertainty; ``None`` while it cannot be told.
    reason : Reason or None
        Why not.
    """

    speed_mps: float | None
    sigma_mps: float | None
    reason: Reason | None


class SpeedFromDistance:
    """Watches an odometer.

    Parameters
    ----------
    wraps_m : float
        The odometer begins again at 0 behind this.

    Attributes
    ----------
    counting : bool
        Whether there is an odometer at all.
    went_m : float
        How far the belt went since the first reading; 0 again after a jump.
    step_m : float
        What the odometer moves by.
    """

    def __init__(self, wraps_m: float = math.inf) -> None:
        self._wraps_m = wraps_m
        self._readings: deque[tuple[float, float]] = deque(maxlen=_MOST_READINGS)
        self._steps: deque[float] = deque(maxlen=_STEPS)
        self._stood = self._moves = False
        self.reset()

    def reset(self) -> None:
        """Forget the distance so far."""
        self.counting = False
        self.went_m = 0.0
        self.step_m = 0.0
        self._last: tuple[float, float] | None = None
        self._moved_s = -math.inf
        self._changed = False
        self._divisor_mm, self._moved_m = 0, 0.0
        self._steps.clear()
        self._readings.clear()

    def add_distance(self, t_s: float, distance_m: float, step_m: float) -> Counted:
        """Take one reading; return the speed, or why there is none.

        Parameters
        ----------
        t_s : float
            When it was read.
        distance_m, step_m : float
            The odometer and the metres of the smallest step that it could tell.
        """
        self.counting = True
        last, self._last = self._last, (t_s, distance_m)
        if step_m > _COARSEST_M:
            return _unknown(ReasonCode.DISTANCE_TOO_COARSE)
        if last is None:
            self._begin(t_s)
            return _unknown(ReasonCode.DISTANCE_MEASURING)
        moved_m = distance_m - last[1]
        if moved_m < -0.5 * self._wraps_m:
            moved_m += self._wraps_m
        at_most_m = _FASTEST_MPS * (t_s - self._moved_s) + 2.0 * max(step_m, self.step_m)
        if not 0.0 <= moved_m <= at_most_m:
            self._begin(t_s)  # Set back, or set to something else: a new count.
            return _unknown(ReasonCode.DISTANCE_JUMPED)
        self._learn_step(t_s, moved_m, step_m)
        self.went_m += moved_m
        if t_s > self._readings[-1][0]:
            self._readings.append((t_s, self.went_m))
        while t_s - self._readings[0][0] > _WINDOW_S:
            self._readings.popleft()
        if self.step_m > _COARSEST_M:
            return _unknown(ReasonCode.DISTANCE_TOO_COARSE)
        return self._speed()

    def _begin(self, t_s: float) -> None:
        self._readings.clear()
        self._readings.append((t_s, 0.0))
        self.went_m = 0.0
        self._moved_s = t_s
        self._stood = self._moves = self._changed = False

    def _learn_step(self, t_s: float, moved_m: float, step_m: float) -> None:
        """Find out what the odometer moves by.

        Where a round number of metres divides all that it ever moved by, that may be its step;
        and one that stands between two moves could not move by less.
        """
        if moved_m > 0.0:
            self._divisor_mm = math.gcd(self._divisor_mm, round(1000.0 * moved_m))
            again = moved_m == self._moved_m and moved_m > _TWO * step_m
            within = t_s - self._moved_s < _STEP_WITHIN_S
            if self._stood and self._moves and (within or again):
                self._steps.append(moved_m)
            self._moved_m = moved_m
            self._moved_s, self._moves = t_s, True
        self._stood = moved_m == 0.0
        coarse_m = (c for c in _COARSE_M if self._divisor_mm and self._divisor_mm % (1000 * c) == 0)
        self.step_m = max(step_m, next(coarse_m, 0.0))
        if self._steps:
            usual_m = median_high(self._steps)
            one_m = max(_TWO * usual_m, usual_m + step_m)
            self.step_m = max(self.step_m, *(step for step in self._steps if step <= one_m))

    def _speed(self) -> Counted:
        """Return the middle of the speeds that all readings allow."""
        while len(self._readings) >= _FEWEST_READINGS:
            low, high = self._allowed(self._readings)
            if low <= high:
                break
            self._changed = True
            self._keep_lately((low + high) / 2.0)
        else:
            return self._not_yet()
        middle, half = (low + high) / 2.0, (high - low) / 2.0
        newest_s = self._readings[-1][0]
        moves = sum(after[1] > before[1] for before, after in pairwise(self._readings))
        lasted_s = newest_s - self._readings[0][0]
        if moves < _MOVES or lasted_s < _SHORTEST_S or half > _NARROW * middle:
            return self._not_yet()
        if newest_s - self._moved_s > _LATER * self.step_m / middle + _NOTICED_S:
            return _unknown(ReasonCode.DISTANCE_STANDS_STILL)
        if self._changed and lasted_s < min(_SETTLES * self._lately_s(middle), 0.9 * _WINDOW_S):
            return self._not_yet()  # It may go on changing.
        lately = self._lately_off(middle)
        # Few lines may be left because the belt changes: what an end is off by stays.
        ends = self._width_m(middle) * _UNIFORM / lasted_s
        sigma = math.hypot(max(2.0 * half * _UNIFORM, ends), lately)
        self._changed = lately > _NARROW * middle
        if self._changed:
            return self._not_yet()
        return Counted(middle, sigma, None)

    def _not_yet(self) -> Counted:
        if self._moves and self._readings[-1][0] - self._moved_s > _STANDS_S:
            return _unknown(ReasonCode.DISTANCE_STANDS_STILL)
        if self._changed:
            return _unknown(ReasonCode.DISTANCE_NOT_STEADY)
        return _unknown(ReasonCode.DISTANCE_MEASURING)

    def _keep_lately(self, speed_mps: float) -> None:
        """Forget what was read before the belt changed its speed."""
        oldest_s = self._readings[-1][0] - self._lately_s(speed_mps)
        for _ in range(max(len(self._readings) // 4, 1)):
            self._readings.popleft()
        while self._readings and self._readings[0][0] < oldest_s:
            self._readings.popleft()

    def _lately_off(self, middle: float) -> float:
        """By how much the newest readings alone give another speed than all do."""
        newest_s, lasted_s = self._readings[-1][0], self._readings[-1][0] - self._readings[0][0]
        off = 0.0
        for for_s in (self._lately_s(middle), lasted_s / 2.0):
            lately = [r for r in self._readings if newest_s - r[0] <= for_s]
            if _FEWEST_READINGS <= len(lately) < len(self._readings):
                low, high = self._allowed(lately)
                off = max(off, abs((low + high) / 2.0 - middle))
        return off

    def _lately_s(self, speed_mps: float) -> float:
        """So long do readings tell something by themselves."""
        return max(self._width_m(speed_mps) / (_LATELY * max(speed_mps, _LEAST_MPS)), _SHORTEST_S)

    def _width_m(self, speed_mps: float) -> float:
        """How far off the line of a steady belt its readings are."""
        return self.step_m + speed_mps * _LATE_S

    def _allowed(self, readings: Sequence[tuple[float, float]]) -> tuple[float, float]:
        """The slowest and the fastest line through readings; crossed where there is none."""
        t, d = np.array(readings).T
        width_m = self._width_m((d[-1] - d[0]) / (t[-1] - t[0]))
        later, earlier = np.triu_indices(len(t), 1)[::-1]
        apart_s, apart_m = t[later] - t[earlier], d[later] - d[earlier]
        low = float(np.max((apart_m - width_m) / apart_s))
        high = float(np.min((apart_m + width_m) / apart_s))
        return max(low, 0.0), high


def _unknown(code: ReasonCode) -> Counted:
    return Counted(None, None, Reason(code))
