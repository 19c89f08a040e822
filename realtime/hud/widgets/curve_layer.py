"""Curves on a layer of their own that slides to the left: only what is new is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray

from hipcue.realtime.hud.draw.canvas import SHIFT, bgr, in_sixteenths, paint
from hipcue.realtime.hud.draw.theme import Colour
from hipcue.realtime.hud.facts.series import Axis, Line


@dataclass(frozen=True, slots=True)
class Pens:
    """What a curve is drawn with: every value `pale` and thin, the median over it."""

    pale: Colour
    colour: Colour
    pale_px: int
    width_px: int


@dataclass(frozen=True, slots=True)
class Scales:
    """How values become pixels; with other ones it is another picture.

    `over_px` is how far curves may reach above and below the plot of `size`.
    """

    size: tuple[int, int]
    over_px: int
    axis: Axis
    span_s: float
    pens: tuple[Pens, ...]

    @property
    def px_per_s(self) -> float:
        """How fast it slides."""
        return self.size[0] / self.span_s

    def place(self, x: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return a path on the layer; what is beyond the axis lies on its end."""
        share = (values - self.axis.low) / (self.axis.high - self.axis.low)
        height = self.size[1]
        y = self.over_px + height - np.clip(share, 0.0, 1.0) * height
        return np.stack((x, y), axis=1)


@dataclass(frozen=True, slots=True)
class _Points:
    """All values of a curve in a row; `begins` marks those that no line leads to."""

    t_s: NDArray[np.float64]
    values: NDArray[np.float64]
    settled: NDArray[np.float64]
    begins: NDArray[np.bool_]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Points:
        if not lines:
            none = np.empty(0)
            return cls(none, none, none, np.empty(0, np.bool_))
        first = lines[0]
        t_s, values, settled = first.t_s, first.values, first.settled
        if len(lines) > 1:
            t_s = np.concatenate([line.t_s for line in lines])
            values = np.concatenate([line.values for line in lines])
            settled = np.concatenate([line.settled for line in lines])
        begins = np.zeros(len(t_s), np.bool_)
        begins[np.cumsum([0, *(len(line.t_s) for line in lines[:-1])])] = True
        return cls(t_s, values, settled, begins)

    def go_on_from(self, before: _Points, seen_since_s: float) -> int | None:
        """Return how many of these were there before; None where any of those differs.

        Those that have left the plot may be gone.
        """
        if self.t_s is before.t_s and self.settled is before.settled:
            return len(self.t_s)
        gone = len(before.t_s)
        if len(self.t_s):
            gone = int(np.searchsorted(before.t_s, self.t_s[0]))
        count = len(before.t_s) - gone
        if count > len(self.t_s) or (before.t_s[:gone] > seen_since_s).any():
            return None
        same = all(
            np.array_equal(old[gone:], new[:count])
            for old, new in (
                (before.t_s, self.t_s),
                (before.values, self.values),
                (before.settled, self.settled),
            )
        )
        # What leads to the first one is out of sight.
        same = same and np.array_equal(before.begins[gone + 1 :], self.begins[1:count])
        return count if same else None


class CurveLayer:
    """Curves of one plot, drawn on nothing, in whole pixels of time."""

    def __init__(self) -> None:
        self._surface: pygame.Surface | None = None
        self._scales: Scales | None = None
        self._right = 0
        self._points: list[_Points] = []

    def show(self, scales: Scales, right: int, series: Sequence[Sequence[Line]]) -> pygame.Surface:
        """Return the layer, to be laid on with `pygame.BLEND_PREMULTIPLIED`.

        Parameters
        ----------
        scales : Scales
            How values become pixels.
        right : int
            Time at the right edge, in pixels of time since the clock's zero.
        series : sequence
            The lines of each curve, one for each of the pens; the last lies on top.
        """
        points = [_Points.of(lines) for lines in series]
        start = self._first_new(scales, right, points)
        width, height = scales.size[0], scales.size[1] + 2 * scales.over_px
        if self._surface is None or self._surface.get_size() != (width, height):
            self._surface = pygame.Surface((width, height), pygame.SRCALPHA, 32)
        if start > 0:
            self._surface.scroll(self._right - right, 0)
        fresh = _columns(scales, right, start, points)
        clip = pygame.Rect(start, 0, width - start, height)
        paint(self._surface, clip, lambda view: np.copyto(view, fresh))
        self._scales, self._right, self._points = scales, right, points
        return self._surface

    def _first_new(self, scales: Scales, right: int, points: Sequence[_Points]) -> int:
        """Return the first column that is not there yet, 0 where all have to be drawn."""
        slid = right - self._right
        width = scales.size[0]
        if scales != self._scales or not 0 <= slid < width:
            return 0
        # The end of a line reaches beyond its last point.
        start = width - slid - _reach(scales)
        for now, before in zip(points, self._points, strict=True):
            count = now.go_on_from(before, (right - width) / scales.px_per_s)
            if count is None:
                return 0
            if count < len(now.t_s):
                joined = count > 0 and not now.begins[count]
                t_s = float(now.t_s[count - 1 if joined else count :].min())
                x = width - right + t_s * scales.px_per_s
                start = min(start, int(x) - _reach(scales))
        return max(start, 0)


def _reach(scales: Scales) -> int:
    """How far a line is drawn beyond its ends, pixels, and one for luck of rounding."""
    return max(pens.width_px for pens in scales.pens) // 2 + 2


def _columns(
    scales: Scales, right: int, start: int, points: Sequence[_Points]
) -> NDArray[np.uint8]:
    """Return the columns of the layer from `start` on.

    OpenCV draws a line that its picture cuts off a little differently near the cut. So this
    is drawn on something that holds whole lines, and then cut: the columns are the same
    wherever they begin.
    """
    width, reach = scales.size[0], _reach(scales)
    seen = []
    for pens, one in zip(scales.pens, points, strict=True):
        x = width - right + one.t_s * scales.px_per_s
        touching = x >= start - reach
        if touching.any():
            first = max(int(np.argmax(touching)) - 1, 0)
            seen.append((pens, one, x[first:], first))
    left = min([start, *(int(x.min()) for _, _, x, _ in seen)]) - reach
    whole = np.zeros((scales.size[1] + 2 * scales.over_px, width + reach - left, 4), np.uint8)
    for pens, one, x, first in seen:
        breaks = np.flatnonzero(one.begins[first + 1 :]) + 1
        for colour, thick, values in (
            (pens.pale, pens.pale_px, one.values),
            (pens.colour, pens.width_px, one.settled),
        ):
            path = in_sixteenths(scales.place(x, values[first:]), (left, 0))
            parts = np.split(path, breaks) if len(breaks) else [path]
            pieces = [part for part in parts if len(part) > 1]
            # Alpha is 255 where a line is: colours come out multiplied with how much it covers.
            cv2.polylines(whole, pieces, False, bgr(colour), thick, cv2.LINE_AA, SHIFT)
    return whole[:, start - left : width - left]
