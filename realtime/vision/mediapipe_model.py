"""The pose model as MediaPipe runs it: the wheel's own, or a ``.task`` file.

The models' own smoothing stays off: it eats peaks and lags by tens of milliseconds.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.settings import PoseSettings
from hipcue.realtime.vision.landmark_models import LEAST_VISIBILITY, MARKS, Landmarks
from hipcue.realtime.vision.mask import Box, FloatArray, Mask
from hipcue.realtime.vision.mediapipe_import import skip_package_init
from hipcue.realtime.vision.pose_graph import PoseGraph
from hipcue.realtime.vision.runner_crop import RunnerCrop, extend_edges

# From the cells of a mask that is as large as the picture to the picture.
_IDENTITY: FloatArray = np.eye(2, 3)


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What MediaPipe gives; `xy` are shares of the picture's width and height."""

    xy: FloatArray
    visibility: FloatArray
    cells: Mask | None
    to_picture: FloatArray


class _Runner(Protocol):
    """MediaPipe, one way or the other."""

    def find(self, image_rgb: NDArray[np.uint8], t_s: float) -> _Seen | None:
        """Return the landmarks in a read-only picture; None when nobody is in it."""

    def close(self) -> None:
        """Give the model back."""


class MediaPipeModel:
    """Finds the landmarks of the runner, in a square around them; for one thread.

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

    def __init__(self, settings: PoseSettings, want_mask: bool) -> None:
        self._runner: _Runner = (
            _BuiltinModel(settings, want_mask)
            if settings.model_file is None
            else _TaskFileModel(settings, settings.model_file, want_mask)
        )
        self._rgb = np.zeros((0, 0, 3), np.uint8)
        self._crop = RunnerCrop()

    def find(self, image_bgr: NDArray[np.uint8], t_s: float) -> Landmarks | None:
        """Return the runner's landmarks in a picture; None when nobody is in it."""
        height, width = image_bgr.shape[:2]
        if image_bgr.shape != self._rgb.shape:  # Another camera, or another mode of it.
            self._rgb = np.zeros(image_bgr.shape, np.uint8)
            self._crop.reset()
        part = self._crop.box(width, height)
        seen = self._runner.find(self._as_rgb(image_bgr, part), t_s)
        visible = None if seen is None else seen.visibility >= LEAST_VISIBILITY
        if seen is None or visible is None or not visible.any():
            self._crop.reset()  # They may have stepped out of the crop.
            return None
        xy_px = seen.xy * (width, height)
        self._crop.add_joints(xy_px[visible], width, height)
        return Landmarks(xy_px, seen.visibility, seen.cells, seen.to_picture, part)

    def close(self) -> None:
        """Give the model back."""
        self._runner.close()

    def _as_rgb(self, image_bgr: NDArray[np.uint8], part: Box) -> NDArray[np.uint8]:
        """The picture's part as RGB, its edges extended to the sides.

        Always in the same memory; read-only, so it is not copied.
        """
        left, top, right, bottom = part
        there = (slice(top, bottom), slice(left, right))
        cv2.cvtColor(image_bgr[there], cv2.COLOR_BGR2RGB, dst=self._rgb[there])
        extend_edges(self._rgb, part)
        rgb = self._rgb.view()
        rgb.flags.writeable = False
        return rgb


class _BuiltinModel:
    """The model inside the mediapipe wheel."""

    def __init__(self, settings: PoseSettings, want_mask: bool) -> None:
        self._graph = PoseGraph(settings, want_mask)

    def find(self, image_rgb: NDArray[np.uint8], t_s: float) -> _Seen | None:
        output = self._graph.run(image_rgb)
        if output is None:
            return None
        landmarks = [output.landmarks[k] for k in MARKS]
        xy = np.array([(mark.x, mark.y) for mark in landmarks])
        visibility = np.array([mark.visibility for mark in landmarks])
        if output.mask is None:
            return _Seen(xy, visibility, None, _IDENTITY)
        to_picture = _square_to_picture(output.rect, image_rgb.shape, output.mask.shape[0])
        return _Seen(xy, visibility, output.mask, to_picture)

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

    def find(self, image_rgb: NDArray[np.uint8], t_s: float) -> _Seen | None:
        self._last_ms = max(self._last_ms + 1, round(t_s * 1000))
        picture = self._image(image_format=self._format, data=np.ascontiguousarray(image_rgb))
        seen = self._landmarker.detect_for_video(picture, self._last_ms)
        if not seen.pose_landmarks:
            return None
        landmarks = seen.pose_landmarks[0]
        xy = np.array([(landmarks[k].x, landmarks[k].y) for k in MARKS])
        visibility = np.array([landmarks[k].visibility for k in MARKS])
        mask = seen.segmentation_masks[0].numpy_view() if seen.segmentation_masks else None
        return _Seen(xy, visibility, mask, _IDENTITY)

    def close(self) -> None:
        self._landmarker.close()
