"""Latency: how long after the picture each stage on the way to the sound was reached."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from hipcue.realtime.hud.dialogs.dialog import CLOSE, STAY, Answer, Place, sheet
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import write_fitting
from hipcue.realtime.hud.draw.theme import GAP, LINE, MARGIN, SECONDARY, TEXT, Type, Weight
from hipcue.realtime.hud.facts.latency import StageRow, stage_rows
from hipcue.realtime.hud.facts.texts import DASH, Texts
from hipcue.realtime.view.snapshot import Snapshot

# Numbers that change with every frame cannot be read.
_HOLD_S = 1.0
_HEADS = ("p50", "p95", "p99")
# What each column means, two headings, five rows and the remark: the height is shared evenly.
_LINES, _LINE = 9, 56
# The columns of numbers take so much of the width, the names the rest.
_NUMBERS_SHARE = 0.5


class LatencyDialog:
    """A table over the coach's right column; the picture stays in sight."""

    place = Place.SIDE

    def __init__(self) -> None:
        self._rows: list[StageRow] = []
        self._key: tuple[object, ...] = ()

    def draw(self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts) -> None:
        """Draw the title, what every picture takes, then what the cues took."""
        theme = canvas.theme
        top = sheet(canvas, rect)
        pad = theme.px(MARGIN)
        inner = rect.inflate(-2 * pad, -2 * theme.px(20))
        base = inner.top + theme.cap_px(Type.TITLE)
        end = top.text(
            texts("latency.title"), inner.left, base, Type.TITLE, TEXT, Weight.SEMIBOLD
        ).right
        close, room = [texts("latency.close")], inner.right - end - pad
        label = (Type.LABEL,)
        write_fitting(top, close, inner.right, base, room, label, SECONDARY, align="right")
        rows = self._rows_now(snapshot, texts)
        step = min((inner.bottom - base) / _LINES, theme.px(_LINE))
        lines = [round(base + (number + 1) * step) for number in range(_LINES)]
        numbers = _columns(inner)
        for name, right in zip(_HEADS, numbers, strict=True):
            top.text(name, right, lines[0], Type.LABEL, SECONDARY, align="right")
        unit = texts("latency.unit")
        write_fitting(top, [unit], inner.left, lines[0], inner.w // 2, label, SECONDARY)
        _part(top, inner, lines[1:3], texts("latency.pictures"), rows[:1])
        _part(top, inner, lines[3:8], texts("latency.cues"), rows[1:])
        remark = [texts("latency.behind"), texts("latency.behind_short")]
        write_fitting(top, remark, inner.left, lines[-1], inner.w, label, SECONDARY)

    def _rows_now(self, snapshot: Snapshot, texts: Texts) -> Sequence[StageRow]:
        key = (int(snapshot.t_s / _HOLD_S), len(snapshot.cue_times), texts.language)
        if key != self._key:
            self._key, self._rows = key, stage_rows(snapshot, texts)
        return self._rows

    def key(self, key: int, snapshot: Snapshot) -> Answer:
        """Escape, enter, space and the key that opened it close it."""
        closing = (pygame.K_ESCAPE, pygame.K_l, pygame.K_RETURN, pygame.K_SPACE)
        return CLOSE if key in closing else STAY

    def typed(self, words: str) -> None:
        """Nothing is typed here."""

    def click(self, name: str, snapshot: Snapshot) -> Answer:
        """A click on it closes it."""
        return CLOSE


def _columns(inner: pygame.Rect) -> list[int]:
    """Return the right edges of the three columns of numbers."""
    wide = _NUMBERS_SHARE * inner.w / len(_HEADS)
    return [round(inner.right - (len(_HEADS) - 1 - n) * wide) for n in range(len(_HEADS))]


def _part(
    canvas: Canvas, inner: pygame.Rect, lines: Sequence[int], title: str, rows: Sequence[StageRow]
) -> None:
    """Draw a heading and its rows; a reason that all rows share stands in the heading."""
    theme = canvas.theme
    kinds = (Type.SMALL, Type.LABEL)
    reasons = {row.reason for row in rows}
    shared = reasons.pop() if len(reasons) == 1 else ""
    room = inner.w
    if shared:
        words = f"{DASH} {shared}"
        room -= canvas.width(words, Type.LABEL) + theme.px(GAP)
        canvas.text(words, inner.right, lines[0], Type.LABEL, SECONDARY, align="right")
    bold = Weight.SEMIBOLD
    write_fitting(canvas, [title], inner.left, lines[0], room, kinds, TEXT, bold)
    canvas.surface.fill(LINE, (inner.left, lines[0] + theme.px(8), inner.w, 1))
    numbers = _columns(inner)
    for row, base in zip(rows, lines[1:], strict=True):
        own = "" if shared else row.reason
        room = round((1.0 - _NUMBERS_SHARE) * inner.w)
        write_fitting(canvas, [row.name], inner.left, base, room, kinds, SECONDARY)
        if own:
            words = f"{DASH} {own}"
            canvas.text(words, inner.right, base, Type.LABEL, SECONDARY, align="right")
            continue
        for value, right in zip(row.values, numbers, strict=True):
            canvas.text(value, right, base, Type.SMALL, TEXT, align="right")
