"""Drawing on a surface, with the places that answer to the mouse.

Text sits on baselines, so that a value, its unit and its arrow share one.
"""

from __future__ import annotations

import pygame

from hipcue.realtime.hud.draw import shapes
from hipcue.realtime.hud.draw.draw_log import DrawLog, Placed
from hipcue.realtime.hud.draw.strokes import Strokes
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


class Canvas(Strokes):
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
        super().__init__(surface)
        self.kept = False
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

    def width(self, words: str, kind: Type | float, weight: Weight = Weight.REGULAR) -> int:
        """Return how wide words would be, pixels."""
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
        """Let a rectangle answer to the mouse under a name."""
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
