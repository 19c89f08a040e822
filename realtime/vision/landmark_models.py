"""What finds landmarks in a picture, whoever runs it: the contract of the pose models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.vision.mask import Box, FloatArray, Mask

# The pose model's landmark numbers in the order of `hipcue.realtime.records.Joint`.
MARKS = (0, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32)
# Landmarks less visible than this are the model's guess; our choice.
LEAST_VISIBILITY = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """What a model found in a picture.

    Attributes
    ----------
    xy_px : ndarray, shape (JOINT_COUNT, 2)
        Places in the picture, pixels.
    visibility : ndarray, shape (JOINT_COUNT,)
        0 to 1, as the model says.
    cells : ndarray of float32, callable or None
        The mask as the network makes it, 0 to 1, or what works it out; None when it was not
        asked for.
    to_picture : ndarray, shape (2, 3)
        Leads from the cells to the picture's pixels.
    part : tuple of int
        Left, top, right and bottom of the part of the picture that was looked at.
    """

    xy_px: FloatArray
    visibility: FloatArray
    cells: Mask | Callable[[], Mask] | None
    to_picture: FloatArray
    part: Box


class LandmarkModel(Protocol):
    """Finds the landmarks of one person; for one thread."""

    def find(self, image_bgr: NDArray[np.uint8], t_s: float) -> Landmarks | None:
        """Return the landmarks in a picture; None when nobody is in it."""

    def close(self) -> None:
        """Give the model back."""
