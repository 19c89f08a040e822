"""The runner's silhouette as the pose network makes it, asked for in the picture's pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Mask = NDArray[np.float32]
# Left, top, right, bottom; the last two are outside.
Box = tuple[int, int, int, int]


class Silhouette:
    """Where the runner is, in cells that are coarser than the picture's pixels.

    Blown up to the size of the picture it would cost more than all that is read from it.

    Parameters
    ----------
    cells : ndarray of float32, shape (rows, columns), or a callable that returns it
        0 (not the runner) to 1. A callable is asked once, when the cells are needed.
    to_picture : ndarray, shape (2, 3)
        Leads from places among the cells (x, y) to the picture's pixels.
    part : tuple of int
        Left, top, right and bottom of the part of the picture that was looked at.
    """

    __slots__ = ("_cells", "part", "to_picture")

    def __init__(self, cells: Mask | Callable[[], Mask], to_picture: FloatArray, part: Box) -> None:
        self._cells = cells
        self.to_picture, self.part = to_picture, part

    @property
    def cells(self) -> Mask:
        """The cells; worked out now if nobody has asked before."""
        if callable(self._cells):
            self._cells = self._cells()
        return self._cells

    def along(
        self, x_px: FloatArray, y_px: FloatArray, step_px: tuple[float, float], count: int
    ) -> Mask:
        """Return the silhouette along lines, shape (lines, `count`); 0 outside of the cells.

        Line k begins at ``x_px[k], y_px[k]`` and goes on by `step_px`.
        """
        (a, b, c), (d, e, f) = cv2.invertAffineTransform(self.to_picture).tolist()
        far = np.arange(count, dtype=np.float32)
        step_x, step_y = step_px
        columns = (a * x_px + b * y_px + c).astype(np.float32)[:, None] + np.float32(
            a * step_x + b * step_y
        ) * far
        rows = (d * x_px + e * y_px + f).astype(np.float32)[:, None] + np.float32(
            d * step_x + e * step_y
        ) * far
        return cast(Mask, cv2.remap(self.cells, columns, rows, cv2.INTER_LINEAR))

    def in_part(self, box: Box) -> Box:
        """Return what of a box was looked at; may be empty (right not beyond left)."""
        left, top, right, bottom = self.part
        return max(box[0], left), max(box[1], top), min(box[2], right), min(box[3], bottom)

    def cut(self, box: Box) -> Mask:
        """Return the silhouette in a box that is not empty, pixel for pixel of the picture."""
        moved = self.to_picture.copy()
        moved[:, 2] -= box[:2]
        size = (box[2] - box[0], box[3] - box[1])
        return cast(Mask, cv2.warpAffine(self.cells, moved, size, flags=cv2.INTER_LINEAR))
