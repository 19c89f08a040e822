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
    # Of a replay only.
    PAUSE = "pause"
    SEEK = "seek"
    SKIP = "skip"
    STRIDE = "stride"
    PICTURE = "picture"
    PEAK = "peak"
    SPEED = "speed"
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
        ``held`` for a ``SEEK`` while the mouse is down; else empty.
    number : float or None
        For ``SET_BAND``: degrees of tilt above the runner's usual that are tolerated. For
        ``SEEK`` the moment on the session's clock, for ``SKIP`` seconds, for ``STRIDE``,
        ``PICTURE`` and ``SPEED`` steps; backwards negative.
    t_s : float or None
        The snapshot's time when the wish began: a mark lies where the key was pressed,
        not where the note was finished.
    """

    kind: ActionKind
    text: str = ""
    number: float | None = None
    t_s: float | None = None
