"""The scale of the picture at the runner, and the belt's speed as the camera sees it.

A planted foot moves exactly with the belt. Its speed in the picture against the speed
on the wire gives pixels per metre without a ruler; with the scale known, the same
equation backwards gives the belt's speed without a wire.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.records import Measurement

# Eyes and ears are this part of the body height above the soles (Winter 2009, fig. 4.1).
_EYE_HEIGHT = 0.936
# Wire against camera: consoles are off by a few per cent; Willwacher 2021 saw 98 to 103 %.
_DISAGREE = 0.05
_DISAGREE_S = 10.0
# What MediaPipe's heels and the belt disagree by on one camera, after both legs are
# averaged: 4 % over six rendered runners.
_CAMERA_SIGMA = 0.03
# Steps that make a ruler good enough to doubt the console by; our choice: four seconds.
_RULER_STEPS = 12


class Scale:
    """Pixels per metre at the runner, and the belt's speed as the camera sees it."""

    def __init__(self, known_px_per_m: float | None, runner_height_m: float | None) -> None:
        self._known = known_px_per_m
        self._runner_height_m = runner_height_m
        self._from_belt: deque[float] = deque(maxlen=24)
        self._from_height: float | None = None
        self._standing_px: float | None = None
        self._compared_s = -np.inf
        self._off = 0.0
        self._disagrees_since_s: float | None = None

    def add_standing_height(self, height_px: float) -> None:
        """Take the standing runner's height in the picture (eye level to sole).

        Who stands taller or smaller in it than last time stands elsewhere, or the camera was
        moved: what the belt told of the scale is measured anew then.
        """
        before_px, self._standing_px = self._standing_px, height_px
        if before_px is not None and abs(height_px / before_px - 1.0) > _DISAGREE:
            self._from_belt.clear()
            self._disagrees_since_s = None
        if self._runner_height_m is not None:
            self._from_height = height_px / (_EYE_HEIGHT * self._runner_height_m)

    def add_step(self, t_s: float, foot_px_per_s: float, belt: Measurement) -> None:
        """Take one step's planted-foot speed (mean of both legs) and the wire's speed then."""
        if belt.value is None or belt.value < 0.3:
            return
        if len(self._from_belt) >= _RULER_STEPS:
            seen = foot_px_per_s / float(np.median(self._from_belt))
            self._compare(t_s, seen, belt.value)
            if self._disagrees_since_s is not None:
                return  # One of them is wrong: do not let it move the ruler.
        self._from_belt.append(foot_px_per_s / belt.value)

    def _compare(self, t_s: float, seen_mps: float, wire_mps: float) -> None:
        self._compared_s = t_s
        self._off = seen_mps / wire_mps - 1.0
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
        if len(self._from_belt) >= 4:
            value = float(np.median(self._from_belt))
            return Measurement(value, _CAMERA_SIGMA * value)
        if self._from_height is not None:
            return Measurement(self._from_height, 0.04 * self._from_height)
        return Measurement.missing(ReasonCode.NO_SCALE)

    def belt_speed(self, foot_px_per_s: float | None) -> Measurement:
        """Belt speed as the camera sees it; missing without a scale or a planted foot."""
        scale = self.px_per_m
        if scale.value is None:
            return scale
        if foot_px_per_s is None:
            return Measurement.missing(ReasonCode.NO_PLANTED_FOOT)
        value = foot_px_per_s / scale.value
        return Measurement(value, value * float(np.hypot(_CAMERA_SIGMA, 0.02)))
