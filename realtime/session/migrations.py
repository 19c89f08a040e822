"""A database of an older version, brought to the newest.

Reading needs none of this: sessions of every version are read as they are. It is for the
places that write a session anew anyway, so that a repaired or a nameless one has the layout
that everybody's documents describe.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from hipcue.realtime.session import rows
from hipcue.realtime.session.codec import pack
from hipcue.realtime.session.command_json import UnknownCommandError, command_json, read_command
from hipcue.realtime.session.reason_text import (
    reason_from_text,
    reason_of_row,
)
from hipcue.realtime.session.rows import Row, from_json, whole
from hipcue.realtime.session.schema import ONLY_2, VERSION, check_version, version_of
from hipcue.realtime.session.version1 import (
    Version1Chunk,
    neutral_end_s,
    read_version1_chunk,
    state_of,
)

_MADE_ANEW = ("frames", "ask", "device", "fault")
# Fields of frames whose texts are names, not reasons.
_NAMES = {"source", "pelvis_source", "belt_source", "state"}
# Rows that hold reasons: how one is read, and written.
_WITH_REASONS: dict[str, tuple[Callable[[Row], tuple[int, Any]], Callable[[int, Any], Row]]] = {
    "stride": (rows.read_stride, rows.stride_row),
    "response": (rows.read_response, rows.response_row),
    "belt": (rows.read_belt, rows.belt_row),
}


def migrate(db: sqlite3.Connection) -> None:
    """Bring a database to the newest version, each step in one transaction.

    A kill in the middle leaves it as it was.

    Raises
    ------
    UserError
        When it is of a newer version, or damaged. It is left as it was.
    """
    found = version_of(db)
    check_version(db)
    for version in range(found, VERSION):
        db.execute("BEGIN IMMEDIATE")
        try:
            _STEPS[version](db)
            db.execute(f"PRAGMA user_version={version + 1}")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def _to_version_2(db: sqlite3.Connection) -> None:
    """Frames in the new layout, commands and reasons as JSON instead of words."""
    for table in _MADE_ANEW:
        db.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    for statement in ONLY_2.split(";\n"):
        db.execute(statement)
    reasons = _convert_frames(db)
    for number, text in db.execute("SELECT number, text FROM word").fetchall():
        if number in reasons:
            kept = reason_from_text(str(text)).to_json()
            db.execute("UPDATE word SET text = ? WHERE number = ?", (kept, number))
    _convert_rows(db)
    for table in _MADE_ANEW:
        db.execute(f"DROP TABLE old_{table}")


def _convert_frames(db: sqlite3.Connection) -> set[int]:
    """Write the frames in the new layout; returns the numbers of the words that are reasons."""
    names, reasons = {0}, set()
    for t_first_s, t_last_s, chunk in _version1_chunks(db):
        parts = (chunk.poses, chunk.pelvis, chunk.settled, chunk.state)
        blobs = [pack(chunk.poses, wide=chunk.wide), *map(pack, parts[1:])]
        row = (chunk.first, chunk.count, t_first_s, t_last_s, *blobs)
        db.execute("INSERT INTO frames VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        for columns in parts:
            for field in columns.dtype.names or ():
                if field in _NAMES:
                    names |= set(columns[field].tolist())
                elif field.endswith("reason"):
                    reasons |= set(columns[field].ravel().tolist())
    return reasons - names


def _convert_rows(db: sqlite3.Connection) -> None:
    for number, step, t_s, ask in db.execute("SELECT * FROM old_ask"):
        try:
            text = command_json(read_command(str(ask)))
        except UnknownCommandError:
            text = str(ask)
        db.execute("INSERT INTO command VALUES (?, ?, ?, ?)", (number, step, t_s, text))
    for number, t_s, name, state, *said in db.execute("SELECT * FROM old_device"):
        text = reason_of_row(*map(str, said)).to_json()
        db.execute("INSERT INTO device VALUES (?, ?, ?, ?, ?)", (number, t_s, name, state, text))
    for number, t_s, said in db.execute("SELECT * FROM old_fault"):
        text = reason_from_text(str(said)).to_json()
        db.execute("INSERT INTO fault VALUES (?, ?, ?)", (number, t_s, text))
    for step, said in db.execute("SELECT * FROM notices").fetchall():
        text = rows.notices_json(rows.read_notices(said))
        db.execute("UPDATE notices SET json = ? WHERE step = ?", (text, step))
    for table, (read, row_of) in _WITH_REASONS.items():
        for number, *old in db.execute(f"SELECT * FROM {table}").fetchall():
            row = (number, *row_of(*read(tuple(old))))
            db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * len(row))})", row)


def _version1_chunks(db: sqlite3.Connection) -> Iterator[tuple[float, float, Version1Chunk]]:
    index = db.execute("SELECT first, count FROM old_frames ORDER BY first").fetchall()
    end = db.execute("SELECT json FROM header WHERE key = 'neutral_end'").fetchone()
    states = (
        state_of(blob, whole(count))
        for count, blob in db.execute("SELECT count, state FROM old_frames")
    )
    neutral_s = neutral_end_s(None if end is None else from_json(end[0]), states)

    def following(k: int) -> Callable[[], Iterator[tuple[int, int, bytes]]]:
        def after() -> Iterator[tuple[int, int, bytes]]:
            for first, count in index[k + 1 :]:
                [(blob,)] = db.execute("SELECT angles FROM old_frames WHERE first = ?", (first,))
                yield first, count, blob

        return after

    for k, (first, _) in enumerate(index):
        found = db.execute(
            "SELECT first, count, pose, angles, state, t_first_s, t_last_s FROM old_frames "
            "WHERE first = ?",
            (first,),
        ).fetchone()
        *row, t_first_s, t_last_s = found
        chunk = read_version1_chunk(tuple(row), (), following(k), lambda: neutral_s)
        yield t_first_s, t_last_s, chunk


# _STEPS[n] takes a database from version n to n + 1.
_STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _to_version_2}
