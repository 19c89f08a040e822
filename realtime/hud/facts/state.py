"""How the runner is doing, in a word, a shape, a colour and a reason. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.hud.facts.devices import camera_lost, device_status
from hipcue.realtime.hud.facts.legs import runner_state
from hipcue.realtime.hud.facts.mood import Mood
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.records import RunnerState
from hipcue.realtime.view.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class State:
    """The runner's state in a word, a shape, a colour and a reason."""

    word: str
    icon: str
    mood: Mood
    detail: str
    blinks: bool = False


_STATE_ICON = {
    RunnerState.WAITING: ("ring", Mood.MISSING),
    RunnerState.NEUTRAL: ("square", Mood.MISSING),
    RunnerState.WARMING_UP: ("ring", Mood.MISSING),
    RunnerState.OK: ("check", Mood.CALM),
    RunnerState.WATCH: ("diamond", Mood.WATCH),
    RunnerState.COMPENSATING: ("triangle_up", Mood.ACT),
    RunnerState.RECOVERING: ("diamond", Mood.WATCH),
    RunnerState.UNKNOWN: ("dash", Mood.MISSING),
}


def state(snapshot: Snapshot, texts: Texts) -> State:
    """Say how the runner is doing."""
    if camera_lost(snapshot):
        camera = device_status(snapshot, "camera")
        advice = texts.advice(camera.reason) if camera is not None else ""
        return State(texts("state.camera_lost"), "cross", Mood.ACT, advice, blinks=True)
    now = runner_state(snapshot)
    icon, mood = _STATE_ICON[now]
    word = texts(f"state.{now.name.lower()}")
    result = snapshot.result
    if result is None:
        return State(word, icon, mood, texts.reason(Reason(ReasonCode.NO_PICTURE_YET)))
    if now is RunnerState.COMPENSATING and result.strides_in_state > 0:
        word = texts("state.compensating_for", n=result.strides_in_state)
    said = texts.reason(result.state_reason)
    if now is RunnerState.WAITING or result.state_reason.code is ReasonCode.LEARNING_USUAL:
        # What is waited for, or learned, says it all.
        return State(said, icon, mood, "")
    # What is well needs no reason, and somebody who stands still is seen to do so.
    silent = now in (RunnerState.OK, RunnerState.NEUTRAL)
    return State(word, icon, mood, "" if silent else said)
