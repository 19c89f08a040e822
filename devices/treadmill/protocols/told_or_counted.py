"""A machine's word on its speed, weighed against its own odometer.

Some machines tell a speed of 0 for ever while their odometer counts, some tell none at all:
then the odometer tells it (`counted_speed`). And a speed that goes on differing from what the
odometer counts by more than machines do is in another unit; that is said, not mended, because
nobody knows which of the two is right. For every driver whose wire tells a distance.
"""

from __future__ import annotations

import math

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample
from hipcue.devices.treadmill.protocols.counted_speed import Counted, SpeedFromDistance
from hipcue.devices.treadmill.treadmill import belt_sample

# An odometer that stands for so long bears out that the belt stands; our choice: longer than a
# metre takes at the slowest walk, and at least twice the time that its usual step took.
_STANDS_S, _STANDS_STEPS = 4.0, 2.0
# After a machine's speed fell to 0 its odometer may still finish a step; two are a running belt,
# however long each of them takes.
_STEPS_AFTER_STOP, _LEAST_M = 2.0, 1e-6
# A tenth of a mile at a walk; our choice.
_LONGEST_STEP_S = 120.0
# Told and counted speeds of one belt differ by a few per cent; units by 10 % and more (m/s in
# hundredths of a mile are 2.24, miles 1.61). Our choice; and for so long.
_DIFFER, _DIFFER_S = 0.2, 10.0


class ToldOrCounted:
    """Whether a machine's word holds, and what its odometer counts where it does not.

    Parameters
    ----------
    wraps_m : float
        The odometer begins again at 0 behind this.

    Attributes
    ----------
    disagrees : Reason or None
        Told and counted speeds have differed for a while.
    """

    def __init__(self, wraps_m: float = math.inf) -> None:
        self._odometer = SpeedFromDistance(wraps_m)
        self.reset()

    @property
    def counting(self) -> bool:
        """Whether there is an odometer."""
        return self._odometer.counting

    def reset(self) -> None:
        """Forget what was: the belt moved on unseen."""
        self._odometer.reset()
        self.disagrees: Reason | None = None
        self._counted = Counted(None, None, None)
        self._has_told = self._refuted = False
        self._zero_since: tuple[float, float] | None = None
        self._moved_s = -math.inf
        self._between_s = 0.0
        self._moves_at_zero = 0
        self._usual_mps = 0.0
        self._differs_since_s: float | None = None

    def count(self, t_s: float, distance_m: float, step_m: float) -> None:
        """Take a reading of the odometer; `step_m` is the smallest step that it could tell."""
        before_m = self._odometer.went_m
        counted = self._counted = self._odometer.add_distance(t_s, distance_m, step_m)
        if counted.reason is not None and counted.reason.code is ReasonCode.DISTANCE_JUMPED:
            self._zero_since, self._moves_at_zero, self._between_s = (t_s, 0.0), 0, 0.0
        elif self._odometer.went_m >= before_m + max(self._odometer.step_m, _LEAST_M):
            if self._moves_at_zero:
                self._between_s = min(t_s - self._moved_s, _LONGEST_STEP_S)
            self._moves_at_zero += self._zero_since is not None
            self._moved_s = t_s
        elif self._odometer.went_m > before_m:
            self._moved_s = t_s
        self._usual_mps = counted.speed_mps or self._usual_mps

    def believes(self, t_s: float, told_mps: float) -> bool:
        """Whether a speed that was told is what the machine's own odometer bears out."""
        if told_mps > 0.0:
            self._has_told, self._refuted, self._zero_since = True, False, None
            self._moves_at_zero, self._between_s = 0, 0.0
            self._compare(t_s, told_mps)
            return True
        self._differs_since_s = self.disagrees = None
        if not self.counting:
            return True
        went_m, step_m = self._odometer.went_m, self._odometer.step_m
        if self._zero_since is None:
            self._zero_since = (t_s, went_m)
        # A belt that has just stopped may still finish a step; two are one that runs.
        needed = _STEPS_AFTER_STOP if self._has_told else 1.0
        ran_m = went_m - self._zero_since[1]
        if ran_m >= max(needed * step_m, _LEAST_M) or self._moves_at_zero >= _STEPS_AFTER_STOP:
            self._refuted = True
        step_s = step_m / self._usual_mps if self._usual_mps > 0.0 else 0.0
        stands_s = max(_STANDS_S, _STANDS_STEPS * max(step_s, self._between_s))
        if t_s - max(self._moved_s, self._zero_since[0]) >= stands_s:
            if self._between_s > 0.0:  # So long since the last step that the belt stopped.
                self._moves_at_zero, self._between_s = 0, 0.0
            self._refuted, self._has_told, self._zero_since = False, True, (t_s, went_m)
        return not self._refuted

    def sample(
        self, t_s: float, grade_percent: float | None, distance_m: float | None
    ) -> BeltSample:
        """Return what the odometer counts, or why it tells no speed."""
        speed_mps, sigma_mps = self._counted.speed_mps, self._counted.sigma_mps
        reason = self._counted.reason
        if sigma_mps is not None:
            reason = Reason(ReasonCode.BELT_COUNTED, sigma=round(sigma_mps, 4))
        return belt_sample(t_s, speed_mps, grade_percent, distance_m, reason=reason)

    def _compare(self, t_s: float, told_mps: float) -> None:
        """Say so when the machine goes on telling another speed than it counts."""
        counted_mps = self._counted.speed_mps
        if counted_mps is None or abs(told_mps - counted_mps) <= _DIFFER * counted_mps:
            self._differs_since_s = self.disagrees = None
            return
        if self._differs_since_s is None:
            self._differs_since_s = t_s
        if t_s - self._differs_since_s >= _DIFFER_S:
            told, counted = round(told_mps, 1), round(counted_mps, 1)
            self.disagrees = Reason(ReasonCode.DISTANCE_DISAGREES, told=told, counted=counted)
