"""The runner's name: typed, or chosen from those who ran before."""

from __future__ import annotations

import pygame

from hipcue.realtime.hud.dialogs.bottom_sheet import ENTER, Low, Offer, Typed, draw_low
from hipcue.realtime.hud.dialogs.dialog import CLOSE, STAY, Answer, Place
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import ELLIPSIS
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.records import NewRunner
from hipcue.realtime.view.snapshot import Snapshot

_LONGEST = 40
_OFFER = "runner:"


class NameDialog:
    """Asks for the runner's name; offers the known names that begin with what was typed."""

    place = Place.LOW

    def __init__(self, snapshot: Snapshot) -> None:
        self._name = Typed(_LONGEST)
        self._known = snapshot.known_runners
        # What was typed; choosing a name does not narrow the choice to it.
        self._begun = ""

    def _offered(self) -> list[str]:
        begun = self._begun.casefold()
        return [name for name in self._known if name.casefold().startswith(begun)]

    def draw(self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts) -> None:
        """Draw it."""
        hints = [texts("dialog.name_hint")]
        if self._known:
            hints = [texts("dialog.name_known"), texts("dialog.name_known_short")]
        offers = [
            Offer(_short(name), f"{_OFFER}{name}", name == self._name.words)
            for name in self._offered()
        ]
        buttons = ((texts("dialog.take"), "take"), (texts("dialog.back"), "back"))
        typed = (self._name.words, snapshot.runner)
        draw_low(canvas, rect, Low(texts("dialog.name_title"), hints, buttons, typed, offers))

    def key(self, key: int, snapshot: Snapshot) -> Answer:
        """Arrows go through the known names, enter takes one, escape goes back."""
        if key in ENTER:
            return _take(self._name.words)
        if key == pygame.K_ESCAPE:
            return CLOSE
        if key == pygame.K_BACKSPACE:
            self._name.back()
            self._begun = self._name.words
        elif key in (pygame.K_DOWN, pygame.K_RIGHT, pygame.K_TAB):
            self._step(1)
        elif key in (pygame.K_UP, pygame.K_LEFT):
            self._step(-1)
        return STAY

    def _step(self, step: int) -> None:
        offered = self._offered()
        if not offered:
            return
        now = self._name.words
        at = offered.index(now) + step if now in offered else 0 if step > 0 else -1
        self._name.words = offered[at % len(offered)]

    def typed(self, words: str) -> None:
        """Write the name."""
        self._name.add(words)
        self._begun = self._name.words

    def click(self, name: str, snapshot: Snapshot) -> Answer:
        """Take a click on a button, or on a known name, which is taken at once."""
        if name.startswith(_OFFER):
            return _take(name.removeprefix(_OFFER))
        return {"take": _take(self._name.words), "back": CLOSE}.get(name, STAY)


def _short(name: str) -> str:
    """Return a name as a button shows it. The whole name is what is taken."""
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + ELLIPSIS


def _take(name: str) -> Answer:
    name = name.strip()
    if not name:
        return CLOSE
    return Answer((NewRunner(name),), closed=True)
