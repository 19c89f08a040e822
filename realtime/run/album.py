"""Pictures of the screen of a session that nobody watched, kept in its folder."""

from __future__ import annotations

from pathlib import Path

from hipcue.realtime.hud import Screen
from hipcue.realtime.records import RunnerState
from hipcue.realtime.session.folder import keep_private

# A picture is kept when the state has been new for this long, and every so often.
_SETTLED_S, _EVERY_S, _MOST = 2.0, 30.0, 60


class Album:
    """Pictures of the screen of a session that nobody watched."""

    def __init__(self, screen: Screen, folder: Path | None) -> None:
        self._screen = screen
        self._folder = folder
        self._state: RunnerState | None = None
        self._since_s = 0.0
        self._taken: set[RunnerState] = set()
        self._last_s = -_EVERY_S
        self._count = 0

    def add_screen(self, now_s: float, state: RunnerState | None) -> None:
        """Take a picture when there is something new to see."""
        if state is not self._state:
            self._state, self._since_s = state, now_s
        settled = now_s - self._since_s > _SETTLED_S
        fresh = state is not None and state not in self._taken and settled
        if fresh or (now_s - self._last_s > _EVERY_S and self._count < _MOST):
            self._last_s = now_s
            if state is not None:
                self._taken.add(state)
            self._take("start" if state is None else state.value)

    def close(self) -> None:
        """Take the last one."""
        self._take("end")

    def _take(self, word: str) -> None:
        if self._folder is None:
            return
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._count += 1
            name = f"{self._count:03d}-{word.replace(' ', '-')}.png"
            self._screen.screenshot(self._folder / name)
            keep_private(self._folder / name)
        except OSError:
            self._folder = None  # The store says what is wrong with the disk.
