"""The thread that writes a session's database."""

from __future__ import annotations

import queue
import shutil
import sqlite3
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Band
from hipcue.realtime.session.pending_rows import Batch, StepRecord
from hipcue.realtime.session.rows import clean, to_json
from hipcue.realtime.session.session_log import logger
from hipcue.realtime.session.write_queue import TableRow, WriteQueue

# A kill loses at most this much.
TRANSACTION_S = 1.0


class DiskThread(threading.Thread):
    """Takes what waits in a queue and writes it, a transaction a second or a stride.

    Only `fail` and the attributes are for other threads.

    Parameters
    ----------
    db : sqlite3.Connection
        Used by this thread alone from now on, and closed by it.
    folder : Path
        Where the database is.
    waiting : WriteQueue
        What there is to write.
    keep_free_bytes : int
        Below this much free space frames are given up.
    most_rows : int
        So many rows wait at most for a disk that refuses them.

    Attributes
    ----------
    fault : Reason or None
        What is wrong right now.
    bug : Exception or None
        What the thread died of.
    dead : bool
        Whether it takes nothing more.
    lost : int
        Rows that were lost since that was last recorded.
    steps : int
        Steps of the session so far, for its last page.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        folder: Path,
        waiting: WriteQueue,
        *,
        keep_free_bytes: int,
        most_rows: int,
        t_s: float,
    ) -> None:
        super().__init__(name="session-writer", daemon=True)
        self.fault: Reason | None = None
        self.bug: Exception | None = None
        self.dead = False
        self.lost = 0
        self.steps = 0
        self.batch = Batch()
        self._db = db
        self._folder = folder
        self._waiting = waiting
        self._keep_free_bytes = keep_free_bytes
        self._most_rows = most_rows
        self._t_s = t_s
        self._urgent = False
        self._low = False
        self._bands: Mapping[str, Band] = {}

    def fail(self, fault: Reason) -> bool:
        """Say what is wrong from now on; True when it is new."""
        new = fault != self.fault
        if new:
            logger.warning(in_words(fault))
        self.fault = fault
        return new

    def run(self) -> None:
        """Write until the end of the queue."""
        try:
            going = True
            while going:
                going = self._collect(time.monotonic() + TRANSACTION_S)
                self._urgent = False
                self._commit()
            self._shut()
        except Exception as error:
            self.bug, self.dead = error, True
            logger.exception("the thread that writes the session died")
            self.fail(Reason(ReasonCode.RECORDING_STOPPED, why=str(error)))
            self._waiting.clear()

    def _collect(self, until_s: float) -> bool:
        """Take what waits until a stride, the end of the second, or the end of the session."""
        while True:
            wait_s = until_s - time.monotonic()
            try:
                # Whatever waits is taken along: a slow disk gets fewer, larger transactions.
                item = self._waiting.get(max(wait_s, 0)) if wait_s > 0 else None
                if item is None:
                    return wait_s <= 0
                self._take(item)
            except queue.Empty:
                return True
            if self._urgent and self._waiting.empty:
                return True

    def _take(self, item: TableRow | StepRecord) -> None:
        if isinstance(item, TableRow):
            self.batch.add(item.table, item.row)
            return
        self._t_s = item.t_s
        self.batch.add_step(replace(item, result=None) if self._low else item)
        if item.bands:
            self._bands = item.bands
        self._urgent |= item.urgent

    def _commit(self) -> None:
        lost, self.lost = self.lost, 0
        if lost:
            self._keep(Reason(ReasonCode.ROWS_LOST, count=lost))
        if self.batch.empty:
            return
        self._watch_space()
        if self._try_write():
            return
        if self.batch.drop_frames() and self._try_write():
            self._trouble(Reason(ReasonCode.DISK_FULL))
            return
        if self.batch.row_count > self._most_rows:
            self.lost += self.batch.row_count
            self.batch.drop_rows()

    def _try_write(self) -> bool:
        try:
            self.batch.write(self._db)
        except sqlite3.Error as error:
            self._trouble(Reason(ReasonCode.SESSION_NOT_WRITTEN, why=str(error)))
            return False
        if not self._low and not self.dead:
            self.fault = None
        return True

    def _watch_space(self) -> None:
        try:
            low = shutil.disk_usage(self._folder).free < self._keep_free_bytes
        except OSError:
            return
        if low and not self._low:
            self._trouble(Reason(ReasonCode.DISK_NEARLY_FULL))
            self.batch.drop_frames()
        self._low = low

    def _trouble(self, fault: Reason) -> None:
        """Say what is wrong, and keep it in the session when it is new."""
        if self.fail(fault):
            self._keep(fault)

    def _keep(self, fault: Reason) -> None:
        self.batch.add("fault", (self._t_s, clean(fault.to_json())))

    def _shut(self) -> None:
        """Leave one plain file without a log beside it."""
        try:
            if self._bands:
                baseline = {name: [b.centre, b.low, b.high] for name, b in self._bands.items()}
                self.batch.add("header", ("baseline_end", to_json(baseline)))
            self.batch.add("header", ("closed", to_json({"clean": True, "steps": self.steps})))
            self.batch.write(self._db, last=True)
            self._db.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            self.fail(Reason(ReasonCode.SESSION_NOT_FINISHED, why=str(error)))
        finally:
            self._db.close()
