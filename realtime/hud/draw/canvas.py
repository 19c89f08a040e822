"""Drawing on a surface, with the places that answer to the mouse.

Text sits on baselines, so that a value, its unit and its arrow share one. Lines are drawn
by OpenCV straight into the surface's memory, because its edges are smooth.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray

from hipcue.realtime.hud.draw import shapes
from hipcue.realtime.hud.draw.draw_log import DrawLog, Placed
from hipcue.realtime.hud.draw.target import Target
from hipcue.realtime.hud.draw.text_cache import render_words, width_of
from hipcue.realtime.hud.draw.theme import (
    BACKGROUND,
    RADIUS,
    SURFACE,
    TEXT,
    Colour,
    Theme,
    Type,
    Weight,
)

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
    rows = np.frombuffer(surface.get_buffer(), np.uint8)  # type: ignore[call-overload]
    whole = rows.reshape(surface.get_height(), surface.get_pitch() // 4, 4)
    draw(whole[clip.top : clip.bottom, clip.left : clip.right])


class Canvas:
    """A surface, its theme, and what answers to the mouse on it.

    Parameters
    ----------
    surface : pygame.Surface
        Made by `new_surface`, or a window of the same layout.
    theme : Theme
        Sizes.
    ground : Colour
        What words lie on unless told otherwise.
    layer : int
        Of what is drawn: a dialog has a higher one than the scene.
    log : DrawLog, optional
        Where every word and sign is recorded; without one none is.

    Attributes
    ----------
    kept : bool
        The surface still holds the last frame of the same scene, and nothing was laid over
        it since: what did not change need not be drawn again.
    """

    def __init__(
        self,
        surface: pygame.Surface,
        theme: Theme,
        ground: Colour = BACKGROUND,
        layer: int = 0,
        log: DrawLog | None = None,
    ) -> None:
        self.kept = False
        self.surface = surface
        self.theme = theme
        self.ground = ground
        self.layer = layer
        self.targets: list[Target] = []
        self._log = log

    def above(self, ground: Colour, layer: int) -> Canvas:
        """Return a canvas for a layer on top of this one, on the same surface."""
        top = Canvas(self.surface, self.theme, ground, layer, self._log)
        top.targets = self.targets
        return top

    def apart(self, surface: pygame.Surface, ground: Colour) -> Canvas:
        """Return a canvas on a surface of its own, to be pasted onto this one."""
        log = None if self._log is None else DrawLog()
        return Canvas(surface, self.theme, ground, self.layer, log)

    @property
    def rect(self) -> pygame.Rect:
        """The whole of it."""
        return self.surface.get_rect()

    def width(self, words: str, kind: Type | float, weight: Weight = Weight.REGULAR) -> int:
        """How wide words would be."""
        return width_of(words, weight, self.theme.type_px(kind))

    def text(
        self,
        words: str,
        x: float,
        baseline: float,
        kind: Type | float,
        colour: Colour = TEXT,
        weight: Weight = Weight.REGULAR,
        *,
        align: str = "left",
        room: pygame.Rect | None = None,
        ground: Colour | None = None,
        cut: bool = False,
    ) -> pygame.Rect:
        """Write words on a baseline and return the box they take.

        `x` is their left edge, middle or right edge, as `align` says. What they must stay
        within, what they lie on and whether they are cut short is for the log.
        """
        size_px = self.theme.type_px(kind)
        drawn = render_words(words, weight, size_px, colour)
        width = drawn.surface.get_width()
        left = round(x - {"left": 0.0, "center": width / 2, "right": width}[align])
        top = round(baseline) - drawn.ascent
        self.surface.blit(drawn.surface, (left, top))
        if self._log is not None and words.strip():
            box = drawn.ink.move(left, top)
            within = self.rect if room is None else room
            self._log.placed.append(
                Placed(
                    words,
                    (box.x, box.y, box.w, box.h),
                    (within.x, within.y, within.w, within.h),
                    colour,
                    self.ground if ground is None else ground,
                    self.layer,
                    size_px,
                    cut,
                )
            )
        return pygame.Rect(left, top, width, drawn.surface.get_height())

    def icon(
        self,
        name: str,
        x: float,
        y: float,
        size: float,
        colour: Colour,
        *,
        room: pygame.Rect | None = None,
        weight: float = 0.12,
    ) -> pygame.Rect:
        """Draw a sign around (x, y), `size` real pixels large."""
        side = max(round(size), 3)
        left, top = round(x - side / 2), round(y - side / 2)
        self.surface.blit(shapes.icon(name, side, colour, weight), (left, top))
        box = (left, top, side, side)
        if self._log is not None:
            within = self.rect if room is None else room
            self._log.placed.append(
                Placed(
                    name,
                    box,
                    (within.x, within.y, within.w, within.h),
                    colour,
                    self.ground,
                    self.layer,
                    side,
                    sign=True,
                )
            )
        return pygame.Rect(box)

    def panel(
        self,
        rect: pygame.Rect,
        colour: Colour = SURFACE,
        opacity: float = 1.0,
        radius: float | None = None,
    ) -> None:
        """Fill a rectangle with round corners."""
        if rect.w <= 0 or rect.h <= 0:
            return
        bend = self.theme.px(RADIUS) if radius is None else radius
        whole = int(bend)
        if opacity < 1.0 or whole != bend or min(rect.size) < 2 * whole:
            self.surface.blit(shapes.rounded(rect.w, rect.h, bend, colour, opacity), rect)
            return
        # Bars of every length would each need a picture of their own: only bends are pictures.
        self.surface.fill(colour, rect.inflate(-2 * whole, 0))
        for x in (rect.left, rect.right - whole):
            self.surface.fill(colour, (x, rect.top + whole, whole, rect.h - 2 * whole))
        ball = shapes.rounded(2 * whole, 2 * whole, whole, colour)
        for across, x in enumerate((rect.left, rect.right - whole)):
            for down, y in enumerate((rect.top, rect.bottom - whole)):
                self.surface.blit(ball, (x, y), (across * whole, down * whole, whole, whole))

    def target(self, rect: pygame.Rect, name: str) -> None:
        """Let a rectangle answer to the mouse."""
        self.targets.append(Target((rect.x, rect.y, rect.w, rect.h), name, self.layer))

    def paste(self, other: Canvas, at: tuple[int, int], opacity: float = 1.0) -> None:
        """Lay another canvas on this one, with what answers to the mouse on it."""
        if opacity < 1.0:
            other.surface.set_alpha(round(255 * opacity))
            self.surface.blit(other.surface, at)
            other.surface.set_alpha(None)
        else:
            self.surface.blit(other.surface, at)
        self.take_over(other, at)

    def take_over(self, other: Canvas, at: tuple[int, int]) -> None:
        """Take over what answers to the mouse on a canvas that lies on this one already."""
        self.targets += [target.moved(at) for target in other.targets]
        if self._log is not None and other._log is not None:
            self._log.take_over(other._log, at)

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
