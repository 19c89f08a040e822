"""Keys and clicks: which view, which dialog, and which wishes leave the screen."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

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
from hipcue.realtime.hud.draw.draw_log import Target
from hipcue.realtime.hud.input.actions import ActionKind, UserAction
from hipcue.realtime.hud.input.choices import Choices
from hipcue.realtime.hud.input.replay_keys import Scrub, replay_key, replay_wish
from hipcue.realtime.hud.runner_window import RunnerWindow
from hipcue.realtime.hud.scenes.runner import METRICS
from hipcue.realtime.hud.window import Window
from hipcue.realtime.records import RunnerState
from hipcue.realtime.view.snapshot import Snapshot


class View(StrEnum):
    """What the window shows."""

    SETUP = "setup"
    COACH = "coach"
    RUNNER = "runner"


# Keys by what they do; the names are those of the hints, which can be clicked.
_KEYS = {
    pygame.K_n: "neutral",
    pygame.K_b: "baseline",
    pygame.K_m: "mute",
    pygame.K_SPACE: "mark",
    pygame.K_c: "cues",
    pygame.K_s: "say",
    pygame.K_r: "name",
    pygame.K_l: "latency",
    pygame.K_F2: "view",
    pygame.K_F3: "setup",
    pygame.K_F4: "second",
    pygame.K_F11: "full",
    pygame.K_F1: "help",
    pygame.K_h: "help",
    pygame.K_QUESTION: "help",
    pygame.K_q: "quit",
    pygame.K_ESCAPE: "quit",
    pygame.K_RETURN: "start",
    pygame.K_KP_ENTER: "start",
    **{getattr(pygame, f"K_{number + 1}"): metric for number, metric in enumerate(METRICS)},
}
_PLAIN = {
    "neutral": ActionKind.NEUTRAL,
    "baseline": ActionKind.BASELINE,
    "mute": ActionKind.MUTE,
    "say": ActionKind.SAY_IT_NOW,
}


class Controls:
    """Holds the view and the dialog, and turns events into wishes.

    Parameters
    ----------
    window : Window
        For full screen, size, and places of clicks.
    second : RunnerWindow
        The runner's.
    choices : Choices
        What the dialogs choose.
    """

    def __init__(self, window: Window, second: RunnerWindow, choices: Choices) -> None:
        self._window = window
        self._second = second
        self._choices = choices
        self.view = View.SETUP
        self.dialog: Dialog | None = None
        self.scrub = Scrub()
        self._new = True
        self._led = True
        self._swallow = ""

    def look_at(self, view: View) -> None:
        """Change the view by hand; it no longer changes by itself."""
        self._led = False
        self._go(view)

    def _go(self, view: View) -> None:
        if view is not self.view:
            self.view, self._new, self.dialog = view, True, None

    def view_is_new(self) -> bool:
        """Whether the view has changed since this was last asked."""
        new, self._new = self._new, False
        return new

    def listen(
        self,
        events: Sequence[pygame.event.Event],
        snapshot: Snapshot,
        targets: Sequence[Target],
    ) -> list[UserAction]:
        """Take what happened since the last frame, in order."""
        actions: list[UserAction] = []
        for event in events:
            actions += self._take(event, snapshot, targets)
        if self._led and self.view is View.SETUP and _runs(snapshot):
            self._led = False
            self._go(View.COACH)
        return actions

    def _take(
        self, event: pygame.event.Event, snapshot: Snapshot, targets: Sequence[Target]
    ) -> Sequence[UserAction]:
        if event.type == pygame.QUIT:
            return (UserAction(ActionKind.QUIT),)
        if event.type == pygame.WINDOWCLOSE:
            # With two windows open, closing one sends no QUIT.
            if self._second.owns(event):
                self._second.close()
            elif self._second.is_open:
                return (UserAction(ActionKind.QUIT),)
            return ()
        if event.type == pygame.VIDEORESIZE:
            self._window.resized()
        elif event.type == pygame.KEYDOWN:
            if event.key == pygame.K_F11 and self._second.owns(event):
                self._second.toggle_full()
                return ()
            mod = getattr(event, "mod", 0)
            return self._key(event.key, event.unicode, mod, snapshot)
        elif event.type == pygame.TEXTINPUT:
            # The key that opened a dialog is not the first letter typed into it.
            if self.dialog is not None and event.text != self._swallow:
                self.dialog.typed(event.text)
            self._swallow = ""
        elif self._second.owns(event):
            return ()
        scrubbed = self.scrub.take(event, self._window.to_surface, snapshot, targets)
        if scrubbed is not None:
            return scrubbed
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            return self._click(self._window.to_surface(event.pos), snapshot, targets)
        return ()

    def _key(self, key: int, letter: str, mod: int, snapshot: Snapshot) -> Sequence[UserAction]:
        self._swallow = ""
        if key in (pygame.K_F11, pygame.K_F2, pygame.K_F3, pygame.K_F4):
            return self._do(_KEYS[key], snapshot)
        if self.dialog is not None:
            if isinstance(self.dialog, HelpDialog) and letter == "?":
                self.dialog = None
                return ()
            return self._answer(self.dialog, self.dialog.key(key, snapshot))
        name = "help" if letter == "?" else _KEYS.get(key, "")
        if snapshot.replay is not None:
            name = replay_key(key, letter, mod)
        self._swallow = letter
        return self._do(name, snapshot)

    def _answer(self, dialog: Dialog, answer: Answer) -> Sequence[UserAction]:
        if answer.closed and self.dialog is dialog:
            self.dialog = None
        return answer.actions

    def _do(self, name: str, snapshot: Snapshot) -> Sequence[UserAction]:
        """Do what a key or a hint says."""
        if snapshot.replay is not None:
            wishes = replay_wish(name, snapshot.replay.timeline)
            if wishes is not None:
                return wishes
        if name in _PLAIN:
            return (UserAction(_PLAIN[name], t_s=snapshot.t_s),)
        if name in METRICS:
            self._choices.metric = name
        elif name == "mark":
            self.dialog = MarkDialog(snapshot)
        elif name == "cues":
            self.dialog = CueDialog(self._choices)
        elif name == "name":
            self.dialog = NameDialog(snapshot)
        elif name == "latency":
            self.dialog = LatencyDialog()
        elif name == "help":
            self.dialog = HelpDialog()
        elif name == "quit":
            self.dialog = QuitDialog()
        elif name == "view":
            self.look_at(View.RUNNER if self.view is View.COACH else View.COACH)
        elif name == "setup":
            self.look_at(View.SETUP)
        elif name == "second":
            self._second.toggle()
        elif name == "full":
            self._window.toggle_full()
        elif name == "number":
            at = METRICS.index(self._choices.metric)
            self._choices.metric = METRICS[(at + 1) % len(METRICS)]
        elif name == "start" and self.view is View.SETUP:
            self.look_at(View.COACH)
            return (UserAction(ActionKind.START, t_s=snapshot.t_s),)
        return ()

    def _click(
        self, at: tuple[int, int], snapshot: Snapshot, targets: Sequence[Target]
    ) -> Sequence[UserAction]:
        hit = [target for target in targets if pygame.Rect(target.box).collidepoint(at)]
        if not hit:
            return ()
        # What lies on top, and there what was drawn last.
        layer = max(target.layer for target in hit)
        name = [target.name for target in hit if target.layer == layer][-1]
        if layer > 0 and self.dialog is not None:
            return self._answer(self.dialog, self.dialog.click(name, snapshot))
        if self.dialog is None and name.startswith("key:"):
            return self._do(name.removeprefix("key:"), snapshot)
        return ()


def _runs(snapshot: Snapshot) -> bool:
    """Whether the runner is under way."""
    if not snapshot.strides or snapshot.result is None:
        return False
    return snapshot.result.state not in (RunnerState.WAITING, RunnerState.NEUTRAL)
