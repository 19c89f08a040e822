"""Lines over the picture: what is wrong and what to do, at most two at a time."""

from __future__ import annotations

import pygame

from devices.readings import LinkState
from realtime.hud.canvas import Canvas
from realtime.hud.facts import lights_that_need_help
from realtime.hud.fitting import wrap
from realtime.hud.look import (
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
from realtime.hud.skeleton import CHIP_GROUND, CHIP_OPACITY
from realtime.hud.texts import Texts
from realtime.records import Snapshot

_MOST = 2


def lines_to_show(snapshot: Snapshot, texts: Texts) -> list[tuple[str, str, Colour]]:
    """Return text, advice and colour; devices that fail come before remarks."""
    lines: list[tuple[str, str, Colour]] = []
    for device in lights_that_need_help(snapshot):
        colour = ACT if device.state is LinkState.LOST else WATCH
        lines.append((texts.said(device.text), texts.said(device.advice), colour))
    lines += [(texts.said(n.text), texts.said(n.advice), WATCH) for n in snapshot.notices]
    return lines[:_MOST]


def draw_notices(canvas: Canvas, picture: pygame.Rect, snapshot: Snapshot, texts: Texts) -> None:
    """Lay the lines over the top of the picture."""
    theme = canvas.theme
    gap, pad = theme.px(GAP), theme.px(GAP)
    top = picture.top + gap
    for words, advice, colour in lines_to_show(snapshot, texts):
        top = _strip(canvas, picture, top, words, advice, colour, pad) + theme.px(8)


def _strip(
    canvas: Canvas,
    picture: pygame.Rect,
    top: int,
    words: str,
    advice: str,
    colour: Colour,
    pad: int,
) -> int:
    theme = canvas.theme
    most = picture.w - 2 * theme.px(GAP) - 2 * pad
    width = canvas.width(words, Type.SMALL, Weight.SEMIBOLD)
    gap = canvas.width("  ", Type.SMALL)
    together = width + gap + canvas.width(advice, Type.SMALL)
    one_line = together <= most
    lines: list[str] = []
    cut = False
    if advice and not one_line:
        lines, cut = wrap(canvas, advice, most, Type.SMALL, 2)
    rows = 1 + len(lines)
    line = theme.line_px(Type.SMALL)
    inner = width
    if one_line and advice:
        inner = together
    inner = max([inner, *(canvas.width(text, Type.SMALL) for text in lines)])
    box = pygame.Rect(picture.left + theme.px(GAP), top, 0, 0)
    box.width = min(inner, most) + 2 * pad + theme.px(8)
    box.height = 2 * theme.px(11) + theme.cap_px(Type.SMALL) + (rows - 1) * line
    canvas.panel(box, BACKGROUND, CHIP_OPACITY)
    canvas.panel(pygame.Rect(box.left, box.top, theme.px(6), box.h), colour, radius=theme.px(3))
    x, baseline = box.left + pad, box.top + theme.px(11) + theme.cap_px(Type.SMALL)
    end = canvas.text(
        words, x, baseline, Type.SMALL, TEXT, Weight.SEMIBOLD, room=box, ground=CHIP_GROUND
    ).right
    if advice and one_line:
        canvas.text(
            advice, end + gap, baseline, Type.SMALL, SECONDARY, room=box, ground=CHIP_GROUND
        )
    for text in lines:
        baseline += line
        canvas.text(text, x, baseline, Type.SMALL, SECONDARY, room=box, ground=CHIP_GROUND, cut=cut)
    return box.bottom
