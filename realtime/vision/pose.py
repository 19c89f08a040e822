"""Where the joints are: the landmark model on a square around the runner."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import PoseSettings
from hipcue.devices.readings import Frame
from hipcue.devices.silence_stderr import quiet_stderr
from hipcue.realtime.records import JOINT_COUNT, Pose
from hipcue.realtime.vision.landmark_models import open_landmark_model
from hipcue.realtime.vision.mask import Box, Silhouette
from hipcue.realtime.vision.runner_crop import RunnerCrop, extend_edges

# Landmarks less visible than this are the model's guess; our choice.
LEAST_VISIBILITY = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """What the pose model saw in a frame.

    `silhouette` is None when nobody was found or none was asked for.
    """

    pose: Pose
    silhouette: Silhouette | None = None


class PoseModel:
    """Finds the runner, frame by frame. Not for several threads at once.

    Parameters
    ----------
    settings : PoseSettings
        Which model, and its least confidences.
    want_mask : bool
        Whether the silhouette is asked for.

    Raises
    ------
    UserError
        When the model file cannot be used.
    """

    def __init__(self, settings: PoseSettings, want_mask: bool = True) -> None:
        black = np.zeros((256, 256, 3), np.uint8)
        self._rgb = np.zeros_like(black)
        with quiet_stderr():
            self._model = open_landmark_model(settings, want_mask)
            # A first run on a black picture: the model is chatty until it has run once, and
            # the runner's first frame shall not wait for its start.
            self._model.find(self._as_rgb(black, (0, 0, 256, 256)), 0.0)
        self._crop = RunnerCrop()
        self._starting = True

    def detect(self, frame: Frame) -> Detection:
        """Find the runner in a frame. Nobody found gives a pose with a reason and no joints."""
        image = frame.image_bgr
        height, width = image.shape[:2]
        if image.shape != self._rgb.shape:  # Another camera, or another mode of it.
            self._rgb = np.zeros(image.shape, np.uint8)
            self._crop.reset()
        part = self._crop.box(width, height)
        rgb = self._as_rgb(image, part)
        if self._starting:  # Chatty until it has seen somebody.
            with quiet_stderr():
                found = self._model.find(rgb, frame.t_capture_s)
            self._starting = found is None
        else:
            found = self._model.find(rgb, frame.t_capture_s)
        if found is None:
            return self._nobody(frame)
        xy = found.xy * (width, height)
        # Kept in single precision, so that a recording gives back the very same numbers.
        xy = xy.astype(np.float32).astype(np.float64)
        visibility = found.visibility.astype(np.float32).astype(np.float64)
        xy[visibility < LEAST_VISIBILITY] = np.nan
        if np.isnan(xy).all():  # The model only guesses: there is no joint to go by.
            return self._nobody(frame)
        pose = Pose(frame.t_capture_s, frame.index, xy, visibility, (width, height))
        self._crop.add_joints(xy, width, height)
        if found.cells is None:
            return Detection(pose)
        return Detection(pose, Silhouette(found.cells, found.to_picture, part))

    def close(self) -> None:
        """Give the model back."""
        self._model.close()

    def _nobody(self, frame: Frame) -> Detection:
        self._crop.reset()  # They may have stepped out of the crop.
        return Detection(nobody(frame))

    def _as_rgb(self, image: NDArray[np.uint8], part: Box) -> NDArray[np.uint8]:
        """The picture's part as RGB, its edges extended to the sides.

        Always in the same memory; read-only, so it is not copied.
        """
        left, top, right, bottom = part
        there = (slice(top, bottom), slice(left, right))
        cv2.cvtColor(image[there], cv2.COLOR_BGR2RGB, dst=self._rgb[there])
        extend_edges(self._rgb, part)
        rgb = self._rgb.view()
        rgb.flags.writeable = False
        return rgb


def nobody(frame: Frame) -> Pose:
    """Return the pose of a frame without a runner."""
    height, width = frame.image_bgr.shape[:2]
    return Pose(
        frame.t_capture_s,
        frame.index,
        np.full((JOINT_COUNT, 2), np.nan),
        np.zeros(JOINT_COUNT),
        (width, height),
        reason=Reason(ReasonCode.NOBODY_IN_PICTURE),
    )
