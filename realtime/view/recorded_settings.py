"""Which settings were in force at a moment of a recorded session, and who ran."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

import numpy as np
from pydantic import ValidationError

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.realtime.records import NewRunner, SettingCommand, apply_command
from hipcue.realtime.session import SessionReader


class RecordedSettings:
    """The settings of a session's header, and what was chosen while it was recorded.

    Parameters
    ----------
    session : SessionReader
        Read once, here.
    time_of : callable
        Returns when a step was.
    """

    def __init__(self, session: SessionReader, time_of: Callable[[int], float]) -> None:
        self._known = _in_force(session, time_of)
        (_, first), *later = session.runner_turns.turns
        self._turns = [(-np.inf, first), *((time_of(step), name) for step, name in later)]

    def settings_at(self, t_s: float) -> Settings | None:
        """Return the settings in force; None for a session of another version."""
        known = bisect_right(self._known, t_s, key=lambda pair: pair[0])
        return self._known[known - 1][1] if known else None

    def turn_at(self, t_s: float) -> tuple[float, str]:
        """Return since when who has been running."""
        return self._turns[bisect_right(self._turns, t_s, key=lambda turn: turn[0]) - 1]


def _in_force(
    session: SessionReader, time_of: Callable[[int], float]
) -> list[tuple[float, Settings]]:
    """From when on which settings held; empty where they cannot be read."""
    try:
        settings = Settings.model_validate(session.header.settings)
        found = [(-np.inf, settings)]
        for step, command in session.command_steps:
            if isinstance(command, SettingCommand | NewRunner):
                settings = apply_command(settings, command)
                found.append((time_of(step), settings))
    except (ValidationError, UserError):
        return []  # Of another version: shown without its choices.
    return found
