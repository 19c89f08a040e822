"""Tiles: one metric each, with unit, band, trend and uncertainty."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import first_that_fits, wrap, write_fitting
from hipcue.realtime.hud.draw.theme import (
    LINE,
    MARGIN,
    RADIUS,
    SECONDARY,
    TEXT,
    Colour,
    Type,
    Weight,
)
from hipcue.realtime.hud.facts.mood import Mood
from hipcue.realtime.hud.facts.readings import Reading
from hipcue.realtime.hud.facts.texts import DASH, Texts
from hipcue.realtime.hud.widgets.footer import MOOD_COLOUR

_ARROWS = {-1: "arrow_down", 0: "arrow_flat", 1: "arrow_up"}


def accent(mood: Mood) -> Colour:
    """Return the colour of the bar at the tile's left edge."""
    return MOOD_COLOUR[mood] if mood in (Mood.WATCH, Mood.ACT) else LINE


def draw_tile(
    canvas: Canvas, reading: Reading, other: Reading | None, texts: Texts, kind: Type
) -> None:
    """Draw a tile; `other` is the other leg's value, small at the right."""
    theme = canvas.theme
    whole = canvas.rect
    bar = pygame.Rect(0, 0, theme.px(4), whole.h)
    canvas.panel(bar, accent(reading.mood), radius=min(theme.px(RADIUS), theme.px(2)))
    left, right = theme.px(MARGIN), whole.w - theme.px(MARGIN)
    spare = whole.h - _inks(canvas, kind)
    step = max(spare / 4, 2.0)
    name_base = step + theme.cap_px(Type.SMALL)
    value_base = name_base + step + theme.cap_px(kind)
    status_base = value_base + _comma(canvas, kind) + step + theme.cap_px(Type.SMALL)
    sigma_width = canvas.width(reading.sigma, Type.LABEL) + theme.px(12) if reading.sigma else 0
    names = [texts(f"metric.{reading.metric}"), texts(f"metric_short.{reading.metric}")]
    if other is not None:
        side = texts("side.left" if reading.side == "L" else "side.right")
        names.insert(0, f"{names[0]} {side}")
    write_fitting(
        canvas,
        names,
        left,
        name_base,
        right - left - sigma_width,
        (Type.SMALL, Type.LABEL),
        SECONDARY,
    )
    if reading.sigma:
        canvas.text(reading.sigma, right, name_base, Type.LABEL, SECONDARY, align="right")
    missing = reading.mood is Mood.MISSING
    box = canvas.text(
        reading.value,
        left,
        value_base,
        kind,
        SECONDARY if missing else TEXT,
        Weight.REGULAR if missing else Weight.SEMIBOLD,
    )
    x = box.right
    if not missing:
        gap = theme.px(2) if reading.unit == "°" else theme.px(8)
        unit_kind = Type.ROW if reading.unit == "°" else Type.NAME
        unit_base = value_base
        if reading.unit == "°":
            unit_base = value_base - theme.cap_px(kind) + theme.cap_px(unit_kind)
        x = canvas.text(reading.unit, x + gap, unit_base, unit_kind, SECONDARY).right
    arrow = theme.type_px(Type.NAME)
    if reading.trend is not None:
        middle = value_base - theme.cap_px(kind) / 2
        canvas.icon(_ARROWS[reading.trend], right - arrow / 2, middle, arrow, SECONDARY, weight=0.1)
    if other is not None:
        _other(canvas, other, x + theme.px(16), right - arrow - theme.px(12), value_base, texts)
    _foot(canvas, reading, left, right, status_base)


def _inks(canvas: Canvas, kind: Type) -> int:
    """Return the height of the three lines of a tile without the gaps between them."""
    theme = canvas.theme
    return theme.cap_px(kind) + _comma(canvas, kind) + 2 * theme.cap_px(Type.SMALL)


def _comma(canvas: Canvas, kind: Type) -> int:
    """Return how far a decimal comma reaches below the baseline."""
    return round(0.15 * canvas.theme.type_px(kind))


def _other(
    canvas: Canvas, other: Reading, left: float, right: float, baseline: float, texts: Texts
) -> None:
    """Write the other leg's value."""
    side = texts("side.left" if other.side == "L" else "side.right")
    value = other.value if other.value == DASH else f"{other.value}°"
    wordings = [f"{side} {value}", f"{side[0].upper()} {value}"]
    words, kind, cut = first_that_fits(canvas, wordings, right - left, (Type.NAME, Type.SMALL))
    if not cut:
        canvas.text(words, right, baseline, kind, SECONDARY, align="right")


def _foot(canvas: Canvas, reading: Reading, left: float, right: float, baseline: float) -> None:
    words = reading.reason or reading.status
    colour = SECONDARY
    if reading.mood in (Mood.WATCH, Mood.ACT):
        colour = MOOD_COLOUR[reading.mood]
    write_fitting(canvas, [words], left, baseline, right - left, (Type.SMALL, Type.LABEL), colour)


def draw_row(canvas: Canvas, readings: Sequence[Reading], texts: Texts) -> None:
    """Draw the lesser metrics side by side in one panel."""
    theme = canvas.theme
    pad = theme.px(MARGIN)
    width = (canvas.rect.w - 2 * pad) / len(readings)
    # One reason for all is told once.
    reasons = {reading.reason for reading in readings}
    shared = reasons.pop() if len(reasons) == 1 else ""
    for number, reading in enumerate(readings):
        left = round(pad + number * width)
        cell = pygame.Rect(left, 0, round(width) - theme.px(12), canvas.rect.h)
        _cell(canvas, cell, reading, texts, bool(shared))
    if shared:
        foot = _baselines(canvas, canvas.rect.h)[2]
        room = canvas.rect.w - 2 * pad
        write_fitting(canvas, [shared], pad, foot, room, (Type.LABEL,), SECONDARY)


def _baselines(canvas: Canvas, height: int) -> tuple[float, float, float]:
    """Return the baselines of the name, the value and the line below it in a cell."""
    theme = canvas.theme
    label, row = theme.cap_px(Type.LABEL), theme.cap_px(Type.ROW)
    below = _comma(canvas, Type.ROW)
    step = max((height - row - below - 2 * label) / 4, 2.0)
    name = step + label
    value = name + step + row
    return name, value, value + below + step + label


def _cell(canvas: Canvas, cell: pygame.Rect, reading: Reading, texts: Texts, silent: bool) -> None:
    theme = canvas.theme
    row = theme.cap_px(Type.ROW)
    name_base, value_base, foot_base = _baselines(canvas, cell.h)
    name = write_fitting(
        canvas,
        [texts(f"metric_short.{reading.metric}")],
        cell.left,
        name_base,
        cell.w,
        (Type.LABEL,),
        SECONDARY,
        room=cell,
    )
    if reading.mood is Mood.MISSING and silent:
        canvas.text(DASH, cell.left, value_base, Type.ROW, SECONDARY, room=cell)
        return
    if reading.mood is Mood.MISSING:
        lines, cut = wrap(canvas, f"{DASH} {reading.reason}", cell.w, Type.LABEL, 2)
        height = foot_base - name_base
        for number, line in enumerate(lines):
            base = name_base + height * (number + 1) / 2
            canvas.text(line, cell.left, base, Type.LABEL, SECONDARY, room=cell, cut=cut)
        return
    box = canvas.text(
        reading.value, cell.left, value_base, Type.ROW, TEXT, Weight.SEMIBOLD, room=cell
    )
    unit_base, gap = value_base, theme.px(5)
    if reading.unit == "°":
        unit_base, gap = value_base - row + theme.cap_px(Type.NAME), theme.px(1)
    kind = Type.NAME if reading.unit == "°" else Type.LABEL
    end = canvas.text(reading.unit, box.right + gap, unit_base, kind, SECONDARY, room=cell).right
    arrow = 0.8 * theme.type_px(Type.SMALL)
    if reading.trend is not None and end + theme.px(8) + arrow <= cell.right:
        x = end + theme.px(8) + arrow / 2
        canvas.icon(_ARROWS[reading.trend], x, value_base - row / 2, arrow, SECONDARY, room=cell)
    colour = MOOD_COLOUR[reading.mood] if reading.mood is not Mood.CALM else SECONDARY
    wordings = [reading.status, reading.status_short]
    sigma = reading.sigma
    beside = name.right + theme.px(8)
    if sigma and beside + canvas.width(sigma, Type.LABEL) <= cell.right:
        canvas.text(sigma, beside, name_base, Type.LABEL, SECONDARY, room=cell)
    elif sigma:
        # Where it is narrow the uncertainty goes with the band.
        wordings = [f"{words} {sigma}" for words in wordings] + wordings
    write_fitting(
        canvas,
        wordings,
        cell.left,
        foot_base,
        cell.w,
        (Type.LABEL,),
        colour,
        room=cell,
    )
