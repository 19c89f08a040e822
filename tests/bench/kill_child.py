"""A real recording run that tells every stride right before it is handed to the store.

    python -m tests.bench.kill_child FILM FOLDER

All is as in `hipcue run`: camera thread, pose model, engine, store, screen without a window.
Lines: "ready" with the first frame, then number and time of every stride, on the system's
monotonic clock.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from hipcue.config.settings import load_settings
from hipcue.realtime.commands import session_run
from hipcue.realtime.commands.run import run_live
from hipcue.realtime.records import StepResult
from hipcue.realtime.session import SessionWriter


class ToldWriter(SessionWriter):
    """The store, and a line for each stride that is handed to it."""

    def step(self, result: StepResult) -> None:
        """Tell first: what is killed in between was not handed over."""
        for stride in result.strides:
            os.write(1, f"{stride.index} {time.monotonic()}\n".encode())
        super().step(result)


def main() -> None:
    """Run it."""
    film, folder = sys.argv[1], Path(sys.argv[2])
    session_run.SessionWriter = ToldWriter  # type: ignore[misc]
    os.write(1, b"ready\n")
    settings = load_settings(None, {"sound.speech": False})
    run_live(settings, camera=film, treadmill="fixed:3.0", headless=True, seconds=None, out=folder)


if __name__ == "__main__":
    main()
