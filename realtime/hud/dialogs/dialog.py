"""What a dialog is, and the parts that all of them are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import pygame

from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.theme import (
    BACKGROUND,
    GAP,
    HIP,
    LINE,
    RAISED,
    SECONDARY,
    TEXT,
    Type,
    Weight,
)
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.hud.input.view_commands import ViewCommand
from hipcue.realtime.view.commands import UserCommand
from hipcue.realtime.view.snapshot import Snapshot

LAYER = 1


class Place(StrEnum):
    """Which part of the scene a dialog covers."""

    LOW = "low"
    SIDE = "side"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a key or a click."""

    commands: tuple[UserCommand | ViewCommand, ...] = ()
    closed: bool = False


STAY = Answer()
CLOSE = Answer(closed=True)


class Dialog(Protocol):
    """Something on top of a scene that takes the keys."""

    place: Place

    def draw(self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts) -> None:
        """Draw it in the rectangle."""

    def key(self, key: int, snapshot: Snapshot) -> Answer:
        """Take a key of pygame's."""

    def typed(self, words: str) -> None:
        """Take typed characters."""

    def click(self, name: str, snapshot: Snapshot) -> Answer:
        """Take a click on a target that it drew."""


def sheet(canvas: Canvas, rect: pygame.Rect) -> Canvas:
    """Cover a part of the scene; return the canvas to draw on, in the window's pixels."""
    around = rect.inflate(canvas.theme.px(GAP), canvas.theme.px(GAP)).clip(canvas.rect)
    canvas.surface.fill(BACKGROUND, around)
    top = canvas.above(RAISED, LAYER)
    top.panel(rect, RAISED)
    # Keeps clicks from reaching what lies below.
    top.target(rect, "")
    return top


def button(
    canvas: Canvas,
    rect: pygame.Rect,
    words: str,
    name: str,
    *,
    chosen: bool = False,
    focused: bool = False,
) -> None:
    """Draw a button; the chosen one has dark words on a light ground."""
    theme = canvas.theme
    kind = Type.SMALL
    if canvas.width(words, kind, Weight.SEMIBOLD) > rect.w - theme.px(12):
        kind = Type.LABEL
    if focused:
        canvas.panel(rect.inflate(2 * theme.px(3), 2 * theme.px(3)), HIP)
    ground = TEXT if chosen else LINE
    canvas.panel(rect, ground, radius=theme.px(6))
    baseline = rect.centery + theme.cap_px(kind) / 2
    canvas.text(
        words,
        rect.centerx,
        baseline,
        kind,
        BACKGROUND if chosen else TEXT,
        Weight.SEMIBOLD if chosen else Weight.REGULAR,
        align="center",
        room=rect,
        ground=ground,
    )
    canvas.target(rect, name)


def value_of(canvas: Canvas, rect: pygame.Rect, words: str) -> None:
    """Draw a value between the buttons that change it."""
    baseline = rect.centery + canvas.theme.cap_px(Type.NAME) / 2
    canvas.text(
        words,
        rect.centerx,
        baseline,
        Type.NAME,
        TEXT,
        Weight.SEMIBOLD,
        align="center",
        room=rect,
        ground=RAISED,
    )


def split(rect: pygame.Rect, shares: Sequence[float], gap: int) -> list[pygame.Rect]:
    """Divide a row into parts."""
    spare = rect.w - gap * (len(shares) - 1)
    boxes = []
    x = float(rect.left)
    for share in shares:
        width = spare * share / sum(shares)
        boxes.append(pygame.Rect(round(x), rect.top, round(width), rect.h))
        x += width + gap
    return boxes


def field(canvas: Canvas, rect: pygame.Rect, words: str, hint: str) -> None:
    """Draw the words that are being typed, their end in sight, and the text cursor."""
    theme = canvas.theme
    canvas.panel(rect, BACKGROUND, radius=theme.px(6))
    pad = theme.px(16)
    baseline = rect.centery + theme.cap_px(Type.NAME) / 2
    x = rect.left + pad
    if words:
        shown = words
        while canvas.width(shown, Type.NAME) > rect.w - 3 * pad:
            shown = shown[1:]
        x = canvas.text(shown, x, baseline, Type.NAME, TEXT, room=rect, ground=BACKGROUND).right
    elif hint:
        at = x + theme.px(10)
        canvas.text(hint, at, baseline, Type.NAME, SECONDARY, room=rect, ground=BACKGROUND)
    tall = round(1.1 * theme.type_px(Type.NAME))
    bar = pygame.Rect(x + theme.px(3), rect.centery - tall // 2, max(theme.px(2), 2), tall)
    canvas.surface.fill(HIP, bar)
