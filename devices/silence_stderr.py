"""Keeps the native libraries' start-up chatter off the user's terminal."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LOCK = threading.Lock()

# Read by MediaPipe's and TensorFlow's loggers when they are loaded.
os.environ.setdefault("GLOG_minloglevel", "3")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Send what native code writes to the error stream nowhere, for a moment.

    MediaPipe warns on file descriptor 2 before its log levels can be set, ALSA complains
    there about a missing loudspeaker. Python's own errors still travel as exceptions, so
    nothing a user needs is lost.
    """
    try:
        target = sys.__stderr__.fileno() if sys.__stderr__ is not None else 2
    except (OSError, ValueError):
        yield
        return
    with _LOCK:
        sys.stderr.flush()
        kept = os.dup(target)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, target)
            yield
        finally:
            os.dup2(kept, target)
            os.close(kept)
            os.close(nowhere)
