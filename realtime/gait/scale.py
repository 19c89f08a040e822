"""The runner's leg in metres: the ruler of the picture, and of the belt in it.

A planted foot moves exactly with the belt. Its speed in leg lengths against the speed on the
wire gives the leg in metres without a ruler; with the leg known, the same equation backwards
gives the belt's speed without a wire. Rulers, best first: markers in metres, what the belt
taught, the body height that was typed in. They are none of the belt's word of the moment, so
each can contradict it. Where there is none, the body still is somebody's: nobody is smaller or
taller than people are.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.gait.fits import MAD_TO_SD
from hipcue.realtime.gait.foot_speeds import Footfall
from hipcue.realtime.records import Measurement, Side

# Eyes and ears are this part of the body height above the soles (Winter 2009, fig. 4.1).
_EYE_HEIGHT = 0.936
# Thigh and shank as a part of body height. Winter 2009 has 0.491 between joint centres; what
# MediaPipe draws is 0.455 to 0.464 in seven rendered runners, mean of near and far leg.
_LEG = 0.46
# People of whom nothing is known: heights, and how far MediaPipe's heel and leg may be off.
# Our choice: nearly all adults, and children from about ten years on; one runner in seven had
# feet that were 20 % slow, so the margin comes on top.
_SMALLEST_M, _TALLEST_M, _SMALLER, _TALLER = 1.4, 2.1, 0.94, 1.10
# A marker file whose legs are shorter or longer than this, m, is not in the unit it names.
_SHORTEST_LEG_M, _LONGEST_LEG_M = 0.35, 1.2
# What MediaPipe's heels and the belt disagree by on one camera, after both legs are
# averaged: 4 % over six rendered runners. By the body height: proportions differ, too.
_CAMERA_SIGMA, _NOISE_SIGMA, _HEIGHT_SIGMA = 0.03, 0.02, 0.06
# A ruler that few strides taught: one bad foot in two moved it by 14 % in a film of 30 pictures.
_YOUNG_SIGMA = 0.08
# By how much a foot may differ from the belt. Markers: 3 % in three trials, and belts slow
# down by 5 % under a foot (Willwacher 2021). A learnt ruler: at least this, six times what
# the runner's own footfalls scatter by, and never more than units differ by.
_KNOWN_MARGIN, _HEIGHT_MARGIN = 0.10, 0.25
_LEARNT_MARGIN, _LEARNT_MOST, _SCATTERS = 0.15, 0.34, 6.0
# Strides of either leg that make a scale, and those that make a ruler good enough to contradict
# the belt by, and those that are kept; our choice: four seconds, and forty, so that a console
# that creeps away from the belt does not take the ruler along.
_SCALE_STRIDES, _RULER_STRIDES, _KEPT_STRIDES = 4, 12, 120
# And the standard error of each leg's median, as a share; our choice: it is 1 to 2 % in seven
# rendered runners, and 5 % where the model saw one foot badly for seconds.
_RULER_SIGMA, _SIGMA_OF_MEDIAN = 0.03, 1.25
# Single feet before it is known what they scatter by: 2 to 12 % in seven rendered runners.
_UNKNOWN_SCATTER = 0.08
# A slower belt teaches nothing: what a foot wobbles by is as much.
_SLOWEST_MPS = 0.3
# A leg has one length: what the belt teaches may not wander off from what it taught first.
_WANDER = 0.12
# Wire against camera: consoles are off by a few per cent; Willwacher 2021 saw 98 to 103 %.
_DISAGREE = 0.05
_DISAGREE_S = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast a belt can be, m/s, by one planted foot; `seen_mps` is the likeliest speed."""

    low_mps: float
    high_mps: float
    seen_mps: float


@dataclass(frozen=True, slots=True)
class _Taught:
    """What the belt taught, worked out once with each stride that teaches."""

    leg_m: float | None
    legs_m: Mapping[Side, float]
    scatter: float
    scatters: Mapping[Side, float]
    is_ruler: bool


class Scale:
    """Pixels per metre at the runner, and the belt's speed as a planted foot shows it."""

    def __init__(self, known_px_per_m: float | None, runner_height_m: float | None) -> None:
        self._known = known_px_per_m
        self._runner_height_m = runner_height_m
        self._taught_m: dict[Side, deque[float]] = {s: deque(maxlen=_KEPT_STRIDES) for s in Side}
        self._taught = _taught(self._taught_m)
        self._first_m: float | None = None
        self._leg_px: float | None = None
        self._from_height: float | None = None
        self._standing_px: float | None = None
        self._compared_s = -math.inf
        self._off = 0.0
        self._disagrees_since_s: float | None = None

    def add_standing_height(self, height_px: float) -> None:
        """Take the standing runner's height in the picture (eye level to sole).

        Who stands taller or smaller in it than last time stands elsewhere, or the camera was
        moved, perhaps to another angle: what the belt told is measured anew then.
        """
        before_px, self._standing_px = self._standing_px, height_px
        if before_px is not None and abs(height_px / before_px - 1.0) > _DISAGREE:
            self._forget_taught()
        if self._runner_height_m is not None:
            self._from_height = height_px / (_EYE_HEIGHT * self._runner_height_m)

    def see_leg(self, leg_px: float | None) -> None:
        """Take the length of the leg in the newest pictures."""
        self._leg_px = leg_px if leg_px is not None else self._leg_px

    def learn(self, t_s: float, falls: Mapping[Side, Footfall], told_mps: float) -> None:
        """Take a stride's footfalls on a belt whose speed was told and that nothing contradicts."""
        if told_mps < _SLOWEST_MPS or not falls:
            return
        if self._is_ruler and len(falls) == len(Side):
            self._compare(t_s, falls, told_mps)
            if self._disagrees_since_s is not None:
                return  # One of them is wrong: do not let it move the ruler.
        legs = {side: told_mps / fall.legs_per_s for side, fall in falls.items()}
        mean_m = sum(legs.values()) / len(legs)
        if self._first_m is not None and abs(mean_m / self._first_m - 1.0) > _WANDER:
            return
        for side, leg_m in legs.items():
            self._taught_m[side].append(leg_m)
        self._taught = _taught(self._taught_m)
        if self._first_m is None and self._is_ruler:
            self._first_m = self._taught_leg_m

    def _compare(self, t_s: float, falls: Mapping[Side, Footfall], told_mps: float) -> None:
        seen = [self.seen_mps(fall) or 0.0 for fall in falls.values()]
        self._compared_s = t_s
        self._off = sum(seen) / len(seen) / told_mps - 1.0
        if abs(self._off) <= _DISAGREE:
            self._disagrees_since_s = None
        elif self._disagrees_since_s is None:
            self._disagrees_since_s = t_s

    def disagreement(self, t_s: float) -> float | None:
        """By how much the camera sees the belt faster than the console, as a share.

        None while they agree, before they have disagreed for long, and when they were not
        compared lately, as on a belt that stands.
        """
        since_s = self._disagrees_since_s
        if since_s is None or t_s - self._compared_s > _DISAGREE_S:
            return None
        return self._off if self._compared_s - since_s > _DISAGREE_S else None

    @property
    def px_per_m(self) -> Measurement:
        """The scale: known, else from the belt, else from the runner's height."""
        if self._known is not None:
            return Measurement(self._known, 0.0)
        leg_m, leg_px = self._taught_leg_m, self._leg_px
        if leg_m is not None and leg_px is not None:
            return Measurement(leg_px / leg_m, _CAMERA_SIGMA * leg_px / leg_m)
        if self._from_height is not None:
            return Measurement(self._from_height, 0.04 * self._from_height)
        if self._runner_height_m is not None and leg_px is not None:
            value = leg_px / (_LEG * self._runner_height_m)
            return Measurement(value, _HEIGHT_SIGMA * value)
        return Measurement.missing(ReasonCode.NO_SCALE)

    def seen_mps(self, fall: Footfall) -> float | None:
        """Speed of the belt by one planted foot; None without a ruler."""
        if self._measures_metres(fall):
            return fall.px_per_s / (self._known or 1.0)
        leg_m = self._leg_of(fall.side)
        if leg_m is None and self._runner_height_m is not None:
            leg_m = _LEG * self._runner_height_m
        return None if leg_m is None else leg_m * fall.legs_per_s

    def sigma_of_seen(self, feet: int) -> float:
        """Standard uncertainty of a speed that is the mean of so many feet, as a share of it."""
        by_height = self._known is None and self._taught_leg_m is None
        ruler = _HEIGHT_SIGMA if by_height else _CAMERA_SIGMA
        if self._known is None and not by_height and not self._is_ruler:
            ruler = _YOUNG_SIGMA
        return math.hypot(ruler, max(_NOISE_SIGMA, self._scatter / math.sqrt(2 * feet)))

    def limits(self, fall: Footfall) -> Limits:
        """How fast and how slow the belt can be at most, by one planted foot."""
        if self._measures_metres(fall):
            return _around(fall.px_per_s / (self._known or 1.0), _KNOWN_MARGIN)
        leg_m = self._leg_of(fall.side)
        if leg_m is not None and self._is_ruler:
            scatter = self._scatter_of(fall.side)
            margin = min(max(_LEARNT_MARGIN, _SCATTERS * scatter), _LEARNT_MOST)
            return _around(leg_m * fall.legs_per_s, margin)
        if self._runner_height_m is not None:
            return _around(_LEG * self._runner_height_m * fall.legs_per_s, _HEIGHT_MARGIN)
        legs_mps = _LEG * fall.legs_per_s
        return Limits(
            _SMALLEST_M * _SMALLER * legs_mps,
            _TALLEST_M * _TALLER * legs_mps,
            math.sqrt(_SMALLEST_M * _TALLEST_M) * legs_mps,
        )

    @property
    def is_in_metres(self) -> bool:
        """Whether the picture itself is in metres, as that of markers is."""
        return self._known is not None

    @property
    def is_exact(self) -> bool:
        """Whether the ruler tells one speed from another that differs by a fifth."""
        return self._known is not None or self._is_ruler

    def _measures_metres(self, fall: Footfall) -> bool:
        """Whether the picture is in metres, and its legs are as long as legs are."""
        if self._known is None:
            return False
        return _SHORTEST_LEG_M < fall.leg_px / self._known < _LONGEST_LEG_M

    @property
    def is_taught(self) -> bool:
        """Whether there is a ruler that a console's error shows against, if only roughly."""
        return self._known is not None or self._taught_leg_m is not None

    @property
    def _is_ruler(self) -> bool:
        """Whether enough strides taught it, and alike enough: a foot seen badly teaches slowly."""
        return self._taught.is_ruler

    @property
    def _taught_leg_m(self) -> float | None:
        """The leg as the belt taught it; None before it taught enough."""
        return self._taught.leg_m

    def _leg_of(self, side: Side) -> float | None:
        """The leg as this foot has it: each foot errs in a way of its own."""
        return self._taught.legs_m.get(side, self._taught.leg_m)

    @property
    def _scatter(self) -> float:
        """What single footfalls scatter by, as a share; like a standard deviation."""
        return self._taught.scatter

    def _scatter_of(self, side: Side) -> float:
        """The same of one foot: the model may see one well and the other badly."""
        return self._taught.scatters.get(side, self._taught.scatter)

    def _forget_taught(self) -> None:
        for legs in self._taught_m.values():
            legs.clear()
        self._taught = _taught(self._taught_m)
        self._first_m = None
        self._disagrees_since_s = None


def _taught(taught_m: Mapping[Side, deque[float]]) -> _Taught:
    """Say what the legs that the belt taught tell."""
    legs_m = {side: median(legs) for side, legs in taught_m.items() if len(legs) >= _SCALE_STRIDES}
    # Feet err in opposite ways: one alone is no scale while the other is seen, too.
    enough = len(legs_m) == 2 or (legs_m and not all(taught_m.values()))
    apart = {
        side: [abs(leg / middle - 1.0) for leg in taught_m[side]] for side, middle in legs_m.items()
    }
    scatters = {side: MAD_TO_SD * median(those) for side, those in apart.items()}
    of_all = [one for those in apart.values() for one in those]
    return _Taught(
        leg_m=sum(legs_m.values()) / len(legs_m) if enough else None,
        legs_m=legs_m,
        scatter=MAD_TO_SD * median(of_all) if of_all else _UNKNOWN_SCATTER,
        scatters=scatters,
        is_ruler=max(len(legs) for legs in taught_m.values()) >= _RULER_STRIDES
        and all(
            _SIGMA_OF_MEDIAN * scatter < _RULER_SIGMA * math.sqrt(len(taught_m[side]))
            for side, scatter in scatters.items()
        ),
    )


def _around(seen_mps: float, margin: float) -> Limits:
    return Limits(seen_mps * (1.0 - margin), seen_mps * (1.0 + margin), seen_mps)
