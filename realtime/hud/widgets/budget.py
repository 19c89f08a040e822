"""The extension budget: what of the thigh's extension is the hip, and what is borrowed."""

from __future__ import annotations

import pygame

from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import first_that_fits, write_fitting
from hipcue.realtime.hud.draw.theme import (
    BACK,
    BACKGROUND,
    HIP,
    LINE,
    MARGIN,
    PELVIS,
    SECONDARY,
    SURFACE,
    TEXT,
    Colour,
    Type,
    Weight,
)
from hipcue.realtime.hud.facts.budget import LegBudget
from hipcue.realtime.hud.facts.rounding import Rounded
from hipcue.realtime.hud.facts.texts import DASH, Texts
from hipcue.realtime.hud.widgets.budget_legend import draw_head, draw_usual_dots, sentence_wordings

# The scale ends here, or at the next multiple of eight that holds both legs.
_LEAST_SCALE_DEG = 32.0
_STEP_DEG = 8.0
# A part smaller than this has no bar.
_VISIBLE_DEG = 0.5


def draw_budget(canvas: Canvas, legs: tuple[LegBudget, LegBudget], texts: Texts) -> None:
    """Draw both legs' bars, left above right, with a sentence below."""
    theme = canvas.theme
    pad = theme.px(MARGIN)
    inner = canvas.rect.inflate(-2 * pad, -2 * pad)
    title_base = inner.top + theme.cap_px(Type.NAME) - theme.px(2)
    draw_head(canvas, inner, title_base, legs, texts)
    sentence_base = inner.bottom
    sentence = sentence_wordings(legs, texts)
    if sentence:
        kinds = (Type.SMALL, Type.LABEL)
        write_fitting(canvas, sentence, inner.left, sentence_base, inner.w, kinds, SECONDARY)
    top = title_base + theme.px(14)
    bottom = sentence_base - theme.cap_px(Type.SMALL) - theme.px(12)
    row_height = (bottom - top) // 2
    names = max(
        canvas.width(texts(f"side.{word}"), kind, weight)
        for word, kind, weight in (
            ("left", Type.SMALL, Weight.SEMIBOLD),
            ("right", Type.SMALL, Weight.SEMIBOLD),
            ("near", Type.LABEL, Weight.REGULAR),
            ("far", Type.LABEL, Weight.REGULAR),
        )
    )
    bars_left = inner.left + names + theme.px(20)
    totals = ["88°", *(_deg(leg.thigh, texts) for leg in legs if leg.thigh is not None)]
    widest = max(canvas.width(words, Type.NAME, Weight.SEMIBOLD) for words in totals)
    total_width = widest + theme.px(10)
    bars = pygame.Rect(bars_left, top, inner.right - total_width - bars_left, row_height)
    scale = bars.w / _scale_deg(legs)
    for number, leg in enumerate(legs):
        row = bars.move(0, number * row_height)
        _leg(canvas, inner.left, row, leg, scale, texts)


def _scale_deg(legs: tuple[LegBudget, LegBudget]) -> float:
    most = _LEAST_SCALE_DEG
    for leg in legs:
        for part in (leg.thigh, leg.hip, leg.lumbar):
            if part is not None and part.value > most:
                most = _STEP_DEG * -(-part.value // _STEP_DEG)
    return most


def _deg(number: Rounded, texts: Texts) -> str:
    return f"{number.words(texts)}°"


def _leg(
    canvas: Canvas,
    left: int,
    row: pygame.Rect,
    leg: LegBudget,
    scale: float,
    texts: Texts,
) -> None:
    """Draw a leg's name, the bar of hip and pelvis, and the thin bar of the lower back."""
    theme = canvas.theme
    lumbar_line = theme.type_px(Type.LABEL)
    bar_height = min(theme.px(38), row.h - lumbar_line - theme.px(12))
    bar = pygame.Rect(row.left, 0, row.w, bar_height)
    bar.top = row.top + (row.h - bar_height - lumbar_line - theme.px(6)) // 2
    side = texts("side.left" if leg.side == "L" else "side.right")
    where = texts("side.near" if leg.near else "side.far")
    name_base = bar.centery + theme.px(1)
    canvas.text(side, left, name_base, Type.SMALL, TEXT, Weight.SEMIBOLD)
    below = name_base + theme.cap_px(Type.LABEL) + theme.px(8)
    canvas.text(where, left, below, Type.LABEL, SECONDARY)
    if leg.thigh is None:
        _missing(canvas, bar, leg)
        return
    if leg.hip is None or leg.tilt is None:
        _unsplit(canvas, bar, leg, scale, texts)
    else:
        _split(canvas, bar, leg, scale, texts)
    _lumbar(canvas, bar, leg, scale, texts)
    if leg.usual_hip is not None:
        _usual(canvas, bar, leg.usual_hip, scale)


def _missing(canvas: Canvas, bar: pygame.Rect, leg: LegBudget) -> None:
    theme = canvas.theme
    canvas.panel(pygame.Rect(bar.left, bar.centery, bar.w, theme.px(2)), LINE, radius=1)
    words = f"{DASH}  {leg.reason}"
    width = canvas.width(words, Type.SMALL) + theme.px(16)
    canvas.surface.fill(SURFACE, pygame.Rect(bar.left, bar.top, min(width, bar.w), bar.h))
    baseline = bar.centery + theme.cap_px(Type.SMALL) / 2
    write_fitting(canvas, [words], bar.left, baseline, bar.w, (Type.SMALL, Type.LABEL), SECONDARY)


def _unsplit(canvas: Canvas, bar: pygame.Rect, leg: LegBudget, scale: float, texts: Texts) -> None:
    """Draw a grey bar and the reason where the thigh's extension is known but not its split."""
    theme = canvas.theme
    assert leg.thigh is not None
    length = max(round(leg.thigh.value * scale), 1)
    box = pygame.Rect(bar.left, bar.top, min(length, bar.w), bar.h)
    canvas.panel(box, LINE, radius=theme.px(4))
    baseline = bar.centery + theme.cap_px(Type.SMALL) / 2
    room = box.w
    if leg.usual_hip is not None:
        # The words stay left of the mark.
        room = min(room, round(leg.usual_hip * scale))
    write_fitting(
        canvas,
        [texts("budget.split_unknown", reason=leg.reason), leg.reason],
        bar.left + theme.px(14),
        baseline,
        room - theme.px(20),
        (Type.SMALL, Type.LABEL),
        SECONDARY,
        room=box,
    )
    _total(canvas, box.right, bar, leg.thigh, texts)


def _total(canvas: Canvas, x: int, bar: pygame.Rect, thigh: Rounded, texts: Texts) -> None:
    theme = canvas.theme
    baseline = bar.centery + theme.cap_px(Type.NAME) / 2
    words = _deg(thigh, texts)
    canvas.text(words, x + theme.px(10), baseline, Type.NAME, SECONDARY, Weight.SEMIBOLD)


def _split(canvas: Canvas, bar: pygame.Rect, leg: LegBudget, scale: float, texts: Texts) -> None:
    """Draw hip and pelvis side by side; a pelvis tipped back lies hollow over the hip's end."""
    assert leg.thigh is not None and leg.hip is not None and leg.tilt is not None
    theme = canvas.theme
    seam = theme.px(2)
    hip_px = max(round(max(leg.hip.value, 0.0) * scale), 1)
    tilt_px = round(abs(leg.tilt.value) * scale)
    hip = pygame.Rect(bar.left, bar.top, min(hip_px, bar.w), bar.h)
    radius = theme.px(4)
    canvas.panel(hip, HIP, radius=radius)
    end = hip.right
    if leg.tilt.value >= _VISIBLE_DEG:
        pelvis = pygame.Rect(hip.right + seam, bar.top, max(tilt_px - seam, theme.px(3)), bar.h)
        pelvis.w = min(pelvis.w, bar.right - pelvis.left)
        canvas.panel(pelvis, PELVIS, radius=radius)
        words = _deg(leg.tilt, texts)
        mark = None if leg.usual_hip is None else bar.left + leg.usual_hip * scale
        _inside(canvas, _clear_part(pelvis, mark, theme.px(6)), words, PELVIS, "center")
        end = pelvis.right
    elif leg.tilt.value <= -_VISIBLE_DEG:
        over = pygame.Rect(hip.right - tilt_px, bar.top, tilt_px, bar.h)
        canvas.panel(over, PELVIS, radius=radius)
        hollow = over.inflate(-2 * theme.px(3), -2 * theme.px(3))
        canvas.panel(hollow, HIP, radius=max(radius - theme.px(2), 1))
        hip = pygame.Rect(hip.left, hip.top, hip.w - tilt_px, hip.h)
    if leg.usual_hip is not None:
        # The number stays left of the mark.
        hip.w = max(min(hip.w, round(leg.usual_hip * scale) - theme.px(6)), 0)
    _inside(canvas, hip, _deg(leg.hip, texts), HIP, "left")
    _total(canvas, end, bar, leg.thigh, texts)


def _clear_part(box: pygame.Rect, mark: float | None, away: int) -> pygame.Rect:
    """Return the larger part of a box beside a mark through it."""
    if mark is None or not box.left - away < mark < box.right + away:
        return box
    left = pygame.Rect(box.left, box.top, max(round(mark) - away - box.left, 0), box.h)
    right = pygame.Rect(round(mark) + away, box.top, 0, box.h)
    right.w = max(box.right - right.left, 0)
    return left if left.w >= right.w else right


def _inside(canvas: Canvas, box: pygame.Rect, words: str, ground: Colour, align: str) -> None:
    """Write into a bar where it fits."""
    theme = canvas.theme
    pad = theme.px(14) if align == "left" else theme.px(4)
    words, kind, cut = first_that_fits(
        canvas, [words], box.w - pad - theme.px(4), (Type.NAME, Type.SMALL), Weight.BOLD
    )
    if cut:
        return
    x = box.left + pad if align == "left" else box.centerx
    canvas.text(
        words,
        x,
        box.centery + theme.cap_px(kind) / 2,
        kind,
        BACKGROUND,
        Weight.BOLD,
        align=align,
        room=box,
        ground=ground,
    )


def _lumbar(canvas: Canvas, bar: pygame.Rect, leg: LegBudget, scale: float, texts: Texts) -> None:
    """Draw the thin bar below: arching of the lower back."""
    theme = canvas.theme
    middle = bar.bottom + theme.px(8) + theme.type_px(Type.LABEL) // 2
    baseline = middle + theme.cap_px(Type.LABEL) / 2
    if leg.lumbar is None:
        canvas.text(texts("budget.no_arch"), bar.left, baseline, Type.LABEL, SECONDARY)
        return
    words = texts("budget.arch", deg=leg.lumbar.words(texts))
    x = bar.left
    if leg.lumbar.value >= _VISIBLE_DEG:
        room = bar.w - canvas.width(words, Type.LABEL)
        length = min(max(round(leg.lumbar.value * scale), 1), room)
        height = theme.px(8)
        box = pygame.Rect(bar.left, middle - height // 2, length, height)
        canvas.panel(box, BACK, radius=height / 2)
        x = box.right + theme.px(8)
    canvas.text(words, x, baseline, Type.LABEL, SECONDARY)


def _usual(canvas: Canvas, bar: pygame.Rect, hip_deg: float, scale: float) -> None:
    """Draw a dotted mark at the hip's part of the baseline."""
    x = bar.left + hip_deg * scale
    if bar.left < x < bar.right:
        over = canvas.theme.px(6)
        draw_usual_dots(canvas, x, bar.top - over, bar.bottom + over)
