"""The runner's own window, on another screen, beside the coach's.

pygame has one window of its own. The runner's is a window of SDL with a texture, to which the
same drawing is handed.
"""

from __future__ import annotations

from pathlib import Path

import pygame
from pygame._sdl2.sdl2 import error as sdl_error
from pygame._sdl2.video import Renderer, Texture, Window

from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.draw_log import DrawLog
from hipcue.realtime.hud.draw.strokes import new_surface
from hipcue.realtime.hud.draw.theme import LEAST_SIZE, Theme
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.hud.scenes.runner import RunnerScene
from hipcue.realtime.hud.screenshot import write_png
from hipcue.realtime.view.snapshot import Snapshot

# The runner's number changes once per stride: every third frame is enough for the fade.
_EVERY = 3


class RunnerWindow:
    """The runner's own window; closed until asked for.

    Parameters
    ----------
    tilt_band_deg : float
        Display band of the pelvic tilt before there is a baseline.
    log : DrawLog, optional
        Records every word and sign of the last frame.
    """

    def __init__(self, tilt_band_deg: float, log: DrawLog | None = None) -> None:
        self._log = log
        self.scene = RunnerScene(tilt_band_deg)
        self._window: Window | None = None
        self._renderer: Renderer | None = None
        self._texture: Texture | None = None
        self._surface: pygame.Surface | None = None
        self._full = False
        self._count = 0

    @property
    def is_open(self) -> bool:
        """Whether the window is open."""
        return self._window is not None

    def owns(self, event: pygame.event.Event) -> bool:
        """Return whether an event happened in this window."""
        window = getattr(event, "window", None)
        return self._window is not None and window is not None and window == self._window

    def toggle(self) -> None:
        """Open it, or close it; where the system gives no other window it stays closed."""
        if self._window is not None:
            self.close()
            return
        try:
            self._window = Window("hipcue", size=(1280, 720), resizable=True)
            self._renderer = Renderer(self._window)
        except (sdl_error, pygame.error):
            self.close()
        self._count = 0
        self.scene.opened()

    def toggle_full(self) -> None:
        """Fill the screen it is on, or go back."""
        if self._window is not None:
            self._full = not self._full
            if self._full:
                self._window.set_fullscreen(True)
            else:
                self._window.set_windowed()

    def show(self, snapshot: Snapshot, texts: Texts, metric: str) -> None:
        """Draw the runner's number, in every third frame while the window is open."""
        if self._window is None or self._renderer is None:
            return
        self._count += 1
        if self._count % _EVERY != 1:
            return
        surface = self._fit(self._window, self._renderer)
        self.scene.metric = metric
        if self._log is not None:
            self._log.begin()
        canvas = Canvas(surface, Theme(surface.get_size()), log=self._log)
        self.scene.draw(canvas, snapshot, texts)
        assert self._texture is not None
        self._texture.update(surface)
        self._renderer.blit(self._texture)
        self._renderer.present()

    def _fit(self, window: Window, renderer: Renderer) -> pygame.Surface:
        """Return a surface of the window's shape, at least as large as the smallest screen."""
        width, height = window.size
        factor = max(LEAST_SIZE[0] / max(width, 1), LEAST_SIZE[1] / max(height, 1), 1.0)
        size = (round(width * factor), round(height * factor))
        if self._surface is None or self._surface.get_size() != size:
            self._surface = new_surface(size)
            self._texture = Texture(renderer, size, streaming=True)
        return self._surface

    def screenshot(self, path: Path | str) -> None:
        """Write what was drawn last as a picture; nothing while it is closed.

        Raises
        ------
        OSError
            When it cannot be written.
        """
        if self._surface is not None:
            write_png(self._surface, path)

    def close(self) -> None:
        """Close it."""
        if self._window is not None:
            self._window.destroy()
        self._window = self._renderer = self._texture = self._surface = None
        self._full = False
