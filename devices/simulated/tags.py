"""The printed squares the simulated runner may wear: ArUco DICT_4X4_50, ids 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.devices.simulated.pattern import Point

PELVIS_TAG, RIBS_TAG = 0, 1
TAG_SIZE_M = 0.06
# White paper around the square, as a share of its side.
_MARGIN = 0.30
_PAPER, _INK = (238.0, 238.0, 238.0), (18.0, 18.0, 18.0)
_FINER = 4


@cache
def _pattern(which: int) -> NDArray[np.uint8]:
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    return np.asarray(cv2.aruco.generateImageMarker(dictionary, which, 6), dtype=np.uint8)


@cache
def _boxes(which: int) -> tuple[NDArray[np.float64], tuple[bool, ...]]:
    """Corners of the square's boxes about its centre, in its own sides, and which are white."""

    def box(x0: float, y0: float, x1: float, y1: float) -> list[tuple[float, float]]:
        return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]

    # Paper first, the black square on it, the white cells on that.
    boxes = [box(-_MARGIN, -_MARGIN, 1 + _MARGIN, 1 + _MARGIN), box(0, 0, 1, 1)]
    cells = np.argwhere(_pattern(which) > 127)
    boxes += [box(col / 6, row / 6, (col + 1) / 6, (row + 1) / 6) for row, col in cells.tolist()]
    return np.array(boxes) - 0.5, (True, False, *[True] * len(cells))


def tag_cells(
    which: int, centre: Point, turn_deg: float, facing: int
) -> tuple[NDArray[np.float64], tuple[bool, ...]]:
    """Return the square's outlines in m, shape (n, 4, 2), in the order of drawing; which are white.

    Parameters
    ----------
    which : int
        Id of the marker.
    centre : (x, y)
        Of the square, m.
    turn_deg : float
        Rotation of what it is stuck to, forward positive.
    facing : int
        1 when the runner faces right in the picture, -1 left: print is never mirrored.
    """
    turn = np.radians(turn_deg)
    # Forward rotation carries the top of the square forward (to +x).
    right = np.array([np.cos(turn), -np.sin(turn)]) * facing
    up = np.array([np.sin(turn), np.cos(turn)])
    corners, white = _boxes(which)
    around = corners[..., :1] * right - corners[..., 1:] * up
    return around * TAG_SIZE_M + np.asarray(centre), white


def stick(image: NDArray[np.uint8], cells: NDArray[np.float64], white: Sequence[bool]) -> None:
    """Draw cells (corners in pixels, shape (n, 4, 2)) into the picture.

    A cell is 3 pixels wide. Antialiased polygons come out half a pixel too wide, and the
    square could not be read; so it is drawn four times as large and averaged down.
    """
    paper = cells[0]
    x0, y0 = np.floor(paper.min(axis=0)).astype(int) - 1
    x1, y1 = np.ceil(paper.max(axis=0)).astype(int) + 2
    if x0 < 0 or y0 < 0 or x1 > image.shape[1] or y1 > image.shape[0]:
        return
    part = image[y0:y1, x0:x1]
    large = part.repeat(_FINER, axis=0).repeat(_FINER, axis=1)
    # Pixel centres are whole numbers: the finer ones lie around them.
    fine = (cells - (x0, y0) + 0.5) * _FINER - 0.5
    for points, is_white in zip(np.rint(fine * 16).astype(np.int32), white, strict=True):
        cv2.fillConvexPoly(large, points, _PAPER if is_white else _INK, cv2.LINE_8, 4)
    cv2.resize(large, (part.shape[1], part.shape[0]), dst=part, interpolation=cv2.INTER_AREA)
