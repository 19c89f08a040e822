"""Over the picture's upper corner, beside the runner's head: countdown, notices, the cue.

The legs are what the picture is for, so nothing is laid over them.
"""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from hipcue.config.reasons import Reason
from hipcue.devices.readings import LinkState
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import wrap
from hipcue.realtime.hud.draw.theme import (
    ACT,
    BACKGROUND,
    GAP,
    SECONDARY,
    TEXT,
    WATCH,
    Colour,
    Type,
    Weight,
)
from hipcue.realtime.hud.facts.devices import devices_that_need_help
from hipcue.realtime.hud.facts.guide import standing_progress
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.hud.widgets.ring import draw_ring
from hipcue.realtime.hud.widgets.skeleton import CHIP_GROUND, CHIP_OPACITY
from hipcue.realtime.view.snapshot import Snapshot

_MOST = 2
# Boxes over the picture take this share of its width, and no less than so much: then they
# end before the head of somebody in the middle.
_SHARE, _LEAST = 0.42, 420
_ADVICE_LINES = 2
# A long story is told on up to so many lines; what it is in short stands above it.
_STORY_LINES = 6
# Below what is wrong the last cue has its place: so much is left for it.
_CUE_ROOM = 132
# The ring's size.
_RING = 88


@dataclass(frozen=True, slots=True)
class Line:
    """What is wrong and what to do, each in full and in short."""

    text: str
    short: str
    advice: str
    advice_short: str
    colour: Colour


def lines_to_show(snapshot: Snapshot, texts: Texts) -> list[Line]:
    """Return what is shown; devices that fail come before remarks."""
    lines: list[Line] = []
    for device in devices_that_need_help(snapshot):
        colour = ACT if device.state is LinkState.LOST else WATCH
        lines.append(_line(device.reason, colour, texts))
    lines += [_line(notice, WATCH, texts) for notice in snapshot.notices]
    return lines[:_MOST]


def _line(reason: Reason, colour: Colour, texts: Texts) -> Line:
    return Line(
        texts.reason(reason),
        texts.reason(reason, short=True),
        texts.advice(reason),
        texts.advice(reason, short=True),
        colour,
    )


def overlay_width(canvas: Canvas, picture: pygame.Rect) -> int:
    """Return how wide a box over the picture may be."""
    theme = canvas.theme
    wanted = max(round(_SHARE * picture.w), theme.px(_LEAST))
    return min(wanted, picture.w - 2 * theme.px(GAP))


def draw_countdown(canvas: Canvas, picture: pygame.Rect, snapshot: Snapshot, texts: Texts) -> int:
    """Draw the ring of the standing trial while it lasts; return the y below it."""
    theme = canvas.theme
    top = picture.top + theme.px(GAP)
    progress = standing_progress(snapshot)
    if progress is None:
        return top
    pad = theme.px(GAP)
    side = theme.px(_RING)
    words = texts("state.neutral")
    width = side + 3 * pad + canvas.width(words, Type.ROW, Weight.SEMIBOLD)
    box = pygame.Rect(picture.left + theme.px(GAP), top, width, side + 2 * pad)
    canvas.panel(box, BACKGROUND, CHIP_OPACITY)
    ring = pygame.Rect(box.left + pad, box.top + pad, side, side)
    draw_ring(canvas, ring, progress, weight=0.05, ground=CHIP_GROUND)
    canvas.text(
        words,
        ring.right + pad,
        box.centery + theme.cap_px(Type.ROW) / 2,
        Type.ROW,
        TEXT,
        Weight.SEMIBOLD,
        room=box,
        ground=CHIP_GROUND,
    )
    return box.bottom + theme.px(8)


def draw_notices(
    canvas: Canvas, picture: pygame.Rect, snapshot: Snapshot, texts: Texts, top: int
) -> int:
    """Lay what is wrong and what to do over the picture, from `top`; return the y below."""
    theme = canvas.theme
    lowest = picture.bottom - theme.px(GAP) - theme.px(_CUE_ROOM)
    for number, line in enumerate(lines_to_show(snapshot, texts)):
        end = _strip(canvas, picture, top, line, None if not number else lowest)
        if end is None:
            break
        top = end + theme.px(8)
    return top


def _strip(
    canvas: Canvas,
    picture: pygame.Rect,
    top: int,
    told: Line,
    lowest: int | None,
) -> int | None:
    """Draw one: on a line where both parts fit, else one below the other.

    Return the y below it, or None where it would have reached below `lowest`.
    """
    theme = canvas.theme
    pad = theme.px(GAP)
    most = overlay_width(canvas, picture) - 2 * pad
    advice = told.advice
    first, cut = wrap(canvas, told.text, most, Type.SMALL, 2, Weight.SEMIBOLD)
    if cut:
        first, cut = wrap(canvas, told.short, most, Type.SMALL, 3, Weight.SEMIBOLD)
    gap = canvas.width("  ", Type.SMALL)
    width = max(canvas.width(text, Type.SMALL, Weight.SEMIBOLD) for text in first)
    beside = width + gap + canvas.width(advice, Type.SMALL) <= most and len(first) == 1
    below: list[str] = []
    cut_below = False
    if advice and not beside:
        below, cut_below = wrap(canvas, advice, most, Type.SMALL, _ADVICE_LINES)
        if cut_below:
            below, cut_below = wrap(canvas, told.advice_short, most, Type.SMALL, _STORY_LINES)
    inner = width + gap + canvas.width(advice, Type.SMALL) if beside and advice else width
    inner = max([inner, *(canvas.width(text, Type.SMALL) for text in below)])
    rows = len(first) + len(below)
    line = theme.line_px(Type.SMALL)
    box = pygame.Rect(picture.left + theme.px(GAP), top, inner + 2 * pad, 0)
    box.height = 2 * theme.px(11) + theme.cap_px(Type.SMALL) + (rows - 1) * line
    if lowest is not None and box.bottom > lowest:
        return None
    canvas.panel(box, BACKGROUND, CHIP_OPACITY)
    canvas.panel(
        pygame.Rect(box.left, box.top, theme.px(6), box.h), told.colour, radius=theme.px(3)
    )
    x, baseline = box.left + pad, box.top + theme.px(11) + theme.cap_px(Type.SMALL)

    def write(text: str, at: float, shade: Colour, weight: Weight, cut: bool) -> None:
        canvas.text(
            text, at, baseline, Type.SMALL, shade, weight, room=box, ground=CHIP_GROUND, cut=cut
        )

    for text in first:
        write(text, x, TEXT, Weight.SEMIBOLD, cut)
        baseline += line
    if advice and beside:
        baseline -= line
        write(advice, x + width + gap, SECONDARY, Weight.REGULAR, False)
    for text in below:
        write(text, x, SECONDARY, Weight.REGULAR, cut_below)
        baseline += line
    return box.bottom
