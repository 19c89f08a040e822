"""The screen: shows snapshots, and returns what people asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pygame

from hipcue.config.settings import ScreenSettings
from hipcue.realtime.hud.controls import Controls
from hipcue.realtime.hud.dialogs import Dialog, Place
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.draw_log import DrawLog
from hipcue.realtime.hud.draw.target import Target
from hipcue.realtime.hud.draw.theme import MARGIN
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.hud.input.view_commands import View
from hipcue.realtime.hud.runner_window import RunnerWindow
from hipcue.realtime.hud.scenes.coach import CoachScene
from hipcue.realtime.hud.scenes.runner import RunnerScene
from hipcue.realtime.hud.scenes.setup import SetupScene
from hipcue.realtime.hud.screenshot import write_png
from hipcue.realtime.hud.widgets.footer import footer_height
from hipcue.realtime.hud.widgets.header import header_height
from hipcue.realtime.hud.widgets.replay_bar import ReplayBar, bar_height
from hipcue.realtime.hud.window import Window
from hipcue.realtime.view.commands import UserCommand
from hipcue.realtime.view.snapshot import Snapshot

_SIDE_WIDTH = 800
_CHANGED = (
    pygame.VIDEORESIZE,
    pygame.VIDEOEXPOSE,
    pygame.WINDOWEXPOSED,
    pygame.WINDOWSHOWN,
    pygame.WINDOWRESTORED,
    pygame.WINDOWSIZECHANGED,
    pygame.WINDOWDISPLAYCHANGED,
)


class Scene(Protocol):
    """What a view draws with."""

    def draw(self, canvas: Canvas, snapshot: Snapshot, texts: Texts) -> None:
        """Draw one frame."""


class Screen:
    """A window with three views and the dialogs on top of them.

    It begins with the set-up and goes on to the coach's view by itself with the first
    strides.

    Parameters
    ----------
    settings : ScreenSettings
        Size, full screen, display band.
    language : str
        ``en`` or ``de``.
    headless : bool
        The same drawing without a window.
    log, runner_log : DrawLog, optional
        Record every word and sign of the last frame, of this window and of the runner's.
    """

    def __init__(
        self,
        settings: ScreenSettings,
        language: str = "en",
        headless: bool = False,
        *,
        log: DrawLog | None = None,
        runner_log: DrawLog | None = None,
    ) -> None:
        self._log = log
        size = (settings.width, settings.height)
        self._window = Window(size, settings.fullscreen, headless)
        self._texts = Texts(language)
        self._coach = CoachScene(settings.tilt_band_deg)
        self._runner = RunnerScene(settings.tilt_band_deg)
        self._setup = SetupScene()
        self._scenes: dict[View, Scene] = {
            View.SETUP: self._setup,
            View.COACH: self._coach,
            View.RUNNER: self._runner,
        }
        self._runner_window = RunnerWindow(settings.tilt_band_deg, runner_log)
        self._controls = Controls(self._window, self._runner_window)
        self._replay = ReplayBar()
        self._canvas: Canvas | None = None
        # What the last frame was drawn on; None where something lay over it.
        self._drawn: tuple[pygame.Surface, tuple[int, int]] | None = None

    @property
    def view(self) -> View:
        """What the window shows."""
        return self._controls.view

    @view.setter
    def view(self, view: View) -> None:
        self._controls.look_at(view)

    @property
    def dialog(self) -> Dialog | None:
        """What lies on top of it."""
        return self._controls.dialog

    @property
    def runner_window(self) -> RunnerWindow:
        """The runner's own window."""
        return self._runner_window

    @property
    def targets(self) -> list[Target]:
        """Every place of the last frame that answers to the mouse."""
        return self._canvas.targets if self._canvas is not None else []

    def open(self) -> None:
        """Open the window.

        Raises
        ------
        UserError
            When the system gives none.
        """
        self._window.open()

    def show(self, snapshot: Snapshot) -> list[UserCommand]:
        """Draw one frame; return what was asked for since the last one."""
        events = pygame.event.get()
        commands = self._controls.take(events, snapshot, self.targets)
        if self._log is not None:
            self._log.begin()
        canvas = self._scene_canvas(snapshot)
        canvas.kept = self._keeps_the_last_frame(canvas, events)
        self._runner.metric = self._controls.metric
        place = self.dialog.place if self.dialog is not None else None
        self._runner.covered = place in (Place.LOW, Place.BODY)
        self._runner.side_px = self._side_width(canvas) if place is Place.SIDE else 0
        if self._controls.view_is_new():
            self._runner.opened()
        self._scenes[self.view].draw(canvas, snapshot, self._texts)
        if self.dialog is not None:
            self.dialog.draw(canvas, self._place(canvas, self.dialog), snapshot, self._texts)
        self._draw_bar(canvas, snapshot)
        self._canvas = canvas
        self._window.flip()
        self._runner_window.show(snapshot, self._texts, self._controls.metric)
        return commands

    def _keeps_the_last_frame(self, canvas: Canvas, events: Sequence[pygame.event.Event]) -> bool:
        """Return whether the window still holds the coach's last frame, with nothing over it.

        The system may take the picture of a window away with any change of it.
        """
        before, now = self._drawn, (self._window.surface, canvas.rect.size)
        free = self.dialog is None and self.view is View.COACH
        self._drawn = now if free else None
        if not free or before is None or any(event.type in _CHANGED for event in events):
            return False
        return before[0] is now[0] and before[1] == now[1]

    def _scene_canvas(self, snapshot: Snapshot) -> Canvas:
        """Return a canvas of the whole window, in a replay without its bar."""
        surface, theme = self._window.surface, self._window.theme
        if snapshot.replay is not None:
            box = surface.get_rect()
            box.height -= bar_height(theme)
            surface = surface.subsurface(box)
        return Canvas(surface, theme, log=self._log)

    def _draw_bar(self, canvas: Canvas, snapshot: Snapshot) -> None:
        """Draw the bar of a replay below the scene."""
        if snapshot.replay is None:
            return
        whole = Canvas(self._window.surface, canvas.theme, log=self._log)
        rect = whole.rect
        rect.top, rect.height = canvas.rect.h, whole.rect.h - canvas.rect.h
        self._replay.draw(whole, rect, snapshot, self._texts, self._controls.scrub.hover_s)
        canvas.targets.extend(whole.targets)

    def _place(self, canvas: Canvas, dialog: Dialog) -> pygame.Rect:
        """Return where a dialog lies: over whole parts of the scene, so that it cuts none."""
        theme = canvas.theme
        margin = theme.px(MARGIN)
        top = header_height(canvas) + margin
        bottom = canvas.rect.h - footer_height(canvas)
        body = pygame.Rect(margin, top, canvas.rect.w - 2 * margin, bottom - top)
        if dialog.place is Place.BODY:
            return body
        if self.view is View.COACH and self._coach.layout is not None:
            layout = self._coach.layout
            return layout.charts_box if dialog.place is Place.LOW else layout.column
        if dialog.place is Place.LOW:
            low = self._setup if self.view is View.SETUP else self._runner
            return low.low_box(canvas)
        side = body.copy()
        side.width = self._side_width(canvas) - 2 * margin
        side.right = body.right
        return side

    def _side_width(self, canvas: Canvas) -> int:
        """Return the width of a dialog at the side of a view without a column, with margins."""
        return min(canvas.theme.px(_SIDE_WIDTH), canvas.rect.w)

    def screenshot(self, path: Path | str) -> None:
        """Write what was drawn last as a picture.

        Raises
        ------
        OSError
            When it cannot be written.
        """
        write_png(self._window.surface, path)

    def close(self) -> None:
        """Close the window, and the runner's."""
        self._runner_window.close()
        self._window.close()
