"""The recent past as arrays: each joint in forward and up, in pixels of the picture.

Forward is the running direction, up is against gravity as the picture shows it. Reading the
buffer gives views, oldest first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.gait.segment_angles import (
    FIRST_SEGMENT,
    LEG_SEGMENTS,
    SEGMENTS_A_LEG,
    inclination_deg,
    leg_segments_deg,
    wrap_deg,
)
from hipcue.realtime.gait.time_ring import FPS_AT_MOST, TimeRing
from hipcue.realtime.records import JOINT_COUNT, Joint, Pose, Side

# The past in which events are looked for; our choice: a slow walker's stride.
LATELY_S = 1.6
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

    def newest(self, side: Side, name: str) -> list[float]:
        """Where one joint is in the newest frame, forward and up, as plain numbers."""
        at: list[float] = self.xy[-1, Joint.of(side, name)].tolist()
        return at

    def thigh_deg(self, side: Side) -> FloatArray:
        """Thigh behind the vertical per frame, extension positive; shape (n,)."""
        return self.segments_deg[:, FIRST_SEGMENT[side]]

    def ankle_or_heel(self, side: Side) -> FloatArray:
        """Path of the ankle, shape (n, 2); of the heel where a file of markers has no ankle."""
        ankle = self.path(side, "ankle")
        return ankle if (ankle == ankle).any() else self.path(side, "heel")

    def leg_deg(self, side: Side) -> FloatArray:
        """Thigh per frame; without a knee the line from hip to ankle or heel; shape (n,)."""
        thigh = self.thigh_deg(side)
        if len(thigh) == 0 or (thigh == thigh).any():
            return thigh
        return inclination_deg(self.path(side, "hip"), self.ankle_or_heel(side))

    def knee_flexion_deg(self, side: Side, since: int = 0) -> FloatArray:
        """Knee flexion per frame since one of them, 0 straight, flexion positive; shape (n,)."""
        thigh = FIRST_SEGMENT[side]
        return wrap_deg(self.segments_deg[since:, thigh + 1] - self.segments_deg[since:, thigh])


class PoseBuffer:
    """The last `seconds` of poses, legs told apart.

    Attributes
    ----------
    newest_joints : list of [float, float]
        Joints of the pose that was added last, forward and up, px, as plain numbers; empty
        before any.
    """

    def __init__(self, seconds: float = 4.0, fps_at_most: float = FPS_AT_MOST) -> None:
        joints, segments = (JOINT_COUNT, 2), (LEG_SEGMENTS,)
        self._ring = TimeRing(
            seconds, (joints, np.float64), (segments, np.float64), fps_at_most=fps_at_most
        )
        self.newest_joints: list[list[float]] = []
        self._newest_segments: list[float] = []
        self._lately: Stretch | None = None

    def add_pose(self, pose: Pose, facing: int) -> bool:
        """Add a pose; return whether it was kept. `facing` as in `hipcue.realtime.gait.facing`.

        Of a source that is faster than anything needs, not every pose is
        (`hipcue.realtime.gait.time_ring`).
        """
        xy = pose.xy_px * _FORWARD_UP[facing]
        # Measured once, when a frame comes: the events look at a second of them every time.
        self.newest_joints = xy.tolist()
        self._newest_segments = leg_segments_deg(self.newest_joints)
        self._lately = None
        return self._ring.add(pose.t_capture_s, xy, np.array(self._newest_segments))

    def clear(self) -> None:
        """Forget everything."""
        self._ring.clear()
        self._lately = None

    @property
    def newest_s(self) -> float:
        """Time of the newest frame that was kept; -inf when empty."""
        return self._ring.newest_s

    def stretch(self, since_s: float, until_s: float = np.inf) -> Stretch:
        """Return the frames from `since_s` to `until_s`, both included, as far as kept."""
        ring, where = self._ring, self._ring.between(since_s, until_s)
        return Stretch(ring.times(where), ring.rows(where, 0), ring.rows(where, 1))

    def lately(self) -> Stretch:
        """Return the frames of the last `LATELY_S`: made once a frame, looked at for each leg."""
        if self._lately is None:
            self._lately = self.stretch(self._ring.newest_s - LATELY_S)
        return self._lately

    @property
    def newest_segments_deg(self) -> dict[Side, list[float]]:
        """Thigh, shank and foot of each leg in the pose that was added last, as in `Stretch`."""
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
