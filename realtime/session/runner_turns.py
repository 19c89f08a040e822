"""Who ran when: several runners can share one session, one after the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from operator import itemgetter

from hipcue.realtime.records import EngineCommand, NewRunner
from hipcue.realtime.session.header import SessionHeader


class RunnerTurns:
    """From which step on who ran.

    Parameters
    ----------
    header : SessionHeader
        Its settings name who began; its runner is whoever was named last.
    commands : iterable of (int, EngineCommand)
        The step that took each command, and the command.
    """

    def __init__(
        self, header: SessionHeader, commands: Iterable[tuple[int, EngineCommand]]
    ) -> None:
        told = [(step, one.name) for step, one in commands if isinstance(one, NewRunner)]
        begun = header.settings.get("runner")
        first = begun.get("name") if isinstance(begun, dict) else None
        self.turns = [(0, str(first or "") if told else header.runner)]
        for step, name in told:
            if name != self.turns[-1][1]:
                self.turns.append((step, name))

    def at(self, step: int) -> str:
        """Who ran when a step was taken: they took the strides that were known with it."""
        return self.turns[bisect_right(self.turns, step, key=itemgetter(0)) - 1][1]
