"""What is handed to the writer's thread: small records, and never more than fit in memory."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass

from hipcue.realtime.session.pending_rows import StepRecord
from hipcue.realtime.session.rows import Row


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row for a table of the database."""

    table: str
    row: Row


class WriteQueue:
    """A queue from any thread to the writer's, bounded by what it holds.

    Frames and rows are counted apart: frames are large and are given up first.

    Parameters
    ----------
    most_frames, most_rows : int
        Beyond these nothing more is taken until the writer has taken some.
    """

    def __init__(self, most_frames: int, most_rows: int) -> None:
        self._queue: queue.SimpleQueue[TableRow | StepRecord | None] = queue.SimpleQueue()
        self._most_frames, self._most_rows = most_frames, most_rows
        self._counting = threading.Lock()
        self.frames = 0
        self.rows = 0

    @property
    def room_for_frame(self) -> bool:
        """Whether the frame of one more step is taken."""
        return self.frames < self._most_frames

    def put(self, item: TableRow | StepRecord) -> bool:
        """Hand over a row, or a step with its rows; False when there is no room for them."""
        frames, rows = _size(item)
        with self._counting:
            if self.rows + rows > self._most_rows:
                return False
            self.frames += frames
            self.rows += rows
        self._queue.put(item)
        return True

    def end(self) -> None:
        """Hand over the end: the next `get` after everything else returns None."""
        self._queue.put(None)

    def get(self, timeout_s: float) -> TableRow | StepRecord | None:
        """Return the oldest item, None at the end. Raises `queue.Empty` after the timeout."""
        item = self._queue.get(timeout=timeout_s)
        if item is not None:
            frames, rows = _size(item)
            with self._counting:
                self.frames -= frames
                self.rows -= rows
        return item

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return self._queue.empty()

    def clear(self) -> None:
        """Forget everything that waits."""
        while not self._queue.empty():
            self.get(0.0)


def _size(item: TableRow | StepRecord) -> tuple[int, int]:
    """Return how many frames and rows an item is."""
    if isinstance(item, TableRow):
        return 0, 1
    return int(item.result is not None), len(item.rows)
