"""The printed squares the simulated runner may wear: ArUco DICT_4X4_50, ids 0 and 1."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.simulated.pattern import Point

PELVIS_TAG, RIBS_TAG = 0, 1
TAG_SIZE_M = 0.06
# White paper around the square, as a share of its side.
_MARGIN = 0.22


@cache
def _pattern(which: int) -> NDArray[np.uint8]:
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    return np.asarray(cv2.aruco.generateImageMarker(dictionary, which, 6), dtype=np.uint8)


def tag_cells(
    which: int, centre: Point, turn_deg: float, facing: int
) -> Iterator[tuple[NDArray[np.float64], bool]]:
    """Yield the square's outlines in m and whether each is white, in the order of drawing.

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

    def box(x0: float, y0: float, x1: float, y1: float) -> NDArray[np.float64]:
        corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]) - 0.5
        return np.asarray(centre) + TAG_SIZE_M * (
            corners[:, :1] * right - corners[:, 1:] * up
        )

    yield box(-_MARGIN, -_MARGIN, 1 + _MARGIN, 1 + _MARGIN), True
    yield box(0, 0, 1, 1), False
    cells = _pattern(which)
    for row, column in np.argwhere(cells > 127):
        yield box(column / 6, row / 6, (column + 1) / 6, (row + 1) / 6), True
