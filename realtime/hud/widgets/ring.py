"""The ring that closes while somebody stands still, with the seconds that are left."""

from __future__ import annotations

import pygame

from hipcue.realtime.hud.draw import shapes
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.theme import LINE, OTHER, TEXT, Colour, Weight
from hipcue.realtime.hud.facts.guide import seconds_left

# Steps of the ring that are worth a new picture.
_STEPS = 60


def ring_steps(progress: float) -> int:
    """Return the progress in steps that can be told apart."""
    return round(_STEPS * progress)


def draw_ring(
    canvas: Canvas,
    box: pygame.Rect,
    progress: float,
    *,
    weight: float = 0.03,
    ground: Colour | None = None,
) -> None:
    """Draw the ring into a square, and the number of seconds into the ring."""
    share = ring_steps(progress) / _STEPS
    canvas.surface.blit(shapes.ring_part(box.w, 1.0, LINE, weight), box)
    canvas.surface.blit(shapes.ring_part(box.w, share, OTHER, weight), box)
    size = 0.5 * box.h
    canvas.text(
        str(seconds_left(progress)),
        box.centerx,
        box.centery + 0.33 * size,
        size,
        TEXT,
        Weight.SEMIBOLD,
        align="center",
        room=box,
        ground=ground,
    )
