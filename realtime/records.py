"""What travels through hipcue: frozen records, SI units, signs as in the README.

Angles are sagittal. Forward is the running direction, whichever way the runner
faces in the picture. Times are seconds on one monotonic clock, stamped at capture.
A measurement is a value with its standard uncertainty, or it is missing with a reason.

May import: devices, config.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Focus, RunnerSettings, Schedule, Settings, changed
from hipcue.devices.readings import BeltSource


class Side(StrEnum):
    """The runner's own left or right."""

    L = "L"
    R = "R"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.R if self is Side.L else Side.L


class Joint(IntEnum):
    """Rows of `Pose.xy_px`. Left and right are the runner's own."""

    NOSE = 0
    L_EAR = 1
    R_EAR = 2
    L_SHOULDER = 3
    R_SHOULDER = 4
    L_ELBOW = 5
    R_ELBOW = 6
    L_WRIST = 7
    R_WRIST = 8
    L_HIP = 9
    R_HIP = 10
    L_KNEE = 11
    R_KNEE = 12
    L_ANKLE = 13
    R_ANKLE = 14
    L_HEEL = 15
    R_HEEL = 16
    L_TOE = 17
    R_TOE = 18

    @classmethod
    @cache
    def of(cls, side: Side, name: str) -> Joint:
        """Joint of one side, e.g. ``Joint.of(Side.L, "knee")``."""
        return cls[f"{side.value}_{name.upper()}"]


JOINT_COUNT = len(Joint)


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value with its standard uncertainty, or missing with a reason; never both, or neither."""

    value: float | None
    sigma: float | None = None
    reason: Reason | None = None

    def __post_init__(self) -> None:
        if (self.value is None) is (self.reason is None):
            raise ValueError(f"a measurement has a value or a reason: {self!r}")

    @classmethod
    def missing(cls, why: Reason | ReasonCode, /, **values: float | str | Reason) -> Measurement:
        """Return the measurement that could not be made: a reason, or its code and values."""
        if isinstance(why, Reason):
            return cls(None, None, why)
        return cls(None, None, Reason(why, **values)) if values else _missing(why)

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


# Made in every frame, of the same few codes.
@cache
def _missing(code: ReasonCode) -> Measurement:
    return Measurement(None, None, Reason(code))


class PelvisSource(StrEnum):
    """Pelvis sources, best first. ``markers`` are ASIS and PSIS from a marker file."""

    MARKERS = "markers"
    TAG = "tag"
    IMU = "imu"
    CONTOUR = "contour"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PelvisReading:
    """One source's view of the pelvis at one instant, before the neutral is taken off.

    Attributes
    ----------
    t_s : float
        Time of the reading.
    source : PelvisSource
        Who measured.
    angle_deg : float or None
        The source's own angle, anterior rotation positive; its zero is arbitrary.
        For ``contour`` it is the slope of the back outline, which follows the tilt
        only in part (`hipcue.realtime.gait.pelvis` knows the gain).
    sigma_deg : float or None
        Standard uncertainty of `angle_deg`.
    thorax_deg : float or None
        Forward rotation of the lower ribs (tag id 1), where there is one.
    thorax_sigma_deg : float or None
        Standard uncertainty of `thorax_deg`.
    reason : Reason or None
        Why `angle_deg` is missing.
    paths_px : tuple of ndarray of float, shape (n, 2) each
        Where it was seen in the picture, for the screen: pieces of the back's outline, or
        the corners of the pelvis's square and of the ribs'. Not kept with a session.
    """

    t_s: float
    source: PelvisSource
    angle_deg: float | None
    sigma_deg: float | None = None
    thorax_deg: float | None = None
    thorax_sigma_deg: float | None = None
    reason: Reason | None = None
    paths_px: tuple[NDArray[np.float64], ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Where the joints are at one instant.

    Attributes
    ----------
    t_capture_s : float
        Time of the picture.
    index : int
        Running number of the picture.
    xy_px : ndarray of float, shape (JOINT_COUNT, 2)
        x to the right, y **down**, in pixels of the full picture; NaN where not seen.
    confidence : ndarray of float, shape (JOINT_COUNT,)
        0 to 1; 0 where not seen.
    size_px : (width, height)
        Of the picture.
    pelvis : tuple of PelvisReading
        What the pelvis sources saw in this frame or since the last one.
    px_per_m : float or None
        Scale, where the source knows it (marker files); ``None`` for cameras.
    reason : Reason or None
        Why there is no pose at all, e.g. `ReasonCode.NOBODY_IN_PICTURE`.
    followed : bool
        Whether the joints were followed here from the picture before, rather than looked for
        in this one: they share its errors, and tell less than a look of their own.
    """

    t_capture_s: float
    index: int
    xy_px: NDArray[np.float64]
    confidence: NDArray[np.float64]
    size_px: tuple[int, int]
    pelvis: tuple[PelvisReading, ...] = ()
    px_per_m: float | None = None
    reason: Reason | None = None
    followed: bool = False

    @property
    def seen(self) -> bool:
        """Whether anybody was found."""
        return self.reason is None


class EventKind(StrEnum):
    """What can happen in a stride."""

    CONTACT = "contact"
    TOE_OFF = "toe_off"
    MAX_EXTENSION = "max_extension"


@dataclass(frozen=True, slots=True)
class GaitEvent:
    """An instant in the gait of one leg.

    `t_s` is when it happened, `sigma_s` its standard uncertainty, `t_decided_s` the
    capture time of the frame at which it was known. `learnt_s` is the part of `t_s` that the
    leg's earlier landings taught. A toe-off may know better when the foot had landed than the
    contact did: `contact_later_s` later, with `contact_sigma_s`, which is 0 where nothing new is
    known. These are not kept, and no part of what makes two events equal.
    """

    kind: EventKind
    side: Side
    t_s: float
    sigma_s: float
    t_decided_s: float
    learnt_s: float = field(default=0.0, compare=False)
    contact_later_s: float = field(default=0.0, compare=False)
    contact_sigma_s: float = field(default=0.0, compare=False)


class Verdict(StrEnum):
    """What is said of a stride."""

    OK = "ok"
    WATCH = "watch"
    COMPENSATING = "compensating"
    UNKNOWN = "unknown"


class RunnerState(StrEnum):
    """Where the runner is, as the screens name it."""

    WAITING = "waiting"
    NEUTRAL = "neutral"
    WARMING_UP = "warming up"
    OK = "ok"
    WATCH = "watch"
    COMPENSATING = "compensating"
    RECOVERING = "recovering"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Stride:
    """One stride of one leg, contact to contact.

    `values` maps metric names (`hipcue.realtime.metrics`) to measurements: what is missing is
    in there with its reason. Times count on the session's clock.
    """

    index: int
    side: Side
    near: bool
    contact_s: float
    toe_off_s: float | None
    end_s: float
    t_decided_s: float
    belt_source: BeltSource
    pelvis_source: PelvisSource
    values: Mapping[str, Measurement]
    verdict: Verdict
    confidence: float
    state: RunnerState = RunnerState.UNKNOWN
    reason: Reason | None = None

    def measure(self, name: str) -> Measurement:
        """Return the measurement of that name; missing with a reason when there is none."""
        found = self.values.get(name)
        return found if found is not None else Measurement.missing(ReasonCode.NOT_MEASURED)


class CueKind(StrEnum):
    """How a cue reaches the runner."""

    TONE = "tone"
    SPEECH = "speech"


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to tell the runner, decided by the engine, played by the sound device.

    Attributes
    ----------
    number : int
        Running number in the session, from 1.
    event : str
        Row of the cue table, e.g. ``"tilt_out"``, ``"tilt_back"``, ``"good_stretch"``.
    kind : CueKind
        Tone or speech.
    sound : str
        Name of the tone, or key of the phrase in config/cues.toml.
    text : str
        What the screen shows and, for speech, what is said.
    priority : int
        Higher replaces a waiting lower one.
    side : Side or None
        The leg it is about, if one.
    t_event_s : float
        When it happened to the runner (peak extension of the stride).
    t_capture_s : float
        Capture time of the frame at which it was decided.
    expires_s : float
        Not worth playing after this time.
    focus : str or None
        ``internal`` or ``external`` wording.
    """

    number: int
    event: str
    kind: CueKind
    sound: str
    text: str
    priority: int
    side: Side | None
    t_event_s: float
    t_capture_s: float
    expires_s: float
    focus: str | None = None


@dataclass(frozen=True, slots=True)
class CueResponse:
    """What the runner did after a cue: change of the cued metric over the next strides."""

    cue_number: int
    metric: str
    before: Measurement
    after: Measurement
    strides: int


@dataclass(frozen=True, slots=True)
class BodyAngles:
    """Angles of one frame, after swaps are undone; missing values carry a reason.

    Thigh: flexion forward of the vertical is negative, extension positive. Knee and
    ankle: flexion and dorsiflexion positive, 0 at the standing neutral for the ankle.
    """

    t_s: float
    near: Side
    facing: int
    thigh_extension_deg: Mapping[Side, Measurement]
    knee_flexion_deg: Mapping[Side, Measurement]
    ankle_dorsiflexion_deg: Mapping[Side, Measurement]
    trunk_lean_deg: Measurement
    pelvic_tilt_deg: Measurement
    lumbar_extension_deg: Measurement
    pelvis_source: PelvisSource


@dataclass(frozen=True, slots=True)
class Band:
    """The runner's own band of one metric: `centre` with `low` and `high` edges."""

    centre: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TakeNeutral:
    """Take the standing neutral anew, the next time the runner stands still."""


@dataclass(frozen=True, slots=True)
class NewBaseline:
    """Forget the baselines; the next good strides make new ones."""


@dataclass(frozen=True, slots=True)
class SayCueNow:
    """Speak the cue that fits at once, whatever the schedule says."""


@dataclass(frozen=True, slots=True)
class NewRunner:
    """From now on somebody else runs: all that was learned of the runner before is forgotten.

    `programme_session` tells which session of the programme of eight it is for them.
    """

    name: str
    programme_session: int | None = None


@dataclass(frozen=True, slots=True)
class SetBand:
    """Tolerate so much pelvic tilt above the runner's baseline: `verdict.min_rise_deg`."""

    min_rise_deg: float


@dataclass(frozen=True, slots=True)
class SetSchedule:
    """Give cues by another schedule: `feedback.schedule`."""

    schedule: Schedule


@dataclass(frozen=True, slots=True)
class SetFocus:
    """Word the cues for another focus of attention: `feedback.focus`."""

    focus: Focus


SettingCommand = SetBand | SetSchedule | SetFocus
"""The commands that change a setting while somebody runs."""

EngineCommand = TakeNeutral | NewBaseline | SayCueNow | NewRunner | SettingCommand
"""What a person can ask of the engine; recorded, so that a replay sees it too."""


def setting_of(command: SettingCommand) -> tuple[str, str | float]:
    """Return which setting a command changes, as ``section.key``, and its new value."""
    match command:
        case SetBand(min_rise_deg):
            return "verdict.min_rise_deg", min_rise_deg
        case SetSchedule(schedule):
            return "feedback.schedule", schedule
        case SetFocus(focus):
            return "feedback.focus", focus


def apply_command(settings: Settings, command: SettingCommand | NewRunner) -> Settings:
    """Return the settings as they are after a command.

    Of another runner nothing is known but the name and the session of the programme; for
    the one who runs already nothing changes.

    Raises
    ------
    UserError
        For a value outside the setting's range.
    """
    if isinstance(command, NewRunner):
        if command.name == settings.runner.name:
            return settings
        programme = {"programme_session": command.programme_session}
        return settings.model_copy(
            update={
                "runner": RunnerSettings(name=command.name),
                "pelvis": settings.pelvis.model_copy(update={"standing_tilt_deg": None}),
                "feedback": settings.feedback.model_copy(update=programme),
            }
        )
    return changed(settings, *setting_of(command))


@dataclass(frozen=True, slots=True, eq=False)
class SettledFrame:
    """A frame whose legs are told apart for good, a few frames after it came in.

    Attributes
    ----------
    pose : Pose
        With the legs told apart; a joint that was drawn where no leg can be is NaN with
        confidence 0. Its index and time are those of the frame.
    angles : BodyAngles or None
        Of this pose; None before it is known which way the runner faces.
    swapped : bool
        Whether the left and the right leg of the raw pose were exchanged.
    """

    pose: Pose
    angles: BodyAngles | None
    swapped: bool

    @property
    def index(self) -> int:
        """Running number of the frame."""
        return self.pose.index

    @property
    def t_s(self) -> float:
        """Capture time of the frame."""
        return self.pose.t_capture_s


@dataclass(frozen=True, slots=True)
class StepResult:
    """Everything one engine step found out.

    A step takes the frame of `t_s`, but the legs of a frame are told apart only once the
    next ones are there: `raw_pose` and `preview_pose` are of the frame that came in,
    `settled` of one about two frames before.

    Attributes
    ----------
    t_s : float
        Capture time of the frame that came in.
    raw_pose : Pose
        The frame that came in, as the pose source saw it.
    settled : SettledFrame or None
        The newest frame whose legs are told apart; None before the first one and while
        nobody is seen. It stays when a step settles no frame; of several that a step settles,
        which happens where frames were left out, it is the newest.
    settled_frames : tuple of SettledFrame
        The frames that this step settled, oldest first: usually one.
    preview_pose : Pose
        The frame that came in with its legs told apart as far as is known now, for the eye.
        It can still be read differently when it is settled.
    swaps : int
        Leg swaps undone so far.
    neutral_measured : bool
        Whether the zero of the angles is the runner's own standing.
    planted_px_per_s : float or None
        Speed of a planted foot in the picture, mean of both legs; None before both stood.
    """

    t_s: float
    raw_pose: Pose
    settled: SettledFrame | None
    settled_frames: tuple[SettledFrame, ...]
    preview_pose: Pose
    events: tuple[GaitEvent, ...]
    strides: tuple[Stride, ...]
    cues: tuple[Cue, ...]
    responses: tuple[CueResponse, ...]
    state: RunnerState
    state_reason: Reason
    strides_in_state: int
    bands: Mapping[str, Band]
    belt_speed_mps: Measurement
    belt_source: BeltSource
    grade_percent: Measurement
    distance_m: float
    neutral_progress: float | None
    notices: tuple[Reason, ...]
    swaps: int
    neutral_measured: bool = False
    planted_px_per_s: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment somebody wanted to find again."""

    t_s: float
    note: str = ""
