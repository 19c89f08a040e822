"""What people ask for on the main thread, until the thread of the engine takes it."""

from __future__ import annotations

import threading

from hipcue.realtime.records import EngineCommand


class CommandInbox:
    """Holds commands until the next step. Any thread may put, one takes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._commands: list[EngineCommand] = []

    def put(self, command: EngineCommand) -> None:
        """Add a command."""
        with self._lock:
            self._commands.append(command)

    def take_all(self) -> tuple[EngineCommand, ...]:
        """Return what came since the last call, in order."""
        with self._lock:
            taken = tuple(self._commands)
            self._commands.clear()
        return taken
