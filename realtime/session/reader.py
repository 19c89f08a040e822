"""Reads a recorded session: the header, strides and cues, and every frame."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason
from hipcue.devices.readings import BeltSample, DeviceStatus, LinkState
from hipcue.realtime.records import (
    Cue,
    CueResponse,
    EngineCommand,
    GaitEvent,
    Mark,
    NewRunner,
    Stride,
)
from hipcue.realtime.session import rows
from hipcue.realtime.session.codec import Columns, damaged, unpack
from hipcue.realtime.session.command_json import read_command
from hipcue.realtime.session.frame_layout import STATE
from hipcue.realtime.session.frames import Chunk, member, read_chunk
from hipcue.realtime.session.header import SessionHeader
from hipcue.realtime.session.open_readonly import open_reading
from hipcue.realtime.session.reason_text import reason_from_text, reason_of_row
from hipcue.realtime.session.schema import version_of
from hipcue.realtime.session.version1 import neutral_end_s, read_version1_chunk, state_of

T = TypeVar("T")

# Ten hours at 240 steps per minute; more would only be meant to fill the memory.
_MAX_ROWS = 500_000
# Ten hours of a treadmill that speaks a hundred times a second.
_MAX_BELT_ROWS = 3_600_000


@dataclass(frozen=True, slots=True)
class Played:
    """When a cue was played: stages and their times on the session's clock."""

    cue_number: int
    stamps: dict[str, float]

    @property
    def t_sound_s(self) -> float | None:
        """The instant of the sound: the latest stamp."""
        return max(self.stamps.values(), default=None)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that went wrong, and when."""

    t_s: float
    reason: Reason


class SessionReader:
    """A recorded session, for reading only.

    Lists are read when first asked for and kept. Frames are read in chunks, in order or
    by step number. Use it as a context manager, or close it.

    Parameters
    ----------
    folder : Path
        The session's folder.

    Raises
    ------
    UserError
        Here and from everything below: it is not a session, or it is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._db = open_reading(folder)
        self._version = version_of(self._db)
        self._only: str | None = None

    def __enter__(self) -> SessionReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def select(self, sql: str, *values: object, most: int = _MAX_ROWS) -> list[rows.Row]:
        """Return the rows of a query; too many of them are refused."""
        try:
            found = self._db.execute(sql, values).fetchmany(most + 1)
        except (sqlite3.Error, OverflowError) as error:
            raise damaged(str(error)) from error
        if len(found) > most:
            raise damaged("more rows than any session has")
        return found

    @cached_property
    def header_values(self) -> dict[str, Any]:
        """Everything the header holds, also what was learnt during the session."""
        return {str(k): rows.from_json(v) for k, v in self.select("SELECT * FROM header")}

    @cached_property
    def header(self) -> SessionHeader:
        """The first page; its runner is who took most of the strides."""
        header = SessionHeader.from_dict(self.header_values)
        if self._only is not None:
            return replace(header, runner=self._only)
        names = self.runners
        return replace(header, runner=names[0]) if len(names) > 1 else header

    @cached_property
    def runner_turns(self) -> list[tuple[int, str]]:
        """From which step on who ran, in order; the first from step 0."""
        header = SessionHeader.from_dict(self.header_values)
        try:
            told = [(k, c.name) for k, c in self.command_steps if isinstance(c, NewRunner)]
        except UserError:
            told = []  # Of another version.
        if not told:
            return [(0, header.runner)]
        begun = header.settings.get("runner")
        first = begun.get("name") if isinstance(begun, dict) else None
        turns = [(0, str(first or ""))]
        for step, name in told:
            if name != turns[-1][1]:
                turns.append((step, name))
        return turns

    def runner_at(self, step: int) -> str:
        """Who ran when a step was taken: they took the strides that were known with it."""
        return self.runner_turns[bisect_right(self.runner_turns, step, key=itemgetter(0)) - 1][1]

    @cached_property
    def runners(self) -> tuple[str, ...]:
        """Everybody who took a stride; who took most of them first."""
        if len(self.runner_turns) == 1:
            return (self.runner_turns[0][1],)
        found = Counter(self.runner_at(step) for step, _ in self.stride_steps)
        return tuple(name for name, _ in found.most_common()) or (self.runner_turns[-1][1],)

    def of_runner(self, name: str) -> SessionReader:
        """Return the same session with one runner's strides, cues, responses and events only.

        It is open for as long as this one.
        """
        one = object.__new__(SessionReader)
        one.folder, one._db, one._version = self.folder, self._db, self._version
        one._only = name
        return one

    def _of_runner(self, found: list[tuple[int, T]]) -> list[tuple[int, T]]:
        if self._only is None:
            return found
        return [(step, one) for step, one in found if self.runner_at(step) == self._only]

    @property
    def closed(self) -> bool:
        """Whether the session was finished properly (or repaired)."""
        return "closed" in self.header_values

    @cached_property
    def t_first_s(self) -> float:
        """Capture time of the first frame; 0 when there never was one."""
        return self.header.t_first_s or 0.0

    @cached_property
    def stride_steps(self) -> list[tuple[int, Stride]]:
        """The step at which each stride was known, and the stride, in order."""
        found = self.select("SELECT * FROM stride ORDER BY id")
        return self._of_runner([rows.read_stride(row[1:]) for row in found])

    @property
    def strides(self) -> list[Stride]:
        """Every stride, in the order in which they were known."""
        return [stride for _, stride in self.stride_steps]

    @cached_property
    def cue_steps(self) -> list[tuple[int, Cue]]:
        """The step at which each cue was decided, and the cue, in order."""
        found = self.select("SELECT * FROM cue ORDER BY number")
        return self._of_runner([rows.read_cue(row) for row in found])

    @property
    def cues(self) -> list[Cue]:
        """Every cue."""
        return [cue for _, cue in self.cue_steps]

    @cached_property
    def response_steps(self) -> list[tuple[int, CueResponse]]:
        """The step at which the response to a cue was known, and the response."""
        found = self.select("SELECT * FROM response ORDER BY id")
        return self._of_runner([rows.read_response(row[1:]) for row in found])

    @property
    def responses(self) -> list[CueResponse]:
        """What the runner did after each cue."""
        return [response for _, response in self.response_steps]

    @cached_property
    def event_steps(self) -> list[tuple[int, GaitEvent]]:
        """The step at which each gait event was known, and the event."""
        found = self.select("SELECT * FROM event ORDER BY id")
        return self._of_runner([rows.read_event(row[1:]) for row in found])

    @cached_property
    def belt_steps(self) -> list[tuple[int, BeltSample]]:
        """The step each belt sample was delivered to, and the sample, in order."""
        found = self.select("SELECT * FROM belt ORDER BY id", most=_MAX_BELT_ROWS)
        return [rows.read_belt(row[1:]) for row in found]

    @cached_property
    def command_steps(self) -> list[tuple[int, EngineCommand]]:
        """The step that took each command, and the command, in order."""
        table, column = ("ask", "ask") if self._version == 1 else ("command", "json")
        found = self.select(f"SELECT step, {column} FROM {table} ORDER BY id")
        return [(rows.whole(step), read_command(str(text))) for step, text in found]

    def t_of_step(self, step: int) -> float:
        """Capture time of a step's frame, or of the nearest one that was kept before it."""
        k = bisect_right([first for first, _ in self.chunk_index], step) - 1
        if k < 0:
            return self.t_first_s
        chunk = self.chunk(self.chunk_index[k][0])
        return float(chunk.poses["t_s"][min(step - chunk.first, chunk.count - 1)])

    @cached_property
    def played(self) -> dict[int, Played]:
        """When each cue was played, by its number."""
        found = self.select("SELECT cue, stamps FROM played ORDER BY id")
        out = {}
        for cue, text in found:
            stamps = rows.from_json(text)
            if not isinstance(stamps, dict):
                raise damaged("the times of a cue are damaged")
            numbers = {
                str(k): rows.time_from(v) for k, v in stamps.items() if isinstance(v, int | float)
            }
            out[rows.whole(cue)] = Played(rows.whole(cue), numbers)
        return out

    @cached_property
    def marks(self) -> list[Mark]:
        """Moments somebody wanted to find again."""
        found = self.select("SELECT t_s, note FROM mark ORDER BY id")
        return [Mark(rows.time_from(t), str(note)) for t, note in found]

    @cached_property
    def devices(self) -> list[tuple[float, DeviceStatus]]:
        """Every change of a device's light and when it was."""
        found = self.select("SELECT t_s, name, state, text, advice FROM device ORDER BY id")
        return [
            (
                rows.time_from(t),
                DeviceStatus(
                    str(n), member(LinkState, s, LinkState.OFF), reason_of_row(str(x), str(a))
                ),
            )
            for t, n, s, x, a in found
        ]

    @cached_property
    def faults(self) -> list[Fault]:
        """What went wrong, and when."""
        found = self.select("SELECT t_s, text FROM fault ORDER BY id")
        return [Fault(rows.time_from(t), reason_from_text(str(text))) for t, text in found]

    @cached_property
    def words(self) -> list[str | None]:
        """Texts by word number; 0 is none."""
        found = {rows.whole(n): str(t) for n, t in self.select("SELECT * FROM word")}
        if found and max(found) > 2 * len(found) + 100:
            raise damaged("the list of words is damaged")
        return [found.get(i) for i in range(max(found, default=0) + 1)]

    @cached_property
    def chunk_index(self) -> list[tuple[int, int]]:
        """First step and number of steps of every chunk of frames, in order."""
        found = self.select("SELECT first, count FROM frames ORDER BY first")
        return [(rows.whole(first), rows.whole(count)) for first, count in found]

    def chunks_between(self, start_s: float, end_s: float) -> Iterator[Chunk]:
        """Return the chunks that hold frames of a span of time, in order."""
        k = bisect_left(self._chunk_ends_s, start_s)
        while k < len(self.chunk_index) and self._chunk_starts_s[k] <= end_s:
            yield self.chunk(self.chunk_index[k][0])
            k += 1

    @cached_property
    def _chunk_starts_s(self) -> list[float]:
        found = self.select("SELECT t_first_s FROM frames ORDER BY first")
        return [rows.time_from(t) for (t,) in found]

    @cached_property
    def _chunk_ends_s(self) -> list[float]:
        found = self.select("SELECT t_last_s FROM frames ORDER BY first")
        return [rows.time_from(t) for (t,) in found]

    def chunk_at(self, t_s: float) -> Chunk | None:
        """Return the last chunk that begins at a time or before, else the first one."""
        if not self.chunk_index:
            return None
        k = max(bisect_right(self._chunk_starts_s, t_s) - 1, 0)
        return self.chunk(self.chunk_index[k][0])

    @property
    def frame_count(self) -> int:
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

    def chunks(self, *, first: int = 0) -> Iterator[Chunk]:
        """Return the chunks of frames in order, from the one that holds step `first`."""
        for start, count in self.chunk_index:
            if start + count > first:
                yield self.chunk(start)

    def chunk(self, first: int) -> Chunk:
        """Return the chunk that begins with that step."""
        blobs = "pose, angles, state" if self._version == 1 else "pose, pelvis, settled, state"
        found = self.select(f"SELECT first, count, {blobs} FROM frames WHERE first = ?", first)
        if not found:
            raise UserError("cannot read the session", f"no frame {first}", "try another moment")
        if self._version > 1:
            return read_chunk(found[0], self.words)
        return read_version1_chunk(
            found[0], self.words, partial(self._angles_after, first), lambda: self._neutral_s
        )

    def states(self) -> Iterator[tuple[int, Columns]]:
        """Return the first step of every chunk and its state: the smallest of the blobs.

        Of version 1 without what only the other blobs can tell.
        """
        for first, count, blob in self.select(
            "SELECT first, count, state FROM frames ORDER BY first"
        ):
            if not isinstance(blob, bytes):
                raise damaged("a block of frames is damaged")
            if self._version == 1:
                yield rows.whole(first), state_of(blob, rows.whole(count))
            else:
                yield rows.whole(first), unpack(blob, STATE, rows.whole(count))

    def _angles_after(self, step: int) -> Iterator[tuple[int, int, bytes]]:
        """Return the angle blobs of version 1 after a step."""
        k = bisect_right(self.chunk_index, step, key=lambda one: one[0])
        for first, count in self.chunk_index[k:]:
            [(blob,)] = self.select("SELECT angles FROM frames WHERE first = ?", first)
            if not isinstance(blob, bytes):
                raise damaged("a block of frames is damaged")
            yield first, count, blob

    @cached_property
    def _neutral_s(self) -> float:
        """From when on the standing neutral was measured, as version 1 tells it."""
        states = (state for _, state in self.states())
        return neutral_end_s(self.header_values.get("neutral_end"), states)
