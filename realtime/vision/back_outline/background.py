"""What stands still behind the runner: learned where the silhouette leaves it free.

Only the strip behind the back is ever asked for, so only that part of the picture is kept;
it grows as the runner drifts. A camera that is moved leaves a wrong background behind it for
about a second, until the new one is learned over it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.vision.mask import Box
from hipcue.realtime.vision.sampling import SampledLines, along

# Weight of a new picture in what is known of the background; our choice: one second.
_LEARN = 0.05
# A part that grows does so by whole steps, so that it does not at every frame, pixels.
_GROW_PX = 64
# The background of a place counts when it is known all around it.
_SURELY = 0.99


@dataclass(frozen=True, slots=True, eq=False)
class _Region:
    """The part of the picture that is kept.

    `mean` is float32, shape (rows, columns, 3); `known` is 1 where something was learned.
    """

    box: Box
    mean: NDArray[np.float32]
    known: NDArray[np.uint8]

    @classmethod
    def empty(cls, box: Box) -> _Region:
        """Return a region of which nothing is known."""
        columns, rows = box[2] - box[0], box[3] - box[1]
        mean = np.zeros((rows, columns, 3), np.float32)
        return cls(box, mean, np.zeros((rows, columns), np.uint8))

    def slices(self, box: Box) -> tuple[slice, slice]:
        """Return where a box of the picture lies in the arrays."""
        left, top = self.box[:2]
        return slice(box[1] - top, box[3] - top), slice(box[0] - left, box[2] - left)

    def grown(self, box: Box, width: int, height: int) -> _Region:
        """Return a region that has this box in it too, with what is known."""
        mine = self.box
        if mine[0] <= box[0] and mine[1] <= box[1] and mine[2] >= box[2] and mine[3] >= box[3]:
            return self
        larger = _Region.empty(
            (
                min(mine[0], box[0]) // _GROW_PX * _GROW_PX,
                min(mine[1], box[1]) // _GROW_PX * _GROW_PX,
                min(-(-max(mine[2], box[2]) // _GROW_PX) * _GROW_PX, width),
                min(-(-max(mine[3], box[3]) // _GROW_PX) * _GROW_PX, height),
            )
        )
        there = larger.slices(mine)
        larger.mean[there], larger.known[there] = self.mean, self.known
        return larger


class Background:
    """The running mean of what was uncovered, in the part of the picture that is needed."""

    def __init__(self) -> None:
        self._shape: tuple[int, ...] = ()
        self._region: _Region | None = None

    def along(self, lines: SampledLines) -> tuple[NDArray[np.float32], NDArray[np.bool_]] | None:
        """Return the background along lines, and where it is known.

        Parameters
        ----------
        lines : SampledLines
            In the picture's pixels.

        Returns
        -------
        (ndarray of float32, ndarray of bool) or None
            Colours, shape (lines, places, 3), and whether they are known, shape (lines,
            places); None before anything was learned.
        """
        region = self._region
        if region is None:
            return None
        moved = lines.moved(-region.box[0], -region.box[1])
        return along(region.mean, moved), along(region.known, moved) >= _SURELY

    def learn(self, image: NDArray[np.uint8], box: Box, free: NDArray[np.uint8]) -> None:
        """Learn from a box of a picture.

        Parameters
        ----------
        image : ndarray of uint8, shape (height, width, 3)
            The whole picture. A picture of another size begins anew.
        box : tuple of int
            Left, top, right and bottom within the picture.
        free : ndarray of uint8, shape of the box
            1 where the background is seen, 0 where the runner may be.
        """
        if image.shape != self._shape:
            self._shape, self._region = image.shape, None
        height, width = image.shape[:2]
        region = (self._region or _Region.empty(box)).grown(box, width, height)
        self._region = region
        there = region.slices(box)
        seen = image[box[1] : box[3], box[0] : box[2]]
        new = free & (1 - region.known[there])
        if cv2.countNonZero(new):
            region.mean[there][new > 0] = seen[new > 0]
        cv2.accumulateWeighted(seen, region.mean[there], _LEARN, mask=free)
        region.known[there] |= free
