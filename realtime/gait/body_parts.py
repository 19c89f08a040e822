"""Trunk, thighs, shanks and feet of the last seconds, to be compared with those a stride ago.

Middles of the left and the right joint are kept, so that it does not matter which leg a pose
model takes for which. Points are complex numbers, x to the right and y up as the picture shows
them: the angle of a quotient is a turn, counterclockwise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hipcue.realtime.gait.body_comparison import Comparison, Complex, compared, interpolated
from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.gait.time_ring import TimeRing
from hipcue.realtime.records import JOINT_COUNT, Joint, Pose, Side

# Head, shoulders, hips, knees, ankles, heels, toes: each the middle of two rows of a pose.
_POINTS = (
    (Joint.NOSE, Joint.R_EAR),
    (Joint.L_SHOULDER, Joint.R_SHOULDER),
    (Joint.L_HIP, Joint.R_HIP),
    (Joint.L_KNEE, Joint.R_KNEE),
    (Joint.L_ANKLE, Joint.R_ANKLE),
    (Joint.L_HEEL, Joint.R_HEEL),
    (Joint.L_TOE, Joint.R_TOE),
)
_ROWS = tuple((int(one), int(two)) for one, two in _POINTS)
_BOTH = np.array(_ROWS).T
_HEAD, _SHOULDER, _HIP, _KNEE, _ANKLE, _HEEL, _TOE = range(len(_POINTS))
# Trunk, thighs, shanks, feet: from one point to another.
_FROM, _TO = [_HIP, _KNEE, _ANKLE, _HEEL], [_SHOULDER, _HIP, _KNEE, _TOE]
# What stands still in somebody who stands.
_STANDS = (_SHOULDER, _HIP, _KNEE, _ANKLE)
SHORT_S = 0.25
_FEWEST = 4
# Joints of somebody who stands move by less than this part of the body; as for the neutral.
_STILL = 0.01
# Feet and face point forwards by this part of the body, or say nothing; our choice, half a
# foot: in eight films of runners they pointed backwards by 0.02 at the most.
_MIRRORED = 0.06
# Trunk and legs grow and shrink by less than this share from frame to frame; our choice, 0.048
# at the most in eight films.
_GROWN = 0.065
# Both thighs, both shanks.
_BONES = tuple(
    (int(Joint.of(side, begin)), int(Joint.of(side, end)))
    for begin, end in (("hip", "knee"), ("knee", "ankle"))
    for side in Side
)


class PartsBuffer:
    """The last seconds of the body's joints and parts.

    Every frame is compared with the one before in plain numbers: too few for NumPy to pay.
    """

    def __init__(self, seconds: float = 4.0) -> None:
        joints, parts = (JOINT_COUNT, 2), (len(_FROM) + 1,)
        self._ring = TimeRing(seconds, (joints, np.float64), (parts, np.complex128))
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._ring.clear()
        self._joints: list[list[float]] = []
        self._points: list[complex] = []
        self._ahead_px = math.nan

    @property
    def newest_s(self) -> float:
        """Time of the newest frame; -inf before any."""
        return self._ring.newest_s

    def add_pose(self, pose: Pose, least: float) -> bool:
        """Add a pose; return whether the whole body jumped by more than that share of its height.

        That is: all of head, shoulders, hips, knees and ankles have gone so far at least, or
        it was mirrored, or has another size at once.
        """
        joints_before, before, ahead_before = self._joints, self._points, self._ahead_px
        joints = self._joints = pose.xy_px.tolist()
        points = self._points = [
            complex(joints[one][0] + joints[two][0], -joints[one][1] - joints[two][1]) / 2
            for one, two in _ROWS
        ]
        self._ahead_px = _ahead_px(joints, points)
        parts = [points[end] - points[begin] for begin, end in zip(_FROM, _TO, strict=True)]
        # The angle between the legs goes with the parts: they are looked at together.
        parts.append(complex(_apart_deg(joints)))
        self._ring.add(pose.t_capture_s, pose.xy_px, np.array(parts))
        if not before:
            return False
        return (
            _grows(before, points, joints_before, joints)
            or self._mirrored(ahead_before)
            or _jumps(before, points, least)
        )

    def _mirrored(self, before_px: float) -> bool:
        """Whether feet and face point the other way at once."""
        least = min(abs(before_px), abs(self._ahead_px))
        if not before_px * self._ahead_px < 0.0:
            return False
        body = abs(self._points[_HEAD] - self._points[_ANKLE])
        return least > _MIRRORED * body

    def compare(self, now_s: float, window_s: float, ago_s: float) -> Comparison | None:
        """Compare the frames of the window that ends now with those `ago_s` earlier.

        None where there are too few, or trunk, thighs or shanks were hardly seen.
        """
        ring = self._ring
        new = ring.between(now_s - window_s, now_s)
        old = ring.between(now_s - window_s - ago_s - 0.1, now_s - ago_s + 0.1)
        t, old_t = ring.times(new) - ago_s, ring.times(old)
        if len(t) < _FEWEST or len(old_t) < _FEWEST or old_t[0] > t[0] or old_t[-1] < t[-1]:
            return None
        now, was = ring.rows(new, 1), interpolated(t, old_t, ring.rows(old, 1))
        return compared(now, was)

    def stands_still(self, since_s: float) -> bool:
        """Whether shoulders, hips, knees and ankles stood still in each half of so long."""
        now = self.newest_s
        for begin, end in ((now - since_s, now - since_s / 2), (now - SHORT_S, now)):
            points = _points(self._ring.rows(self._ring.between(begin, end)), _STANDS)
            if len(points) < _FEWEST:
                return False
            body = abs(complex(points[-1, 0] - points[-1, -1]))
            if not float(np.std(points, axis=0).max()) < _STILL * body:
                return False
        return True


def _points(xy: FloatArray, some: Sequence[int]) -> Complex:
    """Some of the points in each frame, shape (n, len(some))."""
    joints = xy[:, _BOTH[:, some]]
    middles = (joints[:, 0] + joints[:, 1]) / 2
    return np.asarray(middles[..., 0] - 1j * middles[..., 1])


def _apart_deg(joints: list[list[float]]) -> float:
    """Angle between both thighs; which is which does not matter."""
    (left_x, left_y), (right_x, right_y) = (
        (joints[knee][0] - joints[hip][0], joints[knee][1] - joints[hip][1])
        for hip, knee in _BONES[:2]
    )
    across, along = left_x * right_y - left_y * right_x, left_x * right_x + left_y * right_y
    return abs(math.degrees(math.atan2(across, along)))


def _ahead_px(joints: list[list[float]], points: list[complex]) -> float:
    """How far toes and nose are to the right of heels and ears, together."""
    face = joints[Joint.NOSE][0] - (joints[Joint.L_EAR][0] + joints[Joint.R_EAR][0]) / 2
    return points[_TOE].real - points[_HEEL].real + (face if face == face else 0.0)


def _grows(
    before: list[complex],
    now: list[complex],
    joints_before: list[list[float]],
    joints: list[list[float]],
) -> bool:
    """Whether trunk and legs are longer, or shorter, from one frame to the next."""
    was, trunk = abs(before[_SHOULDER] - before[_HIP]), abs(now[_SHOULDER] - now[_HIP])
    if not was > 0.0 or not trunk > 0.0 or not abs(math.log(trunk / was)) > _GROWN:
        return False
    legs = _legs_px(joints) / _legs_px(joints_before)
    if not legs > 0.0:
        return False
    return math.log(trunk / was) * math.log(legs) > 0.0 and abs(math.log(legs)) > _GROWN


def _legs_px(joints: list[list[float]]) -> float:
    """Length of both thighs and shanks."""
    return sum(math.dist(joints[begin], joints[end]) for begin, end in _BONES)


def _jumps(before: list[complex], now: list[complex], least: float) -> bool:
    """Whether all points up to the ankles have gone so far in one direction, in body heights."""
    least_px = least * abs(before[_HEAD] - before[_ANKLE])
    hips = now[_HIP] - before[_HIP]
    if max(abs(hips.real), abs(hips.imag)) <= least_px:
        return False
    ways = [now[k] - before[k] for k in range(_ANKLE + 1)]
    ways = [way for way in ways if way == way]  # NaN is not equal to itself.
    if len(ways) < 3 or not least_px > 0.0:
        return False
    for some in ([way.real for way in ways], [way.imag for way in ways]):
        lowest, highest = min(some), max(some)
        if lowest > least_px or highest < -least_px:
            return True
    return False
