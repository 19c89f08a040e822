"""A part of a scene that is drawn anew only when what it shows has changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache

import pygame

from hipcue.realtime.hud.draw import shapes
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.frame_budget import FrameBudget
from hipcue.realtime.hud.draw.strokes import new_surface
from hipcue.realtime.hud.draw.theme import BACKGROUND, FADE_S, RADIUS, SURFACE, Colour

Draw = Callable[[Canvas], None]


class CachedPanel:
    """Keeps its last picture; a change of mood fades in.

    Parameters
    ----------
    colour : Colour
        Of the panel; ``BACKGROUND`` draws none.
    budget : FrameBudget, optional
        Of the frames that it is drawn in.
    waits : bool
        Whether new values may wait for a frame that has less to do. A new mood and a new size
        never wait.
    """

    def __init__(
        self,
        colour: Colour = SURFACE,
        budget: FrameBudget | None = None,
        *,
        waits: bool = False,
    ) -> None:
        self._colour = colour
        self._budget = budget
        self._waits = waits
        self._key: Hashable = None
        self._mood: Hashable = None
        self._now: Canvas | None = None
        self._before: Canvas | None = None
        self._since_s = 0.0
        # Which picture of it was laid whole, and where.
        self._laid: tuple[Canvas, tuple[int, int]] | None = None

    def show(
        self,
        canvas: Canvas,
        rect: pygame.Rect,
        key: Hashable,
        mood: Hashable,
        now_s: float,
        draw: Draw,
    ) -> None:
        """Lay the panel on the canvas.

        Parameters
        ----------
        key : hashable
            Everything that its picture depends on.
        mood : hashable
            The part of it whose change fades in.
        now_s : float
            Time on the snapshot's clock.
        draw : callable
            Draws on a canvas of the panel's size.
        """
        if rect.w <= 0 or rect.h <= 0:
            return
        if self._now is None or self._now.rect.size != rect.size:
            self._before = None
            self._now, self._key, self._mood = self._draw(canvas, rect, draw), key, mood
        elif key != self._key and (mood != self._mood or self._may_draw()):
            if mood != self._mood:
                self._before, self._since_s = self._now, now_s
            self._now, self._key, self._mood = self._draw(canvas, rect, draw), key, mood
        share = (now_s - self._since_s) / FADE_S
        if self._before is not None and 0.0 <= share < 1.0:
            canvas.surface.blit(self._before.surface, rect)
            canvas.paste(self._now, rect.topleft, share)
            self._laid = None
            return
        self._before = None
        laid = (self._now, rect.topleft)
        if canvas.kept and self._laid == laid:
            canvas.take_over(self._now, rect.topleft)
        else:
            canvas.paste(self._now, rect.topleft)
            self._laid = laid

    def _may_draw(self) -> bool:
        return not self._waits or self._budget is None or self._budget.take()

    def _draw(self, canvas: Canvas, rect: pygame.Rect, draw: Draw) -> Canvas:
        if not self._waits and self._budget is not None:
            self._budget.spend()
        empty = _empty(rect.w, rect.h, canvas.theme.px(RADIUS), self._colour)
        fresh = canvas.apart(empty.copy(), self._colour)
        draw(fresh)
        return fresh


@lru_cache(maxsize=32)
def _empty(width: int, height: int, radius: int, colour: Colour) -> pygame.Surface:
    """Return a panel with nothing on it: copying one is much cheaper than rounding it off."""
    surface = new_surface((width, height))
    surface.fill(BACKGROUND)
    if colour != BACKGROUND:
        surface.blit(shapes.rounded(width, height, radius, colour), (0, 0))
    return surface
