"""The window: opens it, turns keys into wishes, and lets the chosen scene draw."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
import pygame

from config.errors import UserError
from config.settings import ScreenSettings
from realtime.hud import theme
from realtime.hud.coach import CoachScene
from realtime.hud.pen import Box, Pen, Placed
from realtime.hud.runner import RunnerScene
from realtime.hud.texts import Texts
from realtime.records import Snapshot

_FADE_S = 0.15


class ActionKind(StrEnum):
    """What a person can ask for at the screen."""

    NEUTRAL = "neutral"
    BASELINE = "baseline"
    MUTE = "mute"
    MARK = "mark"
    SAY_IT_NOW = "say it now"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class UserAction:
    """A wish; `text` is the note of a mark."""

    kind: ActionKind
    text: str = ""


_KEYS = {
    pygame.K_n: ActionKind.NEUTRAL,
    pygame.K_b: ActionKind.BASELINE,
    pygame.K_m: ActionKind.MUTE,
    pygame.K_c: ActionKind.SAY_IT_NOW,
    pygame.K_q: ActionKind.QUIT,
    pygame.K_ESCAPE: ActionKind.QUIT,
}


def display_available() -> bool:
    """Whether there is a display to open a window on."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class Screen:
    """A window, or the same drawing without one.

    Parameters
    ----------
    settings : ScreenSettings
        Size and whether it fills the screen.
    language : str
        ``en`` or ``de``.
    headless : bool
        Draw without a window, for pictures.
    """

    def __init__(
        self, settings: ScreenSettings, language: str = "en", headless: bool = False
    ) -> None:
        self._settings = settings
        self._texts = Texts(language)
        self._headless = headless
        self._pen = Pen()
        self._coach, self._runner = CoachScene(), RunnerScene()
        self._show_runner = False
        self._show_help = False
        self._note: str | None = None
        self._surface: pygame.Surface | None = None
        self._full = settings.fullscreen

    def open(self) -> None:
        """Open the window.

        Raises
        ------
        UserError
            When there is no display after all.
        """
        if self._headless:
            os.environ["SDL_VIDEODRIVER"] = "dummy"
        try:
            pygame.display.init()
            pygame.font.init()
            self._resize((self._settings.width, self._settings.height))
        except pygame.error as error:
            raise UserError(
                "cannot open a window", str(error), "add --headless to go on without one"
            ) from error
        pygame.display.set_caption("hipcue")
        pygame.key.set_repeat(400, 40)

    def _resize(self, size: tuple[int, int]) -> None:
        flags = pygame.FULLSCREEN if self._full else pygame.RESIZABLE
        self._surface = pygame.display.set_mode((0, 0) if self._full else size, flags)

    def view(self, name: str) -> None:
        """Choose the view: ``coach`` or ``runner``."""
        self._show_runner = name == "runner"

    def show(self, snapshot: Snapshot) -> list[UserAction]:
        """Draw a frame; return what was asked for since the last one."""
        actions = self._listen()
        assert self._surface is not None
        self._pen.begin(self._surface)
        scene = self._runner if self._show_runner else self._coach
        scene.draw(self._pen, snapshot, self._texts)
        if self._note is not None:
            self._dialog(self._texts("mark_title"), self._note + "|", self._texts("mark_hint"))
        elif self._show_help:
            self._help()
        pygame.display.flip()
        return actions

    def _listen(self) -> list[UserAction]:
        actions: list[UserAction] = []
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                actions.append(UserAction(ActionKind.QUIT))
            elif event.type == pygame.VIDEORESIZE and not self._full:
                self._resize((max(event.w, 640), max(event.h, 360)))
            elif event.type == pygame.KEYDOWN:
                action = self._key(event)
                if action is not None:
                    actions.append(action)
        return actions

    def _key(self, event: pygame.event.Event) -> UserAction | None:
        if self._note is not None:
            return self._type(event)
        if event.key == pygame.K_SPACE:
            self._note = ""
        elif event.key == pygame.K_F2:
            self._show_runner = not self._show_runner
        elif event.key == pygame.K_F11:
            self._full = not self._full
            self._resize((self._settings.width, self._settings.height))
        elif event.unicode == "?" or event.key == pygame.K_F1:
            self._show_help = not self._show_help
        elif self._show_help and event.key == pygame.K_ESCAPE:
            self._show_help = False
        elif event.key in _KEYS:
            return UserAction(_KEYS[event.key])
        return None

    def _type(self, event: pygame.event.Event) -> UserAction | None:
        """Keys go into the note while one is being typed."""
        assert self._note is not None
        if event.key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            note, self._note = self._note.strip(), None
            return UserAction(ActionKind.MARK, note)
        if event.key == pygame.K_ESCAPE:
            self._note = None
        elif event.key == pygame.K_BACKSPACE:
            self._note = self._note[:-1]
        elif event.unicode and event.unicode.isprintable() and len(self._note) < 80:
            self._note += event.unicode
        return None

    def _dialog(self, title: str, line: str, hint: str) -> None:
        pen = self._pen
        box = Box(pen.width / 2 - 380, pen.height / 2 - 110, 760, 220)
        pen.veil(Box(0, 0, pen.width, pen.height), 150)
        pen.placed.clear()
        pen.panel(box)
        x, most = box.x + 32, box.w - 64
        pen.text(title, (x, box.y + 52), theme.ROW, weight=theme.SEMIBOLD)
        pen.fill(Box(x, box.y + 80, most, 56), theme.LINE, 6)
        pen.text(line, (x + 16, box.y + 117), theme.NAME + 2, most=most - 32)
        pen.text(hint, (x, box.y + 180), theme.SMALL, theme.GREY, most=most)

    def _help(self) -> None:
        pen = self._pen
        keys = [part.strip() for part in self._texts("keys").split("   ")]
        keys.insert(1, "B baseline")
        box = Box(pen.width / 2 - 260, pen.height / 2 - 250, 520, 90 + 44 * len(keys))
        pen.veil(Box(0, 0, pen.width, pen.height), 150)
        pen.placed.clear()
        pen.panel(box)
        pen.text(
            self._texts("help_title"),
            (box.x + 32, box.y + 52),
            theme.ROW,
            weight=theme.SEMIBOLD,
        )
        for k, words in enumerate(keys):
            key, _, rest = words.partition(" ")
            y = box.y + 100 + 44 * k
            pen.text(key, (box.x + 32, y), theme.NAME, weight=theme.SEMIBOLD)
            pen.text(rest, (box.x + 160, y), theme.NAME, theme.GREY)

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Every text of the last frame and where it stood, for tests."""
        return tuple(self._pen.placed)

    def screenshot(self, path: Path) -> None:
        """Write the last frame as PNG.

        Raises
        ------
        OSError
            When the file cannot be written.
        """
        assert self._surface is not None
        try:
            pygame.image.save(self._surface, str(path))
        except pygame.error as error:
            raise OSError(str(error)) from error

    def close(self) -> None:
        """Close the window."""
        pygame.display.quit()
        self._surface = None
