"""Places that answer to the mouse."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Target:
    """A place that answers to the mouse: `box` is (left, top, width, height) in the window.

    Layers lie on top of each other: a dialog has a higher one than the scene.
    """

    box: Box
    name: str
    layer: int

    def moved(self, by: tuple[int, int]) -> Target:
        """Return the target when what it was drawn on lies elsewhere."""
        return Target(moved(self.box, by), self.name, self.layer)


def moved(box: Box, by: tuple[int, int]) -> Box:
    """Return a box moved."""
    return box[0] + by[0], box[1] + by[1], box[2], box[3]
