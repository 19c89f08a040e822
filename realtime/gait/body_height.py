"""How tall the runner is in the picture: the ruler of everything that is a share of the body."""

from __future__ import annotations

from hipcue.realtime.gait.pose_buffer import height_px
from hipcue.realtime.gait.smoothing import SlowMean
from hipcue.realtime.records import Joint, Pose

# Share of the body below the highest joint that is marked, for marker sets without a head:
# the shoulders' height and the hips' (Winter 2009, fig. 4.1).
_SHOULDER_HEIGHT = 0.818
_HIP_HEIGHT = 0.53
_HEAD = (Joint.NOSE, Joint.L_EAR, Joint.R_EAR)
_SHOULDERS = (Joint.L_SHOULDER, Joint.R_SHOULDER)
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
    y = pose.xy_px[:, 1].tolist()
    seen_px = height_px(pose)
    if any(y[joint] == y[joint] for joint in _HEAD):  # NaN is not equal to itself.
        return seen_px
    if any(y[joint] == y[joint] for joint in _SHOULDERS):
        return seen_px / _SHOULDER_HEIGHT
    return seen_px / _HIP_HEIGHT
