"""Moments of a first-time user at the set-up, each of which asks for something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import LinkState
from hipcue.realtime.records import Measurement, RunnerState
from hipcue.realtime.view.snapshot import Snapshot
from hipcue.realtime.vision.image_quality import ImageQuality, advice
from tests.realtime.hud.sample_snapshots import pose, snapshot, statuses

_WELL = ImageQuality(120.0, 0.3, 0.0, 600.0, "", 0.05)
BELT_SILENT = (
    LinkState.STALE,
    Reason(
        ReasonCode.BELT_NOT_HEARD,
        where="/dev/ttyUSB0",
        spoken=Reason(ReasonCode.PROTOCOL_AT_BAUD, name="CSAFE", baud=9600),
    ),
)
NO_SOUND = (
    LinkState.LOST,
    Reason(
        ReasonCode.NO_SOUND,
        why=Reason(ReasonCode.OTHER, text="ALSA: Couldn't open audio device: No such device"),
    ),
)
CAMERA_WAITS = (LinkState.WAITING, Reason(ReasonCode.CAMERA))


def _waiting(**changes: object) -> Snapshot:
    shown = snapshot("waiting")
    assert shown.result is not None
    return replace(shown, result=replace(shown.result, **changes))  # type: ignore[arg-type]


def _picture(**changes: object) -> Snapshot:
    """Somebody in a picture with which something is wrong, told as the session tells it."""
    facts = replace(_WELL, **changes)  # type: ignore[arg-type]
    return replace(_waiting(), notices=tuple(advice([facts])))


def stories() -> Mapping[str, Snapshot]:
    """Return each moment by its name, in the order in which somebody meets them."""
    nobody = pose((1280, 720), reason=Reason(ReasonCode.NOBODY_IN_PICTURE))
    turn = Reason(ReasonCode.STANDS_NOT_SIDE_ON)
    bad = [replace(_WELL, cropped="feet", turned=0.6), replace(_WELL, cropped="feet", turned=0.6)]
    return {
        "no picture": replace(
            snapshot("waiting"), frame=None, result=None, devices=statuses(camera=CAMERA_WAITS)
        ),
        "nobody": _waiting(preview_pose=nobody, state_reason=Reason(ReasonCode.NOBODY_IN_PICTURE)),
        "feet out": _picture(cropped="feet"),
        "head out": _picture(cropped="head"),
        "turned": _picture(turned=0.6),
        "tilted": _picture(roll_deg=6.0),
        "dark": _picture(brightness=20.0),
        "blurred": _picture(blur=0.8),
        "small": _picture(height_px=190.0),
        "all wrong": replace(
            _picture(blur=0.8, brightness=20.0, height_px=190.0, roll_deg=6.0),
            notices=(
                *advice(bad),
                *_picture(blur=0.8, brightness=20.0, height_px=190.0, roll_deg=6.0).notices,
            ),
        ),
        "belt runs": _waiting(belt_speed_mps=Measurement(1.4, 0.02)),
        "moves": _waiting(state_reason=Reason(ReasonCode.MOVING)),
        "faces the camera": _waiting(state_reason=turn),
        "bent legs": _waiting(state_reason=Reason(ReasonCode.LEGS_NOT_STRAIGHT)),
        "arms hang": _waiting(state_reason=Reason(ReasonCode.ARMS_BEFORE_BACK)),
        "stands": snapshot("neutral"),
        "ready": _waiting(neutral_measured=True),
        "ready, no belt": replace(
            _waiting(neutral_measured=True),
            devices=statuses(belt=BELT_SILENT, sound=NO_SOUND),
        ),
        "runs": snapshot("good"),
        "runs too early": _too_early(),
    }


def _too_early() -> Snapshot:
    shown = snapshot("good")
    assert shown.result is not None
    result = replace(shown.result, neutral_measured=False, state=RunnerState.WARMING_UP)
    return replace(shown, result=result, notices=(Reason(ReasonCode.FIRST_STRIDES),))
