"""Where the runner is, in a word and for a reason: gone, standing, at the first strides, judged."""

from __future__ import annotations

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.neutral import NeutralRequest, NeutralTracker
from hipcue.realtime.gait.runner import Runner
from hipcue.realtime.records import RunnerState


def state_at(runner: Runner, now: float) -> tuple[RunnerState, Reason, int]:
    """Where the runner is, why, and for how many strides."""
    if runner.is_gone_at(now):
        return RunnerState.WAITING, Reason(ReasonCode.NOBODY_IN_PICTURE), 0
    if runner.idles_at(now):
        return *_state_of_standing(runner.standing), 0
    said = runner.detector.judgement
    if said is None:
        return RunnerState.WARMING_UP, Reason(ReasonCode.FIRST_STRIDES), 0
    return said.state, said.reason, said.strides_in_state


def _state_of_standing(standing: NeutralTracker) -> tuple[RunnerState, Reason]:
    if standing.request is not NeutralRequest.DONE and standing.since_s is not None:
        return RunnerState.NEUTRAL, Reason(ReasonCode.STANDING_STILL)
    if standing.request is NeutralRequest.WAITING and standing.trouble is not None:
        return RunnerState.WAITING, standing.trouble
    return RunnerState.WAITING, Reason(ReasonCode.WAITING_FOR_FIRST_STRIDES)
