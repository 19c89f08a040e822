"""Draws on a surface in the units of the theme, and remembers where text went.

Everything is laid out as if the window had 1080 lines and is scaled to the real one.
Text is rendered once and kept; `placed` tells tests what stood where.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
import pygame

from realtime.hud import theme
from realtime.hud.theme import Colour

_KEPT_TEXTS = 600


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in theme units."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.h

    def inset(self, by: float) -> Box:
        """Smaller by `by` on every side."""
        return Box(self.x + by, self.y + by, self.w - 2 * by, self.h - 2 * by)


@dataclass(frozen=True, slots=True)
class Placed:
    """A text as it was drawn: where, and what it must stay inside, in pixels."""

    text: str
    rect: pygame.Rect
    inside: pygame.Rect


class Pen:
    """Draws one frame after the other."""

    def __init__(self) -> None:
        self._fonts: dict[tuple[str, int], pygame.font.Font] = {}
        self._texts: OrderedDict[tuple[str, str, int, Colour], pygame.Surface] = OrderedDict()
        self.surface = pygame.Surface((1, 1))
        self.scale = 1.0
        self.width = self.height = 1.0
        self.placed: list[Placed] = []
        self._inside = pygame.Rect(0, 0, 1, 1)

    def begin(self, surface: pygame.Surface) -> None:
        """Start a frame on a surface; its size sets the scale."""
        w, h = surface.get_size()
        self.surface = surface
        self.scale = min(w / 1920, h / 1080)
        self.width, self.height = w / self.scale, h / self.scale
        self.placed.clear()
        self._inside = surface.get_rect()
        surface.fill(theme.BACKGROUND)

    def rect(self, box: Box) -> pygame.Rect:
        """A box in pixels."""
        s = self.scale
        x, y = round(box.x * s), round(box.y * s)
        return pygame.Rect(x, y, round(box.right * s) - x, round(box.bottom * s) - y)

    def panel(self, box: Box, colour: Colour = theme.SURFACE) -> None:
        """A panel; texts drawn from now on belong into it."""
        self.fill(box, colour, theme.RADIUS)
        self._inside = self.rect(box)

    def within(self, box: Box) -> None:
        """Texts drawn from now on belong into this box."""
        self._inside = self.rect(box)

    def fill(self, box: Box, colour: Colour, radius: float = 0) -> None:
        """A filled rectangle."""
        rect = self.rect(box)
        if rect.w > 0 and rect.h > 0:
            pygame.draw.rect(self.surface, colour, rect, border_radius=round(radius * self.scale))

    def veil(self, box: Box, alpha: int) -> None:
        """Darken what is there."""
        rect = self.rect(box)
        shade = pygame.Surface(rect.size, pygame.SRCALPHA)
        pygame.draw.rect(
            shade,
            (*theme.BACKGROUND, alpha),
            shade.get_rect(),
            border_radius=round(theme.RADIUS * self.scale),
        )
        self.surface.blit(shade, rect)

    def line(
        self, a: tuple[float, float], b: tuple[float, float], colour: Colour, width: float = 1
    ) -> None:
        """A straight line."""
        s = self.scale
        pygame.draw.line(
            self.surface,
            colour,
            (a[0] * s, a[1] * s),
            (b[0] * s, b[1] * s),
            max(1, round(width * s)),
        )

    def dotted(self, a: tuple[float, float], b: tuple[float, float], colour: Colour) -> None:
        """A dotted line."""
        length = max(abs(b[0] - a[0]), abs(b[1] - a[1]))
        steps = max(int(length / 6), 1)
        for k in range(0, steps, 2):
            p, q = k / steps, min((k + 1) / steps, 1.0)
            self.line(
                (a[0] + (b[0] - a[0]) * p, a[1] + (b[1] - a[1]) * p),
                (a[0] + (b[0] - a[0]) * q, a[1] + (b[1] - a[1]) * q),
                colour,
                2,
            )

    def path(self, points: Sequence[tuple[float, float]], colour: Colour, width: float) -> None:
        """A line through points."""
        if len(points) >= 2:
            s = self.scale
            pixels = [(x * s, y * s) for x, y in points]
            if width * s < 1.6:
                pygame.draw.aalines(self.surface, colour, False, pixels)
            else:
                pygame.draw.lines(self.surface, colour, False, pixels, round(width * s))

    def dot(self, at: tuple[float, float], radius: float, colour: Colour) -> None:
        """A disc."""
        s = self.scale
        pygame.draw.circle(self.surface, colour, (at[0] * s, at[1] * s), max(round(radius * s), 2))

    def shape(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        """A filled polygon."""
        s = self.scale
        pygame.draw.polygon(self.surface, colour, [(x * s, y * s) for x, y in points])

    def size(self, text: str, points: float, weight: str = theme.REGULAR) -> float:
        """Width of a text in theme units."""
        return self._font(points, weight).size(text)[0] / self.scale

    def text(
        self,
        text: str,
        at: tuple[float, float],
        points: float,
        colour: Colour = theme.TEXT,
        *,
        weight: str = theme.REGULAR,
        align: str = "left",
        most: float | None = None,
    ) -> float:
        """Draw a text with its baseline at `at`; return its width.

        `align` is left, right or centre; a text wider than `most` ends in an ellipsis.
        """
        if not text:
            return 0.0
        if most is not None:
            text = self._shortened(text, points, weight, most)
        font = self._font(points, weight)
        picture = self._rendered(text, points, weight, colour)
        s = self.scale
        x, y = at[0] * s, at[1] * s - font.get_ascent()
        if align == "right":
            x -= picture.get_width()
        elif align == "centre":
            x -= picture.get_width() / 2
        rect = self.surface.blit(picture, (round(x), round(y)))
        ink = pygame.Rect(
            round(x),
            round(at[1] * s - 0.72 * font.get_ascent()),
            picture.get_width(),
            max(round(0.75 * font.get_ascent()), 1),
        )
        self.placed.append(Placed(text, ink, self._inside))
        return rect.width / s if rect.width else picture.get_width() / s

    def _shortened(self, text: str, points: float, weight: str, most: float) -> str:
        if self.size(text, points, weight) <= most:
            return text
        while len(text) > 1 and self.size(text.rstrip() + "…", points, weight) > most:
            text = text[:-1]
        return text.rstrip() + "…"

    def _font(self, points: float, weight: str) -> pygame.font.Font:
        pixels = max(round(points * self.scale), 9)
        key = (weight, pixels)
        if key not in self._fonts:
            self._fonts[key] = pygame.font.Font(str(theme.font_file(weight)), pixels)
        return self._fonts[key]

    def _rendered(self, text: str, points: float, weight: str, colour: Colour) -> pygame.Surface:
        key = (text, weight, round(points * self.scale * 100), colour)
        picture = self._texts.get(key)
        if picture is None:
            picture = self._font(points, weight).render(text, True, colour)
            self._texts[key] = picture
            if len(self._texts) > _KEPT_TEXTS:
                self._texts.popitem(last=False)
        else:
            self._texts.move_to_end(key)
        return picture
