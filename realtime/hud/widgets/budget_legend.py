"""What stands around the bars of the extension budget: title, legend, and a sentence below."""

from __future__ import annotations

import pygame

from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.theme import (
    BACK,
    HIP,
    MARGIN,
    PELVIS,
    SECONDARY,
    TEXT,
    Colour,
    Type,
    Weight,
)
from hipcue.realtime.hud.facts.budget import LegBudget
from hipcue.realtime.hud.facts.texts import Texts


def draw_head(
    canvas: Canvas,
    inner: pygame.Rect,
    baseline: int,
    legs: tuple[LegBudget, LegBudget],
    texts: Texts,
) -> None:
    """Draw title and legend; where there is little room both are shorter."""
    title, shorter = texts("budget.title"), texts("budget.title_shorter")
    short = texts("budget.title_short")
    gap = canvas.theme.px(MARGIN)
    legend = _legend_words(legs, texts)
    for words, entries in (
        (title, legend),
        (shorter, legend),
        (short, legend),
        (title, legend[:3]),
        (short, legend[:3]),
        (short, []),
    ):
        width = _legend_width(canvas, entries)
        if canvas.width(words, Type.NAME, Weight.SEMIBOLD) + gap + width <= inner.w:
            break
    canvas.text(words, inner.left, baseline, Type.NAME, weight=Weight.SEMIBOLD)
    _legend(canvas, inner.right - width, baseline, entries)


def _legend_words(legs: tuple[LegBudget, LegBudget], texts: Texts) -> list[tuple[str, Colour]]:
    parts = [("part.hip", HIP), ("part.pelvis", PELVIS), ("part.back", BACK)]
    if any(leg.usual_hip is not None and leg.thigh is not None for leg in legs):
        parts.append(("budget.usual_mark", TEXT))
    return [(texts(key), colour) for key, colour in parts]


def _legend_width(canvas: Canvas, words: list[tuple[str, Colour]]) -> int:
    theme = canvas.theme
    total = sum(canvas.width(text, Type.LABEL) for text, _ in words)
    return total + len(words) * (_swatch(canvas) + theme.px(6)) + (len(words) - 1) * theme.px(18)


def _swatch(canvas: Canvas) -> int:
    return round(0.75 * canvas.theme.type_px(Type.LABEL))


def _legend(canvas: Canvas, x: int, baseline: int, words: list[tuple[str, Colour]]) -> None:
    theme = canvas.theme
    side = _swatch(canvas)
    for text, colour in words:
        box = pygame.Rect(x, baseline - side, side, side)
        if colour == TEXT:
            draw_usual_dots(canvas, box.centerx, box.top, box.bottom)
        else:
            canvas.panel(box, colour, radius=theme.px(3))
        x += side + theme.px(6)
        x = canvas.text(text, x, baseline, Type.LABEL, SECONDARY).right
        x += theme.px(18)


def draw_usual_dots(canvas: Canvas, x: float, top: float, bottom: float) -> None:
    """Draw the mark of what is usual."""
    theme = canvas.theme
    canvas.upright_dots(x, top, bottom, TEXT, theme.px(2), (theme.px(3), theme.px(3)))


def sentence_wordings(legs: tuple[LegBudget, LegBudget], texts: Texts) -> list[str]:
    """Return what the near leg's bars say, in wordings from rich to short."""
    near = legs[0] if legs[0].near else legs[1]
    if near.thigh is None:
        return []
    thigh = near.thigh.words(texts)
    if near.tilt is None:
        values = {"thigh": thigh, "reason": near.reason}
        return [texts("budget.unsplit", **values), texts("budget.unsplit_short", **values)]
    values = {"thigh": thigh, "tilt": near.tilt.words(texts)}
    tells = f"budget.{near.tells}"
    return [texts(tells, **values), texts(f"{tells}_short", **values)]
