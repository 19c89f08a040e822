"""The window itself: is there a display, open it, size it, full screen."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pygame
from pygame._sdl2.video import Window as SdlWindow

from hipcue.config.errors import UserError
from hipcue.realtime.hud.draw.strokes import MASKS, new_surface
from hipcue.realtime.hud.draw.theme import LEAST_SIZE, Theme

_DRIVER = "SDL_VIDEODRIVER"
# Drivers that draw without anybody seeing it.
_BLIND = ("dummy", "offscreen", "evdev")


def display_available() -> bool:
    """Return whether a window can be opened: tries it, unless one is open already.

    A display that was reached stays reached for the window to come: an X server with nobody
    else on it starts anew when its last program lets go, and turns the next one away meanwhile.
    """
    if pygame.display.get_init():
        return pygame.display.get_driver() not in _BLIND
    if os.environ.get(_DRIVER) in _BLIND:
        return False
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not named:
        return False
    try:
        pygame.display.init()
    except pygame.error:
        return False
    if pygame.display.get_driver() in _BLIND:
        pygame.display.quit()
        return False
    return True


@contextmanager
def _driver(name: str | None) -> Iterator[None]:
    """Choose a video driver while the display is initialised, and no longer."""
    before = os.environ.get(_DRIVER)
    if name is not None:
        os.environ[_DRIVER] = name
    try:
        yield
    finally:
        if name is not None:
            if before is None:
                del os.environ[_DRIVER]
            else:
                os.environ[_DRIVER] = before


class Window:
    """A window, or a picture in memory where `headless`.

    `surface` is what scenes draw on: at least 1024x600; a smaller window shows it scaled
    down.

    Parameters
    ----------
    size : (width, height)
        Wanted, pixels.
    fullscreen : bool
        Fill the screen.
    headless : bool
        No window at all.
    """

    def __init__(self, size: tuple[int, int], fullscreen: bool, headless: bool) -> None:
        self._size = size
        self._full = fullscreen and not headless
        self._headless = headless
        self._window: pygame.Surface | None = None
        self._surface: pygame.Surface | None = None
        self._sdl: SdlWindow | None = None
        self.theme = Theme(size)

    def open(self) -> None:
        """Open it.

        Raises
        ------
        UserError
            When the system gives none.
        """
        # A window on a high-density screen gets all of its pixels.
        os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")
        try:
            with _driver("dummy" if self._headless else None):
                pygame.display.init()
            asked = os.environ.get(_DRIVER)
            got = pygame.display.get_driver()
            if not self._headless and got in _BLIND and got != asked:
                # SDL falls back to a display that nobody sees, without a word.
                pygame.display.quit()
                raise pygame.error("the display was lost; SDL offers only one that nobody sees")
            pygame.font.init()
            pygame.display.set_caption("hipcue")
            self._set_mode()
        except pygame.error as error:
            raise UserError(
                "cannot open a window", str(error), "go on without one: --headless"
            ) from error
        pygame.key.set_repeat(400, 40)
        pygame.key.start_text_input()

    def _set_mode(self) -> None:
        if pygame.display.get_driver() == "x11":
            # The picture goes to the server as it is. SDL's own way is through OpenGL, which
            # takes 70 MB and, where there is no graphics card, a core beside ours.
            os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
        self._window = pygame.display.set_mode(self._size, pygame.RESIZABLE)
        # Kept for as long as there are events: pygame 2.6 gives each of them this very object,
        # whether it still exists or not, and ends with a segmentation fault if it does not.
        with warnings.catch_warnings():
            # pygame-ce would rather have no window of the old kind; both have this one.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._sdl = SdlWindow.from_display_module()
        if self._full:
            self._sdl.set_fullscreen(True)
        self._fit()

    def _fit(self) -> None:
        """Draw into the window where its memory allows it, else beside it."""
        assert self._window is not None
        size = self._window.get_size()
        factor = max(LEAST_SIZE[0] / size[0], LEAST_SIZE[1] / size[1], 1.0)
        wanted = (round(size[0] * factor), round(size[1] * factor))
        plain = self._window.get_bitsize() == 32 and self._window.get_masks() == MASKS
        if plain and factor == 1.0:
            self._surface = self._window
        else:
            self._surface = new_surface(wanted)
        self.theme = Theme(self._surface.get_size())

    @property
    def surface(self) -> pygame.Surface:
        """What to draw on."""
        assert self._surface is not None, "the window is not open"
        return self._surface

    def resized(self) -> None:
        """Take note of a new size that the system gave the window."""
        window: pygame.Surface | None = pygame.display.get_surface()
        assert window is not None, "the window is not open"
        self._window = window
        if not self._full:
            self._size = window.get_size()
        self._fit()

    def toggle_full(self) -> None:
        """Fill the screen, or go back to a window."""
        if self._headless or self._sdl is None:
            return
        self._full = not self._full
        # The window stays the same one: a new one would lose keys that are on their way.
        # Its new size comes as an event.
        if self._full:
            self._sdl.set_fullscreen(True)
        else:
            self._sdl.set_windowed()

    def to_surface(self, at: tuple[int, int]) -> tuple[int, int]:
        """Turn a place in the window into one on the surface."""
        assert self._window is not None
        width, height = self.surface.get_size()
        shown = self._window.get_size()
        return round(at[0] * width / shown[0]), round(at[1] * height / shown[1])

    def flip(self) -> None:
        """Show what was drawn."""
        assert self._window is not None
        if self._surface is not self._window:
            small = self._window.get_size()
            if small == self.surface.get_size():
                self._window.blit(self.surface, (0, 0))
            else:
                pygame.transform.smoothscale(self.surface, small, self._window)
        pygame.display.flip()

    def close(self) -> None:
        """Close it."""
        pygame.display.quit()
        self._window = self._surface = None
