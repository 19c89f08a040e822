"""A hot path that neither the garbage collector nor a drawing thread holds up."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# How long a thread may keep the interpreter while another one wants it: a fraction of a
# frame, where Python's own 5 ms are a third of one at 60 frames a second.
_SWITCH_S = 0.0005
# The screen waits this long for a picture that is being worked on: three times what outline,
# squares, engine and hand-over take on a slow machine; our choice.
_LONGEST_TURN_S = 0.03


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep others from holding up whoever is inside for long.

    What was there before is left alone by the garbage collector: going through it takes up
    to 0.2 s on a slow machine, at a time of its own choosing, and so it would once more
    before it is left alone. What is made inside is collected as usual. Threads take turns
    more often.
    """
    before = sys.getswitchinterval()
    leave_to_rest()
    sys.setswitchinterval(_SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
        gc.unfreeze()


def leave_to_rest() -> None:
    """Let the garbage collector leave alone, from now on, what there is."""
    gc.freeze()


class ScreenTurn:
    """Lets the screen draw right after a picture was worked on, and not while one is.

    Right after a picture is the time to draw: the pose model looks at the next one meanwhile
    and leaves the interpreter alone. While a picture is being worked on, a drawing thread
    would hold it up.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._working = False
        self._finished = 0

    def begin_picture(self) -> None:
        """Say that a picture is being worked on."""
        with self._changed:
            self._working = True

    def end_picture(self) -> None:
        """Say that the picture is finished."""
        with self._changed:
            self._working = False
            self._finished += 1
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait for as long, or until a picture is finished if that is sooner.

        When a picture is being worked on at the end of that time, its end is waited for too,
        but not for long.
        """
        with self._changed:
            before = self._finished
            if not self._changed.wait_for(lambda: self._finished > before, seconds):
                self._changed.wait_for(lambda: not self._working, _LONGEST_TURN_S)
