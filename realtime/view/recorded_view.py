"""A recorded session as the screen saw it, at any moment.

Nothing is played through to get there: what was known at a moment is cut out of sorted
lists, so a jump across an hour costs as much as one frame, and going back can bring
nothing along from the future.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason
from hipcue.devices.readings import DeviceStatus, Frame
from hipcue.realtime.records import (
    CueResponse,
    EventKind,
    Mark,
    Side,
    StepResult,
    Stride,
)
from hipcue.realtime.session import SessionReader
from hipcue.realtime.session.recorded_steps import RecordedSteps
from hipcue.realtime.session.timeline import RecordedTimeline, read_timeline
from hipcue.realtime.session.video_file import VideoFile
from hipcue.realtime.view.history import (
    HISTORY_S,
    RATE_FRAMES,
    SpeedChanges,
    frames_per_second,
    programme_line,
)
from hipcue.realtime.view.latency import CueTimes, Latency
from hipcue.realtime.view.recorded_settings import RecordedSettings
from hipcue.realtime.view.snapshot import Choices, Snapshot, Timeline

T = TypeVar("T")

# Behind the skeleton where there is no film.
_BACKDROP = 40
# A recorded fault is a line on the screen for so long; our choice.
_FAULT_S = 10.0


class RecordedView:
    """What the screen showed at any moment of a session.

    The same as a live run showed, except for what was not recorded: how long each
    picture took to be decided on (missing), and whether the sound was muted.

    Parameters
    ----------
    session : SessionReader
        Open for as long as this is used.
    film : VideoFile or None
        Its pictures lie behind the skeleton; without one there is a plain backdrop.

    Raises
    ------
    UserError
        When no frame was kept, or the session is damaged.
    """

    def __init__(self, session: SessionReader, film: VideoFile | None = None) -> None:
        self._session = session
        self._film = film
        self._results = RecordedSteps(session)
        self._course = course = read_timeline(session)
        self.times_s: list[float] = course.t_s.tolist()
        whole = [s for s in session.strides if np.isfinite((s.t_decided_s, s.end_s)).all()]
        self._strides = sorted(whole, key=lambda stride: stride.t_decided_s)
        self.decided_s = [stride.t_decided_s for stride in self._strides]
        # The newest end so far: how far back the history still reaches.
        self._ends_s = list(accumulate((s.end_s for s in self._strides), max))
        self._of_side = {
            side: [stride for stride in self._strides if stride.side is side] for side in Side
        }
        self._cues = sorted(session.cues, key=lambda cue: cue.t_capture_s)
        self._cue_times_s = [cue.t_capture_s for cue in self._cues]
        self._responses = self._known_responses()
        self._heard = self._known_sounds()
        self._marks = sorted(session.marks, key=lambda mark: mark.t_s)
        self._lights = sorted(session.devices, key=lambda change: change[0])
        self._settings = RecordedSettings(session, self._time_of)
        self._speed_changes = _speed_changes(course)
        self._backdrop: NDArray[np.uint8] = np.empty((0, 0, 3), np.uint8)
        self.timeline = self._timeline()

    @property
    def start_s(self) -> float:
        """The first moment: that of the first frame."""
        return self.timeline.start_s

    @property
    def end_s(self) -> float:
        """The last moment: that of the last frame, or of the last stride."""
        return self.timeline.end_s

    def at(self, t_s: float) -> Snapshot:
        """Return what was known at a moment, with the picture of that moment."""
        i = max(bisect_right(self.times_s, t_s) - 1, 0)
        result = self._results.at(int(self._course.step[i]))
        # Where frames are missing time goes on without them.
        since_s = max(self.times_s[i], t_s if self._gap_at(t_s) else -np.inf) - HISTORY_S
        since_s = max(since_s, self._turn_at(t_s)[0])
        strides = self._history(t_s, since_s)
        cues = self._cues[self._from_cue(since_s) : bisect_right(self._cue_times_s, t_s)]
        numbers = {cue.number for cue in cues}
        first_s = self._first_stride_s(t_s)
        settings = self._settings.settings_at(t_s)
        return Snapshot(
            t_s=t_s,
            elapsed_s=t_s - self.start_s,
            frame=self._frame(result),
            result=result,
            last_stride=self._last_strides(t_s),
            strides=strides,
            cues=tuple(cues),
            responses={
                response.cue_number: response
                for _, response in _until(self._responses, t_s)
                if response.cue_number in numbers
            },
            cue_times={
                number: times
                for _, (number, times) in _until(self._heard, t_s)
                if number in numbers
            },
            marks=tuple(mark for mark in self._marks if mark.t_s <= t_s),
            speed_changes_s=tuple(s for s in self._speed_changes if since_s <= s <= t_s),
            devices=self._devices(t_s),
            camera_fps=frames_per_second(self.times_s[max(i + 1 - RATE_FRAMES, 0) : i + 1]),
            latency=Latency(),
            recording=False,
            muted=False,
            runner=self._turn_at(t_s)[1],
            programme=None if settings is None else programme_line(settings, first_s, t_s),
            notices=(*result.notices, *self._faults(t_s)),
            choices=None if settings is None else Choices.of(settings),
        )

    def peak_of(self, number: int) -> float | None:
        """Return when the thigh of a stride was furthest back; None where that is not known.

        `number` counts strides in the order in which they were known, from 0.
        """
        stride = self._strides[number]
        for _, event in self._session.event_steps:
            peak = event.kind is EventKind.MAX_EXTENSION and event.side is stride.side
            if peak and stride.contact_s <= event.t_s <= stride.end_s:
                return event.t_s
        return None

    def _known(self, t_s: float) -> int:
        """How many strides were known."""
        return bisect_right(self.decided_s, t_s)

    def _history(self, t_s: float, since_s: float) -> tuple[Stride, ...]:
        return tuple(self._strides[bisect_left(self._ends_s, since_s) : self._known(t_s)])

    def _from_cue(self, since_s: float) -> int:
        return bisect_left(self._cue_times_s, since_s)

    def _last_strides(self, t_s: float) -> dict[Side, Stride]:
        found = {}
        for side, strides in self._of_side.items():
            known = bisect_right(strides, t_s, key=lambda stride: stride.t_decided_s)
            if known and strides[known - 1].t_decided_s >= self._turn_at(t_s)[0]:
                found[side] = strides[known - 1]
        return found

    def _frame(self, result: StepResult) -> Frame:
        picture = self._film.at(result.t_s) if self._film is not None else None
        if picture is None:
            width, height = result.raw_pose.size_px
            if self._backdrop.shape[:2] != (height, width):
                self._backdrop = np.full((height, width, 3), _BACKDROP, np.uint8)
            picture = self._backdrop
        return Frame(result.t_s, result.raw_pose.index, picture)

    def _gap_at(self, t_s: float) -> bool:
        states = self._course.states
        k = bisect_right(states, t_s, key=lambda state: state[0]) - 1
        return (k >= 0 and states[k][1] is None) or t_s > self.times_s[-1]

    def _devices(self, t_s: float) -> tuple[DeviceStatus, ...]:
        return tuple({light.name: light for _, light in _until(self._lights, t_s)}.values())

    def _faults(self, t_s: float) -> list[Reason]:
        return [fault for s, fault in self.timeline.faults if 0.0 <= t_s - s < _FAULT_S]

    def _time_of(self, step: int) -> float:
        """When a step was; where its frame was not kept, the next one that was."""
        k = int(np.searchsorted(self._course.step, step))
        return self.times_s[min(k, len(self.times_s) - 1)]

    def _known_responses(self) -> list[tuple[float, CueResponse]]:
        found = [(self._time_of(step), one) for step, one in self._session.response_steps]
        return sorted(found, key=lambda pair: pair[0])

    def _known_sounds(self) -> list[tuple[float, tuple[int, CueTimes]]]:
        """When each cue was heard, its number, and how long after its picture all that was."""
        captured = {cue.number: cue.t_capture_s for cue in self._cues}
        found = []
        for number, played in self._session.played.items():
            sound_s = played.t_sound_s
            if sound_s is None or number not in captured:
                continue
            times = CueTimes.of(captured[number], played.stamps)
            if times is not None:
                found.append((sound_s, (number, times)))
        return sorted(found, key=lambda pair: pair[0])

    def _turn_at(self, t_s: float) -> tuple[float, str]:
        """Since when who has been running."""
        return self._settings.turn_at(t_s)

    def _first_stride_s(self, t_s: float) -> float | None:
        """When the runner's first stride began; None before it was known."""
        first = bisect_left(self.decided_s, self._turn_at(t_s)[0])
        return self._strides[first].contact_s if first < self._known(t_s) else None

    def _timeline(self) -> Timeline:
        start_s = self.times_s[0]
        end_s = max(self.times_s[-1], *self.decided_s[-1:], start_s)
        faults = sorted(
            ((max(fault.t_s, start_s), fault.reason) for fault in self._session.faults),
            key=lambda fault: fault[0],
        )
        return Timeline(
            start_s=start_s,
            end_s=end_s,
            states=self._course.states,
            cues=tuple(self._cues),
            marks=tuple(_within(self._marks, start_s, end_s)),
            faults=tuple(faults),
            strides=len(self._strides),
        )


def _until(timed: Sequence[tuple[float, T]], t_s: float) -> Sequence[tuple[float, T]]:
    """Return what had happened by a moment."""
    return timed[: bisect_right(timed, t_s, key=lambda pair: pair[0])]


def _within(marks: Sequence[Mark], start_s: float, end_s: float) -> list[Mark]:
    return [mark for mark in marks if start_s <= mark.t_s <= end_s]


def _speed_changes(course: RecordedTimeline) -> list[float]:
    watch = SpeedChanges()
    speeds = course.belt_speed_mps
    known = np.flatnonzero(np.isfinite(speeds))
    return [float(course.t_s[i]) for i in known if watch.is_change(float(speeds[i]))]
