"""Records of what was drawn where: for tests that nothing is cut off, and for the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.realtime.hud.draw.theme import Colour

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

    def moved(self, by: tuple[int, int]) -> Placed:
        """Return it as it is when what it was drawn on lies elsewhere."""
        return Placed(
            self.words,
            moved(self.box, by),
            moved(self.room, by),
            self.colour,
            self.ground,
            self.layer,
            self.size_px,
            self.cut,
            self.sign,
        )


@dataclass(frozen=True, slots=True)
class Target:
    """A place that answers to the mouse."""

    box: Box
    name: str
    layer: int

    def moved(self, by: tuple[int, int]) -> Target:
        """Return it as it is when what it was drawn on lies elsewhere."""
        return Target(moved(self.box, by), self.name, self.layer)


def moved(box: Box, by: tuple[int, int]) -> Box:
    """Return a box moved."""
    return box[0] + by[0], box[1] + by[1], box[2], box[3]
