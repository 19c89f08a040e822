"""The models that find landmarks, behind one contract: the wheel's own, or a ``.task`` file.

The models' own smoothing stays off: it eats peaks and lags by tens of milliseconds.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.settings import PoseSettings
from hipcue.realtime.vision.mask import FloatArray, Mask
from hipcue.realtime.vision.mediapipe_import import skip_package_init
from hipcue.realtime.vision.pose_graph import PoseGraph

# MediaPipe's landmark numbers in the order of `hipcue.realtime.records.Joint`.
_LANDMARKS = (0, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32)
# From the cells of a mask that is as large as the picture to the picture.
_IDENTITY: FloatArray = np.eye(2, 3)


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """What a model found in a picture.

    Attributes
    ----------
    xy : ndarray, shape (JOINT_COUNT, 2)
        Places as shares of the picture's width and height.
    visibility : ndarray, shape (JOINT_COUNT,)
        0 to 1, as the model says.
    cells : ndarray of float32 or None
        The mask as the network makes it, 0 to 1; None when it was not asked for.
    to_picture : ndarray, shape (2, 3)
        Leads from the cells to the picture's pixels.
    """

    xy: FloatArray
    visibility: FloatArray
    cells: Mask | None
    to_picture: FloatArray


class LandmarkModel(Protocol):
    """Finds the landmarks of one person; for one thread."""

    def find(self, image_rgb: NDArray[np.uint8], t_s: float) -> Landmarks | None:
        """Return the landmarks in a read-only picture; None when nobody is in it."""

    def close(self) -> None:
        """Give the model back."""


def open_landmark_model(settings: PoseSettings, want_mask: bool) -> LandmarkModel:
    """Return the model that the settings name.

    Raises
    ------
    UserError
        When its file cannot be used.
    """
    if settings.model_file is None:
        return _BuiltinModel(settings, want_mask)
    return _TaskFileModel(settings, settings.model_file, want_mask)


class _BuiltinModel:
    """The model inside the mediapipe wheel."""

    def __init__(self, settings: PoseSettings, want_mask: bool) -> None:
        self._graph = PoseGraph(settings, want_mask)

    def find(self, image_rgb: NDArray[np.uint8], t_s: float) -> Landmarks | None:
        output = self._graph.run(image_rgb)
        if output is None:
            return None
        landmarks = [output.landmarks[k] for k in _LANDMARKS]
        xy = np.array([(mark.x, mark.y) for mark in landmarks])
        visibility = np.array([mark.visibility for mark in landmarks])
        if output.mask is None:
            return Landmarks(xy, visibility, None, _IDENTITY)
        to_picture = _square_to_picture(output.rect, image_rgb.shape, output.mask.shape[0])
        return Landmarks(xy, visibility, output.mask, to_picture)

    def close(self) -> None:
        self._graph.close()


def _square_to_picture(rect: Any, shape: tuple[int, ...], cells: int) -> FloatArray:
    """Lead from the cells of the square that the network looked at to the picture's pixels."""
    height, width = shape[:2]
    # The network sees a square, however the rectangle lies in the picture.
    side = max(rect.width * width, rect.height * height)
    turn = (
        side
        / cells
        * np.array(
            [
                [np.cos(rect.rotation), -np.sin(rect.rotation)],
                [np.sin(rect.rotation), np.cos(rect.rotation)],
            ]
        )
    )
    centre = np.array([rect.x_center * width, rect.y_center * height])
    return np.hstack([turn, (centre - turn @ np.full(2, cells / 2))[:, None]])


class _TaskFileModel:
    """A ``.task`` file for the MediaPipe Tasks API."""

    def __init__(self, settings: PoseSettings, path: Path, want_mask: bool) -> None:
        if not path.is_file():
            raise UserError(
                f"cannot open pose model {path}", "no such file", "leave pose.model_file out"
            )
        skip_package_init()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from mediapipe.python._framework_bindings import image, image_frame
            from mediapipe.tasks import python as tasks
            from mediapipe.tasks.python import vision
        self._image = image.Image
        self._format = image_frame.ImageFormat.SRGB
        options = vision.PoseLandmarkerOptions(
            base_options=tasks.BaseOptions(model_asset_path=str(path)),
            running_mode=vision.RunningMode.VIDEO,
            min_pose_detection_confidence=settings.min_detection_confidence,
            min_tracking_confidence=settings.min_tracking_confidence,
            output_segmentation_masks=want_mask,
        )
        try:
            self._landmarker: Any = vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            raise UserError(
                f"cannot use pose model {path}",
                str(error).splitlines()[0],
                "take a pose_landmarker .task file, or leave pose.model_file out",
            ) from error
        self._last_ms = -1

    def find(self, image_rgb: NDArray[np.uint8], t_s: float) -> Landmarks | None:
        self._last_ms = max(self._last_ms + 1, round(t_s * 1000))
        picture = self._image(image_format=self._format, data=np.ascontiguousarray(image_rgb))
        seen = self._landmarker.detect_for_video(picture, self._last_ms)
        if not seen.pose_landmarks:
            return None
        landmarks = seen.pose_landmarks[0]
        xy = np.array([(landmarks[k].x, landmarks[k].y) for k in _LANDMARKS])
        visibility = np.array([landmarks[k].visibility for k in _LANDMARKS])
        mask = seen.segmentation_masks[0].numpy_view() if seen.segmentation_masks else None
        return Landmarks(xy, visibility, mask, _IDENTITY)

    def close(self) -> None:
        self._landmarker.close()
