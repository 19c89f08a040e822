"""What the screen shows of a run: gathers step results into immutable snapshots."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from hipcue.config.reasons import Reason
from hipcue.config.settings import Settings
from hipcue.devices.readings import DeviceStatus, Frame
from hipcue.realtime.records import Cue, CueResponse, Mark, Side, StepResult, Stride
from hipcue.realtime.view.history import (
    HISTORY_S,
    RATE_FRAMES,
    SpeedChanges,
    frames_per_second,
    programme_line,
)
from hipcue.realtime.view.latency import CueTimes, Latency
from hipcue.realtime.view.snapshot import Choices, Snapshot

# The latency on the screen is that of so many frames.
_LATENCIES = 600


@dataclass(frozen=True, slots=True)
class SessionState:
    """What a screen shows of the session itself, beside what the engine found out."""

    devices: tuple[DeviceStatus, ...] = ()
    recording: bool = False
    muted: bool = False
    notices: tuple[Reason, ...] = ()


class LiveView:
    """Remembers the last minutes; written by the thread of the engine, read by the screen.

    All times that come in are on the session's clock; those that go out in a snapshot
    are on the same clock, with `elapsed_s` counted from the first frame.

    Parameters
    ----------
    settings : Settings
        With which the session begins; each step brings those in force.
    known_runners : tuple of str
        Who ran before, the latest first.
    """

    def __init__(self, settings: Settings, known_runners: tuple[str, ...] = ()) -> None:
        self._lock = threading.Lock()
        self._settings = settings
        self._known_runners = known_runners
        self._first_s: float | None = None
        self._first_stride_s: float | None = None
        self._frame: Frame | None = None
        self._result: StepResult | None = None
        self._strides: deque[Stride] = deque()
        self._last: dict[Side, Stride] = {}
        self._cues: deque[Cue] = deque()
        self._responses: dict[int, CueResponse] = {}
        self._cue_times: dict[int, CueTimes] = {}
        self._marks: list[Mark] = []
        self._speed_changes_s: deque[float] = deque()
        self._speeds = SpeedChanges()
        self._latencies_ms: deque[float] = deque(maxlen=_LATENCIES)
        self._frame_times_s: deque[float] = deque(maxlen=RATE_FRAMES)

    def add_step(
        self, frame: Frame, result: StepResult, settings: Settings, decided_s: float
    ) -> None:
        """Take what a step found out.

        Parameters
        ----------
        frame : Frame
            The picture.
        result : StepResult
            What was found out.
        settings : Settings
            In force after the step.
        decided_s : float
            When the result was known, on the frame's clock.
        """
        with self._lock:
            if self._first_s is None:
                self._first_s = result.t_s
            if settings.runner.name != self._settings.runner.name:
                self._forget_runner()
            self._frame, self._result, self._settings = frame, result, settings
            self._latencies_ms.append(1e3 * (decided_s - frame.t_capture_s))
            self._frame_times_s.append(frame.t_capture_s)
            self._strides.extend(result.strides)
            if self._first_stride_s is None and result.strides:
                self._first_stride_s = result.strides[0].contact_s
            for stride in result.strides:
                self._last[stride.side] = stride
            self._cues.extend(result.cues)
            for response in result.responses:
                if self._shows_cue(response.cue_number):
                    self._responses[response.cue_number] = response
            if self._speeds.is_change(result.belt_speed_mps.value):
                self._speed_changes_s.append(result.t_s)
            self._forget(result.t_s - HISTORY_S)

    def add_cue_times(self, times: Mapping[int, CueTimes]) -> None:
        """Take when cues that were heard reached each stage, by their numbers."""
        with self._lock:
            self._cue_times.update({n: t for n, t in times.items() if self._shows_cue(n)})

    def add_mark(self, mark: Mark) -> None:
        """Take a mark."""
        with self._lock:
            self._marks.append(mark)

    def snapshot(self, now_s: float, session: SessionState) -> Snapshot:
        """Return what is to be drawn now."""
        with self._lock:
            result = self._result
            return Snapshot(
                t_s=now_s,
                elapsed_s=0.0 if self._first_s is None else now_s - self._first_s,
                frame=self._frame,
                result=result,
                last_stride=dict(self._last),
                strides=tuple(self._strides),
                cues=tuple(self._cues),
                responses=dict(self._responses),
                cue_times=dict(self._cue_times),
                marks=tuple(self._marks),
                speed_changes_s=tuple(self._speed_changes_s),
                devices=session.devices,
                camera_fps=frames_per_second(self._frame_times_s),
                latency=Latency.of(self._latencies_ms),
                recording=session.recording,
                muted=session.muted,
                runner=self._settings.runner.name,
                programme=programme_line(self._settings, self._first_stride_s, now_s),
                notices=(*(result.notices if result is not None else ()), *session.notices),
                choices=Choices.of(self._settings),
                known_runners=self._known_runners,
            )

    def latency(self) -> Latency:
        """Percentiles of capture to decision over the last frames."""
        with self._lock:
            return Latency.of(self._latencies_ms)

    def _shows_cue(self, number: int) -> bool:
        return any(cue.number == number for cue in self._cues)

    def _forget_runner(self) -> None:
        """Somebody else runs: strides and cues on the screen are theirs."""
        self._first_stride_s = None
        self._last.clear()
        self._forget(math.inf)

    def _forget(self, before_s: float) -> None:
        while self._strides and self._strides[0].end_s < before_s:
            self._strides.popleft()
        while self._cues and self._cues[0].t_capture_s < before_s:
            cue = self._cues.popleft()
            self._responses.pop(cue.number, None)
            self._cue_times.pop(cue.number, None)
        while self._speed_changes_s and self._speed_changes_s[0] < before_s:
            self._speed_changes_s.popleft()
