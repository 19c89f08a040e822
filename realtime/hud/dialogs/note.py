"""A mark with its note, and the end of the session."""

from __future__ import annotations

import pygame

from hipcue.realtime.hud.dialogs.bottom_sheet import ENTER, Low, Typed, draw_low
from hipcue.realtime.hud.dialogs.dialog import CLOSE, STAY, Answer, Place
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.facts.texts import Texts, clock
from hipcue.realtime.view.commands import AddMark, Quit
from hipcue.realtime.view.snapshot import Snapshot

_LONGEST_NOTE = 120


class MarkDialog:
    """Marks the moment in which it was opened, with a note."""

    place = Place.LOW

    def __init__(self, snapshot: Snapshot) -> None:
        self._t_s = snapshot.t_s
        self._elapsed_s = snapshot.elapsed_s
        self._note = Typed(_LONGEST_NOTE)

    def draw(self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts) -> None:
        """Draw it."""
        title = texts("dialog.mark_title", time=clock(self._elapsed_s))
        buttons = ((texts("dialog.keep"), "keep"), (texts("dialog.drop"), "drop"))
        typed = (self._note.words, texts("dialog.mark_empty"))
        draw_low(canvas, rect, Low(title, [texts("dialog.mark_hint")], buttons, typed))

    def key(self, key: int, snapshot: Snapshot) -> Answer:
        """Enter keeps the mark, escape drops it."""
        if key in ENTER:
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
        """Take a click on one of the two buttons."""
        return {"keep": self._keep(), "drop": CLOSE}.get(name, STAY)

    def _keep(self) -> Answer:
        note = self._note.words.strip()
        return Answer((AddMark(note, self._t_s),), closed=True)


class QuitDialog:
    """Asks before a session ends: one key pressed by mistake must not end it."""

    place = Place.LOW

    def draw(self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts) -> None:
        """Draw it."""
        buttons = ((texts("dialog.quit_yes"), "end"), (texts("dialog.quit_no"), "go on"))
        title, hint = texts("dialog.quit_title"), texts("dialog.quit_hint")
        draw_low(canvas, rect, Low(title, [hint], buttons))

    def key(self, key: int, snapshot: Snapshot) -> Answer:
        """Q or enter ends it."""
        if key in (*ENTER, pygame.K_q):
            return Answer((Quit(),), closed=True)
        return CLOSE if key == pygame.K_ESCAPE else STAY

    def typed(self, words: str) -> None:
        """Nothing is typed here."""

    def click(self, name: str, snapshot: Snapshot) -> Answer:
        """Take a click on one of the two buttons."""
        if name == "end":
            return Answer((Quit(),), closed=True)
        return CLOSE if name == "go on" else STAY
