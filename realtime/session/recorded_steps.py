"""Recorded steps as the records they were: what a replay shows."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Band, SettledFrame, StepResult
from hipcue.realtime.session import rows
from hipcue.realtime.session.frames import Chunk, number, word
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.reason_text import read_reason

T = TypeVar("T")

_NO_REASON = Reason(ReasonCode.NOT_KEPT)
# Chunks in memory: who steps across a border needs both sides.
_KEPT = 4
# The legs of a frame are told apart at most so many steps after it: at 1000 frames a second.
_SETTLED_WITHIN = 40


class RecordedSteps:
    """Every recorded `StepResult` of a session, in any order.

    Equal to what the engine said, except that angles of single frames are rounded to
    float32. The chunks that were used last stay in memory, so stepping is fast.
    """

    def __init__(self, session: SessionReader) -> None:
        self._session = session
        self._firsts = [first for first, _ in session.frames.chunk_index]
        self._events = _by_step(session.event_steps)
        self._strides = _by_step(session.stride_steps)
        self._cues = _by_step(session.cue_steps)
        self._responses = _by_step(session.response_steps)
        bands = session.select("SELECT step, json FROM bands ORDER BY step")
        notices = session.select("SELECT step, json FROM notices ORDER BY step")
        self._bands = [(rows.whole(s), rows.read_bands(j)) for s, j in bands]
        self._notices = [(rows.whole(s), rows.read_notices(j)) for s, j in notices]
        self._recent: OrderedDict[int, Chunk] = OrderedDict()

    def __iter__(self) -> Iterator[StepResult]:
        """Return all results in order; steps whose frame was not kept are left out."""
        for first, count in self._session.frames.chunk_index:
            for step in range(first, first + count):
                yield self.at(step)

    def at(self, step: int) -> StepResult:
        """Return the result of one step.

        Raises
        ------
        UserError
            When that frame was not kept.
        """
        chunk = self._chunk(step)
        i = step - chunk.first
        state, words = chunk.state, chunk.words
        settled, settled_frames = self._settled(step)
        return StepResult(
            t_s=float(state["t_s"][i]),
            raw_pose=chunk.pose(i),
            settled=settled,
            settled_frames=settled_frames,
            preview_pose=chunk.preview_pose(i),
            events=tuple(self._events.get(step, ())),
            strides=tuple(self._strides.get(step, ())),
            cues=tuple(self._cues.get(step, ())),
            responses=tuple(self._responses.get(step, ())),
            state=chunk.runner_state(i),
            state_reason=read_reason(word(words, state["state_reason"][i])) or _NO_REASON,
            strides_in_state=int(state["strides_in_state"][i]),
            bands=self._newest_bands(step),
            belt_speed_mps=chunk.belt_speed(i),
            belt_source=chunk.belt_source(i),
            grade_percent=chunk.grade(i),
            distance_m=float(state["distance_m"][i]),
            neutral_progress=number(state["neutral_progress"][i]),
            notices=self._newest_notices(step),
            swaps=int(state["swaps"][i]),
            neutral_measured=bool(state["neutral_measured"][i]),
            planted_px_per_s=number(state["planted_px_per_s"][i]),
        )

    def step_at(self, t_s: float) -> int:
        """Return the last recorded step whose frame was taken at `t_s` or before."""
        chunk = self._session.frames.chunk_at(t_s)
        if chunk is None:
            raise UserError("cannot show this moment", "no frame was kept", "try another session")
        return chunk.first + max(int((chunk.poses["t_s"] <= t_s).sum()) - 1, 0)

    def _chunk(self, step: int) -> Chunk:
        k = bisect_right(self._firsts, step) - 1
        if k < 0 or step >= self._firsts[k] + self._session.frames.chunk_index[k][1]:
            raise UserError(
                "cannot show this moment", f"frame {step} was not kept", "try another moment"
            )
        first = self._firsts[k]
        found = self._recent.get(first)
        if found is None:
            found = self._recent[first] = self._session.frames.chunk(first)
            if len(self._recent) > _KEPT:
                self._recent.popitem(last=False)
        return found

    def _settled(self, step: int) -> tuple[SettledFrame | None, tuple[SettledFrame, ...]]:
        """Return the newest frame that is settled by a step, and those settled in it."""
        newest: SettledFrame | None = None
        now: list[SettledFrame] = []
        for frame in range(step, max(step - _SETTLED_WITHIN, -1), -1):
            try:
                chunk = self._chunk(frame)
            except UserError:
                break  # Not kept.
            i = frame - chunk.first
            after = int(chunk.settled["settled_after"][i])
            if chunk.poses["reason"][i]:
                if frame < step:
                    break  # Nobody was seen: what was settled before is gone.
            elif 0 <= after <= step - frame:
                found = chunk.settled_frame(i)
                newest = newest or found
                if found is None or after < step - frame:
                    break  # Frames are settled in order.
                now.append(found)
        here = self._chunk(step)
        gone = bool(here.poses["reason"][step - here.first])
        return None if gone else newest, tuple(reversed(now))

    def _newest_bands(self, step: int) -> dict[str, Band]:
        k = bisect_right(self._bands, step, key=lambda item: item[0]) - 1
        return self._bands[k][1] if k >= 0 else {}

    def _newest_notices(self, step: int) -> tuple[Reason, ...]:
        k = bisect_right(self._notices, step, key=lambda item: item[0]) - 1
        return self._notices[k][1] if k >= 0 else ()


def _by_step(found: Sequence[tuple[int, T]]) -> dict[int, list[T]]:
    out: dict[int, list[T]] = defaultdict(list)
    for step, item in found:
        out[step].append(item)
    return out
