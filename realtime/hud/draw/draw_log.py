"""A record of every word and sign that was drawn, for whoever hands a log to a screen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hipcue.realtime.hud.draw.target import Box, moved
from hipcue.realtime.hud.draw.theme import Colour


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


class DrawLog:
    """Collects what is drawn in a frame. Nothing is collected where there is no log."""

    def __init__(self) -> None:
        self.placed: list[Placed] = []

    def begin(self) -> None:
        """Begin a frame."""
        self.placed.clear()

    def take_over(self, other: DrawLog, at: tuple[int, int]) -> None:
        """Add what was drawn on something that now lies at `at`."""
        self.placed += [
            replace(one, box=moved(one.box, at), room=moved(one.room, at)) for one in other.placed
        ]
