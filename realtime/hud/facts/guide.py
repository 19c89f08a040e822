"""What a first-time user has to do next, worked out from a snapshot. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.neutral import STANDING_S
from hipcue.realtime.hud.facts.belt import belt_runs
from hipcue.realtime.hud.facts.devices import camera_lost, device_status
from hipcue.realtime.hud.facts.texts import Texts, sentence
from hipcue.realtime.records import Joint, RunnerState
from hipcue.realtime.view.snapshot import Snapshot

# The framing guide, as shares of the picture: where head and feet belong.
HEAD_AT, FEET_AT = 0.05, 0.95
# What keeps somebody from a neutral, and what to do.
_STILL = {
    ReasonCode.MOVING: "hold",
    ReasonCode.STANDS_NOT_SIDE_ON: "turn",
    ReasonCode.LEGS_NOT_STRAIGHT: "legs",
    ReasonCode.LEGS_NOT_SEEN: "legs_hidden",
    ReasonCode.ARMS_BEFORE_BACK: "arms",
    ReasonCode.SEEN_TOO_BRIEFLY: "stay",
}
# Notices of the picture and the check that each belongs to.
_CHECKS = {
    "whole": (
        ReasonCode.FEET_OUT_OF_PICTURE,
        ReasonCode.HEAD_OUT_OF_PICTURE,
        ReasonCode.PICTURE_SMALL,
    ),
    "side_on": (ReasonCode.PICTURE_TURNED,),
    "level": (ReasonCode.PICTURE_TILTED,),
    "light": (ReasonCode.PICTURE_DARK, ReasonCode.PICTURE_BLURRED),
}


def seconds_left(progress: float) -> int:
    """Return the seconds to count down, never zero before the end."""
    return max(math.ceil(STANDING_S * (1.0 - progress) - 1e-9), 1)


class Step(IntEnum):
    """The three steps to running, in order, and running itself."""

    SEEN = 1
    NEUTRAL = 2
    RUN = 3
    RUNNING = 4


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the framing: `done` is None while nobody is in the picture.

    `wrong` says what is the matter, `advice` what to do.
    """

    name: str
    done: bool | None
    advice: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """The one thing to do next.

    `countdown_s` is what is left of the standing trial, `progress` how much of it is
    done; both None while nobody stands.
    """

    step: Step
    title: str
    advice: str
    progress: float | None = None
    countdown_s: int | None = None


def somebody_seen(snapshot: Snapshot) -> bool:
    """Return whether a person is in the picture now."""
    result = snapshot.result
    return result is not None and result.preview_pose.seen and not camera_lost(snapshot)


def framing(snapshot: Snapshot, texts: Texts) -> tuple[Check, ...]:
    """Check the picture: whole body, side-on, level, enough light."""
    seen = somebody_seen(snapshot)
    notices = {notice.code: notice for notice in snapshot.notices}
    checks = []
    for name, codes in _CHECKS.items():
        wrong = next((notices[code] for code in codes if code in notices), None)
        if wrong is not None:
            checks.append(Check(name, False, texts.advice(wrong), texts.reason(wrong)))
        elif name == "whole" and seen and not _whole_body(snapshot):
            checks.append(Check(name, False, texts("setup.step_back"), texts("setup.fix_whole")))
        else:
            checks.append(Check(name, True if seen else None, ""))
    return tuple(checks)


def _whole_body(snapshot: Snapshot) -> bool:
    """Return whether nose and toes lie inside the picture."""
    assert snapshot.result is not None
    pose = snapshot.result.preview_pose
    points = pose.xy_px[[Joint.NOSE, Joint.L_TOE, Joint.R_TOE]]
    if np.isnan(points).any():
        return False
    inside = (points >= 0) & (points < np.array(pose.size_px))
    return bool(inside.all())


def guide(snapshot: Snapshot, texts: Texts) -> Guide:
    """Say what to do next: a picture, somebody in it, their neutral, the belt."""
    if snapshot.frame is None or camera_lost(snapshot):
        camera = device_status(snapshot, "camera")
        advice = texts.advice(camera.reason) if camera is not None else ""
        lost = camera_lost(snapshot)
        title = texts("picture.lost" if lost else "picture.waiting")
        fallback = texts("picture.advice_lost" if lost else "picture.advice_waiting")
        return Guide(Step.SEEN, title, sentence(advice or fallback))
    if not somebody_seen(snapshot):
        return Guide(Step.SEEN, texts("setup.stand_in"), texts("setup.stand_in_advice"))
    result = snapshot.result
    assert result is not None
    progress = standing_progress(snapshot)
    if progress is not None:
        title, advice = texts("setup.still"), texts("setup.still_advice")
        return Guide(Step.NEUTRAL, title, advice, progress, seconds_left(progress))
    standing = result.state in (RunnerState.WAITING, RunnerState.NEUTRAL)
    if not result.neutral_measured and (not standing or belt_runs(snapshot)):
        return Guide(Step.NEUTRAL, texts("setup.stop"), texts("setup.stop_advice"))
    if not standing:
        return Guide(Step.RUNNING, texts("setup.running"), texts("setup.running_advice"))
    if result.neutral_measured:
        title = texts("setup.running" if belt_runs(snapshot) else "setup.run")
        return Guide(Step.RUN, title, texts("setup.run_advice"))
    wrong = next((check for check in framing(snapshot, texts) if check.done is False), None)
    if wrong is not None:
        return Guide(Step.SEEN, sentence(wrong.wrong, ""), sentence(wrong.advice))
    return Guide(Step.NEUTRAL, texts("setup.still"), _how_to_stand(result.state_reason, texts))


def standing_progress(snapshot: Snapshot) -> float | None:
    """Return how much of the standing trial is done; None while there is none.

    The time can be over some frames before the neutral is there: until then it lasts.
    """
    result = snapshot.result
    if result is None or result.state is not RunnerState.NEUTRAL:
        return None
    progress = result.neutral_progress
    if progress is None or (progress >= 1.0 and result.neutral_measured):
        return None
    return progress


def _how_to_stand(trouble: Reason, texts: Texts) -> str:
    """Return what to do so that the standing trial begins, from what the engine misses."""
    return texts(f"setup.{_STILL.get(trouble.code, 'still_advice')}")
