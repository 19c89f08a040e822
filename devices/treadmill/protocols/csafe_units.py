"""CSAFE unit codes: one byte behind every number says what it counts.

Codes as in qdomyos-zwift's csafeutility.cpp, in hex:

    10 mph          11 0.1 mph      12 0.01 mph     13 ft/min
    21 km           22 0.1 km       23 0.01 km      24 m
    30 km/h         31 0.1 km/h     32 0.01 km/h    33 m/min
    37 min/mile     38 min/km       39 s/km         3A s/mile
    4A % grade      4B 0.01 %       4C 0.1 %
    51 steps/min    52 rev/min      53 strides/min  55 beats/min  58 W
"""

from __future__ import annotations

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.treadmill.protocols.units import FOOT_M, KMH, MILE_M, MPH

KMH_TENTHS = 0x31
KMH_HUNDREDTHS = 0x32
METRES = 0x24
REV_PER_MIN = 0x52
PERCENT_TENTHS = 0x4C

# m/s for one count.
_SPEED = {
    0x10: MPH,
    0x11: 0.1 * MPH,
    0x12: 0.01 * MPH,
    0x13: FOOT_M / 60.0,
    0x30: KMH,
    KMH_TENTHS: 0.1 * KMH,
    KMH_HUNDREDTHS: 0.01 * KMH,
    0x33: 1.0 / 60.0,
}
# Metres covered in one count of time: a pace is the inverse of a speed.
_PACE = {
    0x37: MILE_M / 60.0,
    0x38: 1000.0 / 60.0,
    0x39: 1000.0,
    0x3A: MILE_M,
}
_DISTANCE_M = {0x21: 1000.0, 0x22: 100.0, 0x23: 10.0, METRES: 1.0}
_GRADE_PERCENT = {0x4A: 1.0, 0x4B: 0.01, PERCENT_TENTHS: 0.1}
_OTHER = {
    0x51: "steps/min",
    REV_PER_MIN: "rev/min",
    0x53: "strides/min",
    0x55: "beats/min",
    0x58: "watt",
}


def speed_mps(count: int, unit: int) -> float | None:
    """Speed in m/s; ``None`` when the unit is no speed or no pace, or the pace is zero."""
    if unit in _SPEED:
        return count * _SPEED[unit]
    if unit in _PACE and count > 0:
        return _PACE[unit] / count
    return None


def refusal(unit: int) -> Reason:
    """Why a number in this unit is not taken for a speed."""
    if unit in _PACE:
        return Reason(ReasonCode.PACE_OF_ZERO)
    if unit in _OTHER:
        return Reason(ReasonCode.UNIT_IS_NO_SPEED, unit=_OTHER[unit])
    return Reason(ReasonCode.UNIT_NOT_KNOWN, unit=f"{unit:02X}")


def distance_m(count: int, unit: int) -> float | None:
    """Distance in metres; ``None`` when the unit is no distance."""
    return count * _DISTANCE_M[unit] if unit in _DISTANCE_M else None


def distance_step_m(unit: int) -> float | None:
    """Metres of one count; ``None`` when the unit is no distance."""
    return _DISTANCE_M.get(unit)


def grade_percent(count: int, unit: int) -> float | None:
    """Grade in percent from a signed count; ``None`` when the unit is no grade."""
    return count * _GRADE_PERCENT[unit] if unit in _GRADE_PERCENT else None
