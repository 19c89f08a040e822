"""The low dialogs: a mark with its note, the runner's name, and the end of the session."""

from __future__ import annotations

import pygame

from realtime.hud.actions import ActionKind, UserAction
from realtime.hud.canvas import Canvas
from realtime.hud.choices import known_runners
from realtime.hud.dialogs.dialog import (
    CLOSE,
    STAY,
    Answer,
    Place,
    button,
    field,
    sheet,
)
from realtime.hud.fitting import write_fitting
from realtime.hud.look import MARGIN, SECONDARY, TEXT, Type, Weight
from realtime.hud.texts import Texts, clock
from realtime.records import Snapshot

_LONGEST_NOTE = 120
_LONGEST_NAME = 40
_ENTER = (pygame.K_RETURN, pygame.K_KP_ENTER)


class _Typed:
    """A line that is being typed."""

    def __init__(self, longest: int) -> None:
        self.words = ""
        self._longest = longest

    def add(self, words: str) -> None:
        printable = "".join(letter for letter in words if letter.isprintable())
        self.words = (self.words + printable).lstrip()[: self._longest]

    def back(self) -> None:
        self.words = self.words[:-1]


def _draw(
    canvas: Canvas,
    rect: pygame.Rect,
    title: str,
    hint: str,
    buttons: tuple[tuple[str, str], tuple[str, str]],
    typed: tuple[str, str] | None,
) -> None:
    """Title, what is typed, hint, and the two buttons, in the middle of the sheet."""
    theme = canvas.theme
    top = sheet(canvas, rect)
    pad = theme.px(MARGIN)
    width = min(rect.w - 2 * pad, theme.px(1200))
    inner = pygame.Rect(0, 0, width, rect.h - 2 * theme.px(16))
    inner.center = rect.center
    title_cap, hint_cap = theme.cap_px(Type.TITLE), theme.cap_px(Type.SMALL)
    box = round(2.1 * theme.type_px(Type.NAME))
    gap = (inner.h - title_cap - box - hint_cap) // 4
    baseline = inner.top + gap + title_cap
    top.text(title, inner.left, baseline, Type.TITLE, TEXT, Weight.SEMIBOLD)
    row = pygame.Rect(inner.left, baseline + gap, inner.w, box)
    keep, drop = buttons
    both = max(top.width(words, Type.SMALL, Weight.SEMIBOLD) + theme.px(40) for words, _ in buttons)
    right = pygame.Rect(row.right - both, row.top, both, box)
    if typed is None:
        right.left = row.left + both + theme.px(12)
    left = right.move(-both - theme.px(12), 0)
    button(top, left, keep[0], keep[1], chosen=True)
    button(top, right, drop[0], drop[1])
    if typed is not None:
        space = pygame.Rect(row.left, row.top, left.left - theme.px(16) - row.left, box)
        field(top, space, *typed)
    write_fitting(
        top,
        [hint],
        inner.left,
        row.bottom + gap + hint_cap,
        inner.w,
        (Type.SMALL, Type.LABEL),
        SECONDARY,
    )
    canvas.placed.extend(top.placed)
    canvas.targets.extend(top.targets)


class MarkDialog:
    """Marks the moment in which it was opened, with a note."""

    place = Place.LOW

    def __init__(self, snapshot: Snapshot) -> None:
        self._t_s = snapshot.t_s
        self._elapsed_s = snapshot.elapsed_s
        self._note = _Typed(_LONGEST_NOTE)

    def draw(self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts) -> None:
        """Draw it."""
        title = texts("dialog.mark_title", time=clock(self._elapsed_s))
        buttons = ((texts("dialog.keep"), "keep"), (texts("dialog.drop"), "drop"))
        typed = (self._note.words, "")
        _draw(canvas, rect, title, texts("dialog.mark_hint"), buttons, typed)

    def key(self, key: int, snapshot: Snapshot) -> Answer:
        """Enter keeps the mark, escape drops it."""
        if key in _ENTER:
            return self._keep()
        if key == pygame.K_ESCAPE:
            return CLOSE
        if key == pygame.K_BACKSPACE:
            self._note.back()
        return STAY

    def typed(self, words: str) -> None:
        """Write the note."""
        self._note.add(words)

    def click(self, name: str, snapshot: Snapshot) -> Answer:
        """The two buttons."""
        return {"keep": self._keep(), "drop": CLOSE}.get(name, STAY)

    def _keep(self) -> Answer:
        note = self._note.words.strip()
        return Answer((UserAction(ActionKind.MARK, note, t_s=self._t_s),), closed=True)


class NameDialog:
    """Asks who runs: typed, or one of those who ran before."""

    place = Place.LOW

    def __init__(self, snapshot: Snapshot) -> None:
        self._name = _Typed(_LONGEST_NAME)
        self._known = known_runners(snapshot)
        self._at = -1

    def draw(self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts) -> None:
        """Draw it."""
        buttons = ((texts("dialog.take"), "take"), (texts("dialog.back"), "back"))
        typed = (self._name.words, snapshot.runner)
        title, hint = texts("dialog.name_title"), texts("dialog.name_hint")
        _draw(canvas, rect, title, hint, buttons, typed)

    def key(self, key: int, snapshot: Snapshot) -> Answer:
        """Arrows go through the known names, enter takes one, escape goes back."""
        if key in _ENTER:
            return self._take()
        if key == pygame.K_ESCAPE:
            return CLOSE
        if key == pygame.K_BACKSPACE:
            self._name.back()
        elif key in (pygame.K_UP, pygame.K_DOWN) and self._known:
            step = 1 if key == pygame.K_DOWN else -1
            if self._at < 0 and step < 0:
                step = 0
            self._at = (self._at + step) % len(self._known)
            self._name.words = self._known[self._at][:_LONGEST_NAME]
        return STAY

    def typed(self, words: str) -> None:
        """Write the name."""
        self._name.add(words)

    def click(self, name: str, snapshot: Snapshot) -> Answer:
        """The two buttons."""
        return {"take": self._take(), "back": CLOSE}.get(name, STAY)

    def _take(self) -> Answer:
        name = self._name.words.strip()
        if not name:
            return CLOSE
        return Answer((UserAction(ActionKind.RUNNER_NAME, name),), closed=True)


class QuitDialog:
    """Asks before a session ends: one key pressed by mistake must not end it."""

    place = Place.LOW

    def draw(self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts) -> None:
        """Draw it."""
        buttons = ((texts("dialog.quit_yes"), "end"), (texts("dialog.quit_no"), "go on"))
        title, hint = texts("dialog.quit_title"), texts("dialog.quit_hint")
        _draw(canvas, rect, title, hint, buttons, None)

    def key(self, key: int, snapshot: Snapshot) -> Answer:
        """Q or enter ends it."""
        if key in (*_ENTER, pygame.K_q):
            return Answer((UserAction(ActionKind.QUIT),), closed=True)
        return CLOSE if key == pygame.K_ESCAPE else STAY

    def typed(self, words: str) -> None:
        """Nothing is typed here."""

    def click(self, name: str, snapshot: Snapshot) -> Answer:
        """The two buttons."""
        if name == "end":
            return Answer((UserAction(ActionKind.QUIT),), closed=True)
        return CLOSE if name == "go on" else STAY
