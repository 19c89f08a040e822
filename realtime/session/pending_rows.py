"""What waits for the next transaction, and how it becomes rows.

Used by one thread only: the session's writer.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Band, StepResult
from hipcue.realtime.session import rows
from hipcue.realtime.session.codec import StringTable, encode_poses
from hipcue.realtime.session.codec_state import encode_angles, encode_state
from hipcue.realtime.session.rows import Row

# Frames in one blob: four seconds at 60 fps when the disk lags behind.
CHUNK = 240

_COLUMNS = {
    "header": 2, "word": 2, "frames": 7, "belt": 8, "ask": 4, "event": 7, "stride": 16,
    "cue": 12, "played": 3, "response": 7, "bands": 2, "notices": 2, "mark": 4, "device": 6,
    "fault": 3,
}  # fmt: skip
INSERT = {
    table: f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * n)})"
    for table, n in _COLUMNS.items()
}
# Tables that number their rows themselves.
_NUMBERED = {"belt", "ask", "event", "stride", "played", "response", "mark", "device", "fault"}


# What SQLite and Python say to a value that fits into no row: a number that is none, one
# that is too large, a text that is no text.
_NO_ROWS = (sqlite3.IntegrityError, sqlite3.InterfaceError, OverflowError, UnicodeError)
_Insert = Callable[[sqlite3.Connection, str, Iterable[Row]], object]


def _one_by_one(db: sqlite3.Connection, sql: str, waiting: Iterable[Row]) -> None:
    """Insert rows, with a line about those that fit nowhere."""
    left_out = 0
    for row in waiting:
        try:
            db.execute(sql, row)
        except _NO_ROWS:
            left_out += 1
    if left_out:
        table = sql.split()[4]
        said = Reason(ReasonCode.ROWS_NOT_KEPT, count=left_out, table=table)
        db.execute("INSERT INTO fault (t_s, text) VALUES (0, ?)", (said.to_json(),))


class Batch:
    """Collects rows and frames; `write` puts them into the database in one transaction.

    Nothing is forgotten until a commit has succeeded, except frames, which are the first
    to be given up when the disk is full.
    """

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = defaultdict(list)
        self._frames: list[tuple[int, StepResult]] = []
        self._words = StringTable()
        self._bands: Mapping[str, Band] | None = None
        self._notices: tuple[Reason, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._frames and not any(self._rows.values())

    @property
    def row_count(self) -> int:
        """Rows that wait, frames not counted."""
        return sum(map(len, self._rows.values()))

    def add(self, table: str, row: Row) -> None:
        """Add a row; tables that number their rows get their number from SQLite."""
        self._rows[table].append((None, *row) if table in _NUMBERED else row)

    def add_step(self, step: int, result: StepResult, *, with_frame: bool) -> None:
        """Add everything one engine step found out; the frame itself only when asked for."""
        for event in result.events:
            self.add("event", rows.event_row(step, event))
        for stride in result.strides:
            self.add("stride", rows.stride_row(step, stride))
        for cue in result.cues:
            self.add("cue", rows.cue_row(step, cue))
        for response in result.responses:
            self.add("response", rows.response_row(step, response))
        if with_frame:
            self._frames.append((step, result))
            if result.bands is not self._bands and result.bands != self._bands:
                self.add("bands", (step, rows.bands_json(result.bands)))
            self._bands = result.bands
            if result.notices != self._notices:
                self.add("notices", (step, rows.notices_json(result.notices)))
                self._notices = result.notices

    def drop_frames(self) -> int:
        """Give up the frames that wait; returns how many."""
        lost = len(self._frames)
        self._frames.clear()
        # What follows a gap must not depend on what was lost in it.
        self._bands = None
        return lost

    def drop_rows(self) -> None:
        """Give up every row that waits: the last resort against endless memory."""
        self._rows.clear()

    def write(self, db: sqlite3.Connection) -> None:
        """Write everything in one transaction. On `sqlite3.Error` all of it still waits."""
        chunks = [self._chunk(part) for part in _runs(self._frames)]
        try:
            self._put(db, chunks, sqlite3.Connection.executemany)
        except _NO_ROWS:
            # One row that no database takes must not keep all others out for ever.
            self._put(db, chunks, _one_by_one)
        self._words.fresh.clear()
        self._frames.clear()
        self._rows.clear()

    def _put(self, db: sqlite3.Connection, chunks: list[Row], insert: _Insert) -> None:
        db.execute("BEGIN IMMEDIATE")
        try:
            insert(db, INSERT["word"], self._words.fresh)
            insert(db, INSERT["frames"], chunks)
            for table, waiting in self._rows.items():
                insert(db, INSERT[table], waiting)
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    def _chunk(self, part: list[tuple[int, StepResult]]) -> Row:
        results = [result for _, result in part]
        poses = [r.raw_pose for r in results]
        return (
            part[0][0],
            len(part),
            poses[0].t_capture_s,
            poses[-1].t_capture_s,
            encode_poses(poses, self._words),
            encode_angles(results, self._words),
            encode_state(results, self._words),
        )


def _runs(
    frames: list[tuple[int, StepResult]],
) -> Iterable[list[tuple[int, StepResult]]]:
    """Cut frames into parts with consecutive step numbers, none longer than `CHUNK`."""
    part: list[tuple[int, StepResult]] = []
    for item in frames:
        if part and (len(part) == CHUNK or item[0] != part[-1][0] + 1):
            yield part
            part = []
        part.append(item)
    if part:
        yield part
