"""What changes only the screen itself: views, dialogs, windows, the runner's number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class View(StrEnum):
    """What the window shows."""

    SETUP = "setup"
    COACH = "coach"
    RUNNER = "runner"


class DialogName(StrEnum):
    """What can lie on top of a view."""

    MARK = "mark"
    CUES = "cues"
    NAME = "name"
    LATENCY = "latency"
    HELP = "help"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class ShowView:
    """Show a view."""

    view: View


@dataclass(frozen=True, slots=True)
class SwitchView:
    """Show the runner's view instead of the coach's, or the coach's instead of another."""


@dataclass(frozen=True, slots=True)
class LeaveSetup:
    """Go on from the set-up to the coach's view."""


@dataclass(frozen=True, slots=True)
class OpenDialog:
    """Open a dialog."""

    name: DialogName


@dataclass(frozen=True, slots=True)
class ShowMetric:
    """Show the runner a metric."""

    metric: str


@dataclass(frozen=True, slots=True)
class ShowNextMetric:
    """Show the runner the next metric."""


@dataclass(frozen=True, slots=True)
class ToggleFullScreen:
    """Fill the screen, or go back to a window."""


@dataclass(frozen=True, slots=True)
class ToggleRunnerWindow:
    """Open the runner's own window, or close it."""


ViewCommand = (
    ShowView
    | SwitchView
    | LeaveSetup
    | OpenDialog
    | ShowMetric
    | ShowNextMetric
    | ToggleFullScreen
    | ToggleRunnerWindow
)
