"""Opening a session to read it, when anybody may have written it.

A session can come by mail. Opening one can run nothing and escape nowhere: the database
is opened for reading only, its schema is not trusted and may hold nothing but plain
tables, texts and blobs have a limit, and symbolic links are refused.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from config.errors import UserError
from realtime.session.schema import APPLICATION_ID, DATABASE, VERSION, migrate, version_of

# A second of frames is about 20 kB; nothing honest comes near.
_LARGEST_VALUE = 32_000_000
_LARGEST_FILE = 4_000_000_000


def refuse(path: Path, seen: str, try_this: str = "choose a folder that hipcue wrote") -> UserError:
    """Return the error for something that is not a session."""
    return UserError(f"cannot open the session {path}", seen, try_this)


def database_of(folder: Path) -> Path:
    """Return the path of a session's database, when the folder looks like a session.

    Raises
    ------
    UserError
        When there is none, or it is not a plain file in this folder.
    """
    path = folder / DATABASE
    if not folder.is_dir():
        raise refuse(folder, "no such folder", "hipcue sessions lists what there is")
    for name in (DATABASE, DATABASE + "-wal", DATABASE + "-shm"):
        if (folder / name).is_symlink():
            raise refuse(folder, f"{name} is a link to somewhere else")
    if not path.is_file():
        raise refuse(folder, f"no {DATABASE} in it", "hipcue sessions lists what there is")
    if path.stat().st_size > _LARGEST_FILE:
        raise refuse(folder, f"{DATABASE} is larger than any session")
    return path


def open_reading(folder: Path) -> sqlite3.Connection:
    """Open a session's database for reading.

    A finished session is opened without touching the folder at all. One with a
    write-ahead log (it runs, or was killed) is opened the ordinary way. A session of an
    older format is migrated in memory, its file stays as it is.

    Raises
    ------
    UserError
        When it is not a session, is damaged, is being recorded, or is of a newer format.
    """
    path = database_of(folder)
    log = path.with_name(path.name + "-wal")
    mode = "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"
    try:
        db = sqlite3.connect(
            f"{path.resolve().as_uri()}?{mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=0.5,
        )
    except sqlite3.Error as error:
        raise refuse(folder, str(error)) from error
    try:
        guard(db)
        check_tables(db, folder)
        if version_of(db) < VERSION:
            db = _migrated(db)
            guard(db)
    except sqlite3.Error as error:
        db.close()
        if "locked" in str(error):
            seen, then = "it is being recorded right now", "wait until it has ended"
            raise refuse(folder, seen, then) from error
        raise refuse(folder, str(error), "hipcue review repairs what it can") from error
    except UserError:
        db.close()
        raise
    return db


def guard(db: sqlite3.Connection) -> None:
    """Take from a connection everything that reading a session does not need."""
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
    db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    db.execute("PRAGMA trusted_schema=OFF")
    db.execute("PRAGMA query_only=ON")
    db.execute("PRAGMA cell_size_check=ON")
    db.execute("PRAGMA mmap_size=0")


def check_tables(db: sqlite3.Connection, folder: Path) -> None:
    """Refuse a database that holds anything but plain tables.

    Views, triggers, virtual tables, generated columns and indexes on expressions could
    make a harmless SELECT do work that its author chose.
    """
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise refuse(folder, f"{DATABASE} was not written by hipcue")
    for kind, name, sql in db.execute("SELECT type, name, sql FROM sqlite_master"):
        plain = kind == "table" and str(sql).upper().startswith("CREATE TABLE")
        if not plain:
            raise refuse(folder, f"{DATABASE} holds a {kind} {str(name)[:40]!r}")
        for column in db.execute("SELECT hidden FROM pragma_table_xinfo(?)", (name,)):
            if column[0]:
                raise refuse(folder, f"table {str(name)[:40]!r} has a computed column")


def _migrated(old: sqlite3.Connection) -> sqlite3.Connection:
    """Return a copy in memory, brought to the newest format."""
    new = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    new.execute("PRAGMA trusted_schema=OFF")
    old.backup(new)
    old.close()
    migrate(new)
    return new
