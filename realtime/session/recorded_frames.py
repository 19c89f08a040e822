"""Every recorded frame of a session, in chunks, in order or by step number."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property, partial
from operator import itemgetter

from hipcue.config.errors import UserError
from hipcue.realtime.session import rows
from hipcue.realtime.session.codec import Columns, damaged, unpack
from hipcue.realtime.session.database import SessionDatabase
from hipcue.realtime.session.frame_layout import STATE
from hipcue.realtime.session.frames import Chunk, checked_times, read_chunk
from hipcue.realtime.session.version1 import neutral_end_s, read_version1_chunk, state_of


class RecordedFrames:
    """The frames of one session, of whatever version its layout is.

    Parameters
    ----------
    database : SessionDatabase
        Open for as long as this is used.
    """

    def __init__(self, database: SessionDatabase) -> None:
        self._db = database

    @cached_property
    def words(self) -> list[str | None]:
        """Texts by word number; 0 is none."""
        found = {rows.whole(n): str(t) for n, t in self._db.select("SELECT * FROM word")}
        if found and max(found) > 2 * len(found) + 100:
            raise damaged("the list of words is damaged")
        return [found.get(i) for i in range(max(found, default=0) + 1)]

    @cached_property
    def chunk_index(self) -> list[tuple[int, int]]:
        """First step and number of steps of every chunk of frames, in order."""
        found = self._db.select("SELECT first, count FROM frames ORDER BY first")
        return [(rows.whole(first), rows.whole(count)) for first, count in found]

    def chunks_between(self, start_s: float, end_s: float) -> Iterator[Chunk]:
        """Return the chunks that hold frames of a span of time, in order."""
        k = bisect_left(self._chunk_ends_s, start_s)
        while k < len(self.chunk_index) and self._chunk_starts_s[k] <= end_s:
            yield self.chunk(self.chunk_index[k][0])
            k += 1

    @cached_property
    def _chunk_starts_s(self) -> list[float]:
        found = self._db.select("SELECT t_first_s FROM frames ORDER BY first")
        return [rows.time_from(t) for (t,) in found]

    @cached_property
    def _chunk_ends_s(self) -> list[float]:
        found = self._db.select("SELECT t_last_s FROM frames ORDER BY first")
        return [rows.time_from(t) for (t,) in found]

    def chunk_at(self, t_s: float) -> Chunk | None:
        """Return the last chunk that begins at a time or before, else the first one."""
        if not self.chunk_index:
            return None
        k = max(bisect_right(self._chunk_starts_s, t_s) - 1, 0)
        return self.chunk(self.chunk_index[k][0])

    @property
    def count(self) -> int:
        """Frames that were kept."""
        return sum(count for _, count in self.chunk_index)

    @property
    def whole_steps(self) -> int:
        """Steps from the start without a gap: as far as a replay can go."""
        reach = 0
        for first, count in self.chunk_index:
            if first != reach:
                break
            reach += count
        return reach

    def t_of_step(self, step: int) -> float | None:
        """Capture time of a step's frame, or of the nearest one that was kept before it.

        None where none was.
        """
        k = bisect_right(self.chunk_index, step, key=itemgetter(0)) - 1
        if k < 0:
            return None
        chunk = self.chunk(self.chunk_index[k][0])
        return float(chunk.poses["t_s"][min(step - chunk.first, chunk.count - 1)])

    def chunks(self, *, first: int = 0) -> Iterator[Chunk]:
        """Return the chunks of frames in order, from the one that holds step `first`."""
        for start, count in self.chunk_index:
            if start + count > first:
                yield self.chunk(start)

    def chunk(self, first: int) -> Chunk:
        """Return the chunk that begins with that step."""
        blobs = "pose, angles, state" if self._db.version == 1 else "pose, pelvis, settled, state"
        found = self._db.select(f"SELECT first, count, {blobs} FROM frames WHERE first = ?", first)
        if not found:
            raise UserError("cannot read the session", f"no frame {first}", "try another moment")
        if self._db.version > 1:
            return read_chunk(found[0], self.words)
        return read_version1_chunk(
            found[0], self.words, partial(self._angles_after, first), lambda: self._neutral_s
        )

    def states(self) -> Iterator[tuple[int, Columns]]:
        """Return the first step of every chunk and its state: the smallest of the blobs.

        Of version 1 without what only the other blobs can tell.
        """
        for first, count, blob in self._db.select(
            "SELECT first, count, state FROM frames ORDER BY first"
        ):
            if not isinstance(blob, bytes):
                raise damaged("a block of frames is damaged")
            if self._db.version == 1:
                yield rows.whole(first), state_of(blob, rows.whole(count))
            else:
                yield rows.whole(first), checked_times(unpack(blob, STATE, rows.whole(count)))

    def _angles_after(self, step: int) -> Iterator[tuple[int, int, bytes]]:
        """Return the angle blobs of version 1 after a step."""
        k = bisect_right(self.chunk_index, step, key=itemgetter(0))
        for first, count in self.chunk_index[k:]:
            [(blob,)] = self._db.select("SELECT angles FROM frames WHERE first = ?", first)
            if not isinstance(blob, bytes):
                raise damaged("a block of frames is damaged")
            yield first, count, blob

    @cached_property
    def _neutral_s(self) -> float:
        """From when on the standing neutral was measured, as version 1 tells it."""
        states = (state for _, state in self.states())
        return neutral_end_s(self._db.header.get("neutral_end"), states)
