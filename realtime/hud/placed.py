"""Records of what was drawn where: for tests that nothing is cut off, and for the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from realtime.hud.look import Colour

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """A word or a sign that was drawn.

    `box` is its ink and `room` what it must stay within, both (left, top, width, height)
    in pixels of the window. `ground` is the colour it lies on. Layers lie on top of each
    other: a dialog has a higher one than the scene. `cut` tells that the words did not
    fit and were shortened.
    """

    words: str
    box: Box
    room: Box
    colour: Colour
    ground: Colour
    layer: int
    size_px: int
    cut: bool = False
    sign: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A place that answers to the mouse."""

    box: Box
    name: str
    layer: int


def moved(box: Box, by: tuple[int, int]) -> Box:
    """Return a box moved."""
    return box[0] + by[0], box[1] + by[1], box[2], box[3]
