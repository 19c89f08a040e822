"""The square around the runner: where it lies, and what the model sees beside it.

A runner on a treadmill stays where they are, so after the first frames only a square
around them is looked at, whatever else goes on in the room. The picture keeps its size, with
the edge of the square extended beyond it, so that the model goes on tracking: to start it
afresh takes 0.2 s.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.vision.mask import Box

# Side of the crop in body heights: room for a stretched leg and a drifting runner.
_BODY_HEIGHTS = 1.45
# Frames that must agree on where the runner is before the picture is cropped.
_SETTLE_FRAMES = 8
# The crop is left when the body comes this near to its edge (share of its side).
_EDGE = 0.02
# A square that is nearly the whole picture (share of its area), or tiny, gains nothing.
_LARGEST_SHARE, _LEAST_SIDE_PX = 0.75, 64
# The edge of the square is extended this far (share of its side): the model's own square
# reaches beyond ours where the picture is too low for it, by 0.19 at most in what was seen.
_BEYOND = 0.25


class RunnerCrop:
    """Follows the runner with a square, once several frames agree on where they are."""

    def __init__(self) -> None:
        self._box: Box | None = None
        self._agreed = 0

    def box(self, width: int, height: int) -> Box:
        """Return the part of a picture to look at: left, top, right, bottom."""
        return self._box or (0, 0, width, height)

    def reset(self) -> None:
        """Look at the whole picture again."""
        self._box, self._agreed = None, 0

    def add_joints(self, xy_px: NDArray[np.float64], width: int, height: int) -> None:
        """Choose the square for the next frame, or leave it when the body nears its edge.

        Parameters
        ----------
        xy_px : ndarray, shape (joints, 2)
            NaN where a joint was not seen; at least one is.
        width, height : int
            The picture's, pixels.
        """
        low, high = np.nanmin(xy_px, axis=0), np.nanmax(xy_px, axis=0)
        if self._box is not None:
            x0, y0, x1, y1 = self._box
            edge = _EDGE * (x1 - x0)
            inside = (
                (x0 == 0 or low[0] > x0 + edge)
                and (x1 >= width or high[0] < x1 - edge)
                and (y0 == 0 or low[1] > y0 + edge)
                and (y1 >= height or high[1] < y1 - edge)
            )
            if not inside:
                self.reset()
            return
        self._agreed += 1
        if self._agreed < _SETTLE_FRAMES:
            return
        side = int(min(_BODY_HEIGHTS * (high[1] - low[1]), width, height))
        if side * side > _LARGEST_SHARE * width * height or side < _LEAST_SIDE_PX:
            return
        centre = (low + high) / 2
        x0 = int(np.clip(centre[0] - side / 2, 0, width - side))
        y0 = int(np.clip(centre[1] - side / 2, 0, height - side))
        self._box = (x0, y0, x0 + side, y0 + side)


def extend_edges(image: NDArray[np.uint8], box: Box) -> None:
    """Fill what is beside a box of a picture with the colours of its edge, in place."""
    left, top, right, bottom = box
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
            # Faster than NumPy's broadcasting: tests.bench.vision_kernels.
            size = (beside.shape[1], beside.shape[0])
            cv2.resize(edge, size, dst=beside, interpolation=cv2.INTER_NEAREST)
