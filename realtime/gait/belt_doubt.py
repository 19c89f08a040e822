"""What is wrong with a speed that the planted feet contradict: its name, and what to try."""

from __future__ import annotations

import math

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.strides import StrideEvents

# What a notice says of the belt's speed where the feet contradict it.
BELT_DOUBTS = frozenset(
    {
        ReasonCode.BELT_SAYS_STANDS,
        ReasonCode.BELT_IN_WRONG_UNIT,
        ReasonCode.BELT_CONTRADICTED,
        ReasonCode.BELT_JUMPS,
        ReasonCode.LOOKS_SLOW_MOTION,
        ReasonCode.LOOKS_FAST_MOTION,
    }
)
# Below this share of what the feet do, a console says that the belt stands; our choice.
_STANDS = 0.15
# Factors by which a speed is off that was read in another unit: what it was, what it was
# taken for. 1 mile is 1.609344 km by definition.
_UNITS = (
    (1.609, "km/h", "mph"),
    (1 / 1.609, "mph", "km/h"),
    (3.6, "km/h", "m/s"),
    (1 / 3.6, "m/s", "km/h"),
    (2.237, "mph", "m/s"),
    (1 / 2.237, "m/s", "mph"),
)
# So near to a factor it is the unit: with a ruler, and by the size of people alone. Our choices.
_NEAR, _NEAR_BY_BODY = 0.10, 0.25
# Who runs, with the foot in the air for longer than on the belt, takes a stride in 0.5 to 0.85 s;
# a longer one is a film that is played slowly. Walkers have their foot on the belt for 0.55 of
# a stride and more. Phones and cameras slow down by 2, 4 or 8 (60 or 120 or 240 to 30).
_SLOW_STRIDE_S, _RUNS, _USUAL_STRIDE_S = 1.0, 0.42, 0.71
# Nobody's stride is shorter: the fastest sprinters take 4.7 steps a second.
_FAST_STRIDE_S = 0.40


def not_in_life(stride: StrideEvents) -> Reason | None:
    """Return by how much a runner moves too slowly or too fast; None for what people do."""
    if stride.lasted_s < _FAST_STRIDE_S:
        factor = float(f"{stride.lasted_s / _USUAL_STRIDE_S:.1g}")
        spm = round(120.0 / stride.lasted_s)
        return Reason(ReasonCode.LOOKS_FAST_MOTION, spm=spm, factor=factor)
    if stride.toe_off_s is None or stride.lasted_s < _SLOW_STRIDE_S:
        return None
    if (stride.toe_off_s - stride.contact_s) / stride.lasted_s > _RUNS:
        return None
    times = stride.lasted_s / _USUAL_STRIDE_S
    likely = 2 ** max(round(math.log2(times)), 1)
    return Reason(ReasonCode.LOOKS_SLOW_MOTION, times=round(times, 1), likely=likely)


def what_is_wrong(told_mps: float, seen_mps: float, *, exact: bool) -> Reason:
    """Name the contradiction between a console and the feet.

    Parameters
    ----------
    told_mps, seen_mps : float
        What the console says and what the feet show.
    exact : bool
        Whether there is a ruler; else what is seen is only what people's size allows.
    """
    told, seen = round(told_mps, 1), round(seen_mps, 1)
    if told_mps < _STANDS * seen_mps:
        return Reason(ReasonCode.BELT_SAYS_STANDS, told=told)
    factor = told_mps / seen_mps
    near = _NEAR if exact else _NEAR_BY_BODY
    off, unit, taken = min((abs(math.log(factor / f)), unit, taken) for f, unit, taken in _UNITS)
    if off < near:
        return Reason(ReasonCode.BELT_IN_WRONG_UNIT, told=told, seen=seen, unit=unit, taken=taken)
    return Reason(ReasonCode.BELT_CONTRADICTED, told=told, seen=seen)
