"""Every setting of hipcue: typed, ranged, commented. Unknown keys fail, naming the field.

A settings file is TOML with one table per class below, and only what differs from
the defaults. `config/defaults.toml` shows every key with its default.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hipcue.config.errors import UserError
from hipcue.config.wanted import first_error, wanted

Schedule = Literal["bandwidth", "every_stride", "faded", "retention"]
"""When cues are given."""
Focus = Literal["external", "internal", "ab"]
"""Which words cues use: about the belt, about the body, or both in turn."""


class Section(BaseModel):
    """A table of the settings file: frozen, no unknown keys.

    The text under each field is its comment in `config/defaults.toml`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class CameraSettings(Section):
    """The camera."""

    width: Annotated[int, Field(ge=320, le=7680)] = 1280
    """Picture width asked for, pixels. What the camera gives is read back and shown."""
    height: Annotated[int, Field(ge=240, le=4320)] = 720
    """Picture height asked for, pixels."""
    fps: Annotated[float, Field(ge=15, le=240)] = 60.0
    """Frames per second asked for; what the camera gives is read back and shown. Lower if the
    picture is dark.
    """
    latency_s: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    """Seconds between light reaching the sensor and the grab returning; taken off the time stamp.
    """
    exposure_ms: Annotated[float, Field(ge=0.05, le=40)] | None = None
    """Shutter time in ms, fixed; unset leaves it to the camera. 2 or less keeps feet and tag sharp,
    but needs light.
    """
    gain: Annotated[float, Field(ge=0, le=1000)] | None = None
    """Gain in the camera's own units, fixed; unset leaves it to the camera."""
    focus: Annotated[float, Field(ge=0, le=1000)] | None = None
    """Focus in the camera's own units, fixed; unset leaves it to the camera."""


class PoseSettings(Section):
    """The pose model."""

    complexity: Annotated[int, Field(ge=0, le=2)] = 1
    """0 light, 1 full, 2 heavy. The model that hipcue is installed with, or fetches, is full; a
    light or heavy one comes as a .task file in model_file.
    """
    model_file: Path | None = None
    """Another pose model: a pose_landmarker .task file, a wheel of mediapipe, or a landmark .tflite
    with pose_detector.tflite beside it. 'hipcue models' says what is used.
    """
    runtime: Literal["auto", "litert", "mediapipe"] = "auto"
    """Which program runs the model: 'litert' (faster, with a tracker of our own) or 'mediapipe'.
    'auto' takes LiteRT where it is installed. Each gives the same numbers every time, but not
    the other's: compare sessions of one of them.
    """
    min_detection_confidence: Annotated[float, Field(ge=0.1, le=0.99)] = 0.5
    """Least confidence of a first detection. Raise if a poster on the wall is taken for a person.
    """
    min_tracking_confidence: Annotated[float, Field(ge=0.1, le=0.99)] = 0.5
    """Least confidence to keep following. Lower if the runner is lost in blur, raise if the
    skeleton wanders.
    """
    trackers: Annotated[int, Field(ge=1, le=4)] = 1
    """Models that take turns, each with every other picture. One suffices where 'follow' fills in;
    'hipcue devices --tune' finds out what this machine does best.
    """
    follow: bool = True
    """Whether the joints are followed by optical flow into pictures that come while the model
    looks at another one. Without, those pictures are left out.
    """
    threads: Annotated[int, Field(ge=0, le=4)] = 0
    """Cores that share one picture of the built-in model: with 2 free ones it takes half as long,
    to the same numbers. 0 takes 2 where half the cores are enough for that, else 1.
    """


class TreadmillSettings(Section):
    """The treadmill on the wire."""

    poll_hz: Annotated[float, Field(ge=1, le=20)] = 8.0
    """Polls per second for machines that must be asked."""
    stale_after_s: Annotated[float, Field(ge=0.3, le=10)] = 1.5
    """Seconds; older readings than this are not used for stride length."""
    latency_s: Annotated[float, Field(ge=0, le=2)] = 0.0
    """Seconds by which the machine's answer lags the belt; taken off the time stamp."""


class PelvisSettings(Section):
    """The pelvis sources."""

    source: Literal["auto", "tag", "imu", "contour", "none"] = "auto"
    """Which pelvis source to use; 'auto' takes the best that answers."""
    tag_size_m: Annotated[float, Field(ge=0.02, le=0.2)] = 0.06
    """Side of the printed square in metres, black edge to black edge."""
    imu: str | None = None
    """Serial address of a sacral inertial sensor, e.g. 'witmotion:/dev/ttyUSB1'."""
    imu_latency_s: Annotated[float, Field(ge=0, le=0.5)] = 0.02
    """Seconds by which the sensor lags the pelvis; taken off the time stamp."""
    standing_tilt_deg: Annotated[float, Field(ge=-30, le=45)] | None = None
    """Angle of the ASIS-PSIS line of the standing trial, degrees, anterior positive: the neutral
    of marker files.
    """


class VerdictSettings(Section):
    """When extension counts as borrowed."""

    min_rise_deg: Annotated[float, Field(ge=1, le=20)] = 4.0
    """Tilt above the runner's own baseline that matters, degrees. Our choice: the spread between
    runners is 3 to 4 degrees (Bramah 2018) and a markerless channel is noise below 3. Raise if
    verdicts come too easily.
    """
    baseline_strides: Annotated[int, Field(ge=6, le=100)] = 12
    """Good strides (both legs) that make a baseline."""
    baseline_speed_mps: Annotated[float, Field(ge=0.05, le=2)] = 0.3
    """A baseline is valid within this change of belt speed, m/s."""
    baseline_grade_percent: Annotated[float, Field(ge=0.1, le=10)] = 1.0
    """A baseline is valid within this change of grade, percent."""


class FeedbackSettings(Section):
    """What the runner is told, and how often."""

    schedule: Schedule = "bandwidth"
    """When cues may come: 'bandwidth' whenever the runner leaves the band, 'every_stride', 'faded'
    over the programme, 'retention' never.
    """
    programme_session: Annotated[int, Field(ge=1, le=8)] | None = None
    """Session of the programme of eight; cues fade over the last four. Unset counts the faded
    sessions of this runner that were kept.
    """
    focus: Focus = "external"
    """Wording of the cues: 'external' (push the belt away), 'internal' (squeeze the glutes), or
    'ab' to alternate and compare.
    """
    language: Literal["en", "de"] = "en"
    """Language of the spoken cues."""
    out_strides: Annotated[int, Field(ge=1, le=50)] = 3
    """A cue after this many of the last `of_strides` strides are out of the band."""
    of_strides: Annotated[int, Field(ge=1, le=50)] = 5
    """How many strides back `out_strides` looks."""
    cooldown_s: Annotated[float, Field(ge=0, le=120)] = 8.0
    """Seconds of silence after a spoken cue. Raise if cues chatter."""

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.out_strides > self.of_strides:
            raise ValueError(
                f"out_strides {self.out_strides} of of_strides {self.of_strides} never happens"
            )
        return self


class SoundSettings(Section):
    """Loudspeaker and voice."""

    device: str = ""
    """Output device name as `hipcue devices` lists it; empty is the system's default."""
    volume: Annotated[float, Field(ge=0, le=1)] = 0.8
    """Loudness, 0 silent to 1 full."""
    speech: bool = True
    """Speak the phrases; off leaves the tones."""
    voice: str = ""
    """Name of a voice, or part of it; empty chooses one by the language of the cues."""
    speech_rate: Annotated[int, Field(ge=80, le=400)] = 175
    """Words per minute."""
    continuous: bool = False
    """Continuous mode: pitch follows the pelvis within the stride."""
    metronome: bool = False
    """Tick at the runner's cadence plus `metronome_plus_percent`."""
    metronome_plus_percent: Annotated[float, Field(ge=0, le=10)] = 5.0
    """How much faster than the runner's own cadence the metronome ticks, percent."""


class ScreenSettings(Section):
    """The window."""

    width: Annotated[int, Field(ge=1024, le=7680)] = 1280
    """Window width, pixels."""
    height: Annotated[int, Field(ge=600, le=4320)] = 720
    """Window height, pixels."""
    fps: Annotated[int, Field(ge=10, le=240)] = 60
    """Redraws per second. Lower if the screen takes time from the pose model."""
    fullscreen: bool = False
    """Fill the screen."""
    tilt_band_deg: Annotated[float, Field(ge=1, le=30)] = 7.0
    """Display band of pelvic tilt around the runner's neutral, degrees. A common rule of thumb (7
    for men, 10 for women) with no primary source: a display band, never the trigger.
    """


class SessionSettings(Section):
    """What is kept."""

    folder: Path | None = None
    """Parent of the session folders; unset is the user's own data folder."""
    video: bool = False
    """Keep the film with the session."""
    blur_face: bool = False
    """Blur the face in the kept film."""
    video_width: Annotated[int, Field(ge=160, le=3840)] = 854
    """The kept film is scaled down to fit into this width (pixels) and the next height."""
    video_height: Annotated[int, Field(ge=120, le=2160)] = 480
    """An hour of 854x480 at 60 pictures a second takes about 0.7 GB."""
    keep_free_mb: Annotated[int, Field(ge=50, le=1_000_000)] = 500
    """Below this much free space the film stops; below a fifth of it frames are no longer
    kept and strides go on."""


class RunnerSettings(Section):
    """Who runs."""

    name: str = "runner"
    """Whose neutral, baseline and history these are."""
    height_m: Annotated[float, Field(ge=0.9, le=2.5)] | None = None
    """Body height in metres; the fallback for the picture's scale where no belt speed is known."""


class FilesSettings(Section):
    """Films and marker files that are measured afterwards."""

    static_file: Path | None = None
    """Standing trial of the same markers, for files with clusters on thigh and shank: where hip,
    knee and ankle are.
    """
    names_file: Path | None = None
    """Names of a laboratory's own markers (TOML), see docs/marker-names.md."""
    slow_motion: Annotated[float, Field(ge=0.1, le=100)] | None = None
    """How many times slower than life a film plays; unset takes the film's own word for it. All
    times are those of life then, also those of a file of belt speeds.
    """
    rate_hz: Annotated[float, Field(ge=1, le=20_000)] | None = None
    """Frames per second of files that do not tell, or contradict themselves: keypoints, TRC."""


class Settings(Section):
    """All settings."""

    camera: CameraSettings = CameraSettings()
    pose: PoseSettings = PoseSettings()
    treadmill: TreadmillSettings = TreadmillSettings()
    pelvis: PelvisSettings = PelvisSettings()
    verdict: VerdictSettings = VerdictSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    sound: SoundSettings = SoundSettings()
    screen: ScreenSettings = ScreenSettings()
    session: SessionSettings = SessionSettings()
    runner: RunnerSettings = RunnerSettings()
    files: FilesSettings = FilesSettings()


def limits_of(section: type[Section], key: str) -> tuple[float, float]:
    """Return the least and the greatest value that a setting may have.

    Raises
    ------
    KeyError
        For a key that is not there, or has no two limits.
    """
    limits: dict[str, float] = {}
    for rule in section.model_fields[key].metadata:
        limits |= {name: getattr(rule, name) for name in ("ge", "le") if hasattr(rule, name)}
    return limits["ge"], limits["le"]


def changed(settings: Settings, dotted: str, value: object) -> Settings:
    """Return settings with one of them chosen anew.

    Parameters
    ----------
    settings : Settings
        As they were.
    dotted : str
        ``section.key``.
    value : object
        Of the setting's own type.

    Raises
    ------
    UserError
        For an unknown key or a value outside its range.
    """
    table = settings.model_dump()
    section, _, key = dotted.partition(".")
    try:
        if key not in table[section]:
            raise KeyError(dotted)
        table[section][key] = value
        return Settings.model_validate(table)
    except (KeyError, ValidationError) as error:
        raise UserError(
            f"cannot set {dotted}",
            repr(value)
            if isinstance(error, KeyError)
            else f"{value!r}, not {wanted(first_error(error), Settings)}",
            "see config/defaults.toml for every key, its range and its default",
        ) from error


def load_settings(path: Path | None = None, overrides: dict[str, Any] | None = None) -> Settings:
    """Read settings from a TOML file and lay overrides on top.

    Parameters
    ----------
    path : Path, optional
        Settings file; ``None`` means the defaults.
    overrides : dict, optional
        ``{"section.key": value}``; ``None`` values are ignored.

    Raises
    ------
    UserError
        For an unreadable file, an unknown key or a value outside its range.
    """
    table: dict[str, Any] = {}
    where = "the command line"
    if path is not None:
        where = str(path)
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise UserError(
                f"cannot read settings {path}",
                error.strerror or str(error),
                "check the path, or leave --config out for the defaults",
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UserError(
                f"cannot read settings {path}",
                f"not valid TOML: {error}",
                "compare with config/defaults.toml",
            ) from error
    for dotted, value in (overrides or {}).items():
        if value is not None:
            section, key = dotted.split(".", 1)
            table.setdefault(section, {})
            if isinstance(table[section], dict):
                table[section][key] = value
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        first = first_error(error)
        field = ".".join(str(part) for part in first["loc"])
        seen, right = repr(first["input"]), wanted(first, Settings)
        raise UserError(
            f"wrong setting {field} in {where}",
            right if first["type"] == "extra_forbidden" else f"{seen}, not {right}",
            "see config/defaults.toml for every key, its range and its default",
        ) from error
