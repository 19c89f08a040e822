"""Cue control: how far the pelvis may tip, which words, how often, and what the runner sees."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from hipcue.realtime.hud.dialogs.dialog import (
    CLOSE,
    STAY,
    Answer,
    Place,
    button,
    sheet,
    split,
    value_of,
)
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import write_fitting
from hipcue.realtime.hud.draw.theme import MARGIN, SECONDARY, TEXT, Type, Weight
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.hud.input.actions import ActionKind, UserAction
from hipcue.realtime.hud.input.choices import (
    BAND_HIGH_DEG,
    BAND_LOW_DEG,
    BAND_STEP_DEG,
    SCHEDULES,
    WORDINGS,
    Choices,
)
from hipcue.realtime.hud.scenes.runner import METRICS
from hipcue.realtime.view.snapshot import Snapshot

_ROWS = ("band", "focus", "schedule", "number", "sound", "now")


@dataclass(frozen=True, slots=True)
class _Option:
    """A button of a row: its words, its name, and whether it is in force.

    Without a name it is a value between two buttons.
    """

    words: str
    name: str
    chosen: bool


class CueDialog:
    """A sheet over the coach's right column; the picture stays in sight."""

    place = Place.SIDE

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._row = 0
        self._column = 0

    def draw(self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts) -> None:
        """Draw every row: its name, and its buttons below."""
        theme = canvas.theme
        top = sheet(canvas, rect)
        pad = theme.px(MARGIN)
        inner = rect.inflate(-2 * pad, -2 * theme.px(20))
        title_base = inner.top + theme.cap_px(Type.TITLE)
        end = top.text(
            texts("cues.title"), inner.left, title_base, Type.TITLE, TEXT, Weight.SEMIBOLD
        ).right
        write_fitting(
            top,
            [texts("cues.hint")],
            inner.right,
            title_base,
            inner.right - end - pad,
            (Type.LABEL,),
            SECONDARY,
            align="right",
        )
        first = title_base + theme.px(16)
        height = (inner.bottom - first) / len(_ROWS)
        for number, row in enumerate(_ROWS):
            box = pygame.Rect(inner.left, round(first + number * height), inner.w, round(height))
            self._draw_row(top, box, number, row, snapshot, texts)
        canvas.placed.extend(top.placed)
        canvas.targets.extend(top.targets)

    def _draw_row(
        self,
        canvas: Canvas,
        box: pygame.Rect,
        number: int,
        row: str,
        snapshot: Snapshot,
        texts: Texts,
    ) -> None:
        theme = canvas.theme
        label = theme.cap_px(Type.LABEL)
        tall = min(box.h - label - theme.px(20), theme.px(44))
        top = box.top + (box.h - tall - label - theme.px(8)) // 2
        name = texts(f"cues.{row}")
        canvas.text(name, box.left, top + label, Type.LABEL, SECONDARY)
        line = pygame.Rect(box.left, top + label + theme.px(8), box.w, tall)
        options = self._options(row, snapshot, texts)
        shares = [max(canvas.width(o.words, Type.SMALL), 1) + theme.px(28) for o in options]
        for place, (option, part) in enumerate(
            zip(options, split(line, shares, theme.px(8)), strict=True)
        ):
            if not option.name:
                value_of(canvas, part, option.words)
                continue
            focused = number == self._row and place == min(self._column, len(options) - 1)
            button(
                canvas,
                part,
                option.words,
                option.name,
                chosen=option.chosen,
                focused=focused,
            )

    def _options(self, row: str, snapshot: Snapshot, texts: Texts) -> list[_Option]:
        choices = self._choices
        if row == "band":
            deg = texts.number(choices.band_now(snapshot), 1)
            value = texts("cues.band_value", deg=deg)
            return [
                _Option("−", "band:less", False),
                _Option(value, "", False),
                _Option("+", "band:more", False),
            ]
        if row == "focus":
            now = choices.now("focus", snapshot)
            return [_Option(texts(f"cues.focus_{w}"), f"focus:{w}", w == now) for w in WORDINGS]
        if row == "schedule":
            now = choices.now("schedule", snapshot)
            return [
                _Option(texts(f"cues.schedule_{s}"), f"schedule:{s}", s == now) for s in SCHEDULES
            ]
        if row == "number":
            return [
                _Option(texts(f"choice.{m}"), f"number:{m}", m == choices.metric) for m in METRICS
            ]
        if row == "sound":
            return [
                _Option(texts("cues.sound_on"), "sound:on", not snapshot.muted),
                _Option(texts("cues.sound_muted"), "sound:muted", snapshot.muted),
            ]
        return [
            _Option(texts("cues.now_say"), "now:say", False),
            _Option(texts("cues.now_baseline"), "now:baseline", False),
        ]

    def key(self, key: int, snapshot: Snapshot) -> Answer:
        """Arrows move and choose; enter and space press; escape and C close."""
        if key in (pygame.K_ESCAPE, pygame.K_c):
            return CLOSE
        if key in (pygame.K_UP, pygame.K_DOWN, pygame.K_TAB):
            step = -1 if key == pygame.K_UP else 1
            self._row = (self._row + step) % len(_ROWS)
            self._column = self._chosen_column(snapshot)
            return STAY
        names = self._names(snapshot)
        if key in (pygame.K_LEFT, pygame.K_RIGHT):
            step = 1 if key == pygame.K_RIGHT else -1
            if _ROWS[self._row] == "band":
                self._column = 2 if step > 0 else 0
                return self.click("band:more" if step > 0 else "band:less", snapshot)
            self._column = (min(self._column, len(names) - 1) + step) % len(names)
            # A choice takes effect at once; what acts waits for enter.
            return STAY if _ROWS[self._row] == "now" else self.click(names[self._column], snapshot)
        if key in (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE):
            return self.click(names[min(self._column, len(names) - 1)], snapshot)
        return STAY

    def typed(self, words: str) -> None:
        """Nothing is typed here."""

    def _names(self, snapshot: Snapshot) -> list[str]:
        options = self._options(_ROWS[self._row], snapshot, Texts("en"))
        return [option.name for option in options]

    def _chosen_column(self, snapshot: Snapshot) -> int:
        options = self._options(_ROWS[self._row], snapshot, Texts("en"))
        return next((n for n, option in enumerate(options) if option.chosen), 0)

    def click(self, name: str, snapshot: Snapshot) -> Answer:
        """Take a choice."""
        row, _, value = name.partition(":")
        choices = self._choices
        if row == "band" and value in ("less", "more"):
            step = BAND_STEP_DEG if value == "more" else -BAND_STEP_DEG
            deg = choices.band_now(snapshot) + step
            deg = min(max(deg, BAND_LOW_DEG), BAND_HIGH_DEG)
            choices.choose("band_deg", f"{deg:g}", snapshot)
            return _act(ActionKind.SET_BAND, number=deg)
        if row == "focus":
            choices.choose("focus", value, snapshot)
            return _act(ActionKind.SET_FOCUS, value)
        if row == "schedule":
            choices.choose("schedule", value, snapshot)
            return _act(ActionKind.SET_SCHEDULE, value)
        if row == "number":
            choices.metric = value
        elif row == "sound" and (value == "muted") != snapshot.muted:
            return _act(ActionKind.MUTE)
        elif row == "now":
            return _act(ActionKind.SAY_IT_NOW if value == "say" else ActionKind.BASELINE)
        return STAY


def _act(kind: ActionKind, text: str = "", number: float | None = None) -> Answer:
    return Answer((UserAction(kind, text, number),))
