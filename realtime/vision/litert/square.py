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
        cut = cv2.warpAffine(
            image_bgr, self.to_picture(cells), (cells, cells), flags=flags, borderMode=border
        )
        return cast(NDArray[np.uint8], cv2.cvtColor(cut, cv2.COLOR_BGR2RGB))

    def smooth_cut(self, image_bgr: NDArray[np.uint8], cells: int) -> NDArray[np.uint8]:
        """Return it as `cut` does, of a picture that is shrunk first where its cells are coarse.

        Else some of the picture's pixels would count in full and others not at all, which
        ones changing with every picture, and landmarks would tremble.
        """
        halvings = max(int(np.log2(self.side_px / cells)), 0)  # Halving is what OpenCV does fast.
        times = 2**halvings
        left, top, right, bottom = self._box_around(image_bgr.shape, times)
        size = ((right - left) // times, (bottom - top) // times) if times >= 2 else (0, 0)
        if min(size) < 1:
            return self.cut(image_bgr, cells, cv2.BORDER_REPLICATE)
        small = image_bgr[top : top + size[1] * times, left : left + size[0] * times]
        for _ in range(halvings):
            half_size = (small.shape[1] // 2, small.shape[0] // 2)
            small = np.asarray(cv2.resize(small, half_size, interpolation=cv2.INTER_AREA), np.uint8)
        # The middle of a pixel of the small picture is the middle of those it is made of.
        half = (times - 1) / 2
        moved = Square(
            (self.x_px - left - half) / times,
            (self.y_px - top - half) / times,
            self.side_px / times,
            self.angle_rad,
        )
        return moved.cut(small, cells, cv2.BORDER_REPLICATE)

    def _box_around(self, shape: tuple[int, ...], margin: int) -> Box:
        """The part of a picture of this shape that the square lies in, and a margin."""
        turned = abs(np.cos(self.angle_rad)) + abs(np.sin(self.angle_rad))
        half = self.side_px / 2 * turned + margin
        left, right = (int(np.clip(self.x_px + d, 0, shape[1])) for d in (-half, half))
        top, bottom = (int(np.clip(self.y_px + d, 0, shape[0])) for d in (-half, half))
        return left, top, right, bottom

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
