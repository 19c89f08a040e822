"""What a person asks for at the screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActionKind(StrEnum):
    """The wishes that leave the screen; changes of view stay inside it."""

    NEUTRAL = "neutral"
    BASELINE = "baseline"
    MUTE = "mute"
    MARK = "mark"
    SAY_IT_NOW = "say_it_now"
    SET_BAND = "set_band"
    SET_FOCUS = "set_focus"
    SET_SCHEDULE = "set_schedule"
    RUNNER_NAME = "runner_name"
    START = "start"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class UserAction:
    """One wish.

    Attributes
    ----------
    kind : ActionKind
        What is wanted.
    text : str
        Note of a mark, name of a runner, or the schedule (``bandwidth``, ``every_stride``,
        ``faded``, ``retention``) or wording (``external``, ``internal``, ``ab``) chosen;
        else empty.
    number : float or None
        For ``SET_BAND``: degrees of tilt above the runner's usual that are tolerated.
    t_s : float or None
        The snapshot's time when the wish began: a mark lies where the key was pressed,
        not where the note was finished.
    """

    kind: ActionKind
    text: str = ""
    number: float | None = None
    t_s: float | None = None
