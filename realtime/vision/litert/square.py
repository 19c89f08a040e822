"""The square of a picture that a network looks at: turned with the body, its head upwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.vision.mask import Box, FloatArray

# The square's side in diameters of the circle around the body, as the network was trained:
# MediaPipe's pose_landmarks_to_roi and pose_detection_to_roi (scale_x, scale_y).
_ROOM = 1.25


@dataclass(frozen=True, slots=True)
class Square:
    """A square in a picture.

    Parameters
    ----------
    x_px, y_px : float
        Its centre.
    side_px : float
        How long its sides are.
    angle_rad : float
        By how much it is turned, clockwise as seen on the screen.
    """

    x_px: float
    y_px: float
    side_px: float
    angle_rad: float = 0.0

    def to_picture(self, cells: int) -> FloatArray:
        """Return what leads from `cells` by `cells` cells to the picture, shape (2, 3)."""
        scale = self.side_px / cells
        cos, sin = scale * np.cos(self.angle_rad), scale * np.sin(self.angle_rad)
        half = cells / 2
        return np.array(
            [
                [cos, -sin, self.x_px - half * (cos - sin)],
                [sin, cos, self.y_px - half * (sin + cos)],
            ]
        )

    def cut(self, image_bgr: NDArray[np.uint8], cells: int, border: int) -> NDArray[np.uint8]:
        """Return it in red, green and blue, shape (cells, cells, 3).

        `border` says what is beyond the picture: ``cv2.BORDER_REPLICATE`` or
        ``cv2.BORDER_CONSTANT`` for black.
        """
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size = (cells, cells)
        cut = cv2.warpAffine(
            image_bgr, self.to_picture(cells), size, flags=flags, borderMode=border
        )
        return cast(NDArray[np.uint8], cv2.cvtColor(cut, cv2.COLOR_BGR2RGB))

    def inner_box(self, size: tuple[int, int]) -> Box:
        """Return a box of a picture of this size (width, height) that lies in the square."""
        half = self.side_px / 2 / (abs(np.cos(self.angle_rad)) + abs(np.sin(self.angle_rad)))
        left, right = (int(np.clip(self.x_px + d, 0, size[0])) for d in (-half, half))
        top, bottom = (int(np.clip(self.y_px + d, 0, size[1])) for d in (-half, half))
        return left, top, right, bottom


def around_body(centre_px: FloatArray, rim_px: FloatArray) -> Square:
    """Return the square around a body.

    Parameters
    ----------
    centre_px : ndarray, shape (2,)
        Between the hips.
    rim_px : ndarray, shape (2,)
        Above it, on the circle that the whole body fits into.
    """
    dx, dy = (rim_px - centre_px).tolist()
    return Square(
        float(centre_px[0]),
        float(centre_px[1]),
        2.0 * _ROOM * float(np.hypot(dx, dy)),
        float(np.arctan2(dx, -dy)),
    )
