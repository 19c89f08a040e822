"""Gathers what the metrics of a stride may look at."""

from __future__ import annotations

from hipcue.realtime.gait.belt_over_stride import BeltOverStride
from hipcue.realtime.gait.fits import frame_time_s
from hipcue.realtime.gait.runner import Runner
from hipcue.realtime.gait.strides import StrideEvents
from hipcue.realtime.metrics.stride_data import StrideData

# The metrics look this far back before the stride that came before.
_BEFORE_S = 0.05


def gather(runner: Runner, stride: StrideEvents, belt: BeltOverStride) -> StrideData:
    """Return what is known of a stride that has just been closed, and of the belt under it."""
    facing, scale = runner.facing, runner.scale
    assert facing is not None and scale is not None
    t, xy, _ = runner.paths.stretch(stride.contact_s - stride.lasted_s - _BEFORE_S)
    first, last = t.searchsorted((stride.contact_s, stride.end_s))
    return StrideData(
        side=stride.side,
        near=stride.side is facing.near,
        contact_s=stride.contact_s,
        toe_off_s=stride.toe_off_s,
        end_s=stride.end_s,
        event_sigma_s=stride.sigma_s,
        peak_s=stride.peak_s,
        other_contact_s=stride.other_contact_s,
        other_toe_off_s=stride.other_toe_off_s,
        t=t,
        xy=xy,
        neutral=runner.neutral,
        px_per_m=scale.px_per_m,
        belt_speed_mps=belt.speed_mps,
        belt_distance_m=belt.distance_m,
        belt_source=belt.source,
        pelvis=runner.pelvis.add_stride(stride.contact_s, stride.end_s, stride.peak_s),
        frame_s=frame_time_s(t),
        hip_centre=runner.find_hips(xy[first:last]),
        untimed=runner.clock.untimed(stride.contact_s, stride.end_s, stride.usual_s),
        unlike_stance_s=stride.unlike_stance_s,
    )
