"""What is left of a damaged database, saved row by row into a new one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.session import rows
from hipcue.realtime.session.command_json import UnknownCommandError, read_command
from hipcue.realtime.session.frames import Chunk, read_chunk
from hipcue.realtime.session.migrations import migrate
from hipcue.realtime.session.open_readonly import check_tables, guard, refuse
from hipcue.realtime.session.rows import Row, to_json
from hipcue.realtime.session.schema import (
    DATABASE,
    SCHEMAS,
    VERSION,
    build,
    columns_of,
    version_of,
)
from hipcue.realtime.session.version1 import read_version1_chunk

DAMAGED = DATABASE + ".damaged"

# Column that orders a table's rows, where it is not the number SQLite gives them.
_KEYS = {"frames": "first", "word": "number", "cue": "number", "bands": "step", "notices": "step"}
# Broken places that are stepped over in one table before the rest is given up.
_MAX_BREAKS = 5_000
# Jumps in a row that found nothing, doubling from 1 up to the largest: 40 million keys.
_MAX_BARREN = 60
_MAX_JUMP = 1_000_000


def salvage(folder: Path) -> str:
    """Save what can be read into a new session.db; returns a line about it.

    The damaged file stays beside it as session.db.damaged.

    Raises
    ------
    UserError
        When nothing at all can be read. The folder is left as it was.
    """
    old = _open_damaged(folder)
    fresh = folder / (DATABASE + ".repaired")
    for path in (fresh, *_logs_of(fresh)):
        path.unlink(missing_ok=True)
    found = version_of(old)
    version = found if found in SCHEMAS else VERSION
    new = build(fresh, version)
    try:
        kept = {table: _copy(old, new, table, version) for table in columns_of(version)}
        migrate(new)
        if not kept["stride"] and not kept["frames"]:
            raise _nothing(folder)
        said = Reason(ReasonCode.WAS_DAMAGED, strides=kept["stride"])
        reach = new.execute("SELECT max(first + count) FROM frames").fetchone()[0]
        closed = to_json({"clean": False, "repaired": True, "steps": reach or 0})
        new.execute("INSERT OR REPLACE INTO header VALUES ('closed', ?)", (closed,))
        new.execute("INSERT INTO fault VALUES (NULL, 0, ?)", (said.to_json(),))
        _learn_first_time(new)
    except UserError:
        new.close()
        for path in (fresh, *_logs_of(fresh)):
            path.unlink(missing_ok=True)
        raise
    finally:
        old.close()
        new.close()
    # A second repair has less to begin with: the first original stays.
    if not (folder / DAMAGED).exists():
        (folder / DATABASE).replace(folder / DAMAGED)
    for log in _logs_of(folder / DATABASE):
        log.unlink(missing_ok=True)
    fresh.replace(folder / DATABASE)
    return in_words(said)


def _nothing(folder: Path) -> UserError:
    size = (folder / DATABASE).stat().st_size
    return refuse(
        folder,
        f"nothing can be read from {DATABASE} ({size} bytes)",
        "strides.csv and report.html of the folder, where there are any, are as they were",
    )


def _logs_of(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal")]


def _open_damaged(folder: Path) -> sqlite3.Connection:
    path = folder / DATABASE
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        # SQLite refuses a file that is shorter than it should be, unless its owner says
        # that he means to repair it; this switch is how its own repair tool says so.
        db.execute("PRAGMA writable_schema=ON")
        guard(db)
        check_tables(db, folder)
    except sqlite3.Error as error:
        db.close()
        raise _nothing(folder) from error
    except UserError:
        db.close()
        raise
    return db


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str, version: int) -> int:
    """Copy the readable rows of a table; returns how many."""
    count = 0
    new.execute("BEGIN")
    for row in _rows(old, table):
        try:
            if table == "frames":
                _check_chunk(row, version)
            elif table in _CHECKS:
                _CHECKS[table](row)
            new.execute(f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * len(row))})", row)
            count += 1
        except (sqlite3.Error, UserError, TypeError, ValueError):
            continue
    new.execute("COMMIT")
    return count


def _check_chunk(row: Row, version: int) -> None:
    first, n, _, _, *blobs = row
    if version == 1:
        chunk: Chunk = read_version1_chunk((first, n, *blobs), (), tuple, lambda: 0.0)
    else:
        chunk = read_chunk((first, n, *blobs), ())
    _ = chunk.poses, chunk.pelvis, chunk.settled, chunk.state


def _check_command(row: Row) -> None:
    rows.whole(row[1])
    with suppress(UnknownCommandError):
        read_command(str(row[3]))


# What a page of zeros or garbage in the middle of a row would break.
_CHECKS: dict[str, Callable[[Row], object]] = {
    "header": lambda row: rows.from_json(row[1]),
    "belt": lambda row: rows.read_belt(row[1:]),
    "event": lambda row: rows.read_event(row[1:]),
    "stride": lambda row: rows.read_stride(row[1:]),
    "cue": rows.read_cue,
    "played": lambda row: (rows.whole(row[1]), dict(rows.from_json(row[2]))),
    "mark": lambda row: rows.time_from(row[2]),
    "device": lambda row: rows.time_from(row[1]),
    "fault": lambda row: rows.time_from(row[1]),
    "command": _check_command,
    "ask": _check_command,
    "response": lambda row: rows.read_response(row[1:]),
    "bands": lambda row: rows.read_bands(row[1]),
    "notices": lambda row: rows.read_notices(row[1]),
}


def _rows(db: sqlite3.Connection, table: str) -> Iterator[Row]:
    """Return the rows of a table, stepping over what cannot be read.

    After a break the key jumps ahead, farther each time, until rows can be read again.
    """
    if table == "header":
        yield from _until_broken(db.execute("SELECT * FROM header"))
        return
    key = _KEYS.get(table, "id")
    last, jump, barren = -1, 1, 0
    for _ in range(_MAX_BREAKS):
        got = False
        try:
            for row in db.execute(f"SELECT * FROM {table} WHERE {key} > ? ORDER BY {key}", (last,)):
                if int(row[0]) <= last:
                    # A broken page leads back to where we were.
                    raise ValueError("out of order")
                got, last, jump, barren = True, int(row[0]), 1, 0
                yield row
            return
        except (sqlite3.Error, TypeError, ValueError):
            barren += not got
            if barren > _MAX_BARREN:
                return
            last, jump = last + jump, min(jump * 2, _MAX_JUMP)


def _until_broken(found: Iterator[Row]) -> Iterator[Row]:
    try:
        yield from found
    except sqlite3.Error:
        return


def _learn_first_time(db: sqlite3.Connection) -> None:
    """Times count from the first frame; find it again when the header is gone."""
    known = db.execute("SELECT json FROM header WHERE key = 't_first_s'").fetchone()
    if known is not None and rows.from_json(known[0]) is not None:
        return
    first = db.execute(
        "SELECT min(t) FROM (SELECT min(t_first_s) t FROM frames UNION ALL "
        "SELECT min(contact_s) FROM stride)"
    ).fetchone()[0]
    db.execute("INSERT OR REPLACE INTO header VALUES ('t_first_s', ?)", (to_json(first),))
