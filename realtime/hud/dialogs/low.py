"""What the dialogs below the picture share: a title, a line to type in, two buttons, a hint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from realtime.hud.canvas import Canvas
from realtime.hud.dialogs.dialog import button, field, sheet
from realtime.hud.fitting import write_fitting
from realtime.hud.look import MARGIN, SECONDARY, TEXT, Type, Weight

ENTER = (pygame.K_RETURN, pygame.K_KP_ENTER)
_WIDEST = 1200


class Typed:
    """A line that is being typed."""

    def __init__(self, longest: int) -> None:
        self.words = ""
        self._longest = longest

    def add(self, words: str) -> None:
        """Type on; what cannot be printed is left out."""
        printable = "".join(letter for letter in words if letter.isprintable())
        self.words = (self.words + printable).lstrip()[: self._longest]

    def back(self) -> None:
        """Take the last character away."""
        self.words = self.words[:-1]


@dataclass(frozen=True, slots=True)
class Offer:
    """A button of its own row: its words, its name as a target, and whether it is chosen."""

    words: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Low:
    """What such a dialog says.

    `buttons` are words and names of the two of them, the usual one first; `typed` is what
    stands in the line and what stands there before anything is typed, None without a line;
    `hints` run from rich to short; `offers` are buttons below the line.
    """

    title: str
    hints: Sequence[str]
    buttons: tuple[tuple[str, str], tuple[str, str]]
    typed: tuple[str, str] | None = None
    offers: Sequence[Offer] = ()


def draw_low(canvas: Canvas, rect: pygame.Rect, low: Low) -> None:
    """Draw it: as many offers as there is room for, all in one column at the left."""
    theme = canvas.theme
    top = sheet(canvas, rect)
    pad = theme.px(MARGIN)
    inner = pygame.Rect(rect.left + pad, 0, min(rect.w - 2 * pad, theme.px(_WIDEST)), 0)
    inner.height = rect.h - 2 * theme.px(16)
    inner.centery = rect.centery
    title_cap, hint_cap = theme.cap_px(Type.TITLE), theme.cap_px(Type.SMALL)
    box = round(2.1 * theme.type_px(Type.NAME))
    small = round(1.9 * theme.type_px(Type.SMALL)) if low.offers else 0
    parts = 5 if low.offers else 4
    gap = max((inner.h - title_cap - box - small - hint_cap) // parts, theme.px(6))
    baseline = inner.top + gap + title_cap
    top.text(low.title, inner.left, baseline, Type.TITLE, TEXT, Weight.SEMIBOLD)
    row = pygame.Rect(inner.left, baseline + gap, inner.w, box)
    _row(top, row, low)
    foot = row.bottom
    if low.offers:
        _offers(top, pygame.Rect(inner.left, foot + gap, inner.w, small), low.offers)
        foot += gap + small
    write_fitting(
        top,
        low.hints,
        inner.left,
        foot + gap + hint_cap,
        inner.w,
        (Type.SMALL, Type.LABEL),
        SECONDARY,
    )
    canvas.placed.extend(top.placed)
    canvas.targets.extend(top.targets)


def _row(canvas: Canvas, row: pygame.Rect, low: Low) -> None:
    """The line that is typed in, and the two buttons at its end."""
    theme = canvas.theme
    both = max(
        canvas.width(words, Type.SMALL, Weight.SEMIBOLD) + theme.px(40) for words, _ in low.buttons
    )
    right = pygame.Rect(row.right - both, row.top, both, row.h)
    if low.typed is None:
        right.left = row.left + both + theme.px(12)
    left = right.move(-both - theme.px(12), 0)
    button(canvas, left, *low.buttons[0], chosen=True)
    button(canvas, right, *low.buttons[1])
    if low.typed is not None:
        space = pygame.Rect(row.left, row.top, left.left - theme.px(16) - row.left, row.h)
        field(canvas, space, *low.typed)


def _offers(canvas: Canvas, row: pygame.Rect, offers: Sequence[Offer]) -> None:
    """Buttons side by side; the chosen one is always among them."""
    theme = canvas.theme
    gap = theme.px(8)
    widths = [
        canvas.width(offer.words, Type.SMALL, Weight.SEMIBOLD) + theme.px(32) for offer in offers
    ]
    first = 0
    chosen = next((n for n, offer in enumerate(offers) if offer.chosen), 0)
    while sum(widths[first : chosen + 1]) + gap * (chosen - first) > row.w and first < chosen:
        first += 1
    x = row.left
    for offer, width in zip(offers[first:], widths[first:], strict=True):
        if x + width > row.right:
            break
        button(
            canvas,
            pygame.Rect(x, row.top, width, row.h),
            offer.words,
            offer.name,
            chosen=offer.chosen,
        )
        x += width + gap
