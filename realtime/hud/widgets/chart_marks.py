"""What lies on a strip chart: band, grid, cues, marks, speed changes, and the newest value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray

from hipcue.realtime.gait.strides import IDLE_S
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.theme import (
    BAND,
    LINE,
    MARGIN,
    SECONDARY,
    SURFACE,
    TEXT,
    WATCH,
    Colour,
    Type,
    mix,
)
from hipcue.realtime.hud.facts.series import HISTORY_S, Axis, Line
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.records import Band

# More cues than this and their lines would hide the chart: triangles alone then.
_MOST_CUE_LINES = 16


@dataclass(frozen=True, slots=True)
class Place:
    """From time and value to pixels.

    `right_px` is the time at the right edge, in pixels of time.
    """

    plot: pygame.Rect
    axis: Axis
    right_px: int = 0

    def x(self, t_s: float) -> float:
        """Return where a time lies."""
        return self.plot.right - self.right_px + t_s * self.plot.w / HISTORY_S

    def y(self, value: float) -> float:
        """Return where a value lies."""
        share = (value - self.axis.low) / (self.axis.high - self.axis.low)
        return self.plot.bottom - share * self.plot.h

    def path(self, t_s: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where values lie, shape (n, 2); what is beyond the axis lies on its end."""
        x = self.plot.right - self.right_px + t_s * (self.plot.w / HISTORY_S)
        share = (values - self.axis.low) / (self.axis.high - self.axis.low)
        return np.stack((x, self.plot.bottom - np.clip(share, 0.0, 1.0) * self.plot.h), axis=1)

    def inside(self, t_s: float) -> bool:
        """Return whether a time lies on the plot."""
        return self.plot.left <= self.x(t_s) <= self.plot.right


def draw_band(canvas: Canvas, place: Place, band: Band, scale: float) -> None:
    """Fill the band, in units that `scale` turns into shown ones."""
    top = max(round(place.y(band.high * scale)), place.plot.top)
    bottom = min(round(place.y(band.low * scale)), place.plot.bottom)
    if bottom > top:
        canvas.surface.fill(BAND, (place.plot.left, top, place.plot.w, bottom - top))


def draw_grid(canvas: Canvas, place: Place, decimals: int, texts: Texts) -> None:
    """Draw lines at both ends and the middle of the axis, with their values."""
    theme = canvas.theme
    axis = place.axis
    for value in (axis.low, (axis.low + axis.high) / 2, axis.high):
        y = round(place.y(value))
        canvas.surface.fill(LINE, (place.plot.left, y, place.plot.w, 1))
        canvas.text(
            texts.number(value, decimals),
            canvas.rect.w - theme.px(MARGIN),
            y + theme.cap_px(Type.LABEL) / 2,
            Type.LABEL,
            SECONDARY,
            align="right",
        )


def draw_cues(canvas: Canvas, place: Place, times: list[float]) -> None:
    """Draw a triangle and a dotted line for each cue."""
    theme = canvas.theme
    shown = [t for t in times if place.inside(t)]
    size = max(theme.px(12), 8)
    for t_s in shown:
        x = place.x(t_s)
        canvas.icon("triangle_down", x, place.plot.top - size / 2, size, WATCH)
        if len(shown) <= _MOST_CUE_LINES:
            canvas.upright_dots(
                x,
                place.plot.top + theme.px(2),
                place.plot.bottom,
                mix(SURFACE, WATCH, 0.75),
                theme.px(1.5),
                (theme.px(2), theme.px(4)),
            )


def draw_speed_change(canvas: Canvas, place: Place, t_s: float) -> None:
    """Draw a grey line with a diamond where the belt changed its speed."""
    if place.inside(t_s):
        x = round(place.x(t_s))
        canvas.surface.fill(mix(SURFACE, SECONDARY, 0.5), (x, place.plot.top, 1, place.plot.h))
        size = max(canvas.theme.px(10), 7)
        canvas.icon("diamond", x, place.plot.bottom, size, SECONDARY)


def draw_mark(canvas: Canvas, place: Place, t_s: float) -> None:
    """Draw a flag where somebody marked a moment."""
    if place.inside(t_s):
        x = round(place.x(t_s))
        canvas.surface.fill(TEXT, (x, place.plot.top, 1, place.plot.h))
        size = max(canvas.theme.px(12), 8)
        canvas.icon("flag", x + size / 2, place.plot.top + size / 2, size, TEXT)


def draw_curve(canvas: Canvas, place: Place, lines: Sequence[Line], colour: Colour) -> None:
    """Draw every value pale and thin, and the running median over it."""
    theme = canvas.theme
    # A line along the axis's end is drawn in its whole width.
    clip = place.plot.inflate(0, 2 * (theme.px(4) // 2))
    values = [place.path(line.t_s, line.values) for line in lines]
    canvas.paths(values, mix(SURFACE, colour, 0.42), theme.px(1), clip)
    medians = [place.path(line.t_s, line.settled) for line in lines]
    canvas.paths(medians, colour, theme.px(2), clip)


def draw_newest(
    canvas: Canvas, place: Place, lines: Sequence[Line], colour: Colour, ring: bool, now_s: float
) -> None:
    """Draw a dot at the newest value, which is the number in its tile, not the median."""
    theme = canvas.theme
    newest = lines[-1] if lines else None
    if newest is not None and now_s - newest.t_s[-1] < IDLE_S:
        value = float(newest.values[-1])
        y_now = min(max(place.y(value), place.plot.top), place.plot.bottom)
        at = (place.x(float(newest.t_s[-1])), y_now)
        canvas.disc(at, max(theme.px(6), 4), colour)
        if ring:
            canvas.disc(at, max(theme.px(3), 2), SURFACE)
