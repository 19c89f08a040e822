"""One palette, one type scale, one grid, for every screen. Lengths at 1080 lines."""

from __future__ import annotations

import importlib.util
from pathlib import Path

Colour = tuple[int, int, int]

BACKGROUND: Colour = (0x0E, 0x13, 0x18)
SURFACE: Colour = (0x17, 0x1E, 0x26)
LINE: Colour = (0x2A, 0x35, 0x40)
TEXT: Colour = (0xF3, 0xF6, 0xF8)
GREY: Colour = (0xA3, 0xB1, 0xBE)
HIP: Colour = (0x3F, 0xC1, 0xB0)
PELVIS: Colour = (0xFF, 0x9B, 0x54)
LUMBAR: Colour = (0xC9, 0xA2, 0xFF)
WATCH: Colour = (0xF5, 0xC0, 0x4A)
ACT: Colour = (0xFF, 0x6F, 0x59)
OTHER: Colour = (0x6F, 0xB3, 0xFF)
# The band behind a chart: hip colour laid thinly over the surface.
BAND: Colour = (0x1D, 0x34, 0x38)

MARGIN, GAP, RADIUS = 24, 16, 8
AXIS, SMALL, NAME, ROW, TILE = 16, 18, 22, 30, 48

REGULAR, SEMIBOLD = "Regular", "Semibold"


def font_file(weight: str) -> Path:
    """Return the font's file; found without importing its package, which warns."""
    spec = importlib.util.find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise ImportError("font_source_sans_pro is not installed")
    return Path(spec.origin).parent / "files" / f"SourceSansPro-{weight}.ttf"
