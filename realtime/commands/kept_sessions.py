"""Finding a kept session by what was typed, and opening it whatever state it is in."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.realtime.library.mail_zip import unpack
from hipcue.realtime.library.recover import find_unfinished, finished, recover, repair
from hipcue.realtime.session.codec import SessionDamagedError
from hipcue.realtime.session.folder import sessions_parent

T = TypeVar("T")


def finish_unfinished(settings: Settings) -> None:
    """Finish sessions that were not finished, with a line for each."""
    for folder in find_unfinished(sessions_parent(settings)):
        try:
            line = recover(folder)
        except (UserError, OSError):
            # Being recorded by another hipcue, nothing left of it, or no room for its report:
            # no reason not to run today. The list of sessions says what is wrong.
            continue
        if line:
            print(f"hipcue: {line}")


def find_session(name: str, settings: Settings) -> Path:
    """Return the folder of a session given by path, or by its name among the kept ones.

    Raises
    ------
    UserError
        When there is none.
    """
    for folder in (Path(name), sessions_parent(settings) / name):
        if (folder / "session.db").is_file():
            return folder
    raise UserError(
        f"no session {name}",
        "neither a session folder nor the name of a kept one",
        "hipcue sessions lists them",
    )


def is_mailed(path: Path) -> bool:
    """Whether a path is that of a mailed session."""
    return path.suffix.lower() == ".zip" and not path.is_dir()


def whole_session(name: str, settings: Settings) -> Path:
    """Return a session's folder; one that was not finished is finished first, with a line."""
    folder = find_session(name, settings)
    if not finished(folder):
        recover_session(folder)
    return folder


def recover_session(folder: Path) -> None:
    """Finish a session that was not finished, with a line.

    Raises
    ------
    UserError
        When its folder cannot be written.
    """
    _mend(folder, recover)


def read_or_repair(folder: Path, read: Callable[[], T]) -> T:
    """Read a session; one that is damaged is repaired first, with a line.

    Raises
    ------
    UserError
        When it cannot be repaired, or its folder cannot be written.
    """
    try:
        return read()
    except SessionDamagedError:
        _mend(folder, repair)
    return read()


def _mend(folder: Path, mend: Callable[[Path], str | None]) -> None:
    try:
        line = mend(folder)
    except OSError as error:
        raise UserError(
            f"cannot finish the session {folder}",
            error.strerror or str(error),
            "make room, or copy the folder to where you may write",
        ) from error
    if line:
        print(f"hipcue: {line}")


@contextmanager
def opened(name: str, settings: Settings) -> Iterator[Path]:
    """Give a session's folder; a mailed .zip is unpacked for as long as it is needed."""
    path = Path(name)
    if not is_mailed(path):
        yield whole_session(name, settings)
        return
    room = Path(tempfile.mkdtemp(prefix="hipcue-"))
    try:
        yield unpack(path, room / "session")
    finally:
        shutil.rmtree(room, ignore_errors=True)
