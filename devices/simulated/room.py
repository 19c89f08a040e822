"""What is behind the simulated runner: a blurred room and a treadmill."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def room(
    size_px: tuple[int, int], origin: NDArray[np.float64], axes: NDArray[np.float64], seed: int
) -> NDArray[np.uint8]:
    """Return the picture without the runner.

    Parameters
    ----------
    size_px : (width, height)
    origin : ndarray, shape (2,)
        Where the middle of the belt is, pixels.
    axes : ndarray, shape (2, 2)
        Pixels per metre forward (first row) and up (second row).
    seed : int
        Of what hangs on the wall.
    """
    width, height = size_px
    rng = np.random.default_rng(seed)
    image = np.empty((height, width, 3), np.uint8)
    side = np.linspace(-1.0, 1.0, width)[:, None]
    # Row by row, here and below: a picture of real numbers takes eight times the memory.
    for row, fade in zip(image, np.linspace(0.0, 1.0, height), strict=True):
        wall = np.array([192.0, 198.0, 202.0]) * (1.04 - 0.16 * fade - 0.12 * side**2)
        row[:] = np.clip(wall, 0, 255).astype(np.uint8)

    def box(x0: float, y0: float, x1: float, y1: float, colour: tuple[float, float, float]) -> None:
        corners = origin + np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]) @ axes
        points = np.rint(corners * 16).astype(np.int32)
        cv2.fillPoly(image, [points], colour, cv2.LINE_AA, 4)

    box(-9.0, -0.9, 9.0, 0.04, (96, 112, 124))  # floor
    box(-9.0, 0.04, 9.0, 0.13, (206, 210, 212))  # skirting board
    box(-1.95, 0.75, -0.95, 1.85, (226, 220, 208))  # window
    box(-1.48, 0.75, -1.42, 1.85, (176, 180, 182))
    box(-1.95, 1.27, -0.95, 1.33, (176, 180, 182))
    box(1.12, 0.13, 1.92, 0.82, (88, 118, 148))  # cupboard
    box(1.50, 0.13, 1.53, 0.82, (70, 96, 124))
    box(0.62, 1.12, 1.04, 1.62, (122, 128, 84))  # picture
    box(0.67, 1.17, 0.99, 1.57, (152, 164, 128))
    for _ in range(5):
        x, tall = rng.uniform(1.16, 1.8), rng.uniform(0.08, 0.2)
        shade = rng.uniform(70, 170, 3)
        box(x, 0.82, x + 0.09, 0.82 + tall, (float(shade[0]), float(shade[1]), float(shade[2])))
    box(-1.75, 0.13, -1.45, 0.42, (84, 96, 90))  # plant
    for lean in (-0.22, -0.08, 0.06, 0.2):
        box(-1.62 + lean, 0.42, -1.57 + lean, 0.80 - abs(lean), (74, 124, 84))
    image = np.asarray(cv2.GaussianBlur(image, (0, 0), height / 110), dtype=np.uint8)
    # The treadmill stands in the plane of the runner and is sharp.
    box(-1.02, -0.17, 1.16, -0.005, (46, 46, 50))
    box(-1.02, -0.045, 1.16, -0.005, (70, 70, 76))
    box(1.02, -0.01, 1.09, 1.06, (58, 58, 62))
    box(0.84, 1.00, 1.12, 1.07, (44, 44, 48))
    for row in image:
        row[:] = np.clip(row + rng.normal(0.0, 1.2, row.shape), 0, 255).astype(np.uint8)
    return image
