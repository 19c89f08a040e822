"""Where the joints are: MediaPipe Pose on a square around the runner.

The model's own smoothing stays off: it eats peaks and lags by tens of milliseconds.
A runner on a treadmill stays where they are, so after the first frames only a square
around them is looked at, whatever else goes on in the room. The picture keeps its size, with
the edge of the square drawn out beyond it, so that the model goes on following where it was:
to start it afresh takes 0.2 s.
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
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import PoseSettings
from hipcue.devices.readings import Frame
from hipcue.devices.silence_stderr import quiet_stderr
from hipcue.realtime.records import JOINT_COUNT, Pose
from hipcue.realtime.vision.mask import Box, FloatArray, Mask, Silhouette
from hipcue.realtime.vision.mediapipe_import import skip_package_init
from hipcue.realtime.vision.pose_graph import PoseGraph

# MediaPipe's landmark numbers in the order of `hipcue.realtime.records.Joint`.
_LANDMARKS = (0, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32)
# Side of the crop in body heights: room for a stretched leg and a drifting runner.
_CROP_HEIGHTS = 1.45
# Frames that must agree on where the runner is before the picture is cropped.
_SETTLE_FRAMES = 8
# The crop follows when the body comes this near to its edge (share of its side).
_EDGE = 0.02
# The edge of the square is drawn out this far (share of its side): the model's own square
# reaches beyond ours where the picture is too low for it, by 0.19 at most in what was seen.
_BEYOND = 0.25
# Landmarks less visible than this are the model's guess; our choice.
LEAST_VISIBILITY = 0.1
# A silhouette that is as large as the picture.
_SAME: FloatArray = np.eye(2, 3)


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """What the pose model saw in a frame.

    `silhouette` is None when nobody was found or none was asked for.
    """

    pose: Pose
    silhouette: Silhouette | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Joints as shares of the picture, and the silhouette's cells.

    `to_picture` (2 x 3) leads from the cells to the picture's pixels.
    """

    xy: FloatArray
    visible: FloatArray
    cells: Mask | None
    to_picture: FloatArray


class _Model(Protocol):
    def look(self, image_rgb: NDArray[np.uint8], t_s: float) -> _Found | None: ...

    def close(self) -> None: ...


class PoseModel:
    """Finds the runner, frame by frame. Not for several threads at once.

    Raises
    ------
    UserError
        When the model file cannot be used.
    """

    def __init__(self, settings: PoseSettings, want_mask: bool = True) -> None:
        nothing = np.zeros((256, 256, 3), np.uint8)
        self._rgb = np.zeros_like(nothing)
        with quiet_stderr():
            self._model: _Model = (
                _Builtin(settings, want_mask)
                if settings.model_file is None
                else _TaskFile(settings, settings.model_file, want_mask)
            )
            # A first look at nothing: the model is chatty until it has run once, and the
            # runner's first frame shall not wait for its start.
            self._model.look(self._as_rgb(nothing, (0, 0, 256, 256)), 0.0)
        self._crop: Box | None = None
        self._agree = 0
        self._starting = True

    def see(self, frame: Frame) -> Detection:
        """Look at a frame. Nobody found gives a pose with a reason and no joints."""
        image = frame.image_bgr
        height, width = image.shape[:2]
        if image.shape != self._rgb.shape:  # Another camera, or another mode of it.
            self._rgb = np.zeros(image.shape, np.uint8)
            self._crop, self._agree = None, 0
        part = self._crop or (0, 0, width, height)
        rgb = self._as_rgb(image, part)
        if self._starting:  # Chatty until it has seen somebody.
            with quiet_stderr():
                found = self._model.look(rgb, frame.t_capture_s)
            self._starting = found is None
        else:
            found = self._model.look(rgb, frame.t_capture_s)
        if found is None:
            return self._nobody(frame)
        xy = found.xy * (width, height)
        # Kept in single precision, so that a recording gives back the very same numbers.
        xy = xy.astype(np.float32).astype(np.float64)
        visible = found.visible.astype(np.float32).astype(np.float64)
        xy[visible < LEAST_VISIBILITY] = np.nan
        if np.isnan(xy).all():  # The model only guesses: there is no joint to go by.
            return self._nobody(frame)
        pose = Pose(frame.t_capture_s, frame.index, xy, visible, (width, height))
        self._frame_runner(xy, width, height)
        if found.cells is None:
            return Detection(pose)
        return Detection(pose, Silhouette(found.cells, found.to_picture, part))

    def close(self) -> None:
        """Give the model back."""
        self._model.close()

    def _nobody(self, frame: Frame) -> Detection:
        self._crop, self._agree = None, 0  # They may have stepped out of the crop.
        return Detection(nobody(frame))

    def _as_rgb(self, image: NDArray[np.uint8], part: Box) -> NDArray[np.uint8]:
        """The picture with its colours turned round, its part's edge drawn out to the sides.

        Always in the same memory; read-only, so it is not copied.
        """
        left, top, right, bottom = part
        there = (slice(top, bottom), slice(left, right))
        cv2.cvtColor(image[there], cv2.COLOR_BGR2RGB, dst=self._rgb[there])
        _draw_out(self._rgb, part)
        rgb = self._rgb.view()
        rgb.flags.writeable = False
        return rgb

    def _frame_runner(self, xy: NDArray[np.float64], width: int, height: int) -> None:
        """Choose the crop, or leave it when the runner comes near its edge."""
        low, high = np.nanmin(xy, axis=0), np.nanmax(xy, axis=0)
        if self._crop is not None:
            x0, y0, x1, y1 = self._crop
            edge = _EDGE * (x1 - x0)
            inside = (
                (x0 == 0 or low[0] > x0 + edge)
                and (x1 >= width or high[0] < x1 - edge)
                and (y0 == 0 or low[1] > y0 + edge)
                and (y1 >= height or high[1] < y1 - edge)
            )
            if not inside:
                self._crop, self._agree = None, 0
            return
        self._agree += 1
        if self._agree < _SETTLE_FRAMES:
            return
        side = int(min(_CROP_HEIGHTS * (high[1] - low[1]), width, height))
        if side * side > 0.75 * width * height or side < 64:
            return
        centre = (low + high) / 2
        x0 = int(np.clip(centre[0] - side / 2, 0, width - side))
        y0 = int(np.clip(centre[1] - side / 2, 0, height - side))
        self._crop = (x0, y0, x0 + side, y0 + side)


def _draw_out(image: NDArray[np.uint8], part: Box) -> None:
    """Fill what is beside a part of the picture with the colours of its edge."""
    left, top, right, bottom = part
    beyond = round(_BEYOND * (right - left))
    x0, y0 = max(left - beyond, 0), max(top - beyond, 0)
    x1, y1 = min(right + beyond, image.shape[1]), min(bottom + beyond, image.shape[0])
    # Above and below come last: they fill the corners.
    for edge, beside in (
        (image[top:bottom, left : left + 1], image[top:bottom, x0:left]),
        (image[top:bottom, right - 1 : right], image[top:bottom, right:x1]),
        (image[top : top + 1, x0:x1], image[y0:top, x0:x1]),
        (image[bottom - 1 : bottom, x0:x1], image[bottom:y1, x0:x1]),
    ):
        if beside.size:
            # Four times as fast as to lay it there with NumPy.
            size = (beside.shape[1], beside.shape[0])
            cv2.resize(edge, size, dst=beside, interpolation=cv2.INTER_NEAREST)


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


class _Builtin:
    """The model inside the mediapipe wheel."""

    def __init__(self, settings: PoseSettings, want_mask: bool) -> None:
        self._graph = PoseGraph(settings, want_mask)

    def look(self, image_rgb: NDArray[np.uint8], t_s: float) -> _Found | None:
        seen = self._graph.look(image_rgb)
        if seen is None:
            return None
        landmarks = [seen.landmarks[k] for k in _LANDMARKS]
        xy = np.array([(mark.x, mark.y) for mark in landmarks])
        visible = np.array([mark.visibility for mark in landmarks])
        if seen.mask is None:
            return _Found(xy, visible, None, _SAME)
        to_picture = _square_in(seen.rect, image_rgb.shape, seen.mask.shape[0])
        return _Found(xy, visible, seen.mask, to_picture)

    def close(self) -> None:
        self._graph.close()


def _square_in(rect: Any, shape: tuple[int, ...], cells: int) -> FloatArray:
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


class _TaskFile:
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

    def look(self, image_rgb: NDArray[np.uint8], t_s: float) -> _Found | None:
        self._last_ms = max(self._last_ms + 1, round(t_s * 1000))
        picture = self._image(image_format=self._format, data=np.ascontiguousarray(image_rgb))
        seen = self._landmarker.detect_for_video(picture, self._last_ms)
        if not seen.pose_landmarks:
            return None
        landmarks = seen.pose_landmarks[0]
        xy = np.array([(landmarks[k].x, landmarks[k].y) for k in _LANDMARKS])
        visible = np.array([landmarks[k].visibility for k in _LANDMARKS])
        mask = seen.segmentation_masks[0].numpy_view() if seen.segmentation_masks else None
        return _Found(xy, visible, mask, _SAME)

    def close(self) -> None:
        self._landmarker.close()
