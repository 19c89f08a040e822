"""When a file's frames were taken: its Time column against the rate that it states.

The rules, in this order:

1. Frames stand at an even pace. Where all times agree with one, to the digits that they are
   written with, the times are that pace's: a column that is rounded to 10 ms jitters otherwise.
   The pace is the stated one where the column agrees with it, else the column's own.
2. Frames may be left out: the pace counts by the frame numbers, or by the times themselves.
3. A column that grows, at no even pace, is believed as it is.
4. A column that does not grow is not one: frames are counted at the stated rate.

The first frame's time is the file's own in any case. A column at an even pace that is not the
stated one contradicts it: `hipcue.realtime.vision.markers.time_base` asks the body.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode

Times = NDArray[np.float64]

# No capture is slower or faster; our choice.
_RATES_HZ = (1.0, 20_000.0)
# A stated rate is off the column's by its own digits: 59.94 is written 60, 29.97 as 30; 100/3
# as 33. Our choice.
_SAME_RATE = 0.015
# Digits that times are written with, s.
_DIGITS_S = (0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6)
# So many of a file's times may be damaged and mended by the others; our choice.
_DAMAGED = 0.02
# Times that are written this finely, in frames, tell which frame it is.
_FINE = 0.3
# Times in milliseconds, by the rate that is stated.
_MILLI = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """Times of a file's frames.

    Attributes
    ----------
    t_s : ndarray, shape (frames,)
        Growing.
    rate_hz : float
        Frames per second.
    stated_hz : float or None
        The rate that the file states, where its times contradict it.
    remarks : tuple of Reason
        What was mended.
    """

    t_s: Times
    rate_hz: float
    stated_hz: float | None = None
    remarks: tuple[Reason, ...] = ()


def find_clock(column_s: Times, numbers: Times, stated_hz: float, failed: str) -> Clock:
    """Return when the frames were taken.

    Parameters
    ----------
    column_s : ndarray, shape (frames,)
        The Time column, NaN where it has none.
    numbers : ndarray, shape (frames,)
        The frame numbers, NaN where there are none.
    stated_hz : float
        The rate in the header; NaN where there is none.
    failed : str
        What failed if there is no clock.

    Raises
    ------
    UserError
        Neither the times nor a rate tell; or time goes back within the file.
    """
    stated = stated_hz if _RATES_HZ[0] <= stated_hz <= _RATES_HZ[1] else math.nan
    known = np.isfinite(column_s)
    if len(column_s) == 1:
        return Clock(np.nan_to_num(column_s), stated if math.isfinite(stated) else 1.0)
    own = _paces(column_s[known], numbers[known]) if known.sum() > 1 else []
    if own and abs(own[0] / stated - _MILLI) < _SAME_RATE * _MILLI:
        column_s, own = column_s * _MILLI, [pace / _MILLI for pace in own]
    for counting in (_by_number, _by_time):
        for rate in (stated, *own):
            even = _even(column_s, counting(column_s, numbers, rate), rate)
            if even is not None:
                return _told(even[0], rate, stated, even[1])
    steps_s = np.diff(column_s[known])
    if known.all() and (steps_s > 0).all():
        return _told(column_s, float(1.0 / np.median(steps_s)), stated, 0)
    if known.all() and (steps_s > 0).mean() > 0.5:
        at = int(np.argmax(steps_s <= 0)) + 1
        what = "goes back" if column_s[at] < column_s[at - 1] else "stands still"
        seen = f"its Time column {what} at frame {at + 1} ({column_s[at]:g} s)"
        raise UserError(failed, seen, "one recording to a file, each frame once")
    if not math.isfinite(stated):
        seen = "neither its Time column nor its DataRate tells when its frames were taken"
        raise UserError(failed, seen, "a file with times, or --rate with the frames per second")
    first_s = float(column_s[0]) if known[0] else 0.0
    counted = Reason(ReasonCode.FILE_TIMES_COUNTED, fps=round(stated, 2))
    return Clock(first_s + np.arange(len(column_s)) / stated, stated, None, (counted,))


def _told(t_s: Times, rate_hz: float, stated_hz: float, mended: int) -> Clock:
    """Compare the clock that was found with the rate that is stated."""
    remarks = (Reason(ReasonCode.FILE_TIMES_MENDED, count=mended),) if mended else ()
    differs = math.isfinite(stated_hz) and abs(rate_hz / stated_hz - 1.0) > _SAME_RATE
    return Clock(t_s, rate_hz, stated_hz if differs else None, remarks)


def _paces(column_s: Times, numbers: Times) -> list[float]:
    """Return the frames per second that the column itself may have, over all of it.

    One frame after the other, as they are numbered, or frames left out without a number:
    then the usual step tells.
    """
    counted = np.arange(len(column_s), dtype=np.float64)
    ways = [counted]
    if np.isfinite(numbers).all() and (np.diff(numbers) > 0).all():
        ways.append(numbers - numbers[0])
    step_s = float(np.median(np.diff(column_s)))
    if step_s > 0.0:
        ways.append(np.round((column_s - column_s[0]) / step_s))
    # The line through all of it; its two ends are rounded.
    paces = []
    for way in ways:
        slope_s = _slope(way, column_s - column_s[0])
        if slope_s > 0.0:
            even = 1.0 / slope_s
            nearest = round(even, 2)
            paces.append(nearest if abs(even - nearest) < 1e-4 * even else even)
    return paces


def _slope(way: Times, times_s: Times) -> float:
    """Return the slope of the line through all of it; 0 where there is none."""
    if not (np.isfinite(way).all() and np.isfinite(times_s).all()):
        return 0.0
    off = way - way.mean()
    return float(off @ (times_s - times_s.mean()) / (off @ off)) if off.any() else 0.0


def _by_number(column_s: Times, numbers: Times, rate_hz: float) -> list[Times]:
    """Return which frame of an even pace each is: one after the other, or as they are numbered."""
    ways = [np.arange(len(column_s), dtype=np.float64)]
    if np.isfinite(numbers).all():
        ways.append(numbers - numbers[0])
    return ways


def _by_time(column_s: Times, numbers: Times, rate_hz: float) -> list[Times]:
    """Return which frame each is by its time, where times are written finely enough."""
    if not math.isfinite(rate_hz) or not np.isfinite(column_s).all():
        return []
    fine = _digit_s(column_s) * rate_hz < _FINE
    return [np.round((column_s - column_s[0]) * rate_hz)] if fine else []


def _even(column_s: Times, ways: list[Times], rate_hz: float) -> tuple[Times, int] | None:
    """Return the times of an even pace that the column agrees with, and how many of it do not.

    None where it does not agree.
    """
    if not (math.isfinite(rate_hz) and _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1]):
        return None
    known = np.isfinite(column_s)
    if not known.any():
        return None
    off_s = 0.6 * _digit_s(column_s[known]) + 1e-6
    for way in ways:
        if not (np.diff(way) > 0).all():
            continue
        start_s = column_s[known] - way[known] / rate_hz
        # The first time is rounded as the others are.
        first_s = float((start_s.min() + start_s.max()) / 2)
        near = np.abs(start_s - first_s) <= off_s
        if not near.all():
            first_s = float(np.median(start_s))
            near = np.abs(start_s - first_s) <= off_s
        if near.mean() >= 1.0 - _DAMAGED and known.mean() >= 0.5:
            kept = column_s[0] if known[0] and abs(column_s[0] - first_s) <= off_s else first_s
            return float(kept) + way / rate_hz, int((~near).sum() + (~known).sum())
    return None


def _digit_s(column_s: Times) -> float:
    """Return the step that times are rounded to, s."""
    for digit in _DIGITS_S:
        if np.abs(column_s / digit - np.round(column_s / digit)).max() < 1e-3:
            return digit
    return 0.0
