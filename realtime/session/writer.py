"""Records a session while it runs, without ever holding up who runs it."""

from __future__ import annotations

import queue
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample, DeviceStatus
from hipcue.realtime.records import Band, EngineCommand, Mark, StepResult
from hipcue.realtime.session.command_json import command_json
from hipcue.realtime.session.folder import create_folder
from hipcue.realtime.session.header import SETTLED_STEP, SessionHeader
from hipcue.realtime.session.pending_rows import Batch, StepRecord
from hipcue.realtime.session.rows import belt_row, clean, to_json
from hipcue.realtime.session.schema import DATABASE, create
from hipcue.realtime.session.write_queue import TableRow, WriteQueue

# A kill loses at most this much.
TRANSACTION_S = 1.0
# Frames that may wait in memory: ten minutes at 60 fps, about 150 MB.
MAX_WAITING_FRAMES = 36_000
# Rows that may wait in memory when not even strides can be written: hours of strides.
MAX_WAITING_ROWS = 200_000

# So long a disk may take to write what waits when a session ends; our choice: one that has
# fallen asleep wakes within ten seconds.
CLOSE_WAIT_S = 30.0
_TOO_SLOW = Reason(ReasonCode.DISK_TOO_SLOW)


class SessionWriter:
    """Writes a session folder from its own thread.

    Every method may be called from any thread, returns at once and never raises for
    trouble with the disk: `fault` says what is wrong, the run goes on. `belt`, `command`
    and `step` follow one another as the engine was fed and therefore belong to one thread.

    When space runs out the frames (poses, angles) are given up first, while strides, cues
    and the rest go on; when not even those can be written they wait in memory for room.

    Parameters
    ----------
    folder : Path
        The session's folder: new, or an empty one. Made readable for its owner only.
    header : SessionHeader
        The first page.
    keep_free_bytes : int
        Frames stop below this much free space, so that strides can go on.
    finish : callable, optional
        Told the folder when everything is written, for what is made from the database.
    close_wait_s : float
        So long `close` waits for a disk that does not answer.

    Attributes
    ----------
    fault : Reason or None
        What is wrong right now, for the screen; ``None`` when all is well.

    Raises
    ------
    UserError
        From the constructor only: the folder cannot be written, or holds something.
    """

    def __init__(
        self,
        folder: Path,
        header: SessionHeader,
        *,
        keep_free_bytes: int = 100_000_000,
        finish: Callable[[Path], None] | None = None,
        close_wait_s: float = CLOSE_WAIT_S,
    ) -> None:
        self.folder = folder
        self.fault: Reason | None = None
        self._keep_free_bytes = keep_free_bytes
        self._finish = finish
        self._header = header
        self._close_wait_s = close_wait_s
        self._queue = WriteQueue(MAX_WAITING_FRAMES, MAX_WAITING_ROWS)
        self._steps = 0
        self._urgent = False
        self._t_s = header.t_first_s or 0.0
        self._low = False
        self._bands: Mapping[str, Band] = {}
        self._bug: Exception | None = None
        self._dead = False
        self._lost = 0
        self._closed = False
        create_folder(folder)
        try:
            pages = [(key, to_json(value)) for key, value in header.as_dict().items()]
            self._db = create(folder / DATABASE, pages)
        except (sqlite3.Error, OSError) as error:
            raise UserError(
                f"cannot write a session into {folder}",
                str(error),
                "check free space and permissions, or choose another folder with --out",
            ) from error
        self._batch = Batch()
        self._thread = threading.Thread(target=self._run, name="session-writer", daemon=True)
        self._thread.start()

    def step(self, result: StepResult) -> None:
        """Keep what one engine step was given and found out.

        While a stuck disk keeps `MAX_WAITING_FRAMES` waiting, frames are left out; strides and
        cues are kept on, as long as `MAX_WAITING_ROWS` do.
        """
        number = self._steps
        self._steps += 1
        if self._dead:
            return
        if number == 0 and self._header.t_first_s is None:
            self.learned("t_first_s", result.raw_pose.t_capture_s)
        keep = self._queue.room_for_frame
        if not keep and self.fault != _TOO_SLOW:
            self.fault = _TOO_SLOW
            self.note_fault(result.t_s, _TOO_SLOW)
        record = StepRecord.of(number, result, with_frame=keep)
        if keep or record.rows:
            self._hand_over(record)

    def add_to_last_step(self, result: StepResult) -> None:
        """Keep what the engine found out when it settled the last frames, after the last step."""
        number = self._steps - 1
        self.learned(SETTLED_STEP, number)
        if not self._dead:
            record = StepRecord.of(number, result, with_frame=False)
            self._hand_over(replace(record, settled_frames=result.settled_frames))

    @property
    def waiting(self) -> int:
        """Frames that wait for the disk."""
        return self._queue.frames

    def belt(self, samples: Iterable[BeltSample]) -> None:
        """Keep belt samples; they belong to the next `step`, which was given them."""
        rows = [belt_row(self._steps, sample) for sample in samples]
        for row in rows:
            self._put("belt", row)

    def command(self, t_s: float, command: EngineCommand) -> None:
        """Keep what somebody asked of the engine; it belongs to the next `step`."""
        self._put("command", (self._steps, t_s, command_json(command)))

    def mark(self, mark: Mark) -> None:
        """Keep a moment to find again."""
        self._put("mark", (self._steps, mark.t_s, clean(mark.note)))

    def cue_played(self, cue_number: int, stamps: Mapping[str, float]) -> None:
        """Keep when a cue was played.

        `stamps` maps the stages to times on the session's clock, e.g. ``queued_s`` and
        ``sound_s``; the latest of them counts as the instant of the sound.
        """
        self._put("played", (cue_number, to_json(dict(stamps))))

    def device(self, t_s: float, status: DeviceStatus) -> None:
        """Keep a change of a device's light."""
        words = (status.name, status.state.value, status.reason.to_json())
        self._put("device", (t_s, *map(clean, words)))

    def note_fault(self, t_s: float, fault: Reason) -> None:
        """Keep what went wrong."""
        self._put("fault", (t_s, clean(fault.to_json())))

    def learned(self, key: str, value: Any) -> None:
        """Add something to the header that was not known at the start.

        For example ``size_px``, or ``neutral_end``: the neutral the session ended with.
        `value` consists of plain JSON values.
        """
        self._put("header", (key, to_json(value)))

    def close(self) -> None:
        """Write what waits, then let `finish` make what is made from the whole database.

        Trouble with the disk shows in `fault`. One that does not answer for `close_wait_s` is
        left alone; what it has not taken is lost. Closing twice is harmless.
        """
        if self._closed:
            return
        self._closed = True
        self._queue.end()
        self._thread.join(self._close_wait_s)
        if self._thread.is_alive():
            frames = self._queue.frames + self._batch.frame_count
            rows = self._queue.rows + self._batch.row_count
            self.fault = Reason(ReasonCode.DISK_HANGS, frames=frames, rows=rows)
            self._dead = True
            return
        if self._bug is not None:
            raise self._bug
        if self._finish is None:
            return
        try:
            self._finish(self.folder)
        except OSError as error:
            self.fault = Reason(ReasonCode.REPORT_NOT_WRITTEN, why=str(error.strerror or error))

    def _put(self, table: str, row: tuple[Any, ...]) -> None:
        if not self._dead:
            self._hand_over(TableRow(table, row))

    def _hand_over(self, item: TableRow | StepRecord) -> None:
        if not self._queue.put(item):
            self._lost += 1
            self.fault = Reason(ReasonCode.DISK_TAKES_NOTHING)
        if self._dead:
            self._queue.clear()  # It died meanwhile.

    # Everything below runs on the writer's thread.

    def _take(self, item: TableRow | StepRecord) -> None:
        if isinstance(item, TableRow):
            self._batch.add(item.table, item.row)
            return
        self._t_s = item.t_s
        self._batch.add_step(replace(item, result=None) if self._low else item)
        if item.bands:
            self._bands = item.bands
        self._urgent |= item.urgent

    def _run(self) -> None:
        try:
            going = True
            while going:
                going = self._collect(time.monotonic() + TRANSACTION_S)
                self._urgent = False
                self._commit()
            self._shut()
        except Exception as error:
            self._bug, self._dead = error, True
            self.fault = Reason(ReasonCode.RECORDING_STOPPED, why=str(error))
            self._queue.clear()

    def _collect(self, until_s: float) -> bool:
        """Take jobs until a stride, the end of the second, or the end of the session."""
        while True:
            wait_s = until_s - time.monotonic()
            try:
                # Whatever waits is taken along: a slow disk gets fewer, larger transactions.
                item = self._queue.get(max(wait_s, 0)) if wait_s > 0 else None
                if item is None:
                    return wait_s <= 0
                self._take(item)
            except queue.Empty:
                return True
            if self._urgent and self._queue.empty:
                return True

    def _commit(self) -> None:
        lost, self._lost = self._lost, 0
        if lost:
            self._keep_fault(Reason(ReasonCode.ROWS_LOST, count=lost))
        if self._batch.empty:
            return
        self._watch_space()
        if self._try_write():
            return
        if self._batch.drop_frames() and self._try_write():
            self._trouble(Reason(ReasonCode.DISK_FULL))
            return
        if self._batch.row_count > MAX_WAITING_ROWS:
            self._lost += self._batch.row_count
            self._batch.drop_rows()

    def _try_write(self) -> bool:
        try:
            self._batch.write(self._db)
        except sqlite3.Error as error:
            self._trouble(Reason(ReasonCode.SESSION_NOT_WRITTEN, why=str(error)))
            return False
        if not self._low:
            self.fault = None
        return True

    def _watch_space(self) -> None:
        try:
            low = shutil.disk_usage(self.folder).free < self._keep_free_bytes
        except OSError:
            return
        if low and not self._low:
            self._trouble(Reason(ReasonCode.DISK_NEARLY_FULL))
            self._batch.drop_frames()
        self._low = low

    def _trouble(self, fault: Reason) -> None:
        """Say what is wrong, and keep it in the session when it is new."""
        if fault != self.fault:
            self._keep_fault(fault)
        self.fault = fault

    def _keep_fault(self, fault: Reason) -> None:
        self._batch.add("fault", (self._t_s, clean(fault.to_json())))

    def _shut(self) -> None:
        """Leave one plain file without a log beside it."""
        try:
            if self._bands:
                baseline = {name: [b.centre, b.low, b.high] for name, b in self._bands.items()}
                self._batch.add("header", ("baseline_end", to_json(baseline)))
            self._batch.add("header", ("closed", to_json({"clean": True, "steps": self._steps})))
            self._batch.write(self._db, last=True)
            self._db.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            self.fault = Reason(ReasonCode.SESSION_NOT_FINISHED, why=str(error))
        finally:
            self._db.close()
