"""The rotation of a printed square, from its four edges between the pixels.

Corner refinement is biased on squares of a few dozen pixels: its window reaches into the
pattern. A whole edge is longer than a corner, and outside it everything is white: the
change from white to black is located along each edge, and a line drawn through it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# The middle part of each edge is used: corners are round in a blurred picture.
_ALONG: FloatArray = np.linspace(0.12, 0.88, 18)
# Across each edge, pixels, outwards negative. Inside the black border is one sixth of the
# square; the search ends before it does on squares of 15 pixels and more.
_ACROSS: FloatArray = np.arange(-3.5, 2.01, 0.5)
# A sample further from its line than this (in median deviations) is a finger or a fold.
_OUTLIER = 2.5
# Samples of one edge share pixels: so many of them count as one.
_ALIKE = 2.0
# A square bent or blurred so that its edges disagree by more than this says nothing, degrees.
_CROOKED_DEG = 12.0
_LEAST_SIGMA_DEG = 0.15
# An edge fainter than this (change per pixel, grey levels) is none: camera noise of 5 grey
# levels makes as much anywhere. Our choice.
_FAINT = 6.0


@dataclass(frozen=True, slots=True)
class SquareRotation:
    """Rotation of a square in the picture's plane, clockwise positive, with its uncertainty."""

    angle_deg: float
    sigma_deg: float


def rotation_of(grey: NDArray[np.uint8], corners: FloatArray) -> SquareRotation | None:
    """Return how a square is rotated; None when its edges are not clear.

    Parameters
    ----------
    grey : ndarray of uint8, shape (rows, columns)
        Picture with the square in it.
    corners : ndarray, shape (4, 2)
        Clockwise from the square's own upper left, to a pixel or so.
    """
    edges = np.roll(corners, -1, axis=0) - corners
    length = np.linalg.norm(edges, axis=1)
    if not length.min() > 0:
        return None
    along = edges / length[:, None]
    inwards = np.stack([-along[:, 1], along[:, 0]], axis=1)
    start = corners[:, None, :] + edges[:, None, :] * _ALONG[None, :, None]
    points = start[:, :, None, :] + inwards[:, None, None, :] * _ACROSS[None, None, :, None]
    flat = np.ascontiguousarray(points.reshape(4 * len(_ALONG), len(_ACROSS), 2), dtype=np.float32)
    light = cv2.remap(grey, flat[..., 0], flat[..., 1], cv2.INTER_LINEAR).astype(float)
    darker = np.maximum(light[:, :-2] - light[:, 2:], 0.0)
    weight = darker**2
    total = weight.sum(axis=1)
    place = (weight @ _ACROSS[1:-1]) / np.maximum(total, 1e-9)
    strength = darker.max(axis=1).reshape(4, -1)
    if medians(strength).min() < _FAINT:
        return None
    slope, sigma = _lines(place.reshape(4, -1), strength, length)
    angle = np.degrees(np.arctan2(edges[:, 1], edges[:, 0]) + np.arctan(slope))
    angle -= np.array([0.0, 90.0, 180.0, 270.0])
    # Averaged as directions, so that no edge can be a whole turn off.
    mean = float(np.degrees(np.angle(np.mean(np.exp(1j * np.radians(angle))))))
    off = (angle - mean + 180.0) % 360.0 - 180.0
    if not np.isfinite(off).all() or np.ptp(off) > _CROOKED_DEG:
        return None
    # A square turned out of the picture shears: opposite edges still agree, and the mean
    # of all four is the turn. What opposite edges disagree by is noise.
    apart = np.hypot(off[0] - off[2], off[1] - off[3]) / np.sqrt(2.0)
    noise = max(float(np.degrees(np.linalg.norm(sigma) / 4.0)), float(apart) / 4.0)
    return SquareRotation(mean, float(np.hypot(noise, _LEAST_SIGMA_DEG)))


def medians(rows: FloatArray) -> FloatArray:
    """Return the median of each row, sooner than NumPy: tests.bench.vision_kernels."""
    ordered = np.sort(rows, axis=1)
    half = rows.shape[1] // 2
    if rows.shape[1] % 2:
        return np.asarray(ordered[:, half])
    return np.asarray((ordered[:, half - 1] + ordered[:, half]) / 2.0)


def _lines(
    place: FloatArray, strength: FloatArray, length: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Slope of a line through each edge's samples, and its uncertainty, rad."""
    along = _ALONG[None, :] * length[:, None]
    weight = strength.copy()
    slope, level, centre = _fit(along, place, weight)
    for _ in range(2):
        rest = np.abs(place - level[:, None] - slope[:, None] * (along - centre[:, None]))
        usual = np.maximum(1.4826 * medians(rest), 0.05)
        weight = np.where(rest < _OUTLIER * usual[:, None], strength, 0.0)
        slope, level, centre = _fit(along, place, weight)
    rest = place - level[:, None] - slope[:, None] * (along - centre[:, None])
    used = weight > 0
    count = np.maximum(used.sum(axis=1), 3)
    scatter = np.sqrt((rest**2 * used).sum(axis=1) / (count - 2))
    lever = np.sqrt((((along - centre[:, None]) ** 2) * used).sum(axis=1))
    return slope, np.sqrt(_ALIKE) * scatter / np.maximum(lever, 1e-9)


def _fit(
    x: FloatArray, y: FloatArray, weight: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weighted lines, one per row: slope, level at the centre, centre."""
    total = np.maximum(weight.sum(axis=1), 1e-9)
    centre = (weight * x).sum(axis=1) / total
    level = (weight * y).sum(axis=1) / total
    dx, dy = x - centre[:, None], y - level[:, None]
    slope = (weight * dx * dy).sum(axis=1) / np.maximum((weight * dx**2).sum(axis=1), 1e-9)
    return slope, level, centre
