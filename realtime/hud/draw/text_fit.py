"""Making words fit: the richest wording first, then smaller type, then two lines."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.theme import TEXT, Colour, Type, Weight

ELLIPSIS = "…"


def first_that_fits(
    canvas: Canvas,
    wordings: Sequence[str],
    width_px: float,
    kinds: Sequence[Type],
    weight: Weight = Weight.REGULAR,
) -> tuple[str, Type, bool]:
    """Return wording, step of the type scale, and whether it had to be cut.

    Every wording is tried at the first step, then at the next.
    """
    for kind in kinds:
        for words in wordings:
            if canvas.width(words, kind, weight) <= width_px:
                return words, kind, False
    kind = kinds[-1]
    return shorten(canvas, wordings[-1], width_px, kind, weight), kind, True


def shorten(
    canvas: Canvas, words: str, width_px: float, kind: Type, weight: Weight = Weight.REGULAR
) -> str:
    """Cut words to a width, with an ellipsis."""
    if canvas.width(words, kind, weight) <= width_px:
        return words
    for end in range(len(words) - 1, 0, -1):
        cut = words[:end].rstrip() + ELLIPSIS
        if canvas.width(cut, kind, weight) <= width_px:
            return cut
    return ELLIPSIS


def wrap(
    canvas: Canvas,
    words: str,
    width_px: float,
    kind: Type,
    most: int,
    weight: Weight = Weight.REGULAR,
) -> tuple[list[str], bool]:
    """Break words into at most `most` lines; tells whether something was cut."""
    lines: list[str] = []
    line = ""
    for word in words.split():
        longer = f"{line} {word}".strip()
        if not line or canvas.width(longer, kind, weight) <= width_px:
            line = longer
        else:
            lines.append(line)
            line = word
    lines.append(line)
    cut = len(lines) > most
    if cut:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    fitted = [shorten(canvas, text, width_px, kind, weight) for text in lines]
    return fitted, cut or fitted != lines


def write_fitting(
    canvas: Canvas,
    wordings: Sequence[str],
    x: float,
    baseline: float,
    width_px: float,
    kinds: Sequence[Type] = (Type.SMALL, Type.LABEL),
    colour: Colour = TEXT,
    weight: Weight = Weight.REGULAR,
    *,
    align: str = "left",
    room: pygame.Rect | None = None,
) -> pygame.Rect:
    """Write the first wording that fits on one line."""
    words, kind, cut = first_that_fits(canvas, wordings, width_px, kinds, weight)
    return canvas.text(words, x, baseline, kind, colour, weight, align=align, room=room, cut=cut)


def write_block(
    canvas: Canvas,
    words: str,
    rect: pygame.Rect,
    kind: Type,
    colour: Colour = TEXT,
    weight: Weight = Weight.REGULAR,
    *,
    most: int = 2,
    align: str = "left",
) -> int:
    """Write running text from the top of a rectangle; return the y below it."""
    lines, cut = wrap(canvas, words, rect.w, kind, most, weight)
    baseline = rect.top + canvas.theme.cap_px(kind)
    for line in lines:
        x = {"left": rect.left, "center": rect.centerx, "right": rect.right}[align]
        canvas.text(line, x, baseline, kind, colour, weight, align=align, cut=cut)
        baseline += canvas.theme.line_px(kind)
    return baseline - canvas.theme.line_px(kind) + canvas.theme.px(4)
