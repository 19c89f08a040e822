"""Keys of a live run: what each of them does, and the command that stands for it."""

from __future__ import annotations

import pygame

from hipcue.realtime.hud.facts.metric_style import RUNNER_METRICS
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
from hipcue.realtime.records import EngineCommand, NewBaseline, SayCueNow, TakeNeutral
from hipcue.realtime.view.commands import SessionCommand, ToggleMute

METRIC_KEYS = {
    getattr(pygame, f"K_{number}"): metric for number, metric in enumerate(RUNNER_METRICS, 1)
}
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
    pygame.K_F4: "runner_window",
    pygame.K_F11: "full",
    pygame.K_F1: "help",
    pygame.K_h: "help",
    pygame.K_QUESTION: "help",
    pygame.K_q: "quit",
    pygame.K_ESCAPE: "quit",
    pygame.K_RETURN: "start",
    pygame.K_KP_ENTER: "start",
    **METRIC_KEYS,
}
# These work while a dialog is open too.
VIEW_KEYS = (pygame.K_F2, pygame.K_F3, pygame.K_F4, pygame.K_F11)

VIEW_COMMANDS: dict[str, ViewCommand] = {
    **{name.value: OpenDialog(name) for name in DialogName},
    **{metric: ShowMetric(metric) for metric in RUNNER_METRICS},
    "number": ShowNextMetric(),
    "start": LeaveSetup(),
    "setup": ShowView(View.SETUP),
    "view": SwitchView(),
    "runner_window": ToggleRunnerWindow(),
    "full": ToggleFullScreen(),
}
_COMMANDS: dict[str, EngineCommand | SessionCommand | ViewCommand] = {
    **VIEW_COMMANDS,
    "neutral": TakeNeutral(),
    "baseline": NewBaseline(),
    "say": SayCueNow(),
    "mute": ToggleMute(),
}


def live_key(key: int, letter: str) -> str:
    """Return the name of what a key does in a live run; empty where it does nothing."""
    return "help" if letter == "?" else _KEYS.get(key, "")


def live_command(name: str) -> EngineCommand | SessionCommand | ViewCommand | None:
    """Return the command that a key or a hint stands for; None where there is none."""
    return _COMMANDS.get(name)
