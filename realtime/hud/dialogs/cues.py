"""Cue control: how far the pelvis may tip, which words, how often, and what the runner sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

import pygame

from hipcue.config.settings import Focus, Schedule, VerdictSettings, limits_of
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
from hipcue.realtime.hud.facts.metric_style import RUNNER_METRICS
from hipcue.realtime.hud.facts.texts import DASH, Texts
from hipcue.realtime.hud.input.choices import PendingChoices
from hipcue.realtime.hud.input.view_commands import ShowMetric
from hipcue.realtime.records import (
    NewBaseline,
    SayCueNow,
    SetBand,
    SetFocus,
    SetSchedule,
    SettingCommand,
)
from hipcue.realtime.view.commands import ToggleMute
from hipcue.realtime.view.snapshot import Snapshot

_ROWS = ("band", "focus", "schedule", "number", "sound", "now")
_BAND_LIMITS_DEG = limits_of(VerdictSettings, "min_rise_deg")
_BAND_STEP_DEG = 0.5
_FOCUSES: tuple[Focus, ...] = get_args(Focus)
_SCHEDULES: tuple[Schedule, ...] = get_args(Schedule)


@dataclass(frozen=True, slots=True)
class _Option:
    """A button of a row: its words, its name, and whether it is in force.

    Without a name it is a value between two buttons.
    """

    words: str
    name: str
    chosen: bool


class CueDialog:
    """A sheet over the coach's right column; the picture stays in sight.

    Parameters
    ----------
    choices : PendingChoices
        Kept while the dialog is closed.
    metric : callable
        Returns what the runner's view shows.
    """

    place = Place.SIDE

    def __init__(self, choices: PendingChoices, metric: Callable[[], str]) -> None:
        self._choices = choices
        self._metric = metric
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
        choices = self._choices.shown(snapshot)
        if row == "band":
            value = DASH
            if choices is not None:
                value = texts("cues.band_value", deg=texts.number(choices.band_deg, 1))
            return [
                _Option("−", "band:less", False),
                _Option(value, "", False),
                _Option("+", "band:more", False),
            ]
        if row == "focus":
            focus = None if choices is None else choices.focus
            return [_Option(texts(f"cues.focus_{f}"), f"focus:{f}", f == focus) for f in _FOCUSES]
        if row == "schedule":
            schedule = None if choices is None else choices.schedule
            return [
                _Option(texts(f"cues.schedule_{s}"), f"schedule:{s}", s == schedule)
                for s in _SCHEDULES
            ]
        if row == "number":
            return [
                _Option(texts(f"choice.{m}"), f"number:{m}", m == self._metric())
                for m in RUNNER_METRICS
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
        if row == "band":
            return self._move_band(value, snapshot)
        if row == "focus":
            return self._choose(SetFocus(_FOCUSES[_FOCUSES.index(value)]), snapshot)
        if row == "schedule":
            return self._choose(SetSchedule(_SCHEDULES[_SCHEDULES.index(value)]), snapshot)
        if row == "number":
            return Answer((ShowMetric(value),))
        if row == "sound" and (value == "muted") != snapshot.muted:
            return Answer((ToggleMute(),))
        if row == "now":
            return Answer((SayCueNow() if value == "say" else NewBaseline(),))
        return STAY

    def _move_band(self, way: str, snapshot: Snapshot) -> Answer:
        choices = self._choices.shown(snapshot)
        if choices is None:
            return STAY
        low, high = _BAND_LIMITS_DEG
        deg = choices.band_deg + (_BAND_STEP_DEG if way == "more" else -_BAND_STEP_DEG)
        return self._choose(SetBand(min(max(deg, low), high)), snapshot)

    def _choose(self, command: SettingCommand, snapshot: Snapshot) -> Answer:
        self._choices.choose(command, snapshot)
        return Answer((command,))
