"""Angles of the body's segments in the picture's plane: thigh, shank, foot, knee, ankle, trunk.

Joints come in forward and up (`hipcue.realtime.gait.pose_buffer`), so an angle does not
depend on which way the runner faces. Signs are those of the README: behind the vertical is
extension and positive, flexion of knee and ankle is positive, the trunk leans forward
positive. Degrees throughout; NaN where a joint was not seen; no neutral is taken off.
"""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np

from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.gait.human_range import FOOT_SHORT
from hipcue.realtime.records import Joint, Side

# Thigh, shank and foot, each from one joint to another; of the left leg, then of the right.
_SEGMENTS = tuple(
    (int(Joint.of(side, begin)), int(Joint.of(side, end)))
    for side in Side
    for begin, end in (("hip", "knee"), ("knee", "ankle"), ("heel", "toe"))
)
SEGMENTS_A_LEG = 3
_Angle = TypeVar("_Angle", float, FloatArray)
LEG_SEGMENTS = len(_SEGMENTS)
FIRST_SEGMENT = {Side.L: 0, Side.R: SEGMENTS_A_LEG}
"""Column of a leg's thigh in `leg_segments_deg`; shank and foot follow."""


_KNEE_TO_TOE = {
    side: [int(Joint.of(side, name)) for name in ("knee", "ankle", "heel", "toe")] for side in Side
}


def leg_segments_deg(xy: list[list[float]]) -> list[float]:
    """Direction of thigh, shank and foot of one frame, of the left leg, then of the right.

    Thigh and shank behind the vertical, as `inclination_deg`; foot above the horizontal.
    It takes plain numbers: a frame has six segments, too few for NumPy to pay.
    """
    angles = []
    for k, (begin, end) in enumerate(_SEGMENTS):
        (x0, y0), (x1, y1) = xy[begin], xy[end]
        if k % SEGMENTS_A_LEG == 2:  # A foot.
            angles.append(math.degrees(math.atan2(y1 - y0, x1 - x0)))
        else:
            angles.append(math.degrees(math.atan2(x0 - x1, y0 - y1)))
    return angles


def inclination_deg(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """Angle of the line top to bottom behind the vertical; backwards positive.

    For hip and knee this is thigh extension. Shapes (..., 2) give shape (...).
    """
    d = bottom - top
    return np.asarray(np.degrees(np.arctan2(-d[..., 0], -d[..., 1])))


def thigh_deg(xy: FloatArray, side: Side) -> FloatArray:
    """Thigh behind the vertical per frame, extension positive."""
    return inclination_deg(xy[:, Joint.of(side, "hip")], xy[:, Joint.of(side, "knee")])


def knee_flexion_deg(xy: FloatArray, side: Side) -> FloatArray:
    """Knee flexion per frame, 0 straight, flexion positive."""
    hip, knee, ankle = (xy[:, Joint.of(side, name)] for name in ("hip", "knee", "ankle"))
    return wrap_deg(inclination_deg(knee, ankle) - inclination_deg(hip, knee))


def ankle_angle_deg(xy: FloatArray, side: Side) -> FloatArray:
    """Dorsiflexion of the foot against the shank per frame; dorsiflexion positive.

    90 degrees between shank and foot give 0. NaN where the foot is too short to tell.
    """
    names = ("knee", "ankle", "heel", "toe")
    knee, ankle, heel, toe = (xy[:, Joint.of(side, name)] for name in names)
    sole, shank = toe - heel, ankle - knee
    foot = np.degrees(np.arctan2(sole[:, 1], sole[:, 0]))
    angle = wrap_deg(inclination_deg(knee, ankle) + foot)
    long_enough = np.hypot(sole[:, 0], sole[:, 1]) >= FOOT_SHORT * np.hypot(
        shank[:, 0], shank[:, 1]
    )
    return np.where(long_enough, angle, np.nan)


def foot_tells(xy: list[list[float]], side: Side) -> bool:
    """Whether the foot of one frame is long enough to have a direction."""
    knee, ankle, heel, toe = _KNEE_TO_TOE[side]
    return math.dist(xy[heel], xy[toe]) >= FOOT_SHORT * math.dist(xy[knee], xy[ankle])


def trunk_deg(xy: FloatArray) -> FloatArray:
    """Lean of the line from mid-hip to mid-shoulder per frame; forward positive.

    Shape (..., JOINT_COUNT, 2) gives shape (...).
    """
    shoulder = (xy[..., Joint.L_SHOULDER, :] + xy[..., Joint.R_SHOULDER, :]) / 2
    hip = (xy[..., Joint.L_HIP, :] + xy[..., Joint.R_HIP, :]) / 2
    return inclination_deg(shoulder, hip)


def newest_trunk_deg(xy: list[list[float]]) -> float:
    """Lean of the trunk in one frame, as `trunk_deg`; plain numbers, as in `leg_segments_deg`."""
    (x0, y0), (x1, y1) = xy[Joint.L_SHOULDER], xy[Joint.R_SHOULDER]
    (x2, y2), (x3, y3) = xy[Joint.L_HIP], xy[Joint.R_HIP]
    forward, up = (x2 + x3) / 2 - (x0 + x1) / 2, (y2 + y3) / 2 - (y0 + y1) / 2
    return math.degrees(math.atan2(-forward, -up))


def body_line_deg(xy: FloatArray) -> FloatArray:
    """Line from mid-shoulder to mid-ankle per frame, as a thigh: behind the vertical positive."""
    shoulder = (xy[..., Joint.L_SHOULDER, :] + xy[..., Joint.R_SHOULDER, :]) / 2
    ankle = (xy[..., Joint.L_ANKLE, :] + xy[..., Joint.R_ANKLE, :]) / 2
    return inclination_deg(shoulder, ankle)


def wrap_deg(angle: _Angle) -> _Angle:
    """Bring angles, or a single one, into -180..180."""
    return (angle + 180.0) % 360.0 - 180.0
