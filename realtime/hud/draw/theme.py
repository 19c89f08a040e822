"""Palette, type scale and grid: every size and colour that the screens use, in one place.

All lengths are in design pixels, those of a window 1080 lines high; `Theme` scales them
to the window and keeps small type from becoming smaller than can be read.
"""

from __future__ import annotations

from enum import Enum

import pygame

from hipcue.realtime.hud.draw.fonts import load_font

Colour = tuple[int, int, int]

BACKGROUND: Colour = (0x0E, 0x13, 0x18)
SURFACE: Colour = (0x17, 0x1E, 0x26)
RAISED: Colour = (0x20, 0x2A, 0x34)
LINE: Colour = (0x2A, 0x35, 0x40)
TEXT: Colour = (0xF3, 0xF6, 0xF8)
SECONDARY: Colour = (0xA3, 0xB1, 0xBE)
# Meaning, and nothing else.
HIP: Colour = (0x3F, 0xC1, 0xB0)
PELVIS: Colour = (0xFF, 0x9B, 0x54)
# Lighter than the usual lavender: with that, protanopes could not tell it from OTHER.
BACK: Colour = (0xD9, 0xBF, 0xFF)
WATCH: Colour = (0xF5, 0xC0, 0x4A)
ACT: Colour = (0xFF, 0x6F, 0x59)
OTHER: Colour = (0x6F, 0xB3, 0xFF)
# The band on charts: the colour of ok at 18 % on a surface.
BAND: Colour = (0x1E, 0x3B, 0x3F)

REFERENCE_SIZE = (1920, 1080)
# Smaller windows get this picture, scaled down.
LEAST_SIZE = (1024, 600)

GRID = 8
MARGIN = 24
GAP = 16
RADIUS = 8

# Seconds in which a state change fades in.
FADE_S = 0.15


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Return the colour `share` of the way from `a` to `b`."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


class Weight(Enum):
    """Weights of the one family."""

    # Words are looked up by weight and size: the name's hash would be worked out each time.
    __hash__ = object.__hash__

    REGULAR = "Regular"
    SEMIBOLD = "Semibold"
    BOLD = "Bold"


class Type(Enum):
    """The type scale: design pixels, and the least size in real ones."""

    __hash__ = object.__hash__

    LABEL = (15, 12)
    SMALL = (18, 13)
    NAME = (22, 15)
    TITLE = (26, 17)
    ROW = (30, 19)
    TILE = (48, 30)
    BIG = (64, 38)


# Height of a capital and depth of a descender as shares of the type size (Source Sans).
CAP = 0.66
DESCENT = 0.2


class Theme:
    """Sizes of type, margins and lines for one window size.

    Parameters
    ----------
    size : (width, height)
        Of the window, pixels.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.scale = min(size[0] / REFERENCE_SIZE[0], size[1] / REFERENCE_SIZE[1])
        # Asked for some hundred times a frame.
        self._lengths_px: dict[float, int] = {}
        self._types_px = {
            kind: max(round(kind.value[0] * self.scale), kind.value[1]) for kind in Type
        }

    def px(self, design_px: float) -> int:
        """Scale a length; never less than one pixel."""
        known = self._lengths_px.get(design_px)
        if known is None:
            known = self._lengths_px[design_px] = max(round(design_px * self.scale), 1)
        return known

    def type_px(self, kind: Type | float) -> int:
        """Size of a step of the type scale, or of a free size in real pixels."""
        if isinstance(kind, Type):
            return self._types_px[kind]
        return max(round(kind), 1)

    def font(self, kind: Type | float, weight: Weight = Weight.REGULAR) -> pygame.font.Font:
        """Return the font."""
        return load_font(weight.value, self.type_px(kind))

    def cap_px(self, kind: Type | float) -> int:
        """Return the height of a capital or figure above the baseline."""
        return round(CAP * self.type_px(kind))

    def line_px(self, kind: Type | float) -> int:
        """Return the distance from one baseline to the next in running text."""
        return round(1.3 * self.type_px(kind))
