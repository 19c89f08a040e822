"""Screens for tests: opened without a display, closed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pygame

from hipcue.config.settings import ScreenSettings
from hipcue.realtime.hud import Screen, View
from hipcue.realtime.hud.draw.draw_log import DrawLog, Placed
from hipcue.realtime.view.snapshot import Snapshot

# A second earlier fades are begun, then every chart gets its turn and the runner's window,
# which is drawn every third time, shows the last one.
_EARLIER_S, _FRAMES = 1.0, 7

SIZES = ((1024, 600), (1280, 720), (1920, 1080), (3840, 2160))


class LoggedScreen(Screen):
    """A screen that tells every word and sign of its last frame, and of the runner's window."""

    def __init__(
        self, settings: ScreenSettings, language: str = "en", headless: bool = True
    ) -> None:
        self._words, self._runner_words = DrawLog(), DrawLog()
        super().__init__(
            settings, language, headless, log=self._words, runner_log=self._runner_words
        )

    @property
    def placed(self) -> list[Placed]:
        """What stands on the screen."""
        return self._words.placed

    @property
    def runner_placed(self) -> list[Placed]:
        """What stands in the runner's window."""
        return self._runner_words.placed


@contextmanager
def opened(
    size: tuple[int, int] = (1280, 720), language: str = "en", view: View = View.COACH
) -> Iterator[LoggedScreen]:
    """Open a screen without a window, looking at a view."""
    screen = LoggedScreen(ScreenSettings(width=size[0], height=size[1]), language)
    screen.open()
    screen.view = view
    try:
        yield screen
    finally:
        screen.close()


def settle(screen: Screen, shown: Snapshot) -> None:
    """Show a snapshot until nothing of what was there before is left."""
    screen.show(replace(shown, t_s=shown.t_s - _EARLIER_S))
    for _ in range(_FRAMES):
        screen.show(shown)


def press(key: int, letter: str = "") -> None:
    """Press a key, as the window system would tell it."""
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=letter, mod=0))
    if letter:
        pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=letter))


def type_in(words: str) -> None:
    """Type words, key by key."""
    for letter in words:
        press(pygame.key.key_code(letter) if letter.isalnum() else 0, letter)


def click(at: tuple[int, int]) -> None:
    """Click with the left button."""
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=at))


def words_on(screen: LoggedScreen) -> list[str]:
    """Every text of the last frame."""
    return [item.words for item in screen.placed if not item.sign]
