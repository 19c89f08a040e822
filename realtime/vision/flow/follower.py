"""The last pictures and poses of a runner, and the next pose by optical flow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hipcue.devices.readings import Frame
from hipcue.realtime.gait.pose_buffer import height_px
from hipcue.realtime.records import JOINT_COUNT, Pose, Side
from hipcue.realtime.vision.flow.joint_flow import Picture, follow
from hipcue.realtime.vision.flow.skeleton import LEGS, Floats
from hipcue.realtime.vision.pose import Detection

# Pictures further apart than this are not followed: a foot is somewhere else by then. Our
# choice: one lost picture of a 30 fps camera.
_GAP_S = 0.075
# So many pictures in a row are followed without a look of the model; our choice.
_MOST_IN_A_ROW = 3
# Faster than this is a leg that the model took for the other one; body heights per s. Our
# choice: a foot in the swing of a sprint.
_FASTEST = 6.0
# The nearer leg is seen better by so much; our choice: 0.05 to 0.3 in eight films.
_SEEN_BETTER = 0.03
# With fewer joints than this there is nobody to follow.
_FEWEST = 8


class FlowFollower:
    """Follows the joints through the pictures that the model does not look at.

    Pictures come in order, each once: to `add_seen` with the pose that the model found, or to
    `follow`, which finds it by what came before.
    """

    def __init__(self) -> None:
        self._last: tuple[Picture, Pose] | None = None
        self._before: Pose | None = None
        self._in_a_row = 0

    def add_seen(self, frame: Frame, found: Detection) -> None:
        """Take a picture at which the model looked, and what it saw."""
        self._in_a_row = 0
        self._before = None if self._last is None else self._last[1]
        self._last = (frame.image_bgr, found.pose) if found.pose.seen else None

    def follow(self, frame: Frame) -> Detection | None:
        """Return the pose in the next picture; None where it cannot be followed."""
        last, self._last = self._last, None
        if last is None or self._in_a_row >= _MOST_IN_A_ROW:
            return None
        before, pose = last
        dt_s = frame.t_capture_s - pose.t_capture_s
        image = frame.image_bgr
        if image.shape != before.shape or not 0.0 < dt_s <= _GAP_S or _seen(pose.xy_px) < _FEWEST:
            return None
        body_px = height_px(pose)
        speeds = self._speeds(pose, body_px)
        found = follow(before, image, pose.xy_px, speeds, dt_s, body_px, _behind(pose))
        if _seen(found.xy_px) < _FEWEST:
            return None
        # In single precision, as everything that is recorded.
        xy = found.xy_px.astype(np.float32).astype(np.float64)
        confidence = np.where(np.isnan(xy[:, 0]), 0.0, pose.confidence)
        followed = replace(
            pose,
            t_capture_s=frame.t_capture_s,
            index=frame.index,
            xy_px=xy,
            confidence=confidence,
            pelvis=(),
            followed=True,
        )
        self._in_a_row += 1
        self._last, self._before = (image, followed), pose
        return Detection(followed)

    def _speeds(self, pose: Pose, body_px: float) -> Floats:
        """How fast the joints went last, px per s; NaN where that is not known."""
        before = self._before
        unknown = np.full((JOINT_COUNT, 2), np.nan)
        if before is None or not before.seen:
            return unknown
        dt_s = pose.t_capture_s - before.t_capture_s
        if not 0.0 < dt_s <= _GAP_S:
            return unknown
        speed = (pose.xy_px - before.xy_px) / dt_s
        too_fast = np.hypot(speed[:, 0], speed[:, 1]) > _FASTEST * body_px
        return np.where(too_fast[:, None], np.nan, speed)


def _seen(xy_px: Floats) -> int:
    return int(np.count_nonzero(~np.isnan(xy_px[:, 0])))


def _behind(pose: Pose) -> tuple[Side, ...]:
    """The leg that the other one may hide, as the model saw them; both where it cannot tell."""
    left, right = (float(pose.confidence[LEGS[side]].mean()) for side in Side)
    if abs(left - right) < _SEEN_BETTER:
        return tuple(Side)
    return (Side.L,) if left < right else (Side.R,)
