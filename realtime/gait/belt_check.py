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

import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.gait.scale import Limits
from hipcue.realtime.records import Side

BoolArray = NDArray[np.bool_]

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
# A wire that is silent for longer than this between two words does not tell when it changed its
# speed: anywhen between, as the standard deviation of what is anywhere within a width.
_SELDOM_S, _ANYWHEN = 1.1, 1.0 / math.sqrt(12.0)
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


def contradict(
    feet: Sequence[Foot], speed_mps: FloatArray, apart_s: FloatArray | float, beyond: FloatArray
) -> BoolArray:
    """Tell which feet say that the belt cannot be as fast as that.

    Parameters
    ----------
    feet : sequence of Foot
        F of them.
    speed_mps : ndarray of float, shape (..., F) or (..., 1)
        What it is said to be.
    apart_s : ndarray of float, shape (..., F), or float
        So long before or after each foot.
    beyond : ndarray of float, shape (..., 1)
        By this factor their limits are wider.
    """
    limits = np.array([(f.limits.low_mps, f.limits.high_mps, f.limits.seen_mps) for f in feet])
    low, high, seen = limits.T
    slack = _SLACK_MPS * np.maximum(0.0, 1.0 - seen / _SLOW_MPS)
    slack = slack + _SPEEDS_UP_MPS2 * np.maximum(0.0, apart_s - _AT_ONCE_S)
    possible_at = (low / beyond - slack <= speed_mps) & (speed_mps <= high * beyond + slack)
    return np.asarray(~possible_at)


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
    contradicted = _contradicted(told, feet)
    out = set(contradicted)
    if told and told[0].source is BeltSource.WIRE:
        out |= _taken_back([s for s in told if s not in out])
    return out, contradicted


def _contradicted(told: Sequence[BeltSample], feet: Sequence[Foot]) -> list[BeltSample]:
    """Samples that the feet around them contradict."""
    if not told or not feet:
        return []
    times = np.array([(sample.t_s, sample.speed_mps) for sample in told])
    apart_s = np.abs(np.array([foot.t_s for foot in feet]) - times[:, :1])
    around = apart_s <= _AROUND_S
    alone = np.count_nonzero(around, axis=1) < _FEET
    around |= alone[:, None] & (apart_s <= 2.0 * _AROUND_S)
    count = np.count_nonzero(around, axis=1)
    # The belt may have been as fast as under any of them, but one among many, or one alone, may
    # be the pose model's mistake.
    beyond = np.where(count < _FEET, ALONE, 1.0)[:, None]
    agree = np.count_nonzero(around & ~contradict(feet, times[:, 1:], apart_s, beyond), axis=1)
    out = (count > 0) & (agree <= (count >= _MANY))
    return [told[k] for k in np.flatnonzero(out)]


def _taken_back(told: Sequence[BeltSample]) -> set[BeltSample]:
    """Samples between a jump that no belt makes and the jump back."""
    out: set[BeltSample] = set()
    if _spread_mps(told) <= _STEP_MPS:
        return out  # No jump is that small.
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


def _spread_mps(told: Sequence[BeltSample]) -> float:
    """By how much speeds differ at most."""
    speeds = [s.speed_mps or 0.0 for s in told]
    return max(speeds) - min(speeds) if speeds else 0.0


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
    if _spread_mps(near) <= _ROUNDED_MPS:
        return 0.0  # Nothing hurries that little.
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
    return math.hypot(change * _LATE_S, step * _STEP_S, _between_words_m(told, start_s, end_s))


def _between_words_m(told: Sequence[BeltSample], start_s: float, end_s: float) -> float:
    """The same of a wire that speaks seldom: when between two words the speed changed."""
    return max(
        (
            abs((after.speed_mps or 0.0) - (before.speed_mps or 0.0))
            * min(after.t_s - before.t_s, end_s - start_s)
            * _ANYWHEN
            for before, after in pairwise(told)
            if after.t_s > start_s and before.t_s < end_s and after.t_s - before.t_s > _SELDOM_S
        ),
        default=0.0,
    )


def bridged_m(distance_m: float, inside: Sequence[BeltSample], out: set[BeltSample]) -> float:
    """Standard uncertainty of a distance where samples of the stride were left out, m."""
    left_out = sum(sample in out for sample in inside)
    return _BRIDGE_SIGMA * distance_m * left_out / len(inside) if inside else 0.0


def jump_named(told: Sequence[BeltSample]) -> Reason:
    """What is wrong with a wire whose samples jump."""
    speeds = [s.speed_mps or 0.0 for s in told]
    return Reason(ReasonCode.BELT_JUMPS, low=round(min(speeds), 1), high=round(max(speeds), 1))
