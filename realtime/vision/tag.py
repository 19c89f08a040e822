"""Printed squares on waistband and ribs: the pelvis measured, not guessed.

A square of 60 mm (ArUco DICT_4X4_50: id 0 over the near iliac crest, id 1 on the lower
ribs) turns with what it is stuck to. In a side view only its turn in the picture's plane
counts; it is taken from all four edges, whose corners are found between the pixels. The
square is looked for around where it was; where an arm hides it there is no reading.
"""

from __future__ import annotations

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from realtime.gait.view import ViewTracker
from realtime.records import Joint, PelvisReading, PelvisSource, Pose

PELVIS_ID, RIBS_ID = 0, 1
DICTIONARY = cv2.aruco.DICT_4X4_50
# Half the side of the search window in sides of the square; a stride's bounce fits in it.
_NEAR = 2.2
# Without a square the region around the hips is searched in every so many frames only.
_SEARCH_EVERY = 6
# Corner noise of a sharp picture, pixels (our choice; an edge of 20 px turns by 1 degree);
# edges that disagree, as in a blurred or bent square, add to it.
_CORNER_PX = 0.25
# A square that is turned out of the picture by more than this (short to long edge) lies.
_FLAT = 0.6

Corners = NDArray[np.float64]


class TagReader:
    """Finds the squares, frame by frame."""

    def __init__(self) -> None:
        parameters = cv2.aruco.DetectorParameters()
        parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
        parameters.cornerRefinementWinSize = 3
        parameters.adaptiveThreshWinSizeMin = 5
        parameters.adaptiveThreshWinSizeMax = 21
        parameters.adaptiveThreshWinSizeStep = 8
        parameters.minMarkerPerimeterRate = 0.05
        self._detector = cv2.aruco.ArucoDetector(
            cv2.aruco.getPredefinedDictionary(DICTIONARY), parameters
        )
        self._view = ViewTracker()
        self._last: dict[int, Corners] = {}
        self._missed = 0
        self._ever = False

    def read(self, image_bgr: NDArray[np.uint8], pose: Pose) -> PelvisReading | None:
        """Return the turn of the squares in one frame, degrees, forward positive.

        None as long as no square was ever seen; afterwards a frame without one is a
        missing reading.
        """
        view = self._view.push(pose)
        window = self._window(image_bgr, pose)
        if view is None or window is None:
            return self._missing(pose)
        x0, y0, part = window
        grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
        found = self._detect(grey, (x0, y0))
        if PELVIS_ID not in found:
            self._missed += 1
            if self._missed > _SEARCH_EVERY:
                self._last.clear()
            return self._missing(pose)
        self._missed, self._ever = 0, True
        self._last.update(found)
        pelvis_deg, sigma_deg = _turn(found[PELVIS_ID], view.facing)
        ribs = _turn(found[RIBS_ID], view.facing) if RIBS_ID in found else (None, None)
        return PelvisReading(
            pose.t_capture_s, PelvisSource.TAG, pelvis_deg, sigma_deg, ribs[0], ribs[1]
        )

    def _missing(self, pose: Pose) -> PelvisReading | None:
        if not self._ever:
            return None
        return PelvisReading(pose.t_capture_s, PelvisSource.TAG, None, reason="tag hidden")

    def _window(
        self, image: NDArray[np.uint8], pose: Pose
    ) -> tuple[int, int, NDArray[np.uint8]] | None:
        """The part of the picture to look at: around the squares, else around the hips."""
        height, width = image.shape[:2]
        if self._last:
            points = np.concatenate(list(self._last.values()))
            side = float(np.linalg.norm(np.ptp(points[:4], axis=0)))
            low, high = points.min(axis=0) - _NEAR * side, points.max(axis=0) + _NEAR * side
        else:
            self._missed += 1
            if self._missed % _SEARCH_EVERY:
                return None
            hips = pose.xy_px[[Joint.L_HIP, Joint.R_HIP]]
            shoulders = pose.xy_px[[Joint.L_SHOULDER, Joint.R_SHOULDER]]
            trunk = float(np.nanmean(hips[:, 1]) - np.nanmean(shoulders[:, 1]))
            if not trunk > 10:
                return None
            centre = np.nanmean(hips, axis=0)
            low = centre - np.array([0.5, 0.8]) * trunk
            high = centre + np.array([0.5, 0.3]) * trunk
        x0, y0 = max(int(low[0]), 0), max(int(low[1]), 0)
        x1, y1 = min(int(high[0]) + 1, width), min(int(high[1]) + 1, height)
        if x1 - x0 < 12 or y1 - y0 < 12:
            return None
        return x0, y0, image[y0:y1, x0:x1]

    def _detect(self, grey: Any, at: tuple[int, int]) -> dict[int, Corners]:
        corners, ids, _ = self._detector.detectMarkers(grey)
        if ids is None:
            return {}
        found: dict[int, Corners] = {}
        for square, number in zip(corners, ids.flatten(), strict=True):
            if int(number) in (PELVIS_ID, RIBS_ID) and _is_flat(square[0]):
                found[int(number)] = cast(Corners, square[0].astype(np.float64) + at)
        return found


def _edges(corners: Corners) -> Corners:
    return np.asarray(np.roll(corners, -1, axis=0) - corners)


def _is_flat(corners: Corners) -> bool:
    lengths = np.linalg.norm(_edges(corners), axis=1)
    return bool(lengths.min() > _FLAT * lengths.max())


def _turn(corners: Corners, facing: int) -> tuple[float, float]:
    """Turn of a square from all four edges, forward positive, with its uncertainty.

    Corners come clockwise from the square's own upper left. A square that is stuck on
    upside down or sideways reads another zero, which standing takes off.
    """
    edges = _edges(corners)
    angles = np.degrees(np.arctan2(edges[:, 1], edges[:, 0])) - np.array([0.0, 90.0, 180.0, 270.0])
    # Averaged as directions, so that no edge can be a turn off.
    mean = np.degrees(np.angle(np.mean(np.exp(1j * np.radians(angles)))))
    spread = (angles - mean + 180.0) % 360.0 - 180.0
    side = float(np.linalg.norm(edges, axis=1).mean())
    noise = np.degrees(np.sqrt(2.0) * _CORNER_PX / side)
    # y runs down: a turn clockwise in the picture is forward for who faces right.
    return float(facing * mean), float(np.hypot(noise, spread.std()) / 2.0)
