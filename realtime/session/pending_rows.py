"""What waits for the next transaction, and how it becomes rows.

Used by one thread only: the session's writer.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Band, SettledFrame, StepResult
from hipcue.realtime.session import rows
from hipcue.realtime.session.codec import StringTable
from hipcue.realtime.session.frame_columns import KeptFrame, blobs_of
from hipcue.realtime.session.rows import Row
from hipcue.realtime.session.schema import VERSION, columns_of

# Frames in one blob: four seconds at 60 fps when the disk lags behind.
CHUNK = 240
# So many frames wait to be settled at most; those of a camera of 1000 frames a second.
_UNSETTLED = 40

INSERT = {
    table: f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * len(columns))})"
    for table, columns in columns_of(VERSION).items()
}
# Tables that number their rows themselves.
_NUMBERED = {"belt", "command", "event", "stride", "played", "response", "mark", "device", "fault"}


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
        db.execute("INSERT INTO fault VALUES (NULL, 0, ?)", (said.to_json(),))


@dataclass(frozen=True, slots=True)
class StepRecord:
    """What of one engine step is to be kept.

    Attributes
    ----------
    step : int
        Number of the step.
    rows : tuple of (table, row)
        Its events, strides, cues and responses.
    result : StepResult or None
        For the frame, the bands and the notices; None when the frame is not kept.
    settled_frames : tuple of SettledFrame
        Frames before it whose legs were told apart when no further ones came.
    """

    step: int
    t_s: float
    rows: tuple[tuple[str, Row], ...]
    result: StepResult | None
    urgent: bool
    bands: Mapping[str, Band]
    settled_frames: tuple[SettledFrame, ...] = ()

    @classmethod
    def of(cls, step: int, result: StepResult, *, with_frame: bool) -> StepRecord:
        """Return what of a step is to be kept, with its frame only when asked for."""
        return cls(
            step,
            result.t_s,
            (
                *(("event", rows.event_row(step, one)) for one in result.events),
                *(("stride", rows.stride_row(step, one)) for one in result.strides),
                *(("cue", rows.cue_row(step, one)) for one in result.cues),
                *(("response", rows.response_row(step, one)) for one in result.responses),
            ),
            result if with_frame else None,
            bool(result.strides or result.cues),
            result.bands,
        )


class Batch:
    """Collects rows and frames; `write` puts them into the database in one transaction.

    A frame waits until its legs are told apart, a few steps later, so that all that is known
    of it lies together. Nothing is forgotten until a commit has succeeded, except frames,
    which are the first to be given up when the disk is full.
    """

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = defaultdict(list)
        self._frames: list[KeptFrame] = []
        self._unsettled: deque[KeptFrame] = deque()
        self._words = StringTable()
        self._bands: Mapping[str, Band] | None = None
        self._notices: tuple[Reason, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write yet."""
        return not self._ready and not any(self._rows.values())

    @property
    def row_count(self) -> int:
        """Rows that wait, frames not counted."""
        return sum(map(len, self._rows.values()))

    @property
    def frame_count(self) -> int:
        """Frames that wait."""
        return len(self._frames)

    @property
    def _ready(self) -> int:
        """How many of the frames, from the oldest on, nothing more will be known of."""
        if not self._unsettled:
            return len(self._frames)
        return bisect_left(self._frames, self._unsettled[0].step, key=lambda frame: frame.step)

    def add(self, table: str, row: Row) -> None:
        """Add a row; tables that number their rows get their number from SQLite."""
        self._rows[table].append((None, *row) if table in _NUMBERED else row)

    def add_step(self, record: StepRecord) -> None:
        """Add what is to be kept of one engine step."""
        for table, row in record.rows:
            self.add(table, row)
        result, step = record.result, record.step
        if result is None:
            self._settle(record.settled_frames, step)
            return
        self._add_frame(KeptFrame(step, result))
        if result.bands is not self._bands and result.bands != self._bands:
            self.add("bands", (step, rows.bands_json(result.bands)))
        self._bands = result.bands
        if result.notices != self._notices:
            self.add("notices", (step, rows.notices_json(result.notices)))
            self._notices = result.notices

    def _add_frame(self, frame: KeptFrame) -> None:
        self._frames.append(frame)
        if frame.result.raw_pose.seen:
            self._unsettled.append(frame)
        self._settle(frame.result.settled_frames, frame.step)
        if not frame.result.raw_pose.seen:
            self._unsettled.clear()
        while len(self._unsettled) > _UNSETTLED:
            self._unsettled.popleft()

    def _settle(self, frames: Iterable[SettledFrame], step: int) -> None:
        for settled in frames:
            # Frames are settled in order; one that was passed over never will be.
            while self._unsettled and self._unsettled[0].result.t_s <= settled.t_s:
                passed = self._unsettled.popleft()
                if passed.result.t_s == settled.t_s:
                    passed.settled, passed.settled_after = settled, step - passed.step

    def drop_frames(self) -> int:
        """Give up the frames that wait; returns how many."""
        lost = len(self._frames)
        self._frames.clear()
        self._unsettled.clear()
        # What follows a gap must not depend on what was lost in it.
        self._bands = None
        return lost

    def drop_rows(self) -> None:
        """Give up every row that waits: the last resort against endless memory."""
        self._rows.clear()

    def write(self, db: sqlite3.Connection, *, last: bool = False) -> None:
        """Write what is ready in one transaction; with `last` also what will never be.

        On `sqlite3.Error` all of it still waits.
        """
        ready = len(self._frames) if last else self._ready
        chunks = [self._chunk(part) for part in _runs(self._frames[:ready])]
        try:
            self._put(db, chunks, sqlite3.Connection.executemany)
        except _NO_ROWS:
            # One row that no database takes must not keep all others out for ever.
            self._put(db, chunks, _one_by_one)
        self._words.fresh.clear()
        del self._frames[:ready]
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

    def _chunk(self, part: list[KeptFrame]) -> Row:
        first, last = part[0], part[-1]
        return (
            first.step,
            len(part),
            first.result.raw_pose.t_capture_s,
            last.result.raw_pose.t_capture_s,
            *blobs_of(part, self._words),
        )


def _runs(frames: Sequence[KeptFrame]) -> Iterable[list[KeptFrame]]:
    """Cut frames into parts with consecutive step numbers, none longer than `CHUNK`."""
    part: list[KeptFrame] = []
    for frame in frames:
        if part and (len(part) == CHUNK or frame.step != part[-1].step + 1):
            yield part
            part = []
        part.append(frame)
    if part:
        yield part
