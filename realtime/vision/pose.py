"""Where the joints are: what the landmark model finds, as a pose of the runner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import PoseSettings
from hipcue.devices.readings import Frame
from hipcue.devices.silence_stderr import quiet_stderr
from hipcue.realtime.records import JOINT_COUNT, Pose
from hipcue.realtime.vision.landmark_models import LEAST_VISIBILITY, LandmarkModel
from hipcue.realtime.vision.mask import Silhouette
from hipcue.realtime.vision.pose_runtime import open_landmark_models


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
    model : LandmarkModel
        What finds landmarks.
    """

    def __init__(self, model: LandmarkModel) -> None:
        self._model = model
        with quiet_stderr():
            # A first run on a black picture: MediaPipe is chatty until it has run once, and
            # the runner's first frame shall not wait for its start.
            self._model.find(np.zeros((256, 256, 3), np.uint8), -1.0)
        self._starting = True

    def detect(self, frame: Frame) -> Detection:
        """Find the runner in a frame. Nobody found gives a pose with a reason and no joints."""
        image = frame.image_bgr
        if self._starting:  # Chatty until it has seen somebody.
            with quiet_stderr():
                found = self._model.find(image, frame.t_capture_s)
            self._starting = found is None
        else:
            found = self._model.find(image, frame.t_capture_s)
        if found is None:
            return Detection(nobody(frame))
        # Kept in single precision, so that a recording gives back the very same numbers.
        xy = found.xy_px.astype(np.float32).astype(np.float64)
        visibility = found.visibility.astype(np.float32).astype(np.float64)
        xy[visibility < LEAST_VISIBILITY] = np.nan
        if np.isnan(xy).all():  # The model only guesses: there is no joint to go by.
            return Detection(nobody(frame))
        height, width = image.shape[:2]
        pose = Pose(frame.t_capture_s, frame.index, xy, visibility, (width, height))
        if found.cells is None:
            return Detection(pose)
        return Detection(pose, Silhouette(found.cells, found.to_picture, found.part))

    def close(self) -> None:
        """Give the model back."""
        self._model.close()


def open_pose_models(
    settings: PoseSettings, want_mask: bool = True, count: int = 1
) -> list[PoseModel]:
    """Return models for so many threads, which follow the same runner.

    Raises
    ------
    UserError
        When the model file cannot be used.
    """
    with quiet_stderr():
        models = open_landmark_models(settings, want_mask, count)
    return [PoseModel(model) for model in models]


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
