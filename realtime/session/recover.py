"""Sessions that were not closed: found, finished, and repaired when they are damaged."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from config.errors import UserError
from realtime.session.finish import finish
from realtime.session.opening import (
    SessionBusyError,
    SessionDamagedError,
    check_tables,
    database_of,
    guard,
    open_reading,
    trouble,
)
from realtime.session.rows import to_json
from realtime.session.salvage import salvage
from realtime.session.schema import DATABASE, hold, migrate
from realtime.session.video_file import finish_video


def find_unfinished(parent: Path) -> list[Path]:
    """Return the session folders that were not closed, oldest name first.

    A session that is being recorded right now is left alone. A damaged one counts.
    """
    if not parent.is_dir():
        return []
    return [f for f in sorted(parent.iterdir()) if (f / DATABASE).is_file() and not _finished(f)]


def _finished(folder: Path) -> bool:
    try:
        db = open_reading(folder)
    except SessionDamagedError:
        return False
    except UserError:
        return True
    try:
        return bool(db.execute("SELECT 1 FROM header WHERE key = 'closed'").fetchone())
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
    try:
        said = _close(path, folder)
    except sqlite3.DatabaseError as error:
        found = trouble(folder, error)
        if isinstance(found, SessionBusyError):
            raise found from error
        said = salvage(folder)
    film = finish_video(folder)
    if said is not None:
        finish(folder)
    elif film is None:
        return None
    return f"{folder.name}: {'; '.join(part for part in (said, film) if part)}"


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
        migrate(db)
        strides = db.execute("SELECT count(*) FROM stride").fetchone()[0]
        reach = db.execute("SELECT max(first + count) FROM frames").fetchone()[0]
        last_s = db.execute("SELECT max(t_last_s) FROM frames").fetchone()[0]
        said = f"was not closed; finished with {strides} strides"
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO fault (t_s, text) VALUES (?, ?)", (last_s or 0.0, said))
        closed = to_json({"clean": False, "steps": reach or 0})
        db.execute("INSERT INTO header VALUES ('closed', ?)", (closed,))
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode=DELETE")
        return said
    finally:
        db.close()
