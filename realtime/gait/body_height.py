"""How tall the runner is in the picture: the ruler of everything that is a share of the body."""

from __future__ import annotations

from hipcue.realtime.gait.pose_buffer import height_px
from hipcue.realtime.gait.smoothing import SlowMean
from hipcue.realtime.records import Joint, Pose

# Share of the body below the highest joint that is marked, for marker sets without a head:
# the shoulders' height and the hips' (Winter 2009, fig. 4.1).
_SHOULDER_HEIGHT = 0.818
_HIP_HEIGHT = 0.53
_HEAD = slice(Joint.NOSE, Joint.R_EAR + 1)
_SHOULDERS = slice(Joint.L_SHOULDER, Joint.R_SHOULDER + 1)
# Arms raised, or a foot out of the picture for a few frames, must not change the ruler; our
# choice: a twentieth of the way in a frame of a 60 fps camera.
RULER_S = 0.325


class BodyHeight:
    """Height of the body in the picture, px: a slow mean over the frames."""

    def __init__(self) -> None:
        self._mean = SlowMean(RULER_S)

    @property
    def px(self) -> float | None:
        """The height now; None before anybody was seen."""
        return self._mean.value

    def add_pose(self, pose: Pose) -> float:
        """Take a pose with a runner in it; return the height, px."""
        return self._mean.add(pose.t_capture_s, body_height_px(pose))


def body_height_px(pose: Pose) -> float:
    """Height in one picture: head to sole, or from the highest joints that are marked."""
    seen_px = height_px(pose)
    if _is_marked(pose, _HEAD):
        return seen_px
    return seen_px / (_SHOULDER_HEIGHT if _is_marked(pose, _SHOULDERS) else _HIP_HEIGHT)


def _is_marked(pose: Pose, joints: slice) -> bool:
    """Whether one of these joints was seen."""
    return any(y == y for y in pose.xy_px[joints, 1].tolist())  # NaN is not equal to itself.
