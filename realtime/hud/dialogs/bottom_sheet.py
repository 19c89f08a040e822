"""What the dialogs below the picture share: a title, a line to type in, two buttons, a hint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from hipcue.realtime.hud.dialogs.dialog import button, field, sheet
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import first_that_fits, shorten, wrap
from hipcue.realtime.hud.draw.theme import MARGIN, SECONDARY, TEXT, Type, Weight

ENTER = (pygame.K_RETURN, pygame.K_KP_ENTER)
_WIDEST = 1200
# Narrower than this, the buttons go below the line that is typed in.
_NARROW = 760
_HINT_LINES = 3
# In a tall place the parts stay together.
_WIDEST_GAP = 40


class Typed:
    """A line that is being typed."""

    def __init__(self, longest: int) -> None:
        self.words = ""
        self._longest = longest

    def add(self, words: str) -> None:
        """Add typed characters, without those that cannot be printed."""
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
    """Draw the dialog, with as many offers as there is room for."""
    theme = canvas.theme
    top = sheet(canvas, rect)
    pad = theme.px(MARGIN)
    inner = pygame.Rect(rect.left + pad, 0, min(rect.w - 2 * pad, theme.px(_WIDEST)), 0)
    inner.height = rect.h - 2 * theme.px(16)
    inner.centery = rect.centery
    title_cap, hint_cap = theme.cap_px(Type.TITLE), theme.cap_px(Type.SMALL)
    hint, kind, cut = _hint(top, low.hints, inner.w)
    hint_height = hint_cap + (len(hint) - 1) * theme.line_px(kind)
    box = round(2.1 * theme.type_px(Type.NAME))
    below = low.typed is not None and inner.w < theme.px(_NARROW)
    boxes = 2 * box + theme.px(12) if below else box
    small = round(1.9 * theme.type_px(Type.SMALL)) if low.offers else 0
    parts = 5 if low.offers else 4
    gap = (inner.h - title_cap - boxes - small - hint_height) // parts
    gap = min(max(gap, theme.px(6)), theme.px(_WIDEST_GAP))
    baseline = inner.top + gap + title_cap
    top.text(low.title, inner.left, baseline, Type.TITLE, TEXT, Weight.SEMIBOLD)
    row = pygame.Rect(inner.left, baseline + gap, inner.w, box)
    if low.typed is not None and below:
        field(top, row, low.typed[0], _placeholder(top, low.typed[1], row.w))
        row.top += box + theme.px(12)
        _buttons(top, row, low, from_left=True)
    else:
        _row(top, row, low)
    foot = row.bottom
    if low.offers:
        _offers(top, pygame.Rect(inner.left, foot + gap, inner.w, small), low.offers)
        foot += gap + small
    baseline = foot + gap + hint_cap
    for line in hint:
        top.text(line, inner.left, baseline, kind, SECONDARY, cut=cut)
        baseline += theme.line_px(kind)


def _hint(canvas: Canvas, hints: Sequence[str], width: int) -> tuple[list[str], Type, bool]:
    """Return the richest hint that fits on one line, or the shortest on several."""
    words, kind, cut = first_that_fits(canvas, hints, width, (Type.SMALL, Type.LABEL))
    if not cut:
        return [words], kind, False
    lines, cut = wrap(canvas, hints[-1], width, kind, _HINT_LINES)
    return lines, kind, cut


def _placeholder(canvas: Canvas, words: str, width: int) -> str:
    """Return the words of an empty line, cut to its room."""
    return shorten(canvas, words, width - canvas.theme.px(48), Type.NAME)


def _row(canvas: Canvas, row: pygame.Rect, low: Low) -> None:
    """Draw the line that is typed in, and the two buttons at its end."""
    theme = canvas.theme
    left = _buttons(canvas, row, low, from_left=low.typed is None)
    if low.typed is not None:
        space = pygame.Rect(row.left, row.top, left - theme.px(16) - row.left, row.h)
        field(canvas, space, low.typed[0], _placeholder(canvas, low.typed[1], space.w))


def _buttons(canvas: Canvas, row: pygame.Rect, low: Low, *, from_left: bool) -> int:
    """Draw the two buttons at one end of a row; return where they begin."""
    theme = canvas.theme
    both = max(
        canvas.width(words, Type.SMALL, Weight.SEMIBOLD) + theme.px(40) for words, _ in low.buttons
    )
    right = pygame.Rect(row.right - both, row.top, both, row.h)
    if from_left:
        right.left = row.left + both + theme.px(12)
    left = right.move(-both - theme.px(12), 0)
    button(canvas, left, *low.buttons[0], chosen=True)
    button(canvas, right, *low.buttons[1])
    return left.left


def _offers(canvas: Canvas, row: pygame.Rect, offers: Sequence[Offer]) -> None:
    """Draw the offers side by side; the chosen one is always among them."""
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
