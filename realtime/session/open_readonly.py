"""Opening a session to read it, when anybody may have written it.

A session can come by mail. Opening one can run nothing and escape nowhere: the database
is opened for reading only, its schema is not trusted and may hold nothing but plain
tables, texts and blobs have a limit, and symbolic links are refused.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.realtime.session.codec import SessionDamagedError
from hipcue.realtime.session.schema import (
    APPLICATION_ID,
    DATABASE,
    check_version,
    columns_in,
    columns_of,
    version_of,
)

# A second of frames is about 20 kB; nothing honest comes near.
_LARGEST_VALUE = 32_000_000
_LARGEST_FILE = 4_000_000_000


class SessionBusyError(UserError):
    """The session is being recorded right now."""


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
    for end in ("", "-wal", "-shm", "-journal"):
        name = DATABASE + end
        if (folder / name).is_symlink():
            raise refuse(folder, f"{name} is a link to somewhere else")
    if not path.is_file():
        raise refuse(folder, f"no {DATABASE} in it", "hipcue sessions lists what there is")
    if path.stat().st_size > _LARGEST_FILE:
        raise refuse(folder, f"{DATABASE} is larger than any session")
    return path


def open_reading(folder: Path) -> sqlite3.Connection:
    """Open a session's database for reading.

    Nothing in the folder is changed, whatever version the session is of.

    Raises
    ------
    UserError
        When it is not a session, is damaged, is being recorded, or is of a newer format.
    """
    path = database_of(folder)
    try:
        db = _connect(path)
    except sqlite3.Error as error:
        raise trouble(folder, error) from error
    try:
        check_tables(db, folder)
        check_version(db)
        _check_columns(db, folder)
    except sqlite3.Error as error:
        db.close()
        raise trouble(folder, error) from error
    except UserError:
        db.close()
        raise
    return db


def trouble(folder: Path, error: sqlite3.Error) -> UserError:
    """Return what SQLite's error means for a user: being recorded, or damaged."""
    if "locked" in str(error):
        return SessionBusyError(
            f"cannot open the session {folder}",
            "it is being recorded right now",
            "wait until it has ended",
        )
    return SessionDamagedError(
        f"cannot open the session {folder}", str(error), "hipcue review repairs what it can"
    )


def _connect(path: Path) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode=ro"
    # The second is for a write-ahead log on a disk that cannot be written.
    for address in (uri, uri + "&immutable=1"):
        db = sqlite3.connect(
            address, uri=True, isolation_level=None, check_same_thread=False, timeout=0.5
        )
        try:
            guard(db)
            version_of(db)
            return db
        except sqlite3.OperationalError as error:
            db.close()
            if "unable to open" not in str(error) or address != uri:
                raise
        except sqlite3.Error:
            db.close()
            raise
    raise sqlite3.OperationalError("unable to open")


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


def _check_columns(db: sqlite3.Connection, folder: Path) -> None:
    """Refuse a database whose tables are not those of the version that it claims to be."""
    for table, columns in columns_of(version_of(db)).items():
        if columns_in(db, table) != columns:
            raise refuse(folder, f"table {table!r} of {DATABASE} is not as hipcue makes it")
