"""What a screen may know, of now or of a recording: one frozen `Snapshot` for each frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hipcue.config.reasons import Reason
from hipcue.config.settings import Focus, Schedule, Settings
from hipcue.devices.readings import DeviceStatus, Frame
from hipcue.realtime.records import (
    Cue,
    CueResponse,
    Mark,
    RunnerState,
    Side,
    StepResult,
    Stride,
)
from hipcue.realtime.view.latency import CueTimes, Latency


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """What the time bar of a replay shows of a whole session.

    Attributes
    ----------
    start_s, end_s : float
        First and last moment, on the session's clock.
    states : tuple of (float, RunnerState or None)
        From when on the runner was in which state; ``None`` where no frames were kept.
    cues, marks, faults
        Every one of the session, in order of time; a fault is its time and what went wrong.
    strides : int
        Number of strides in the session.
    """

    start_s: float
    end_s: float
    states: tuple[tuple[float, RunnerState | None], ...]
    cues: tuple[Cue, ...]
    marks: tuple[Mark, ...]
    faults: tuple[tuple[float, Reason], ...]
    strides: int


@dataclass(frozen=True, slots=True)
class Replay:
    """How a recorded session is being shown; the position is the snapshot's `t_s`.

    `stride` is the number of strides known by then, `at_peak` whether the picture is
    that of a stride's peak extension, gone back to from where its numbers were known.
    """

    timeline: Timeline
    playing: bool
    speed: float
    stride: int
    at_peak: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """The settings in force of those that can be chosen anew while somebody runs.

    Attributes
    ----------
    schedule : str
        When cues are given, as in ``feedback.schedule``.
    focus : str
        Which words they use, as in ``feedback.focus``.
    band_deg : float
        Degrees of pelvic tilt above the runner's usual that are tolerated, as in
        ``verdict.min_rise_deg``.
    """

    schedule: Schedule
    focus: Focus
    band_deg: float

    @classmethod
    def of(cls, settings: Settings) -> Choices:
        """Return the choices that settings make."""
        feedback = settings.feedback
        return cls(feedback.schedule, feedback.focus, settings.verdict.min_rise_deg)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything a screen may draw; scenes know nothing else.

    Times count from the first frame. `strides` and `cues` reach back three minutes,
    newest last. `last_stride` maps each side to its newest stride. `choices` are those in
    force; None where they are not known. `known_runners` ran before, the latest first.
    `replay` is there when a recorded session is shown.
    """

    t_s: float
    elapsed_s: float
    frame: Frame | None
    result: StepResult | None
    last_stride: Mapping[Side, Stride]
    strides: tuple[Stride, ...]
    cues: tuple[Cue, ...]
    responses: Mapping[int, CueResponse]
    cue_times: Mapping[int, CueTimes]
    marks: tuple[Mark, ...]
    speed_changes_s: tuple[float, ...]
    devices: tuple[DeviceStatus, ...]
    camera_fps: float | None
    latency: Latency
    recording: bool
    muted: bool
    runner: str
    programme: Reason | None
    notices: tuple[Reason, ...] = ()
    choices: Choices | None = None
    known_runners: tuple[str, ...] = ()
    replay: Replay | None = None
