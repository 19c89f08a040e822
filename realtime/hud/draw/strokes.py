"""Smooth lines, arcs and discs, drawn by OpenCV straight into a surface's memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray

from hipcue.realtime.hud.draw.theme import Colour

# Blue, green, red and one spare byte in memory: what OpenCV draws into.
MASKS = (0xFF0000, 0xFF00, 0xFF, 0)
# OpenCV takes places in fractions of a pixel, two to the power of this.
SHIFT = 4
# Where the corners of an arc lie, as shares of it.
_ARC_SHARES = np.linspace(0.0, 1.0, 24)
Point = tuple[float, float]
# What is drawn below a line so that it stands out: colour and width in pixels.
Edge = tuple[Colour, float]


def new_surface(size: tuple[int, int]) -> pygame.Surface:
    """Return a surface whose memory OpenCV can draw into."""
    return pygame.Surface(size, 0, 32, MASKS)


def paint(
    surface: pygame.Surface, clip: pygame.Rect, draw: Callable[[NDArray[np.uint8]], object]
) -> None:
    """Let `draw` work on the memory of a part of a surface: (height, width, 4), BGR and a spare.

    The surface is locked for as long as anything points into its memory, so `draw` must
    not keep it.
    """
    memory: Any = surface.get_buffer()
    rows = np.frombuffer(memory, np.uint8)
    whole = rows.reshape(surface.get_height(), surface.get_pitch() // 4, 4)
    draw(whole[clip.top : clip.bottom, clip.left : clip.right])


class Strokes:
    """Draws smooth lines on a surface.

    Parameters
    ----------
    surface : pygame.Surface
        Made by `new_surface`, or a window of the same layout.
    """

    def __init__(self, surface: pygame.Surface) -> None:
        self.surface = surface

    @property
    def rect(self) -> pygame.Rect:
        """The rectangle of the whole surface."""
        return self.surface.get_rect()

    def lines(
        self,
        points: Sequence[Point] | NDArray[np.float64],
        colour: Colour,
        width_px: float,
        clip: pygame.Rect | None = None,
    ) -> None:
        """Draw a smooth line through points."""
        self.paths((points,), colour, width_px, clip)

    def paths(
        self,
        paths: Sequence[Sequence[Point] | NDArray[np.float64]],
        colour: Colour,
        width_px: float,
        clip: pygame.Rect | None = None,
        edge: Edge | None = None,
    ) -> None:
        """Draw several smooth lines at once, each through its points.

        All edges are drawn first, so that none lies over a line.
        """
        clip = self.rect if clip is None else clip.clip(self.rect)
        fixed = [in_sixteenths(path, clip.topleft) for path in paths if len(path) > 1]
        if not fixed or clip.w <= 0 or clip.h <= 0:
            return

        def draw(view: NDArray[np.uint8]) -> None:
            for shade, width in (edge, (colour, width_px)) if edge else ((colour, width_px),):
                thick = max(round(width), 1)
                cv2.polylines(view, fixed, False, bgr(shade), thick, cv2.LINE_AA, SHIFT)

        paint(self.surface, clip, draw)

    def dashes(
        self,
        start: Point,
        end: Point,
        colour: Colour,
        width_px: float,
        pattern_px: tuple[float, float],
        clip: pygame.Rect | None = None,
    ) -> None:
        """Draw a dashed line: `pattern_px` is a dash and a gap."""
        length = math.dist(start, end)
        if length < 1.0:
            return
        clip = self.rect if clip is None else clip.clip(self.rect)
        along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
        step = max(sum(pattern_px), 1.0)
        thick = max(round(width_px), 1)
        pieces = []
        for number in range(math.ceil(length / step)):
            at = number * step
            ends = np.array((at, min(at + pattern_px[0], length)))[:, None] * np.array(along)
            pieces.append(ends + np.array(start) - clip.topleft)
        fixed = [in_sixteenths(piece, (0, 0)) for piece in pieces]
        paint(
            self.surface,
            clip,
            lambda view: cv2.polylines(view, fixed, False, bgr(colour), thick, cv2.LINE_AA, SHIFT),
        )

    def upright_dots(
        self,
        x: float,
        top: float,
        bottom: float,
        colour: Colour,
        width_px: int,
        pattern_px: tuple[int, int],
    ) -> None:
        """Draw a crisp dotted line straight down: `pattern_px` is a dot and a gap."""
        box = pygame.Rect(round(x - width_px / 2), round(top), width_px, round(bottom - top))
        clip = box.clip(self.rect)
        if clip.w <= 0 or clip.h <= 0:
            return
        dotted = np.arange(clip.h) % sum(pattern_px) < pattern_px[0]

        def draw(view: NDArray[np.uint8]) -> None:
            view[dotted] = bgr(colour)

        paint(self.surface, clip, draw)

    def arc(
        self,
        middle: Point,
        radius_px: float,
        from_deg: float,
        to_deg: float,
        colour: Colour,
        width_px: float,
        clip: pygame.Rect | None = None,
    ) -> None:
        """Draw a part of a circle; angles from the right, clockwise on the screen."""
        steps = np.radians(from_deg + (to_deg - from_deg) * _ARC_SHARES)
        path = np.empty((len(steps), 2))
        path[:, 0], path[:, 1] = np.cos(steps), np.sin(steps)
        self.lines(path * radius_px + middle, colour, width_px, clip)

    def disc(
        self,
        middle: Point,
        radius_px: float,
        colour: Colour,
        clip: pygame.Rect | None = None,
        edge: Edge | None = None,
    ) -> None:
        """Draw a filled circle; its edge is a larger one below it, `width_px` its radius."""
        clip = self.rect if clip is None else clip.clip(self.rect)
        one = 1 << SHIFT
        at = (round((middle[0] - clip.x) * one), round((middle[1] - clip.y) * one))

        def draw(view: NDArray[np.uint8]) -> None:
            for shade, radius in (edge, (colour, radius_px)) if edge else ((colour, radius_px),):
                cv2.circle(view, at, round(radius * one), bgr(shade), -1, cv2.LINE_AA, SHIFT)

        paint(self.surface, clip, draw)


def in_sixteenths(
    path: Sequence[Point] | NDArray[np.float64], origin: tuple[int, int]
) -> NDArray[np.int32]:
    """Return a path in sixteenths of a pixel, which OpenCV draws between whole ones."""
    one = 1 << SHIFT
    places: NDArray[np.float64]
    if isinstance(path, np.ndarray):
        places = (path - origin) * one
    else:
        # For the few points of a limb plain numbers are faster than arrays.
        left, top = origin
        places = np.array([((x - left) * one, (y - top) * one) for x, y in path])
    return np.rint(places).astype(np.int32)


def bgr(colour: Colour) -> tuple[int, int, int, int]:
    """Return a colour as OpenCV writes it into a surface."""
    return colour[2], colour[1], colour[0], 255
