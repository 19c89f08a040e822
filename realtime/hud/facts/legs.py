"""Which leg is near, what the runner does, and which stride of a leg may be shown."""

from __future__ import annotations

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.strides import IDLE_S
from hipcue.realtime.hud.facts.devices import camera_lost
from hipcue.realtime.records import RunnerState, Side, Stride
from hipcue.realtime.view.snapshot import Snapshot


def near_side(snapshot: Snapshot) -> Side:
    """Return the leg on the camera's side."""
    if snapshot.strides:
        newest = snapshot.strides[-1]
        return newest.side if newest.near else newest.side.other
    settled = snapshot.result.settled if snapshot.result is not None else None
    if settled is not None and settled.angles is not None:
        return settled.angles.near
    return Side.L


def runner_state(snapshot: Snapshot) -> RunnerState:
    """Return the state that is true now."""
    return snapshot.result.state if snapshot.result is not None else RunnerState.WAITING


def newest_stride(snapshot: Snapshot, side: Side) -> tuple[Stride | None, Reason | None]:
    """Return a leg's newest stride, or why there is none that may still be shown."""
    if camera_lost(snapshot):
        return None, Reason(ReasonCode.CAMERA_LOST)
    state = runner_state(snapshot)
    if state is RunnerState.WAITING:
        return None, Reason(ReasonCode.WAITING_FOR_STRIDES)
    if state is RunnerState.NEUTRAL:
        return None, Reason(ReasonCode.STANDING_STILL)
    stride = snapshot.last_stride.get(side)
    if stride is None:
        return None, Reason(ReasonCode.NO_STRIDE_YET)
    if snapshot.t_s - stride.end_s > IDLE_S:
        return None, Reason(ReasonCode.NO_STRIDE_LATELY)
    return stride, None
