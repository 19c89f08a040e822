"""The tables of session.db, their version, and how a database is made and held.

The version is SQLite's ``user_version``; every version that there ever was can be read. A
database of an older one stays as it is: `hipcue.realtime.session.version1` reads it as if it
were new. Only what is written anew anyway is brought to the newest version, by
`hipcue.realtime.session.migrations`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from hipcue.config.errors import UserError

DATABASE = "session.db"
APPLICATION_ID = 0x68697063  # "hipc"
VERSION = 2
"""The version that this hipcue writes."""

_IN_ALL_VERSIONS = """
CREATE TABLE header (key TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE word (number INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE belt (
  id INTEGER PRIMARY KEY, step INTEGER NOT NULL, t_s REAL NOT NULL, speed_mps REAL,
  grade_percent REAL, distance_m REAL, source TEXT NOT NULL, reason TEXT);
CREATE TABLE event (
  id INTEGER PRIMARY KEY, step INTEGER NOT NULL, kind TEXT NOT NULL, side TEXT NOT NULL,
  t_s REAL NOT NULL, sigma_s REAL NOT NULL, t_decided_s REAL NOT NULL);
CREATE TABLE stride (
  id INTEGER PRIMARY KEY, step INTEGER NOT NULL, number INTEGER NOT NULL, side TEXT NOT NULL,
  near INTEGER NOT NULL, contact_s REAL NOT NULL, toe_off_s REAL, end_s REAL NOT NULL,
  t_decided_s REAL NOT NULL, belt_source TEXT NOT NULL, pelvis_source TEXT NOT NULL,
  measurements TEXT NOT NULL, verdict TEXT NOT NULL, confidence REAL NOT NULL,
  state TEXT NOT NULL, reason TEXT);
CREATE TABLE cue (
  number INTEGER PRIMARY KEY, step INTEGER NOT NULL, event TEXT NOT NULL, kind TEXT NOT NULL,
  sound TEXT NOT NULL, text TEXT NOT NULL, priority INTEGER NOT NULL, side TEXT,
  t_event_s REAL NOT NULL, t_capture_s REAL NOT NULL, expires_s REAL NOT NULL, focus TEXT);
CREATE TABLE played (id INTEGER PRIMARY KEY, cue INTEGER NOT NULL, stamps TEXT NOT NULL);
CREATE TABLE response (
  id INTEGER PRIMARY KEY, step INTEGER NOT NULL, cue INTEGER NOT NULL, metric TEXT NOT NULL,
  before TEXT NOT NULL, after TEXT NOT NULL, strides INTEGER NOT NULL);
CREATE TABLE bands (step INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE notices (step INTEGER PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE mark (
  id INTEGER PRIMARY KEY, step INTEGER NOT NULL, t_s REAL NOT NULL, note TEXT NOT NULL);
"""
_ONLY_1 = """
CREATE TABLE device (
  id INTEGER PRIMARY KEY, t_s REAL NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
  text TEXT NOT NULL, advice TEXT NOT NULL);
CREATE TABLE fault (id INTEGER PRIMARY KEY, t_s REAL NOT NULL, text TEXT NOT NULL);
CREATE TABLE frames (
  first INTEGER PRIMARY KEY, count INTEGER NOT NULL, t_first_s REAL NOT NULL,
  t_last_s REAL NOT NULL, pose BLOB NOT NULL, angles BLOB NOT NULL, state BLOB NOT NULL);
CREATE TABLE ask (
  id INTEGER PRIMARY KEY, step INTEGER NOT NULL, t_s REAL NOT NULL, ask TEXT NOT NULL);
"""
ONLY_2 = """
CREATE TABLE device (
  id INTEGER PRIMARY KEY, t_s REAL NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
  reason TEXT NOT NULL);
CREATE TABLE fault (id INTEGER PRIMARY KEY, t_s REAL NOT NULL, reason TEXT NOT NULL);
CREATE TABLE frames (
  first INTEGER PRIMARY KEY, count INTEGER NOT NULL, t_first_s REAL NOT NULL,
  t_last_s REAL NOT NULL, pose BLOB NOT NULL, pelvis BLOB NOT NULL, settled BLOB NOT NULL,
  state BLOB NOT NULL);
CREATE TABLE command (
  id INTEGER PRIMARY KEY, step INTEGER NOT NULL, t_s REAL NOT NULL, json TEXT NOT NULL);
"""
SCHEMAS = {1: _IN_ALL_VERSIONS + _ONLY_1, 2: _IN_ALL_VERSIONS + ONLY_2}
"""The tables of every version."""

# Larger pages keep the tree flat, so that a cut file loses little beside the cut.
_PAGE_SIZE = 8192


@cache
def columns_of(version: int) -> dict[str, tuple[str, ...]]:
    """Return the columns of every table of a version, in order."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    try:
        db.executescript(SCHEMAS[version])
        return {table: columns_in(db, table) for table in _tables_in(db)}
    finally:
        db.close()


def columns_in(db: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """Return the columns that a table of a database has; none when there is no such table."""
    found = db.execute("SELECT name FROM pragma_table_xinfo(?)", (table,))
    return tuple(str(name) for (name,) in found)


def _tables_in(db: sqlite3.Connection) -> list[str]:
    found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [str(name) for (name,) in found]


def version_of(db: sqlite3.Connection) -> int:
    """Return the schema version of a database, 0 for an empty one."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def check_version(db: sqlite3.Connection) -> None:
    """Raise `UserError`, with the session's name, for a version that this hipcue cannot read."""
    version = version_of(db)
    session = Path(db.execute("PRAGMA database_list").fetchone()[2]).parent
    if version > VERSION:
        raise UserError(
            f"cannot read the session {session}",
            f"it was written by a newer hipcue (format {version}, this one knows {VERSION})",
            "update hipcue: python -m pip install --upgrade hipcue",
        )
    if version not in SCHEMAS:
        raise UserError(
            f"cannot read the session {session}",
            f"format {version} is none",
            "a session that hipcue wrote",
        )


def build(path: Path, version: int = VERSION) -> sqlite3.Connection:
    """Create an empty database of a version."""
    # SQLite gives its logs the rights of the database.
    path.touch(mode=0o600)
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute(f"PRAGMA page_size={_PAGE_SIZE}")
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.executescript(f"BEGIN;{SCHEMAS[version]}PRAGMA user_version={version};COMMIT;")
    return db


def create(path: Path, header: Iterable[tuple[str, str]]) -> sqlite3.Connection:
    """Create a session's database with its header, for the one thread that will write it.

    It is built under another name and renamed, so that a kill at any instant leaves
    either no database or one with a header.
    """
    unborn = path.with_name(path.name + ".new")
    db = build(unborn)
    db.execute("BEGIN")
    db.executemany("INSERT INTO header VALUES (?, ?)", header)
    db.execute("COMMIT")
    db.close()
    unborn.replace(path)
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    hold(db)
    return db


def hold(db: sqlite3.Connection) -> None:
    """Take a database exclusively, with a write-ahead log.

    Nobody else can open or repair a session that is still being recorded; the operating
    system lets go of it when the process dies. Every commit reaches the disk
    (``synchronous=FULL``), so a power cut loses no more than a kill.
    """
    db.execute("PRAGMA locking_mode=EXCLUSIVE")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    # The lock is taken at the first write, not by the switch.
    db.execute("BEGIN IMMEDIATE")
    db.execute("COMMIT")
