"""Printed squares on waistband and ribs: the pelvis measured, not guessed.

A square of 60 mm (ArUco DICT_4X4_50: id 0 over the near iliac crest, id 1 on the lower
ribs) turns with what it is stuck to. In a side view only its turn in the picture's plane
counts (`hipcue.realtime.vision.tag.edges`). The square is looked for around where it was, now
and then around the hips; where an arm hides it there is no reading.
"""

from __future__ import annotations

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.facing import Facing
from hipcue.realtime.records import Joint, PelvisReading, PelvisSource, Pose
from hipcue.realtime.vision.tag.edges import SquareRotation, rotation_of

FloatArray = NDArray[np.float64]

PELVIS_ID, RIBS_ID = 0, 1
DICTIONARY = cv2.aruco.DICT_4X4_50
# Half the side of the search window in sides of the square; a stride's bounce fits in it.
_NEAR = 2.2
# The region around the hips is searched every so many frames: as long as no square was
# ever seen, and after it was lost.
_SEARCH_NEW, _SEARCH_LOST = 12, 3
# Frames without the square after which it is looked for around the hips again. An arm
# hides it for a fifth of a stride.
_LOST_FRAMES = 10
# A square smaller than this share of the trunk, or larger than that, is not ours.
_SMALL, _LARGE = 0.04, 0.35
# A small square is enlarged before it is looked for; our choice: found in 95 % instead of
# 92 % of frames at 22 px. Above this side, pixels, it makes no difference. A search that
# starts afresh looks in a large window, and enlarges it only if it must.
_ENLARGE_BELOW_PX, _ENLARGE_NEW_BELOW_PX = 45.0, 20.0
# Side of the square as a share of the trunk: 60 mm of 0.5 m.
_SHARE = 0.12
# Shorter edges turn by noise; our choice.
_LEAST_SIDE_PX = 12.0
# A square that is turned out of the picture by more than this (short to long edge) lies.
_FLAT = 0.6


# Pictures that are looked at before the pose of the first of them is known, at most.
_AHEAD = 3

_Window = tuple[int, int, int, int]
# Corners in the picture and rotations, by number; None where there was nowhere to look.
_Squares = tuple[dict[int, FloatArray], dict[int, SquareRotation | None]] | None


class TagReader:
    """Finds the squares, frame by frame.

    Parameters
    ----------
    size_m : float
        Side of the printed square, black edge to black edge. Squares of a very different
        size against the runner's trunk are ignored.
    """

    def __init__(self, size_m: float = 0.06) -> None:
        parameters = cv2.aruco.DetectorParameters()
        parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_NONE
        parameters.adaptiveThreshWinSizeMin = 5
        parameters.adaptiveThreshWinSizeMax = 21
        parameters.adaptiveThreshWinSizeStep = 8
        parameters.minMarkerPerimeterRate = 0.05
        # Of each cell its middle is read. With OpenCV's own 0.13 a square of 16 px is found in
        # 91 % of pictures, with OpenCV 5 in 67 %; so in all of them. Impostors are no likelier.
        parameters.perspectiveRemoveIgnoredMarginPerCell = 0.25
        self._detector = cv2.aruco.ArucoDetector(
            cv2.aruco.getPredefinedDictionary(DICTIONARY), parameters
        )
        self._size = size_m / 0.06
        self._last: dict[int, FloatArray] = {}
        self._trunk_px = float("nan")
        self._searched: list[tuple[NDArray[np.uint8], _Squares]] = []
        self._missed = 0
        self._ever = False

    def search_ahead(self, image_bgr: NDArray[np.uint8]) -> None:
        """Look for the squares where they were, before the pose of a picture is known.

        `read` of the same picture has less to do then. Where no square is followed, nothing
        is done.
        """
        if self._last:
            seen = self._find(image_bgr, self._around_squares(image_bgr))
            self._searched = [*self._searched[-_AHEAD:], (image_bgr, seen)]

    def read(
        self, image_bgr: NDArray[np.uint8], pose: Pose, facing: Facing | None
    ) -> PelvisReading | None:
        """Return the rotation of the squares in one frame, degrees, forward positive.

        `angle_deg` is the pelvis's square, `thorax_deg` the ribs'. None as long as no
        square was ever seen; afterwards a frame without one is a missing reading.
        """
        self._trunk_px = _trunk_px(pose)
        seen = next((squares for image, squares in self._searched if image is image_bgr), None)
        if seen is None:
            window = self._around_squares(image_bgr) if self._last else self._hips(image_bgr, pose)
            seen = self._find(image_bgr, window)
        if facing is None or seen is None:
            self._missed += 1
            return self._missing(pose)
        found, rotations = seen
        pelvis = rotations.get(PELVIS_ID)
        if pelvis is None:
            self._missed += 1
            if self._missed > _LOST_FRAMES:
                self._last.clear()
            return self._missing(pose)
        self._missed, self._ever = 0, True
        self._last.update(found)
        # y runs down: a turn clockwise in the picture is forward for who faces right. A
        # square stuck on upside down or sideways has another zero, which standing takes off.
        return PelvisReading(
            pose.t_capture_s,
            PelvisSource.TAG,
            facing.sign * pelvis.angle_deg,
            pelvis.sigma_deg,
            *_forward(rotations.get(RIBS_ID), facing.sign),
            paths_px=tuple(found[number] for number in (PELVIS_ID, RIBS_ID) if number in found),
        )

    def _missing(self, pose: Pose) -> PelvisReading | None:
        if not self._ever:
            return None
        hidden = Reason(ReasonCode.TAG_HIDDEN)
        return PelvisReading(pose.t_capture_s, PelvisSource.TAG, None, reason=hidden)

    def _around_squares(self, image: NDArray[np.uint8]) -> _Window | None:
        """The part of the picture around where the squares were."""
        points = np.concatenate(list(self._last.values()))
        margin = _NEAR * _side_px(points[:4])
        return _window(image, points.min(axis=0) - margin, points.max(axis=0) + margin)

    def _hips(self, image: NDArray[np.uint8], pose: Pose) -> _Window | None:
        """The part of the picture around the hips; now and then only."""
        if self._missed % (_SEARCH_LOST if self._ever else _SEARCH_NEW):
            return None
        trunk = self._trunk_px
        centre = (pose.xy_px[Joint.L_HIP] + pose.xy_px[Joint.R_HIP]) / 2
        if not trunk > 10:  # Also when a joint is missing.
            return None
        low = centre - np.array([0.5, 0.8]) * trunk
        return _window(image, low, centre + np.array([0.5, 0.3]) * trunk)

    def _find(self, image: NDArray[np.uint8], window: _Window | None) -> _Squares:
        """Find our squares in a window, in pixels of the picture, and how they are turned."""
        if window is None:
            return None
        x0, y0, x1, y1 = window
        grey = cast(NDArray[np.uint8], cv2.cvtColor(image[y0:y1, x0:x1], cv2.COLOR_BGR2GRAY))
        found = self._detect(grey)
        rotations = {number: rotation_of(grey, corners) for number, corners in found.items()}
        at = np.array([x0, y0])
        return {number: corners + at for number, corners in found.items()}, rotations

    def _detect(self, grey: NDArray[np.uint8]) -> dict[int, FloatArray]:
        """Corners of our squares in a window, to a pixel or so."""
        trunk_px = self._trunk_px
        found = self._detect_markers(grey, trunk_px)
        if PELVIS_ID in found:
            return found
        known = self._last.get(PELVIS_ID)
        if known is None:
            small = _SHARE * self._size * trunk_px < _ENLARGE_NEW_BELOW_PX
        else:
            small = _side_px(known) < _ENLARGE_BELOW_PX
        if not small:
            return found
        larger = cv2.resize(grey, None, fx=2.0, fy=2.0, interpolation=cv2.INTER_CUBIC)
        # The middle of a pixel of the window lies between two of the larger picture.
        return {
            number: (corners - 0.5) / 2.0
            for number, corners in self._detect_markers(larger, 2 * trunk_px).items()
        }

    def _detect_markers(self, grey: Any, trunk_px: float) -> dict[int, FloatArray]:
        corners, ids, _ = self._detector.detectMarkers(grey)
        if ids is None:
            return {}
        found: dict[int, FloatArray] = {}
        for square, number in zip(corners, ids.flatten(), strict=True):
            if int(number) in (PELVIS_ID, RIBS_ID):
                points = square[0].astype(np.float64)
                if self._is_ours(points, trunk_px):
                    found[int(number)] = points
        return found

    def _is_ours(self, corners: FloatArray, trunk_px: float) -> bool:
        lengths = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
        flat = lengths.min() > max(_FLAT * lengths.max(), _LEAST_SIDE_PX)
        if not trunk_px > 0:
            return bool(flat)
        share = lengths.mean() / trunk_px / self._size
        return bool(flat and _SMALL < share < _LARGE)


def _window(image: NDArray[np.uint8], low: FloatArray, high: FloatArray) -> _Window | None:
    """A part of a picture, left, top, right and bottom; None where too little is left of it."""
    height, width = image.shape[:2]
    x0, y0 = max(int(low[0]), 0), max(int(low[1]), 0)
    x1, y1 = min(int(high[0]) + 1, width), min(int(high[1]) + 1, height)
    return None if x1 - x0 < 12 or y1 - y0 < 12 else (x0, y0, x1, y1)


def _trunk_px(pose: Pose) -> float:
    hips = pose.xy_px[[Joint.L_HIP, Joint.R_HIP], 1]
    shoulders = pose.xy_px[[Joint.L_SHOULDER, Joint.R_SHOULDER], 1]
    return float(hips.mean() - shoulders.mean())


def _side_px(corners: FloatArray) -> float:
    return float(np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).mean())


def _forward(rotation: SquareRotation | None, sign: int) -> tuple[float | None, float | None]:
    return (None, None) if rotation is None else (sign * rotation.angle_deg, rotation.sigma_deg)
