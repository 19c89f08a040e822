"""What the treadmill told of one stride, weighed against the feet and what belts can do.

Every sample is compared with the feet that were planted around it, and with its neighbours:
one that no belt can have gone through is left out, the others still measure the stride. Where
none is left that the feet agree with, the treadmill's word says nothing. The feet know the
speed within some limits only (`hipcue.realtime.gait.scale`), so a small error of a console
widens the uncertainty, and only a large one is a contradiction.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.gait.scale import Limits
from hipcue.realtime.records import Side

# No belt speeds up or slows down faster than this, m/s2, but for a step that consoles make
# when they round. Our choices: treadmills for runners speed up by 0.1 to 1 m/s2, and one whose
# emergency stop is pressed slows down by up to 3.
_SPEEDS_UP_MPS2, _SLOWS_DOWN_MPS2, _STEP_MPS = 1.5, 3.0, 0.15
# A console that goes on faster than this tells where the belt is bound for, not where it is.
_USUAL_MPS2, _ROUNDED_MPS = 1.0, 0.06
# A jump that is taken back within so long was none; our choice: longer than two answers of a
# slow console, shorter than any belt goes up and down.
_TAKEN_BACK_S = 1.2
# A sample is compared with the feet that were down within so long of it. Our choice: more than
# half a slow stride, and more than a console is late.
_AROUND_S = 0.6
# So many feet speak for themselves, and among many one may speak against the others; one that
# is alone must be off by this factor more. Our choices: in
# a film of 30 pictures a second one foot in fifteen is off by 15 to 57 %.
_FEET, _MANY, ALONE = 2, 4, 1.4
# What a console may be late by, and what a step of it is late or early by. Our choices: they
# answer up to 0.3 s late and tell a new speed while the belt still speeds up to it.
_LATE_S, _STEP_S = 0.15, 0.35
# Slow belts, m/s: what a foot wobbles by is a share of nothing.
_SLACK_MPS, _SLOW_MPS = 0.15, 1.5
# A belt that starts has another speed under each foot; our choice: a quarter of a stance.
_AT_ONCE_S = 0.05
# A wire may be early by an answer and late by several; the feet are given the benefit.
_EARLY_S, _LATEST_S = 0.1, 0.3
# Where samples are left out, the speed between the others is known so well, as a share.
_BRIDGE_SIGMA = 0.04


@dataclass(frozen=True, slots=True)
class Foot:
    """One planted foot: whose, when, its speed in legs, and how fast the belt can be by it."""

    side: Side
    t_s: float
    legs_per_s: float
    limits: Limits

    def contradicts(self, speed_mps: float, beyond: float = 1.0, apart_s: float = 0.0) -> bool:
        """Whether the belt cannot be as fast as that, nor so long before or after.

        Its limits may be wider by a factor.
        """
        low, high = self.limits.low_mps / beyond, self.limits.high_mps * beyond
        slack = _SLACK_MPS * max(0.0, 1.0 - self.limits.seen_mps / _SLOW_MPS)
        slack += _SPEEDS_UP_MPS2 * max(0.0, apart_s - _AT_ONCE_S)
        return not low - slack <= speed_mps <= high + slack


def possible(before: BeltSample, after: BeltSample) -> bool:
    """Whether a belt can have gone from one sample to the next."""
    change = (after.speed_mps or 0.0) - (before.speed_mps or 0.0)
    hardest = _SPEEDS_UP_MPS2 if change > 0 else _SLOWS_DOWN_MPS2
    return abs(change) <= hardest * max(after.t_s - before.t_s, 0.0) + _STEP_MPS


def _hurries(before: BeltSample, after: BeltSample) -> bool:
    """Whether a console goes on faster than a belt usually does."""
    change = abs((after.speed_mps or 0.0) - (before.speed_mps or 0.0))
    return change > _USUAL_MPS2 * max(after.t_s - before.t_s, 0.0) + _ROUNDED_MPS


def not_believed(
    told: Sequence[BeltSample], feet: Sequence[Foot]
) -> tuple[set[BeltSample], list[BeltSample]]:
    """Return the samples that cannot be true, and those of them that the feet contradict.

    Parameters
    ----------
    told : sequence of BeltSample
        Samples with a speed, oldest first.
    feet : sequence of Foot
        Planted feet of the same time.
    """
    contradicted = [s for s in told if _contradicted(s, feet)]
    out = set(contradicted)
    if told and told[0].source is BeltSource.WIRE:
        out |= _taken_back([s for s in told if s not in out])
    return out, contradicted


def _contradicted(sample: BeltSample, feet: Sequence[Foot]) -> bool:
    speed = sample.speed_mps
    around = [foot for foot in feet if abs(foot.t_s - sample.t_s) <= _AROUND_S]
    if len(around) < _FEET:
        around = [foot for foot in feet if abs(foot.t_s - sample.t_s) <= 2.0 * _AROUND_S]
    if speed is None or not around:
        return False
    # The belt may have been as fast as under any of them, but one among many, or one alone, may
    # be the pose model's mistake.
    if len(around) < _FEET:
        return around[0].contradicts(speed, ALONE, abs(around[0].t_s - sample.t_s))
    agree = sum(not foot.contradicts(speed, 1.0, abs(foot.t_s - sample.t_s)) for foot in around)
    return agree <= (len(around) >= _MANY)


def _taken_back(told: Sequence[BeltSample]) -> set[BeltSample]:
    """Samples between a jump that no belt makes and the jump back."""
    out: set[BeltSample] = set()
    k = 1
    while k < len(told):
        before = told[k - 1]
        if not possible(before, told[k]):
            back = next(
                (
                    j
                    for j in range(k + 1, len(told))
                    if told[j].t_s - before.t_s <= _TAKEN_BACK_S
                    and abs((told[j].speed_mps or 0.0) - (before.speed_mps or 0.0)) <= _STEP_MPS
                    and not possible(told[j - 1], told[j])
                ),
                None,
            )
            if back is not None:
                out |= set(told[k:back])
                k = back
        k += 1
    return out


def likeliest_mps(told: Sequence[BeltSample], speed_mps: float, foot: Foot) -> float:
    """What the treadmill told under a foot: of a wire that may be late, what fits best."""
    near = [
        s.speed_mps
        for s in told
        if s.speed_mps is not None and -_EARLY_S <= s.t_s - foot.t_s <= _LATEST_S
    ]
    seen = foot.limits.seen_mps
    if not near:
        return speed_mps
    return min(max(seen, min(near)), max(near))


def hurried_mps(told: Sequence[BeltSample], start_s: float, end_s: float) -> float:
    """By how much a wire changed its speed faster than belts usually do, m/s."""
    near = [s for s in told if start_s <= s.t_s <= end_s]
    hurried = [
        abs((after.speed_mps or 0.0) - (before.speed_mps or 0.0))
        for before, after in pairwise(near)
        if _hurries(before, after)
    ]
    return max(hurried, default=0.0)


def unsure_m(told: Sequence[BeltSample], start_s: float, end_s: float) -> float:
    """Standard uncertainty of a stride's distance that steps and lateness of a wire leave, m."""
    step = hurried_mps(told, start_s - _STEP_S, end_s + _STEP_S)
    speeds = [s.speed_mps or 0.0 for s in told if start_s <= s.t_s <= end_s]
    change = abs(speeds[-1] - speeds[0]) if speeds else 0.0
    return math.hypot(change * _LATE_S, step * _STEP_S)


def bridged_m(distance_m: float, inside: Sequence[BeltSample], out: set[BeltSample]) -> float:
    """Standard uncertainty of a distance where samples of the stride were left out, m."""
    left_out = sum(sample in out for sample in inside)
    return _BRIDGE_SIGMA * distance_m * left_out / len(inside) if inside else 0.0


def jump_named(told: Sequence[BeltSample]) -> Reason:
    """What is wrong with a wire whose samples jump."""
    speeds = [s.speed_mps or 0.0 for s in told]
    return Reason(ReasonCode.BELT_JUMPS, low=round(min(speeds), 1), high=round(max(speeds), 1))
