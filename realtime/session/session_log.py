"""session.log: what happened to the machine while a session ran, for failures in the field.

Everything that is logged under the name ``hipcue`` goes there, through the standard library's
logging. Runners' names and this machine's folders are taken out before a line is written.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import re
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

from hipcue.realtime.session.folder import private_opener, slug
from hipcue.realtime.session.header import SessionHeader

LOG = "session.log"
logger = logging.getLogger("hipcue")
"""What hipcue logs with; silent until somebody listens."""
logger.addHandler(logging.NullHandler())

# Lines that may wait for a slow disk; more are left out rather than hold anybody up.
_WAITING = 1000
# A disk that does not take the last lines for so long does not get them; our choice.
_CLOSE_WAIT_S = 2.0
# In a traceback the part of a path that is the same on every machine.
_PATH = re.compile(r'File "[^"]*?((?:hipcue|site-packages|python[\d.]+)[/\\][^"]*|[^"/\\]*)"')


def log_versions(header: SessionHeader) -> None:
    """Log what runs on which machine, and what is plugged in."""
    logger.info("%s", ", ".join(f"{name} {found}" for name, found in header.versions.items()))
    for name, address in header.devices.items():
        logger.info("%s at %s", name, address)


class SessionLog:
    """Writes session.log for as long as it is entered; a context manager.

    Logging never waits for the disk: a thread of its own writes.

    Parameters
    ----------
    folder : Path
        The session's folder.
    names : callable
        Returns the names of the runners so far; none of them is written.
    """

    def __init__(self, folder: Path, names: Callable[[], Iterable[str]]) -> None:
        self._path = folder / LOG
        self._queue: queue.Queue[logging.LogRecord | None] = queue.Queue(_WAITING)
        self._handler = _Handler(self._queue)
        self._nameless = _Nameless(names)
        self._thread = threading.Thread(target=self._run, name="session-log", daemon=True)
        self._level = logger.level

    def __enter__(self) -> SessionLog:
        self._level = logger.level
        logger.setLevel(logging.INFO)
        logger.addHandler(self._handler)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            logger.error("ended by an error", exc_info=error)
        logger.removeHandler(self._handler)
        logger.setLevel(self._level)
        self._handler.end()
        self._thread.join(_CLOSE_WAIT_S)

    def _run(self) -> None:
        try:
            with open(self._path, "a", encoding="utf-8", opener=private_opener) as file:
                while (record := self._queue.get()) is not None:
                    file.write(self._nameless.format(record) + "\n")
                    file.flush()
        except OSError:
            return  # A full disk; the session says so.


class _Handler(logging.Handler):
    """Hands records to the thread that writes; leaves them out where it cannot keep up."""

    def __init__(self, waiting: queue.Queue[logging.LogRecord | None]) -> None:
        super().__init__(logging.INFO)
        self._waiting = waiting

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record."""
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(record)

    def end(self) -> None:
        """Let the thread end once it has written what waits."""
        while True:
            with contextlib.suppress(queue.Full):
                return self._waiting.put_nowait(None)
            with contextlib.suppress(queue.Empty):
                self._waiting.get_nowait()


class _Nameless(logging.Formatter):
    """Writes a line without runners' names and without this machine's folders."""

    def __init__(self, names: Callable[[], Iterable[str]]) -> None:
        super().__init__("%(asctime)s.%(msecs)03d %(levelname)-7s %(message)s", "%H:%M:%S")
        self._names = names

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with the traceback of an error below it."""
        text = _PATH.sub(r'File "\1"', super().format(record))
        text = text.replace(str(Path.home()), "~")
        for name in self._names():
            # Also as it is in the names of folders.
            for known in filter(None, (name.strip(), slug(name))):
                whole = rf"(?<![^\W_]){re.escape(known)}(?![^\W_])"
                text = re.sub(whole, "runner", text, flags=re.IGNORECASE)
        return text
