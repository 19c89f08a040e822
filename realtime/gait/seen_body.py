"""What a body did in the pictures in which it was seen, whatever the engine made of it.

Rough and robust: it is looked at where there are no strides, to say why. Lengths are in legs,
thigh and shank of the same body, so that neither camera nor scale matters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.records import Joint, Pose, Side

BoolArray = NDArray[np.bool_]

# Legs are followed over windows of about a stride; our choice.
_WINDOW_S = 1.0
# An ankle that goes by less than this against the hips within a window, in legs, stands; our
# choice: joints of somebody who stands tremble by 0.02, a slow walk has 0.5.
_MOVES = 0.2
# Hips move over so long, so that their sway within a step does not count; a foot is planted for
# longer than that.
_HIP_S, _FOOT_S = 0.5, 0.1
# A body is somebody else's when it is elsewhere within so long by more than this, in legs; our
# choices: a sprinter crosses 5 legs in half a second.
_AT_ONCE_S, _ELSEWHERE = 0.2, 1.6
# Knees or hips below this share of the picture have their feet below it, when those are hidden.
_ABOVE_FEET, _NEAR_EDGE = [Joint.L_HIP, Joint.R_HIP, Joint.L_KNEE, Joint.R_KNEE], 0.85
# Of the autocorrelation of a gait, of so many frames at least; our choices.
_ALIKE, _FEWEST = 0.4, 8
# So near to each other two periods are the same; our choice.
_SAME = 0.15


@dataclass(frozen=True, eq=False)
class SeenBody:
    """The frames with somebody in them.

    Attributes
    ----------
    t_s : ndarray of float, shape (n,)
        Times of the frames.
    xy_px : ndarray of float, shape (n, JOINT_COUNT, 2)
        Joints, y down; NaN where not seen.
    size_px : (width, height) or None
        Of the picture; None for markers, whose picture has no edge.
    """

    t_s: FloatArray
    xy_px: FloatArray
    size_px: tuple[int, int] | None

    @classmethod
    def of(cls, poses: Sequence[Pose]) -> SeenBody:
        """Return what was seen in poses, at least one of them."""
        last = poses[-1]
        return cls(
            np.array([pose.t_capture_s for pose in poses]),
            np.array([pose.xy_px for pose in poses], dtype=float),
            last.size_px if last.px_per_m is None else None,
        )

    @property
    def lasted_s(self) -> float:
        """From the first frame to the last."""
        return float(self.t_s[-1] - self.t_s[0])

    @cached_property
    def every_s(self) -> float:
        """Usual time from frame to frame."""
        steps = np.diff(self.t_s)
        return float(np.median(steps)) if len(steps) else math.inf

    def share_seen(self, joint: Joint) -> float:
        """In which share of the frames a joint was seen."""
        return float(np.mean(np.isfinite(self.xy_px[:, joint, 0])))

    @cached_property
    def feet_below(self) -> float:
        """In which share of the frames the feet are below the picture's lower edge.

        A model may guess them there, or leave them out with all that is near the edge.
        """
        if self.size_px is None:
            return 0.0
        height_px = self.size_px[1]
        feet = self.xy_px[:, [Joint.L_ANKLE, Joint.R_ANKLE], 1]
        lowest = np.nanmax(np.nan_to_num(self.xy_px[:, _ABOVE_FEET, 1], nan=-np.inf), axis=1)
        hidden = np.isnan(feet).all(axis=1) & (lowest > _NEAR_EDGE * height_px)
        return float(np.mean(hidden | (feet > height_px).any(axis=1)))

    @cached_property
    def jumps(self) -> int:
        """How often the body was elsewhere at once: it is not the same one."""
        if self.leg_px is None:
            return 0
        way = np.hypot(*np.diff(self._hips, axis=0).T) / self.leg_px
        return int(np.sum((way > _ELSEWHERE) & (np.diff(self.t_s) < _AT_ONCE_S)))

    @cached_property
    def moving(self) -> BoolArray:
        """Which frames have a leg that moves against the hips within the time around them."""
        if self.leg_px is None:
            return np.zeros(len(self.t_s), dtype=bool)
        window = np.floor((self.t_s - self.t_s[0]) / _WINDOW_S).astype(int)
        moves = np.zeros(len(self.t_s), dtype=bool)
        for number in np.unique(window):
            frames = window == number
            goes = [_range(self._ankle(side)[frames]) / self.leg_px for side in Side]
            moves[frames] = max(goes) > _MOVES
        return moves

    @cached_property
    def moved_s(self) -> float:
        """For how long legs moved."""
        return float(np.mean(self.moving)) * self.lasted_s

    def crosses(self, legs_per_s: float) -> tuple[float, float]:
        """Return how much of the way of moving legs goes through the picture, and how it goes.

        Parameters
        ----------
        legs_per_s : float
            Hips that are faster go through the picture.

        Returns
        -------
        tuple of float
            In which share of the frames with moving legs the hips are that fast, and by how much
            the slower foot is fast then, over the hips: little where feet are planted on ground.
        """
        apart = self._apart(_HIP_S)
        if self.leg_px is None or len(self.t_s) <= apart:
            return 0.0, math.inf
        moving = self.moving[apart:] & self.moving[:-apart]
        speed = _steps(self._hips, apart) / self.leg_px / (self.t_s[apart:] - self.t_s[:-apart])
        fast = moving & (speed > legs_per_s)
        if not fast.any():
            return 0.0, math.inf
        goes = np.zeros(len(self.t_s), dtype=bool)
        goes[apart:] |= fast
        goes[:-apart] |= fast
        apart = self._apart(_FOOT_S)
        feet = [_steps(self._ankle(side) + self._hips, apart) for side in Side]
        ratio = np.fmin(*feet)[goes[apart:]], _steps(self._hips, apart)[goes[apart:]]
        slower, gone = map(_median, ratio)
        share = float(np.sum(fast) / np.sum(moving))
        return share, math.inf if slower is None or not gone else slower / gone

    def _apart(self, seconds: float) -> int:
        """So many frames lie so many seconds apart."""
        return max(round(seconds / self.every_s), 1) if 0.0 < self.every_s < math.inf else 1

    @cached_property
    def stride_s(self) -> float | None:
        """How long the legs take to be again as they were; None where they never are.

        Legs that a model takes for each other are so after half a stride already: the hips, which
        bounce with every step, tell that.
        """
        apart = self._ankle(Side.L)[:, 0] - self._ankle(Side.R)[:, 0]
        legs_s, step_s = self._repeats(apart), self._repeats(self._hips[:, 1])
        if legs_s is not None and step_s is not None and abs(step_s / legs_s - 1.0) < _SAME:
            return 2.0 * legs_s
        return legs_s

    def _repeats(self, signal: FloatArray) -> float | None:
        """After how long a signal repeats itself while the legs move; None where it does not."""
        frames = np.flatnonzero(self.moving)
        known = np.isfinite(signal)
        if len(frames) < _FEWEST or not 0.0 < self.every_s < math.inf or np.mean(known) < 0.5:
            return None
        at_s = np.arange(self.t_s[frames[0]], self.t_s[frames[-1]], self.every_s)
        return _period(np.interp(at_s, self.t_s[known], signal[known]), self.every_s)

    @cached_property
    def both_down(self) -> float:
        """In which share of the moving frames both feet are as low as feet get."""
        lows = []
        for side in Side:
            y = self.xy_px[:, Joint.of(side, "ankle"), 1][self.moving]
            if self.leg_px is None or np.mean(np.isfinite(y)) < 0.5:
                return 0.0
            lows.append(y > np.nanpercentile(y, 95) - 0.06 * self.leg_px)
        return float(np.mean(lows[0] & lows[1]))

    @cached_property
    def leg_px(self) -> float | None:
        """Thigh and shank, mean of both legs; None where neither is seen."""
        lengths = []
        for side in Side:
            hip, knee, ankle = (self.xy_px[:, Joint.of(side, n)] for n in ("hip", "knee", "ankle"))
            length = _median(np.hypot(*(hip - knee).T) + np.hypot(*(knee - ankle).T))
            lengths += [length] if length else []
        return sum(lengths) / len(lengths) if lengths else None

    @cached_property
    def _hips(self) -> FloatArray:
        return _middle(self.xy_px[:, Joint.L_HIP], self.xy_px[:, Joint.R_HIP])

    def _ankle(self, side: Side) -> FloatArray:
        """An ankle against the hips."""
        return self.xy_px[:, Joint.of(side, "ankle")] - self._hips


def _middle(one: FloatArray, other: FloatArray) -> FloatArray:
    """Between two joints; where only one is seen, that one."""
    seen = np.where(np.isfinite(one), one, other)
    return np.asarray((seen + np.where(np.isfinite(other), other, one)) / 2.0)


def _steps(points: FloatArray, apart: int) -> FloatArray:
    """How far points go sideways over so many frames."""
    return np.asarray(np.abs(points[apart:, 0] - points[:-apart, 0]))


def _median(values: FloatArray) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else None


def _range(points: FloatArray) -> float:
    """How far points go at most in x or y, but for a few that were seen badly."""
    known = points[np.isfinite(points).all(axis=1)]
    if len(known) < 2:
        return 0.0
    low, high = np.percentile(known, [5, 95], axis=0)
    return float(np.max(high - low))


def _period(signal: FloatArray, every_s: float) -> float | None:
    """After how long a signal repeats itself first; None where it does not."""
    signal = signal - np.mean(signal)
    n = len(signal)
    if n < _FEWEST or not np.any(signal):
        return None
    power = np.abs(np.fft.rfft(signal, 2 * n)) ** 2
    alike = np.fft.irfft(power)[: n // 2 + 1] / np.arange(n, n - n // 2 - 1, -1)
    alike = alike / alike[0]
    below = np.flatnonzero(alike < 0.0)
    if len(below) == 0 or below[0] + 1 >= len(alike):
        return None
    first = int(below[0])
    best = first + int(np.argmax(alike[first:]))
    # The first peak that is nearly as high: later ones are two strides, or three.
    for k in range(first + 1, best):
        if alike[k] > 0.8 * alike[best] and alike[k - 1] <= alike[k] >= alike[k + 1]:
            best = k
            break
    return best * every_s if alike[best] > _ALIKE else None
