"""Sessions that were not closed: found, finished, and repaired when they are damaged."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.library.finish import finish
from hipcue.realtime.library.salvage import salvage
from hipcue.realtime.session.codec import SessionDamagedError
from hipcue.realtime.session.folder import REPORT, session_folders
from hipcue.realtime.session.open_readonly import (
    SessionBusyError,
    check_tables,
    database_of,
    guard,
    open_reading,
    trouble,
)
from hipcue.realtime.session.rows import to_json
from hipcue.realtime.session.schema import hold
from hipcue.realtime.session.video_file import finish_video


def find_unfinished(parent: Path) -> list[Path]:
    """Return the session folders that were not finished, oldest name first.

    A session that is being recorded right now is left alone. A damaged one counts.
    """
    return [f for f in session_folders(parent) if not finished(f)]


def finished(folder: Path) -> bool:
    """Return whether nothing is left to do for a session: closed, and its report written.

    One that is being recorded, or is of a newer hipcue, is none of ours to finish.
    """
    try:
        db = open_reading(folder)
    except SessionDamagedError:
        return False
    except UserError:
        return True
    try:
        keys = {key for (key,) in db.execute("SELECT key FROM header")}
        # The summary is the last thing that is written; sessions on a disk that cannot be
        # written do without.
        return "closed" in keys and ("summary" in keys or (folder / REPORT).is_file())
    except sqlite3.Error:
        return False
    finally:
        db.close()


def recover(folder: Path) -> str | None:
    """Finish a session that was not closed; repair it when it is damaged.

    Returns
    -------
    str or None
        One line that says what was done, ``None`` when the session was in order.

    Raises
    ------
    UserError
        When it is not a session, is being recorded, or nothing is left of it. Nothing is
        deleted then; of a damaged database the original stays as session.db.damaged.
    """
    path = database_of(folder)
    whole = finished(folder)
    try:
        said = _close(path, folder)
    except sqlite3.DatabaseError as error:
        found = trouble(folder, error)
        if isinstance(found, SessionBusyError):
            raise found from error
        if "readonly" in str(error):
            raise UserError(
                f"cannot finish the session {folder}",
                "it cannot be written",
                "copy the folder to where you may write, and use the copy",
            ) from error
        said = salvage(folder)
    film = finish_video(folder)
    if said is None and not whole:
        said = "its report was not written yet; done"
    if said is not None:
        try:
            finish(folder)
        except SessionDamagedError:
            # The tables are sound and a row in them is not.
            said = _repair(folder)
    elif film is None:
        return None
    told = (said, None if film is None else in_words(film))
    return f"{folder.name}: {'; '.join(part for part in told if part)}"


def repair(folder: Path) -> str:
    """Make a session anew without the rows and blocks of frames that cannot be read.

    Returns
    -------
    str
        One line that says what is left.

    Raises
    ------
    UserError
        When nothing is left of it, or it still cannot be read.
    """
    return f"{folder.name}: {_repair(folder)}"


def _repair(folder: Path) -> str:
    said = salvage(folder)
    finish(folder)
    return said


def _close(path: Path, folder: Path) -> str | None:
    """Close an unclosed database; raises `sqlite3.DatabaseError` when it is damaged."""
    db = sqlite3.connect(path, isolation_level=None, timeout=0.5)
    try:
        guard(db)
        check_tables(db, folder)
        found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        if db.execute("SELECT 1 FROM header WHERE key = 'closed'").fetchone():
            return None
        db.execute("PRAGMA query_only=OFF")
        hold(db)
        strides = db.execute("SELECT count(*) FROM stride").fetchone()[0]
        reach = db.execute("SELECT max(first + count) FROM frames").fetchone()[0]
        last_s = db.execute("SELECT max(t_last_s) FROM frames").fetchone()[0]
        said = Reason(ReasonCode.WAS_NOT_CLOSED, strides=strides)
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO fault VALUES (NULL, ?, ?)", (last_s or 0.0, said.to_json()))
        closed = to_json({"clean": False, "steps": reach or 0})
        db.execute("INSERT INTO header VALUES ('closed', ?)", (closed,))
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode=DELETE")
        return in_words(said)
    finally:
        db.close()
