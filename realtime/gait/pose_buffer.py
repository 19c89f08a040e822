"""The recent past as arrays: each joint in forward and up, in pixels of the picture.

Forward is the running direction, up is against gravity as the picture shows it. The
buffer is a ring that never grows; reading it gives views, oldest first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.gait.segment_angles import (
    FIRST_SEGMENT,
    LEG_SEGMENTS,
    SEGMENTS_A_LEG,
    leg_segments_deg,
    wrap_deg,
)
from hipcue.realtime.records import JOINT_COUNT, Joint, Pose, Side

# What turns the picture's x (right) and y (down) into forward and up.
_FORWARD_UP = {facing: np.array([float(facing), -1.0]) for facing in (1, -1)}


class Stretch(NamedTuple):
    """Some frames in a row.

    Attributes
    ----------
    t : ndarray, shape (n,)
        Times, s.
    xy : ndarray, shape (n, JOINT_COUNT, 2)
        Joints, forward and up, px; NaN where not seen.
    segments_deg : ndarray, shape (n, LEG_SEGMENTS)
        Thigh and shank behind the vertical, foot above the horizontal, as
        `hipcue.realtime.gait.segment_angles.leg_segments_deg` has them.
    """

    t: FloatArray
    xy: FloatArray
    segments_deg: FloatArray

    def path(self, side: Side, name: str) -> FloatArray:
        """Path of one joint, shape (n, 2)."""
        return joint(self.xy, side, name)

    def thigh_deg(self, side: Side) -> FloatArray:
        """Thigh behind the vertical per frame, extension positive; shape (n,)."""
        return self.segments_deg[:, FIRST_SEGMENT[side]]

    def knee_flexion_deg(self, side: Side, since: int = 0) -> FloatArray:
        """Knee flexion per frame since one of them, 0 straight, flexion positive; shape (n,)."""
        thigh = FIRST_SEGMENT[side]
        return wrap_deg(self.segments_deg[since:, thigh + 1] - self.segments_deg[since:, thigh])


class PoseBuffer:
    """The last `seconds` of poses, legs told apart.

    Every frame is written twice, `capacity` apart, so that any stretch of the recent
    past is one contiguous view.

    Attributes
    ----------
    newest_joints : list of [float, float]
        The newest frame's joints, forward and up, px, as plain numbers; empty before any.
    """

    def __init__(self, seconds: float = 4.0, fps_at_most: float = 260.0) -> None:
        self._capacity = int(seconds * fps_at_most)
        self._t = np.zeros(2 * self._capacity)
        self._xy = np.full((2 * self._capacity, JOINT_COUNT, 2), np.nan)
        self._segments = np.full((2 * self._capacity, LEG_SEGMENTS), np.nan)
        self._count = 0
        self.newest_joints: list[list[float]] = []
        self._newest_segments: list[float] = []

    def add_pose(self, pose: Pose, facing: int) -> None:
        """Add a pose. `facing` as in `hipcue.realtime.gait.facing`."""
        at = self._count % self._capacity
        xy = pose.xy_px * _FORWARD_UP[facing]
        # Measured once, when a frame comes: the events look at a second of them every time.
        self.newest_joints = xy.tolist()
        self._newest_segments = leg_segments_deg(self.newest_joints)
        segments = np.array(self._newest_segments)
        for slot in (at, at + self._capacity):
            self._t[slot] = pose.t_capture_s
            self._xy[slot] = xy
            self._segments[slot] = segments
        self._count += 1

    def clear(self) -> None:
        """Forget everything."""
        self._count = 0

    @property
    def newest_s(self) -> float:
        """Time of the newest frame; -inf when empty."""
        return float(self._t[(self._count - 1) % self._capacity]) if self._count else -np.inf

    def stretch(self, since_s: float, until_s: float = np.inf) -> Stretch:
        """Return the frames from `since_s` to `until_s`, both included, as far as kept."""
        length = min(self._count, self._capacity)
        end = (self._count - 1) % self._capacity + self._capacity + 1 if self._count else 0
        begin = end - length
        times = self._t[begin:end]
        first = begin + int(times.searchsorted(since_s, side="left"))
        if until_s != np.inf:
            end = begin + int(times.searchsorted(until_s, side="right"))
        return Stretch(self._t[first:end], self._xy[first:end], self._segments[first:end])

    @property
    def newest_segments_deg(self) -> dict[Side, list[float]]:
        """Thigh, shank and foot of each leg in the newest frame, as in `Stretch`."""
        segments = self._newest_segments
        return {
            side: segments[first : first + SEGMENTS_A_LEG] for side, first in FIRST_SEGMENT.items()
        }


def height_px(pose: Pose) -> float:
    """Body height in the picture, highest to lowest joint seen; at least 1."""
    seen = [y for y in pose.xy_px[:, 1].tolist() if y == y]  # NaN is not equal to itself.
    return max(max(seen) - min(seen), 1.0) if seen else 1.0


def joint(xy: FloatArray, side: Side, name: str) -> FloatArray:
    """Path of one joint, shape (n, 2), out of an array of frames."""
    return np.asarray(xy[:, Joint.of(side, name)])
