"""Pictures sampled along lines, between their pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class SampledLines:
    """Places in a picture, made ready for OpenCV: whole pixels, and parts of 1/32 pixel.

    Attributes
    ----------
    whole : ndarray of int16, shape (lines, places, 2)
        Whole pixels, x and y.
    part : ndarray of uint16, shape (lines, places)
        OpenCV's number for the rest.
    """

    whole: NDArray[np.int16]
    part: NDArray[np.uint16]

    @classmethod
    def from_places(cls, x_px: NDArray[np.float64], y_px: NDArray[np.float64]) -> SampledLines:
        """Make them of places, both of shape (lines, places)."""
        whole, part = cv2.convertMaps(
            np.ascontiguousarray(x_px, np.float32),
            np.ascontiguousarray(y_px, np.float32),
            cv2.CV_16SC2,
        )
        return cls(np.asarray(whole, np.int16), np.asarray(part, np.uint16))

    def moved(self, x_px: int, y_px: int) -> SampledLines:
        """Return them moved by whole pixels, with the same parts."""
        return SampledLines(self.whole + np.array((x_px, y_px), np.int16), self.part)


def along(image: NDArray[Any], lines: SampledLines) -> NDArray[np.float32]:
    """Return a picture along lines; what lies outside of it is 0."""
    return np.asarray(cv2.remap(image, lines.whole, lines.part, cv2.INTER_LINEAR), dtype=np.float32)
