"""The belt's speed as the planted feet show it, over a stride and at an instant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.gait.foot_speeds import Footfall, FootSpeeds
from hipcue.realtime.gait.scale import Scale
from hipcue.realtime.records import Measurement, Side

# A foot counts to a stride when it was down so shortly before or after it.
_EDGE_S = 0.1
# Feet before that tell what is usual, as long as the belt is; our choices: a stance that
# differs by less than a pose model's heel errs is no change of the belt.
_USUAL_S, _ALIKE = 2.5, 0.08
# One that differs by more is the belt or the model: so much of the difference is uncertain.
_UNUSUAL_SIGMA = 0.25


def seen_over(feet: FootSpeeds, scale: Scale, start_s: float, end_s: float) -> Measurement:
    """Mean speed of the belt over a stride, m/s; missing without a ruler or a planted foot."""
    if not scale.px_per_m.known:
        return scale.px_per_m
    inside = by_side(feet.between(start_s - _EDGE_S, end_s + _EDGE_S))
    speeds = [seen for fall in inside.values() if (seen := scale.seen_mps(fall)) is not None]
    if not speeds:
        return Measurement.missing(ReasonCode.NO_PLANTED_FOOT)
    value = sum(speeds) / len(speeds)
    sigma = value * scale.sigma_of_seen(len(speeds))
    usual = _usual(feet.between(end_s - _USUAL_S, end_s + _EDGE_S), scale)
    if usual is not None and abs(value / usual - 1.0) < _ALIKE:
        return Measurement(usual, sigma)
    apart = 0.0 if usual is None else _UNUSUAL_SIGMA * abs(value - usual)
    return Measurement(value, math.hypot(sigma, apart, (max(speeds) - min(speeds)) / 2))


def by_side(falls: Sequence[Footfall]) -> dict[Side, Footfall]:
    """Return the newest footfall of each side."""
    return {fall.side: fall for fall in falls}


def _usual(falls: Sequence[Footfall], scale: Scale) -> float | None:
    """Mean of both legs' usual speed."""
    middles = []
    for side in Side:
        seen = [scale.seen_mps(fall) for fall in falls if fall.side is side]
        known = [speed for speed in seen if speed is not None]
        if known:
            middles.append(median(known))
    return sum(middles) / len(middles) if middles else None
