"""Small anti-aliased shapes with an alpha channel, made once and kept.

pygame draws edges hard; these come from distances to the shape's edge, or from polygons
drawn four times too large by OpenCV.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray

from hipcue.realtime.hud.draw.theme import Colour

_OVERSAMPLE = 4

# Outlines in a unit square, y down. A shape says what its colour says.
_OUTLINES: dict[str, tuple[tuple[float, float], ...]] = {
    "triangle_down": ((0.0, 0.1), (1.0, 0.1), (0.5, 0.95)),
    "triangle_up": ((0.0, 0.9), (1.0, 0.9), (0.5, 0.05)),
    "diamond": ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)),
    "square": ((0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94)),
    "flag": ((0.05, 0.0), (0.95, 0.0), (0.7, 0.35), (0.95, 0.7), (0.05, 0.7)),
    "play": ((0.16, 0.02), (0.94, 0.5), (0.16, 0.98)),
    "chevron_left": ((0.62, 0.1), (0.72, 0.2), (0.42, 0.5), (0.72, 0.8), (0.62, 0.9), (0.22, 0.5)),
    "chevron_right": ((0.38, 0.1), (0.28, 0.2), (0.58, 0.5), (0.28, 0.8), (0.38, 0.9), (0.78, 0.5)),
}
_STROKES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "cross": (((0.12, 0.12), (0.88, 0.88)), ((0.88, 0.12), (0.12, 0.88))),
    "check": (((0.06, 0.55), (0.36, 0.86), (0.94, 0.16)),),
    "arrow_flat": (((0.04, 0.5), (0.96, 0.5)), ((0.58, 0.14), (0.96, 0.5), (0.58, 0.86))),
    "arrow_up": (((0.16, 0.84), (0.84, 0.16)), ((0.32, 0.14), (0.86, 0.14), (0.86, 0.68))),
    "arrow_down": (((0.16, 0.16), (0.84, 0.84)), ((0.32, 0.86), (0.86, 0.86), (0.86, 0.32))),
    "pause": (((0.28, 0.1), (0.28, 0.9)), ((0.72, 0.1), (0.72, 0.9))),
    "step_back": (((0.8, 0.12), (0.42, 0.5), (0.8, 0.88)), ((0.16, 0.12), (0.16, 0.88))),
    "step_on": (((0.2, 0.12), (0.58, 0.5), (0.2, 0.88)), ((0.84, 0.12), (0.84, 0.88))),
    "plus": (((0.5, 0.1), (0.5, 0.9)), ((0.1, 0.5), (0.9, 0.5))),
    "dash": (((0.1, 0.5), (0.9, 0.5)),),
}


def _from_alpha(alpha: NDArray[np.uint8], colour: Colour) -> pygame.Surface:
    height, width = alpha.shape
    # Blue first in memory: whole pixels are written much faster than their parts.
    pixels = alpha.astype("<u4") << 24
    pixels |= np.uint32(colour[0] << 16 | colour[1] << 8 | colour[2])
    return pygame.image.frombuffer(pixels.tobytes(), (width, height), "BGRA")


@lru_cache(maxsize=96)
def rounded(
    width: int, height: int, radius: float, colour: Colour, opacity: float = 1.0
) -> pygame.Surface:
    """Return a filled rectangle with round corners; nothing outside of them."""
    radius = min(radius, width / 2, height / 2)
    x = np.abs(np.arange(width) + 0.5 - width / 2) - (width / 2 - radius)
    y = np.abs(np.arange(height) + 0.5 - height / 2) - (height / 2 - radius)
    # Between the upper and the lower bends all rows are the same one.
    rows, which = np.unique(np.maximum(y, 0), return_inverse=True)
    outside = np.hypot(np.maximum(x, 0)[None, :], rows[:, None]) - radius
    alpha = np.clip(0.5 - outside, 0.0, 1.0) * (255 * opacity)
    return _from_alpha(alpha.astype(np.uint8)[which], colour)


@lru_cache(maxsize=64)
def corners(width: int, height: int, radius: int, colour: Colour) -> tuple[pygame.Surface, ...]:
    """Return the four pieces that round a picture off when laid into its corners."""
    x = radius - 0.5 - np.arange(radius)
    outside = np.hypot(x[None, :], x[:, None]) - radius
    alpha = (np.clip(outside + 0.5, 0.0, 1.0) * 255).astype(np.uint8)
    flips = (alpha, alpha[:, ::-1], alpha[::-1], alpha[::-1, ::-1])
    return tuple(_from_alpha(np.ascontiguousarray(piece), colour) for piece in flips)


@lru_cache(maxsize=256)
def icon(name: str, size: int, colour: Colour, weight: float = 0.12) -> pygame.Surface:
    """Return a sign: ``dot``, ``ring``, ``triangle_up``, ``cross``, ``arrow_flat`` and so on.

    Parameters
    ----------
    name : str
        Which.
    size : int
        Of its square, pixels.
    colour : Colour
        Its colour.
    weight : float
        Width of strokes as a share of the size.
    """
    if name == "dot":
        return rounded(size, size, size / 2, colour)
    big = size * _OVERSAMPLE
    alpha = np.zeros((big, big), np.uint8)
    stroke = max(round(weight * big), 1)
    if name == "ring":
        thick = max(round(0.22 * big), 1)
        reach = big // 2 - thick // 2 - 1
        cv2.circle(alpha, (big // 2, big // 2), reach, (255,), thick, cv2.LINE_AA)
    elif name in _OUTLINES:
        cv2.fillPoly(alpha, [_points(_OUTLINES[name], big)], (255,), cv2.LINE_AA)
    else:
        for path in _STROKES[name]:
            cv2.polylines(alpha, [_points(path, big)], False, (255,), stroke, cv2.LINE_AA)
    small = cv2.resize(alpha, (size, size), interpolation=cv2.INTER_AREA)
    return _from_alpha(np.asarray(small, np.uint8), colour)


@lru_cache(maxsize=64)
def ring_part(size: int, share: float, colour: Colour, weight: float) -> pygame.Surface:
    """Return the first `share` of a ring, clockwise from the top."""
    big = size * _OVERSAMPLE
    alpha = np.zeros((big, big), np.uint8)
    stroke = max(round(weight * big), 1)
    reach = big // 2 - stroke
    middle = (big // 2, big // 2)
    cv2.ellipse(alpha, middle, (reach, reach), -90, 0, 360 * share, (255,), 2 * stroke, cv2.LINE_AA)
    small = cv2.resize(alpha, (size, size), interpolation=cv2.INTER_AREA)
    return _from_alpha(np.asarray(small, np.uint8), colour)


def _points(path: Sequence[tuple[float, float]], size: int) -> NDArray[np.int32]:
    points = np.round(np.array(path, np.float64) * (size - 1))
    return np.asarray(points.reshape(-1, 1, 2), np.int32)
