"""Every setting of hipcue: typed, ranged, commented. Unknown keys fail, naming the field.

A settings file is TOML with one table per class below, and only what differs from
the defaults. `config/defaults.toml` shows every key with its default.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from config.errors import UserError


class Section(BaseModel):
    """A table of the settings file: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CameraSettings(Section):
    """The camera."""

    width: Annotated[int, Field(ge=320, le=7680)] = 1280
    height: Annotated[int, Field(ge=240, le=4320)] = 720
    # Asked for; what the camera gives is read back and shown. Lower if the picture is dark.
    fps: Annotated[float, Field(ge=15, le=240)] = 60.0
    # Seconds between light reaching the sensor and the grab returning; taken off the stamp.
    latency_s: Annotated[float, Field(ge=0, le=0.5)] = 0.0


class PoseSettings(Section):
    """The pose model."""

    # 0 light, 1 full, 2 heavy. The wheel carries light and full.
    complexity: Annotated[int, Field(ge=0, le=2)] = 1
    # A .task file for the MediaPipe Tasks API instead of the built-in model.
    model_file: Path | None = None
    # Raise if a poster on the wall is taken for a person.
    min_detection_confidence: Annotated[float, Field(ge=0.1, le=0.99)] = 0.5
    min_tracking_confidence: Annotated[float, Field(ge=0.1, le=0.99)] = 0.5
    # Trackers running side by side; 2 follows 60 fps on two cores.
    trackers: Annotated[int, Field(ge=1, le=4)] = 1


class TreadmillSettings(Section):
    """The treadmill on the wire."""

    # Polls per second for machines that must be asked.
    poll_hz: Annotated[float, Field(ge=1, le=20)] = 8.0
    # Older readings than this are not used for stride length.
    stale_after_s: Annotated[float, Field(ge=0.3, le=10)] = 1.5
    # Seconds by which the machine's answer lags the belt; taken off the stamp.
    latency_s: Annotated[float, Field(ge=0, le=2)] = 0.0


class PelvisSettings(Section):
    """The pelvis sources."""

    # Which to use; "auto" takes the best that answers.
    source: Literal["auto", "tag", "imu", "contour", "none"] = "auto"
    # Side of the printed square, black edge to black edge.
    tag_size_m: Annotated[float, Field(ge=0.02, le=0.2)] = 0.06
    # Serial address of a sacral inertial sensor, e.g. "witmotion:/dev/ttyUSB1".
    imu: str | None = None


class VerdictSettings(Section):
    """When extension counts as borrowed."""

    # Tilt above the runner's own baseline that matters, degrees. Our choice: between-runner
    # SD of tilt is 3 to 4 degrees and a markerless channel is noise below 3 (SCIENCE 2a).
    min_rise_deg: Annotated[float, Field(ge=1, le=20)] = 4.0
    # Good strides (both legs) that make a baseline.
    baseline_strides: Annotated[int, Field(ge=6, le=100)] = 12
    # A baseline is valid within this change of belt speed (m/s) and grade (%).
    baseline_speed_mps: Annotated[float, Field(ge=0.05, le=2)] = 0.3
    baseline_grade_percent: Annotated[float, Field(ge=0.1, le=10)] = 1.0


class FeedbackSettings(Section):
    """What the runner is told, and how often."""

    schedule: Literal["bandwidth", "every_stride", "faded", "retention"] = "bandwidth"
    # Session of the programme of eight, 1 to 8; faded over the last four.
    programme_session: Annotated[int, Field(ge=1, le=8)] = 1
    focus: Literal["external", "internal", "ab"] = "external"
    language: Literal["en", "de"] = "en"
    # A cue after this many of the last `of_strides` strides are out of the band.
    out_strides: Annotated[int, Field(ge=1, le=50)] = 3
    of_strides: Annotated[int, Field(ge=1, le=50)] = 5
    # Seconds of silence after a spoken cue. Raise if cues chatter.
    cooldown_s: Annotated[float, Field(ge=0, le=120)] = 8.0


class SoundSettings(Section):
    """Loudspeaker and voice."""

    # Output device name as `hipcue devices` lists it; empty is the system's default.
    device: str = ""
    volume: Annotated[float, Field(ge=0, le=1)] = 0.8
    speech: bool = True
    # Words per minute.
    speech_rate: Annotated[int, Field(ge=80, le=400)] = 175
    # Continuous mode: pitch follows the pelvis within the stride.
    continuous: bool = False
    # Metronome at the runner's cadence plus this many percent; 0 with metronome off.
    metronome: bool = False
    metronome_plus_percent: Annotated[float, Field(ge=0, le=10)] = 5.0


class ScreenSettings(Section):
    """The window."""

    width: Annotated[int, Field(ge=1024, le=7680)] = 1280
    height: Annotated[int, Field(ge=600, le=4320)] = 720
    fps: Annotated[int, Field(ge=10, le=240)] = 60
    fullscreen: bool = False
    # Display band of pelvic tilt around the runner's neutral, degrees. From the article
    # (7 men, 10 women, no primary source, SCIENCE 4): a display band, never the trigger.
    tilt_band_deg: Annotated[float, Field(ge=1, le=30)] = 7.0


class SessionSettings(Section):
    """What is kept."""

    # Parent of the session folders; empty is the user's own data folder.
    folder: Path | None = None
    video: bool = False
    blur_face: bool = False


class RunnerSettings(Section):
    """Who runs."""

    name: str = "runner"
    # Body height; the fallback for the picture's scale where no belt speed is known.
    height_m: Annotated[float, Field(ge=0.9, le=2.5)] | None = None


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
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        seen = f"{first['input']!r}" if first["type"] != "extra_forbidden" else "no such key"
        message = first["msg"]
        raise UserError(
            f"wrong setting {field} in {where}",
            f"{seen} ({message})",
            "see config/defaults.toml for every key, its range and its default",
        ) from error
