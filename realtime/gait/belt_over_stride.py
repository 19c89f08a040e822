"""The belt over one stride: its mean speed and its way, whoever told them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hipcue.config.reasons import Reason
from hipcue.devices.readings import BeltSource
from hipcue.realtime.records import Measurement

# Standard uncertainty of a console's speed as a share of it, read off the wire or typed in.
# Our choice: belts ran at 98 to 103 % of their consoles' word on average (Willwacher 2021).
_SPEED_SIGMA = 0.01
# The same of a laboratory's space; our choice: calibrated to 1 mm in 0.5 m.
_SPACE_SIGMA = 0.002


@dataclass(frozen=True, slots=True)
class BeltOverStride:
    """Mean speed of the belt between two instants, and the distance it went.

    `doubt` says what is wrong with what the treadmill told; None where nothing contradicts it.
    `teaches` tells whether nothing did lately, so that the belt may be the ruler.
    """

    speed_mps: Measurement
    distance_m: Measurement
    source: BeltSource
    doubt: Reason | None = None
    teaches: bool = True


def console_speed(speed_mps: float, counted_sigma_mps: float = 0.0) -> Measurement:
    """A speed as a console tells it, or as its odometer counts it."""
    return Measurement(speed_mps, math.hypot(_SPEED_SIGMA * speed_mps, counted_sigma_mps))


def told_over(
    speed_mps: float, distance_m: float, source: BeltSource, counted_sigma_mps: float = 0.0
) -> BeltOverStride:
    """What a console told of a stride, its odometer counted, or markers of a run over ground."""
    share = _SPACE_SIGMA if source is BeltSource.MARKERS else _SPEED_SIGMA
    counted = counted_sigma_mps / speed_mps if speed_mps > 0.0 else 0.0
    share = math.hypot(share, counted)
    speed = Measurement(speed_mps, share * speed_mps)
    return BeltOverStride(speed, Measurement(distance_m, share * distance_m), source)


def no_belt(why: Reason) -> BeltOverStride:
    """Nobody told, or what was told is not believed."""
    return BeltOverStride(Measurement.missing(why), Measurement.missing(why), BeltSource.NONE)


def of_camera(
    seen: Measurement, told: BeltOverStride, wrong: Reason | None, lasted_s: float
) -> BeltOverStride:
    """What the feet show of a stride; missing with what is wrong where they show nothing."""
    if seen.value is None:
        why = wrong or told.speed_mps.reason
        assert why is not None
        return no_belt(why)
    distance = Measurement(seen.value * lasted_s, (seen.sigma or 0.0) * lasted_s)
    return BeltOverStride(seen, distance, BeltSource.CAMERA)
