"""The edge of the back, row by row and between pixels.

The pose model's silhouette is coarse: one of its cells is about three pixels of the
picture. It says where to look; the edge itself is taken from the picture, where colour
changes most across a short line through the silhouette's edge. A row is believed when
its neighbours agree. What stands still behind the runner (a door frame, a shelf) has
edges of its own: they are learned as the runner uncovers them, and taken off.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.vision.back_outline.background import Background
from hipcue.realtime.vision.mask import Silhouette
from hipcue.realtime.vision.sampling import SampledLines, along

FloatArray = NDArray[np.float64]

# Rows of the outline, as shares of the distance from hip (0) to shoulder (1).
STEP = 0.01
ROWS: FloatArray = np.arange(-0.18, 0.5001, STEP)
# How far behind the line from hip to shoulder the back can be, share of the trunk.
_REACH = 0.50
# The picture's edge is looked for this near to the silhouette's, share of the trunk: two
# cells of the silhouette of a runner who fills the picture.
_SEARCH = 0.06
# A row's edge further than this from its neighbours' is a fold, a hand or the background.
_APART = 0.015
# Neighbours that vote, rows to each side.
_NEIGHBOURS = 6
_WINDOWS = np.arange(len(ROWS) + _NEIGHBOURS)[:, None] + np.arange(_NEIGHBOURS + 1)
# Silhouette values below this are background for certain.
_BACKGROUND = 0.05
# The background is learned this far behind the outline and ahead of it, share of the trunk.
_LEARN_BEHIND, _LEARN_AHEAD = 0.35, 0.1
# A box smaller than this teaches nothing, pixels.
_LEAST_BOX_PX = 4


@dataclass(frozen=True, slots=True)
class BackEdge:
    """The outline of the back in one picture.

    Attributes
    ----------
    forward_px : ndarray, shape (len(ROWS),)
        Position in the running direction, pixels; NaN where it was not found.
    up_px : ndarray, shape (len(ROWS),)
        Height of the rows, pixels, against gravity.
    step : ndarray, shape (len(ROWS),)
        How much colour changes per pixel across the edge, grey levels; NaN where the
        silhouette has no edge.
    """

    forward_px: FloatArray
    up_px: FloatArray
    step: FloatArray


class EdgeFinder:
    """Finds the edge of the back; learns the background while it does."""

    def __init__(self) -> None:
        self._background = Background()

    def find(
        self,
        image_bgr: NDArray[np.uint8],
        silhouette: Silhouette,
        hip: FloatArray,
        shoulder: FloatArray,
        facing: int,
    ) -> BackEdge:
        """Return the back's edge between hip and shoulder.

        Parameters
        ----------
        image_bgr : ndarray of uint8
            The whole picture.
        silhouette : Silhouette
            Of the same picture.
        hip, shoulder : ndarray, shape (2,)
            Middle of both hips and of both shoulders, pixels of the whole picture.
        facing : int
            +1 when the runner faces right, -1 when left.
        """
        trunk_px = float(hip[1] - shoulder[1])
        y = hip[1] - ROWS * trunk_px
        middle = hip[0] + (shoulder[0] - hip[0]) * np.maximum(ROWS, 0.0)
        coarse = _coarse(silhouette, middle, y, facing, _REACH * trunk_px)
        reach = max(6, round(_SEARCH * trunk_px))
        across, lines = _lines(coarse, y, facing, reach)
        change = _change(along(image_bgr, lines))
        behind = self._background.along(lines)
        if behind is not None:
            colours, known = behind
            still = _change(colours)
            still[~known] = 0.0
            change = np.maximum(change - still, 0.0)
        fine, step = _settle(coarse, across, change, facing, max(2.0, _APART * trunk_px))
        self._learn(image_bgr, silhouette, coarse, y, facing, trunk_px)
        return BackEdge(facing * fine, -y, step)

    def _learn(
        self,
        image: NDArray[np.uint8],
        silhouette: Silhouette,
        coarse: FloatArray,
        y: FloatArray,
        facing: int,
        trunk_px: float,
    ) -> None:
        """Remember what is behind the back where the silhouette leaves it free."""
        if np.isnan(coarse).all():
            return
        low, high = float(np.nanmin(coarse)), float(np.nanmax(coarse))
        ahead, behind = _LEARN_AHEAD * trunk_px, _LEARN_BEHIND * trunk_px
        x0, x1 = (low - behind, high + ahead) if facing > 0 else (low - ahead, high + behind)
        box = silhouette.in_part((int(x0), int(y[-1]), int(x1), int(y[0]) + 1))
        if min(box[2] - box[0], box[3] - box[1]) < _LEAST_BOX_PX:
            return
        free = (silhouette.cut(box) < _BACKGROUND).astype(np.uint8)
        self._background.learn(image, box, free)


def _coarse(
    silhouette: Silhouette,
    middle: FloatArray,
    y: FloatArray,
    facing: int,
    reach_px: float,
) -> FloatArray:
    """Where each row leaves the silhouette behind the trunk's middle; NaN where it does not."""
    cover = silhouette.along(middle, y, (-facing, 0.0), int(reach_px))
    outside = cover < 0.5
    first = outside.argmax(axis=1)
    found = outside.any(axis=1) & (first > 0)
    out = np.maximum(first, 1)
    row = np.arange(len(y))
    inner, outer = cover[row, out - 1].astype(float), cover[row, out].astype(float)
    between = (inner - 0.5) / np.maximum(inner - outer, 1e-6)
    return np.where(found, middle - facing * (out - 1 + between), np.nan)


def _lines(
    coarse: FloatArray, y: FloatArray, facing: int, reach: int
) -> tuple[FloatArray, SampledLines]:
    """Places of short lines across the edge; positive `across` is into the body."""
    across = np.arange(-reach, reach + 1, dtype=float)
    x = np.where(coarse == coarse, coarse, 0.0)[:, None] + facing * across
    return across, SampledLines.from_places(x, np.repeat(y[:, None], len(across), axis=1))


def _change(strip: NDArray[np.float32]) -> FloatArray:
    """Change of colour per pixel along each line, grey levels."""
    soft = cv2.GaussianBlur(strip, (5, 5), 1.0)
    change = np.zeros(soft.shape[:2])
    difference = (soft[:, 2:] - soft[:, :-2]) / 2.0
    change[:, 1:-1] = np.sqrt((difference**2).sum(axis=2))
    return change


def _settle(
    coarse: FloatArray, across: FloatArray, change: FloatArray, facing: int, apart_px: float
) -> tuple[FloatArray, FloatArray]:
    """Take each row's strongest change, then again near to what its neighbours say."""
    prior = np.exp(-0.5 * (across / (0.5 * across[-1])) ** 2)
    first = coarse + facing * _peak(across, change * prior)[0]
    agreed = _neighbours(first)
    off = facing * (agreed - coarse)
    near = np.abs(across[None, :] - off[:, None]) <= apart_px
    shift, step = _peak(across, np.where(near, change, 0.0))
    fine = coarse + facing * shift
    fine[~(np.abs(shift - off) < apart_px) | (step <= 0.0)] = np.nan
    step = step.copy()
    step[np.isnan(coarse)] = np.nan
    return fine, step


def _peak(across: FloatArray, height: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Place of each row's highest value, by a parabola, and that value."""
    row = np.arange(len(height))
    top = np.clip(height.argmax(axis=1), 1, height.shape[1] - 2)
    before, at, after = height[row, top - 1], height[row, top], height[row, top + 1]
    bend = before - 2.0 * at + after
    shift = np.where(bend < -1e-6, 0.5 * (before - after) / np.minimum(bend, -1e-6), 0.0)
    return across[top] + np.clip(shift, -0.5, 0.5), at


def _neighbours(x: FloatArray) -> FloatArray:
    """Median of each row and its neighbours, after the slope between them is allowed for."""
    padded = np.full(len(x) + 2 * _NEIGHBOURS, np.nan)
    padded[_NEIGHBOURS:-_NEIGHBOURS] = x
    halves = _medians(padded[_WINDOWS])
    # The medians of both halves lie half a window below and above: their mean is here.
    return np.asarray((halves[:-_NEIGHBOURS] + halves[_NEIGHBOURS:]) / 2.0)


def _medians(windows: FloatArray) -> FloatArray:
    """Median of each row without its NaNs; NaN where nothing else is in it."""
    ordered = np.sort(windows, axis=1)  # NaN comes last.
    seen = (~np.isnan(ordered)).sum(axis=1)
    row = np.arange(len(ordered))
    low, high = ordered[row, np.maximum(seen - 1, 0) // 2], ordered[row, seen // 2 * (seen > 0)]
    return np.asarray((low + np.where(seen % 2 == 1, low, high)) / 2.0)
