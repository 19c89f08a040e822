"""Recorded steps as the records they were: what a replay shows."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.leg_tracker import swap_legs
from hipcue.realtime.gait.retold import was_swapped
from hipcue.realtime.records import Band, SettledFrame, StepResult
from hipcue.realtime.session import rows
from hipcue.realtime.session.codec import back
from hipcue.realtime.session.codec_state import word
from hipcue.realtime.session.frames import Chunk
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.reason_text import read_reason

T = TypeVar("T")

# Chunks in memory: who steps across a border needs both sides.
_KEPT = 4
# The legs of a frame are told apart at most so many frames after it.
_SETTLED_WITHIN = 40
_NO_REASON = Reason(ReasonCode.NOT_KEPT)


class RecordedSteps:
    """Every recorded `StepResult` of a session, in any order.

    Equal to what the engine said, except that angles of single frames are rounded to
    float32. The chunks that were used last stay in memory, so stepping is fast.
    """

    def __init__(self, session: SessionReader) -> None:
        self._session = session
        self._firsts = [first for first, _ in session.chunk_index]
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
        for first, count in self._session.chunk_index:
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
        pose = chunk.pose(i)
        return StepResult(
            t_s=float(state.t_s[i]),
            raw_pose=pose,
            settled=self._settled(chunk, i),
            # What the screen showed meanwhile is not recorded.
            preview_pose=pose,
            events=tuple(self._events.get(step, ())),
            strides=tuple(self._strides.get(step, ())),
            cues=tuple(self._cues.get(step, ())),
            responses=tuple(self._responses.get(step, ())),
            state=state.runner_state(i, words),
            state_reason=read_reason(word(words, state.state_reason[i])) or _NO_REASON,
            strides_in_state=int(state.strides_in_state[i]),
            bands=self._newest_bands(step),
            belt_speed_mps=state.measurement(0, i, words),
            belt_source=state.belt(i, words),
            grade_percent=state.measurement(1, i, words),
            distance_m=float(state.distance_m[i]),
            neutral_progress=back(state.neutral_progress[i]),
            notices=self._newest_notices(step),
            swaps=int(state.swaps[i]),
        )

    def step_at(self, t_s: float) -> int:
        """Return the last recorded step whose frame was taken at `t_s` or before."""
        chunk = self._session.chunk_at(t_s)
        if chunk is None:
            raise UserError("cannot show this moment", "no frame was kept", "try another session")
        return chunk.first + max(int((chunk.poses.t_s <= t_s).sum()) - 1, 0)

    def _chunk(self, step: int) -> Chunk:
        k = bisect_right(self._firsts, step) - 1
        if k < 0 or step >= self._firsts[k] + self._session.chunk_index[k][1]:
            raise UserError(
                "cannot show this moment", f"frame {step} was not kept", "try another moment"
            )
        first = self._firsts[k]
        found = self._recent.get(first)
        if found is None:
            found = self._recent[first] = self._session.chunk(first)
            if len(self._recent) > _KEPT:
                self._recent.popitem(last=False)
        return found

    def _settled(self, chunk: Chunk, i: int) -> SettledFrame | None:
        """Return the frame that the recorded angles of a step belong to, where it was kept."""
        angles = chunk.body_angles(i)
        if angles is None:
            return None
        for step in range(chunk.first + i, max(chunk.first + i - _SETTLED_WITHIN, -1), -1):
            try:
                was = self._chunk(step)
            except UserError:
                return None
            if was.poses.t_s[step - was.first] == angles.t_s:
                pose = was.pose(step - was.first)
                swapped = was_swapped(pose, angles)
                return SettledFrame(swap_legs(pose) if swapped else pose, angles, swapped)
        return None

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
