"""Which view is shown and which dialog lies on it; turns keys and clicks into commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pygame

from hipcue.realtime.hud.dialogs import (
    Answer,
    CueDialog,
    Dialog,
    HelpDialog,
    LatencyDialog,
    MarkDialog,
    NameDialog,
    QuitDialog,
)
from hipcue.realtime.hud.draw.target import Target
from hipcue.realtime.hud.facts.metric_style import RUNNER_METRICS
from hipcue.realtime.hud.input.choices import PendingChoices
from hipcue.realtime.hud.input.live_keys import VIEW_KEYS, live_command, live_key
from hipcue.realtime.hud.input.replay_keys import Scrub, replay_command, replay_key
from hipcue.realtime.hud.input.view_commands import (
    DialogName,
    LeaveSetup,
    OpenDialog,
    ShowMetric,
    ShowNextMetric,
    ShowView,
    SwitchView,
    ToggleFullScreen,
    ToggleRunnerWindow,
    View,
    ViewCommand,
)
from hipcue.realtime.hud.runner_window import RunnerWindow
from hipcue.realtime.hud.window import Window
from hipcue.realtime.records import RunnerState
from hipcue.realtime.view.commands import Quit, UserCommand
from hipcue.realtime.view.snapshot import Snapshot


class Controls:
    """Holds the view and the dialog, and turns events into commands.

    Parameters
    ----------
    window : Window
        For full screen, size, and places of clicks.
    runner_window : RunnerWindow
        The runner's.

    Attributes
    ----------
    metric : str
        What the runner's view shows.
    """

    def __init__(self, window: Window, runner_window: RunnerWindow) -> None:
        self._window = window
        self._runner_window = runner_window
        self.view = View.SETUP
        self.metric = RUNNER_METRICS[0]
        self.dialog: Dialog | None = None
        self.scrub = Scrub()
        choices = PendingChoices()
        self._dialogs: dict[DialogName, Callable[[Snapshot], Dialog]] = {
            DialogName.MARK: MarkDialog,
            DialogName.CUES: lambda snapshot: CueDialog(choices, lambda: self.metric),
            DialogName.NAME: NameDialog,
            DialogName.LATENCY: lambda snapshot: LatencyDialog(),
            DialogName.HELP: lambda snapshot: HelpDialog(),
            DialogName.QUIT: lambda snapshot: QuitDialog(),
        }
        self._new = True
        # Until somebody chooses a view by hand, the first strides open the coach's.
        self._follows_run = True
        self._swallow = ""

    def look_at(self, view: View) -> None:
        """Change the view by hand; it no longer changes by itself."""
        self._follows_run = False
        self._go(view)

    def _go(self, view: View) -> None:
        if view is not self.view:
            self.view, self._new, self.dialog = view, True, None

    def view_is_new(self) -> bool:
        """Return whether the view has changed since the last call."""
        new, self._new = self._new, False
        return new

    def take(
        self,
        events: Sequence[pygame.event.Event],
        snapshot: Snapshot,
        targets: Sequence[Target],
    ) -> list[UserCommand]:
        """Take what happened since the last frame, in order; return what leaves the screen."""
        commands: list[UserCommand] = []
        for event in events:
            commands += self._take(event, snapshot, targets)
        if self._follows_run and self.view is View.SETUP and _runs(snapshot):
            self._follows_run = False
            self._go(View.COACH)
        return commands

    def _take(
        self, event: pygame.event.Event, snapshot: Snapshot, targets: Sequence[Target]
    ) -> Sequence[UserCommand]:
        if event.type == pygame.QUIT:
            return (Quit(),)
        if event.type == pygame.WINDOWCLOSE:
            # With two windows open, closing one sends no QUIT.
            if self._runner_window.owns(event):
                self._runner_window.close()
            elif self._runner_window.is_open:
                return (Quit(),)
            return ()
        if event.type == pygame.VIDEORESIZE:
            self._window.resized()
        elif event.type == pygame.KEYDOWN:
            if event.key == pygame.K_F11 and self._runner_window.owns(event):
                self._runner_window.toggle_full()
                return ()
            mod = getattr(event, "mod", 0)
            return self._take_key(event.key, event.unicode, mod, snapshot)
        elif event.type == pygame.TEXTINPUT:
            # The key that opened a dialog is not the first letter typed into it.
            if self.dialog is not None and event.text != self._swallow:
                self.dialog.typed(event.text)
            self._swallow = ""
        elif self._runner_window.owns(event):
            return ()
        scrubbed = self.scrub.take(event, self._window.to_surface, snapshot, targets)
        if scrubbed is not None:
            return scrubbed
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            return self._click(self._window.to_surface(event.pos), snapshot, targets)
        return ()

    def _take_key(
        self, key: int, letter: str, mod: int, snapshot: Snapshot
    ) -> Sequence[UserCommand]:
        self._swallow = ""
        if key in VIEW_KEYS:
            return self._do(live_key(key, ""), snapshot)
        if self.dialog is not None:
            if isinstance(self.dialog, HelpDialog) and letter == "?":
                self.dialog = None
                return ()
            return self._answered(self.dialog, self.dialog.key(key, snapshot), snapshot)
        self._swallow = letter
        replayed = snapshot.replay is not None
        name = replay_key(key, letter, mod) if replayed else live_key(key, letter)
        return self._do(name, snapshot)

    def _click(
        self, at: tuple[int, int], snapshot: Snapshot, targets: Sequence[Target]
    ) -> Sequence[UserCommand]:
        hit = [target for target in targets if pygame.Rect(target.box).collidepoint(at)]
        if not hit:
            return ()
        # What lies on top, and there what was drawn last.
        layer = max(target.layer for target in hit)
        name = [target.name for target in hit if target.layer == layer][-1]
        if layer > 0 and self.dialog is not None:
            return self._answered(self.dialog, self.dialog.click(name, snapshot), snapshot)
        if self.dialog is None and name.startswith("key:"):
            return self._do(name.removeprefix("key:"), snapshot)
        return ()

    def _answered(
        self, dialog: Dialog, answer: Answer, snapshot: Snapshot
    ) -> Sequence[UserCommand]:
        if answer.closed and self.dialog is dialog:
            self.dialog = None
        return [left for command in answer.commands for left in self._obey(command, snapshot)]

    def _do(self, name: str, snapshot: Snapshot) -> Sequence[UserCommand]:
        """Do what a key or a hint stands for."""
        command: UserCommand | ViewCommand | None
        if snapshot.replay is not None:
            command = replay_command(name, snapshot.replay.timeline)
        else:
            command = live_command(name)
        return () if command is None else self._obey(command, snapshot)

    def _obey(
        self, command: UserCommand | ViewCommand, snapshot: Snapshot
    ) -> tuple[UserCommand, ...]:
        """Do what concerns the screen only; return what leaves it."""
        match command:
            case ShowView(view):
                self.look_at(view)
            case SwitchView():
                self.look_at(View.RUNNER if self.view is View.COACH else View.COACH)
            case LeaveSetup():
                if self.view is View.SETUP:
                    self.look_at(View.COACH)
            case OpenDialog(name):
                self.dialog = self._dialogs[name](snapshot)
            case ShowMetric(metric):
                self.metric = metric
            case ShowNextMetric():
                number = RUNNER_METRICS.index(self.metric) + 1
                self.metric = RUNNER_METRICS[number % len(RUNNER_METRICS)]
            case ToggleFullScreen():
                self._window.toggle_full()
            case ToggleRunnerWindow():
                self._runner_window.toggle()
            case _:
                return (command,)
        return ()


def _runs(snapshot: Snapshot) -> bool:
    """Return whether the runner is running."""
    if not snapshot.strides or snapshot.result is None:
        return False
    return snapshot.result.state not in (RunnerState.WAITING, RunnerState.NEUTRAL)
