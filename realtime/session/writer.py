"""Records a session while it runs, without ever holding up who runs it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hipcue.config.errors import UserError
from hipcue.config.reason_words import in_words, with_advice
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample, DeviceStatus
from hipcue.realtime.records import EngineCommand, Mark, NewRunner, StepResult
from hipcue.realtime.session.command_json import command_json
from hipcue.realtime.session.disk_thread import DiskThread
from hipcue.realtime.session.folder import create_folder
from hipcue.realtime.session.header import SETTLED_STEP, SessionHeader
from hipcue.realtime.session.pending_rows import StepRecord
from hipcue.realtime.session.rows import belt_row, clean, to_json
from hipcue.realtime.session.schema import DATABASE, create
from hipcue.realtime.session.session_log import logger
from hipcue.realtime.session.write_queue import TableRow, WriteQueue

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
    runners : list of str
        The names of those who ran so far.

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
        self._finish = finish
        self._header = header
        self._close_wait_s = close_wait_s
        self._queue = WriteQueue(MAX_WAITING_FRAMES, MAX_WAITING_ROWS)
        self._steps = 0
        self.runners = [header.runner]
        self._closed = False
        create_folder(folder)
        try:
            pages = [(key, to_json(value)) for key, value in header.as_dict().items()]
            db = create(folder / DATABASE, pages)
        except (sqlite3.Error, OSError) as error:
            raise UserError(
                f"cannot write a session into {folder}",
                str(error),
                "check free space and permissions, or choose another folder with --out",
            ) from error
        self._disk = DiskThread(
            db,
            folder,
            self._queue,
            keep_free_bytes=keep_free_bytes,
            most_rows=MAX_WAITING_ROWS,
            t_s=header.t_first_s or 0.0,
        )
        self._disk.start()

    @property
    def fault(self) -> Reason | None:
        """What is wrong right now, for the screen; ``None`` when all is well."""
        return self._disk.fault

    def step(self, result: StepResult) -> None:
        """Keep what one engine step was given and found out.

        While a stuck disk keeps `MAX_WAITING_FRAMES` waiting, frames are left out; strides and
        cues are kept on, as long as `MAX_WAITING_ROWS` do.
        """
        number = self._steps
        self._steps += 1
        self._disk.steps = self._steps
        if self._disk.dead:
            return
        if number == 0 and self._header.t_first_s is None:
            self.learned("t_first_s", result.raw_pose.t_capture_s)
        keep = self._queue.room_for_frame
        if not keep and self._disk.fail(_TOO_SLOW):
            self._put("fault", (result.t_s, clean(_TOO_SLOW.to_json())))
        record = StepRecord.of(number, result, with_frame=keep)
        if keep or record.rows:
            self._hand_over(record)

    def add_to_last_step(self, result: StepResult) -> None:
        """Keep what the engine found out when it settled the last frames, after the last step."""
        number = self._steps - 1
        self.learned(SETTLED_STEP, number)
        if not self._disk.dead:
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
        if isinstance(command, NewRunner):
            self.runners.append(command.name)
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
        """Keep a change of a device's status."""
        told = with_advice(status.reason)
        logger.info("%s %s: %s", status.name, status.state.value, told)
        words = (status.name, status.state.value, status.reason.to_json())
        self._put("device", (t_s, *map(clean, words)))

    def note_fault(self, t_s: float, fault: Reason) -> None:
        """Keep what went wrong."""
        logger.warning(in_words(fault))
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
        disk = self._disk
        disk.join(self._close_wait_s)
        if disk.is_alive():
            frames = self._queue.frames + disk.batch.frame_count
            rows = self._queue.rows + disk.batch.row_count
            disk.dead = True
            disk.fail(Reason(ReasonCode.DISK_HANGS, frames=frames, rows=rows))
            return
        if disk.bug is not None:
            raise disk.bug
        if self._finish is None:
            return
        try:
            self._finish(self.folder)
        except OSError as error:
            why = error.strerror or str(error)
            self._disk.fail(Reason(ReasonCode.REPORT_NOT_WRITTEN, why=why))

    def _put(self, table: str, row: tuple[Any, ...]) -> None:
        if not self._disk.dead:
            self._hand_over(TableRow(table, row))

    def _hand_over(self, item: TableRow | StepRecord) -> None:
        if not self._queue.put(item):
            self._disk.lost += 1
            self._disk.fail(Reason(ReasonCode.DISK_TAKES_NOTHING))
        if self._disk.dead:
            self._queue.clear()  # It died meanwhile.
