"""Reads a recorded session: the header, strides, cues, and all else that was kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from hipcue.config.reasons import Reason
from hipcue.devices.readings import BeltSample, DeviceStatus, LinkState
from hipcue.realtime.records import (
    Cue,
    CueResponse,
    EngineCommand,
    GaitEvent,
    Mark,
    Stride,
)
from hipcue.realtime.session import rows
from hipcue.realtime.session.codec import damaged
from hipcue.realtime.session.command_json import UnknownCommandError, read_command
from hipcue.realtime.session.database import MAX_ROWS, SessionDatabase
from hipcue.realtime.session.frames import member
from hipcue.realtime.session.header import OWN_CLOCK, SessionHeader
from hipcue.realtime.session.reason_text import reason_from_text, reason_of_row
from hipcue.realtime.session.recorded_frames import RecordedFrames
from hipcue.realtime.session.runner_turns import RunnerTurns

T = TypeVar("T")

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

    Lists are read when first asked for and kept; `frames` are read in chunks. Use it as a
    context manager, or close it.

    Parameters
    ----------
    folder : Path
        The session's folder.
    runner : str, optional
        Only their strides, cues, responses and events.
    database : SessionDatabase, optional
        That of the folder, when it is open already.

    Raises
    ------
    UserError
        Here and from everything below: it is not a session, or it is damaged.
    """

    def __init__(
        self,
        folder: Path,
        *,
        runner: str | None = None,
        database: SessionDatabase | None = None,
    ) -> None:
        self.folder = folder
        self._only = runner
        self._db = SessionDatabase(folder) if database is None else database
        self.frames = RecordedFrames(self._db)

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

    def select(self, sql: str, *values: object, most: int = MAX_ROWS) -> list[rows.Row]:
        """Return the rows of a query; too many of them are refused."""
        return self._db.select(sql, *values, most=most)

    @property
    def header_values(self) -> dict[str, Any]:
        """Everything the header holds, also what was learnt during the session."""
        return self._db.header

    @cached_property
    def header(self) -> SessionHeader:
        """The first page; its runner is who took most of the strides."""
        header = SessionHeader.from_dict(self.header_values)
        if self._only is not None:
            return replace(header, runner=self._only)
        names = self.runners
        return replace(header, runner=names[0]) if len(names) > 1 else header

    @cached_property
    def runner_turns(self) -> RunnerTurns:
        """Who ran when."""
        header = SessionHeader.from_dict(self.header_values)
        return RunnerTurns(header, self.command_steps)

    @cached_property
    def runners(self) -> tuple[str, ...]:
        """Everybody who took a stride; who took most of them first."""
        turns = self.runner_turns.turns
        if len(turns) == 1:
            return (turns[0][1],)
        found = Counter(self.runner_turns.at(step) for step, _ in self.stride_steps)
        return tuple(name for name, _ in found.most_common()) or (turns[-1][1],)

    def of_runner(self, name: str) -> SessionReader:
        """Return the same session with one runner's strides, cues, responses and events only.

        It is open for as long as this one.
        """
        return SessionReader(self.folder, runner=name, database=self._db)

    def _of_runner(self, found: list[tuple[int, T]]) -> list[tuple[int, T]]:
        if self._only is None:
            return found
        return [(step, one) for step, one in found if self.runner_turns.at(step) == self._only]

    @property
    def closed(self) -> bool:
        """Whether the session was finished properly (or repaired)."""
        return "closed" in self.header_values

    @cached_property
    def t_first_s(self) -> float:
        """Capture time of the first frame; 0 when there never was one."""
        return self.header.t_first_s or 0.0

    @property
    def t_zero_s(self) -> float:
        """Where written times count from: the first frame, or the clock of a measured file."""
        return 0.0 if self.header.extra.get(OWN_CLOCK) is True else self.t_first_s

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

    @property
    def command_steps(self) -> list[tuple[int, EngineCommand]]:
        """The step that took each command, and the command, in order; see `unknown_commands`."""
        return self._commands[0]

    @property
    def unknown_commands(self) -> list[str]:
        """Commands of another hipcue, as they were kept; `command_steps` is without them."""
        return self._commands[1]

    @cached_property
    def _commands(self) -> tuple[list[tuple[int, EngineCommand]], list[str]]:
        table, column = ("ask", "ask") if self._db.version == 1 else ("command", "json")
        known: list[tuple[int, EngineCommand]] = []
        unknown: list[str] = []
        for step, text in self.select(f"SELECT step, {column} FROM {table} ORDER BY id"):
            try:
                known.append((rows.whole(step), read_command(str(text))))
            except UnknownCommandError:
                unknown.append(str(text))
        return known, unknown

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
        """Every change of a device's status, and when it was."""
        found = self.select("SELECT * FROM device ORDER BY id")
        return [
            (
                rows.time_from(t),
                DeviceStatus(
                    str(name),
                    member(LinkState, state, LinkState.OFF),
                    # Version 1 kept what was said, and what was advised.
                    reason_of_row(*map(str, said)),
                ),
            )
            for _, t, name, state, *said in found
        ]

    @cached_property
    def faults(self) -> list[Fault]:
        """What went wrong, and when."""
        found = self.select("SELECT * FROM fault ORDER BY id")
        return [Fault(rows.time_from(t), reason_from_text(str(text))) for _, t, text in found]
