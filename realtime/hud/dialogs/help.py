"""Help: what every key does, and what the colours and signs mean."""

from __future__ import annotations

import pygame

from hipcue.realtime.hud.dialogs.dialog import CLOSE, STAY, Answer, Place, sheet
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import write_fitting
from hipcue.realtime.hud.draw.theme import (
    ACT,
    BACK,
    HIP,
    MARGIN,
    OTHER,
    PELVIS,
    SECONDARY,
    TEXT,
    WATCH,
    Colour,
    Type,
    Weight,
)
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.view.snapshot import Snapshot

_KEYS = (
    "neutral",
    "baseline",
    "mute",
    "mark",
    "cues",
    "say",
    "name",
    "number",
    "view",
    "setup",
    "runner_window",
    "full",
    "latency",
    "quit",
)
_REPLAY_KEYS = (
    "pause",
    "strides",
    "peak",
    "pictures",
    "seconds",
    "ends",
    "bar",
    "speed",
    "number",
    "view",
    "runner_window",
    "full",
    "latency",
    "leave",
)
_SIGNS: tuple[tuple[str, str, Colour], ...] = (
    ("hip", "square", HIP),
    ("pelvis", "square", PELVIS),
    ("back", "square", BACK),
    ("near", "dot", HIP),
    ("far", "ring", OTHER),
    ("watch", "diamond", WATCH),
    ("act", "triangle_up", ACT),
    ("lost", "cross", ACT),
    ("usual", "dots", TEXT),
    ("cue", "triangle_down", WATCH),
    ("mark", "flag", TEXT),
    ("speed", "diamond", SECONDARY),
    ("sigma", "±", SECONDARY),
)


class HelpDialog:
    """Covers everything between the lines at the top and the bottom."""

    place = Place.BODY

    def draw(self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts) -> None:
        """Draw two columns: keys, and signs."""
        theme = canvas.theme
        top = sheet(canvas, rect)
        pad = theme.px(2 * MARGIN)
        inner = rect.inflate(-2 * pad, -2 * theme.px(MARGIN))
        base = inner.top + theme.cap_px(Type.ROW)
        top.text(texts("help.title"), inner.left, base, Type.ROW, TEXT, Weight.SEMIBOLD)
        close = texts("help.close")
        top.text(close, inner.right, base, Type.SMALL, SECONDARY, align="right")
        first = base + theme.px(40)
        half = (inner.w - pad) // 2
        left = pygame.Rect(inner.left, first, half, inner.bottom - first)
        right = pygame.Rect(inner.right - half, first, half, inner.bottom - first)
        keys = _KEYS if snapshot.replay is None else _REPLAY_KEYS
        self._keys(top, left, keys, texts)
        self._signs(top, right, texts)

    def _keys(self, canvas: Canvas, box: pygame.Rect, keys: tuple[str, ...], texts: Texts) -> None:
        wide = max(canvas.width(texts(f"key.{name}"), Type.NAME, Weight.SEMIBOLD) for name in keys)
        gap = canvas.theme.px(28)
        for name, base in _lines(canvas, box, texts("help.keys"), keys):
            key = texts(f"key.{name}")
            canvas.text(key, box.left, base, Type.NAME, TEXT, Weight.SEMIBOLD)
            x = box.left + wide + gap
            words = [texts(f"help.{name}")]
            kinds = (Type.NAME, Type.SMALL, Type.LABEL)
            write_fitting(canvas, words, x, base, box.right - x, kinds, SECONDARY)

    def _signs(self, canvas: Canvas, box: pygame.Rect, texts: Texts) -> None:
        theme = canvas.theme
        signs = {name: (icon, colour) for name, icon, colour in _SIGNS}
        side = 0.75 * theme.type_px(Type.NAME)
        for name, base in _lines(canvas, box, texts("help.signs"), tuple(signs)):
            icon, colour = signs[name]
            middle = base - theme.cap_px(Type.NAME) / 2
            x = box.left + side / 2
            if icon == "dots":
                half = theme.px(12)
                pattern = (theme.px(3), theme.px(3))
                canvas.upright_dots(x, middle - half, middle + half, TEXT, theme.px(2), pattern)
            elif icon == "±":
                canvas.text("±", x, base, Type.NAME, colour, align="center")
            else:
                canvas.icon(icon, x, middle, side, colour, weight=0.2)
            left = box.left + side + theme.px(28)
            words = [texts(f"help.sign_{name}")]
            kinds = (Type.NAME, Type.SMALL, Type.LABEL)
            write_fitting(canvas, words, left, base, box.right - left, kinds, SECONDARY)

    def key(self, key: int, snapshot: Snapshot) -> Answer:
        """Any of the keys that opened it, or escape, closes it."""
        closing = (pygame.K_ESCAPE, pygame.K_F1, pygame.K_h, pygame.K_RETURN, pygame.K_SPACE)
        return CLOSE if key in closing else STAY

    def typed(self, words: str) -> None:
        """Nothing is typed here."""

    def click(self, name: str, snapshot: Snapshot) -> Answer:
        """A click anywhere closes it."""
        return CLOSE


def _lines(
    canvas: Canvas, box: pygame.Rect, title: str, names: tuple[str, ...]
) -> list[tuple[str, float]]:
    """Write a column's title; return each name with its baseline, evenly apart."""
    theme = canvas.theme
    base = box.top + theme.cap_px(Type.NAME)
    canvas.text(title, box.left, base, Type.NAME, TEXT, Weight.SEMIBOLD)
    # Both columns share one rhythm.
    step = (box.bottom - theme.px(8) - base) / len(_KEYS)
    return [(name, base + (number + 1) * step) for number, name in enumerate(names)]
