"""Words as pictures, each rendered once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pygame

from hipcue.realtime.hud.draw.fonts import load_font
from hipcue.realtime.hud.draw.theme import Colour, Weight


@dataclass(frozen=True, slots=True)
class TextCache:
    """Rendered words, the box of their ink, and the height of their baseline."""

    surface: pygame.Surface
    ink: pygame.Rect
    ascent: int


# At this size a space is two pixels wide and words run together; a quarter em is three.
_TIGHT_PX, _QUARTER_EM = 12, "\u2005"


def _spaced(words: str, size_px: int) -> str:
    return words.replace(" ", _QUARTER_EM) if size_px <= _TIGHT_PX else words


# Clocks and numbers would fill a larger one with pictures that never come again.
@lru_cache(maxsize=512)
def render_words(words: str, weight: Weight, size_px: int, colour: Colour) -> TextCache:
    """Render words in a weight at a size."""
    font = load_font(weight.value, size_px)
    surface = font.render(_spaced(words, size_px), True, colour)
    return TextCache(surface, surface.get_bounding_rect(), font.get_ascent())


@lru_cache(maxsize=8192)
def width_of(words: str, weight: Weight, size_px: int) -> int:
    """Return how wide words would be, pixels."""
    return load_font(weight.value, size_px).size(_spaced(words, size_px))[0]
