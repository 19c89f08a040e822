"""What the screen shows: gathers step results into immutable snapshots."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping, Sequence

from hipcue.devices.readings import DeviceStatus, Frame
from hipcue.realtime.gait.belt_tracker import STEADY_MPS
from hipcue.realtime.records import Cue, CueResponse, Mark, Notice, Side, StepResult, Stride
from hipcue.realtime.view.latency import CueTimes, Latency
from hipcue.realtime.view.snapshot import Choices, Snapshot

# How far the strip charts reach back.
HISTORY_S = 180.0
_LATENCIES = 600
# The cues whose percentiles are kept with a session; hours of them.
_HEARD = 5000
# The frame rate is that of so many frames.
RATE_FRAMES = 90


def rate_of(times_s: Sequence[float]) -> float | None:
    """Return the frames per second of the newest frames; None where they are too few."""
    if len(times_s) < 5 or times_s[-1] <= times_s[0]:
        return None
    return (len(times_s) - 1) / (times_s[-1] - times_s[0])


class SpeedWatch:
    """Notices when the belt runs at another speed than before."""

    def __init__(self) -> None:
        self._speed: float | None = None

    def changes(self, speed_mps: float | None) -> bool:
        """Take the newest speed; tell whether it is a change worth a mark."""
        if speed_mps is None:
            return False
        before, changed = self._speed, False
        if before is not None:
            changed = abs(speed_mps - before) > STEADY_MPS
        if changed or before is None:
            self._speed = speed_mps
        return changed


class LiveView:
    """Remembers the last minutes; written by the loop, read by the screen.

    `runner`, `programme`, `choices` and `known_runners` are shown as they are set.

    All times that come in are on the session's clock; those that go out in a snapshot
    are on the same clock, with `elapsed_s` counted from the first frame.
    """

    def __init__(
        self, runner: str, programme: str = "", known_runners: tuple[str, ...] = ()
    ) -> None:
        self._lock = threading.Lock()
        self.runner = runner
        self.programme = programme
        self.choices: Choices | None = None
        self.known_runners = known_runners
        self.first_stride_s: float | None = None
        self._first_s: float | None = None
        self._frame: Frame | None = None
        self._result: StepResult | None = None
        self._strides: deque[Stride] = deque()
        self._last: dict[Side, Stride] = {}
        self._cues: deque[Cue] = deque()
        self._responses: dict[int, CueResponse] = {}
        self._cue_times: dict[int, CueTimes] = {}
        self._heard: deque[CueTimes] = deque(maxlen=_HEARD)
        self._marks: list[Mark] = []
        self._speed_changes: deque[float] = deque()
        self._speeds = SpeedWatch()
        self._latencies_ms: deque[float] = deque(maxlen=_LATENCIES)
        self._frame_times: deque[float] = deque(maxlen=RATE_FRAMES)

    def take(self, frame: Frame, result: StepResult, decided_s: float) -> None:
        """Take a step's result; `decided_s` is when it was known, on the frame's clock."""
        with self._lock:
            if self._first_s is None:
                self._first_s = result.t_s
            self._frame, self._result = frame, result
            self._latencies_ms.append(1e3 * (decided_s - frame.t_capture_s))
            self._frame_times.append(frame.t_capture_s)
            self._strides.extend(result.strides)
            if self.first_stride_s is None and result.strides:
                self.first_stride_s = result.strides[0].contact_s
            for stride in result.strides:
                self._last[stride.side] = stride
            self._cues.extend(result.cues)
            for response in result.responses:
                self._responses[response.cue_number] = response
            if self._speeds.changes(result.belt_speed_mps.value):
                self._speed_changes.append(result.t_s)
            self._forget(result.t_s - HISTORY_S)

    def played(self, times: Mapping[int, CueTimes]) -> None:
        """Take when cues that were heard reached each stage, by their numbers."""
        with self._lock:
            self._cue_times.update(times)
            self._heard.extend(times.values())

    def mark(self, mark: Mark) -> None:
        """Remember a mark."""
        with self._lock:
            self._marks.append(mark)

    @property
    def first_s(self) -> float | None:
        """Time of the first frame; None before there was one."""
        return self._first_s

    def snapshot(
        self,
        now_s: float,
        devices: tuple[DeviceStatus, ...],
        *,
        recording: bool,
        muted: bool,
        notices: tuple[Notice, ...] = (),
    ) -> Snapshot:
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
                speed_changes_s=tuple(self._speed_changes),
                devices=devices,
                camera_fps=self._rate(),
                latency=self._latency(),
                recording=recording,
                muted=muted,
                runner=self.runner,
                programme=self.programme,
                notices=(*(result.notices if result is not None else ()), *notices),
                choices=self.choices,
                known_runners=self.known_runners,
            )

    def latency(self) -> Latency:
        """Percentiles of capture to decision over the last frames."""
        with self._lock:
            return self._latency()

    def cue_latencies(self) -> dict[str, Latency]:
        """Percentiles of every stage of the cues that were heard; empty without any."""
        with self._lock:
            heard = tuple(self._heard)
        return CueTimes.latencies(heard)

    def _latency(self) -> Latency:
        return Latency.of(self._latencies_ms)

    def _rate(self) -> float | None:
        return rate_of(self._frame_times)

    def _forget(self, before_s: float) -> None:
        while self._strides and self._strides[0].end_s < before_s:
            self._strides.popleft()
        while self._cues and self._cues[0].t_capture_s < before_s:
            cue = self._cues.popleft()
            self._responses.pop(cue.number, None)
            self._cue_times.pop(cue.number, None)
        while self._speed_changes and self._speed_changes[0] < before_s:
            self._speed_changes.popleft()
