"""The angles of one frame, for the screen and the record."""

from __future__ import annotations

import math
from dataclasses import replace

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.facing import Facing
from hipcue.realtime.gait.hip_centre import (
    HipCentre,
    newest_thigh_deg,
    thigh_zero_deg,
    trunk_zero_deg,
)
from hipcue.realtime.gait.human_range import HUMAN_RANGE_DEG
from hipcue.realtime.gait.neutral import Neutral
from hipcue.realtime.gait.pelvis_calibration import SEEN_IN_PICTURE
from hipcue.realtime.gait.pose_buffer import PoseBuffer
from hipcue.realtime.gait.segment_angles import foot_tells, newest_trunk_deg, wrap_deg
from hipcue.realtime.records import BodyAngles, Measurement, PelvisSource, Side

# One frame of a pose model against motion capture while running, after the offset is
# taken off: 5 degrees (OpenPose, Van Hooren 2023).
_FRAME_SIGMA_DEG = 5.0
_THIGH, _KNEE, _ANKLE, _TRUNK = (
    HUMAN_RANGE_DEG[name]
    for name in (
        "thigh_extension_deg",
        "knee_flexion_deg",
        "ankle_dorsiflexion_deg",
        "trunk_lean_deg",
    )
)


def body_angles(
    t_s: float,
    memory: PoseBuffer,
    facing: Facing,
    neutral: Neutral,
    hips: HipCentre | None,
    tilt: Measurement,
    source: PelvisSource,
) -> BodyAngles:
    """Return the angles of the newest frame of `memory`, neutral taken off.

    A hidden joint gives a missing angle with its reason. The thigh is that of the stride's
    metrics where `hips` says where the body carried its hips lately.
    """
    parts, at = memory.newest_segments_deg, memory.newest_joints
    thigh, knee, ankle = {}, {}, {}
    for side in Side:
        near = side is facing.near
        hidden = ReasonCode.NEAR_LEG_HIDDEN if near else ReasonCode.FAR_LEG_HIDDEN
        upper, lower, foot = parts[side]
        zero = thigh_zero_deg(neutral, side, near, hips)
        steady = upper if hips is None else newest_thigh_deg(at, side, hips)
        thigh[side] = _known(steady - zero, _THIGH, hidden)
        knee[side] = _known(wrap_deg(lower - upper) - neutral.knee_deg[side], _KNEE, hidden)
        if side in neutral.ankle_deg:
            flex = wrap_deg(lower + foot) if foot_tells(at, side) else math.nan
            ankle[side] = _known(flex - neutral.ankle_deg[side], _ANKLE, hidden)
        else:
            ankle[side] = Measurement.missing(ReasonCode.NO_NEUTRAL)
    upright = trunk_zero_deg(neutral, hips)
    if upright is None:
        lean = Measurement.missing(ReasonCode.NO_NEUTRAL)
    else:
        lean = _known(newest_trunk_deg(at) - upright, _TRUNK, ReasonCode.SHOULDERS_NOT_SEEN)
    lumbar = tilt
    if tilt.value is not None:
        lumbar = lean
        if lean.value is not None:
            sigma = math.hypot(tilt.sigma or 0.0, lean.sigma or 0.0)
            lumbar = Measurement(tilt.value - lean.value, sigma)
    return BodyAngles(
        t_s=t_s,
        near=facing.near,
        facing=facing.sign,
        thigh_extension_deg=thigh,
        knee_flexion_deg=knee,
        ankle_dorsiflexion_deg=ankle,
        trunk_lean_deg=lean,
        pelvic_tilt_deg=tilt,
        lumbar_extension_deg=lumbar,
        pelvis_source=source,
    )


def without_vertical(angles: BodyAngles, why: Reason) -> BodyAngles:
    """Return the angles in a picture in which nobody knows where up is.

    Knees and ankles are measured against the leg itself; a sensor knows by itself where up is.
    """
    missing = Measurement.missing(why)
    own = angles.pelvis_source not in SEEN_IN_PICTURE
    return replace(
        angles,
        thigh_extension_deg=dict.fromkeys(Side, missing),
        trunk_lean_deg=missing,
        pelvic_tilt_deg=angles.pelvic_tilt_deg if own else missing,
        lumbar_extension_deg=missing,
    )


def _known(value: float, possible: tuple[float, float], reason: ReasonCode) -> Measurement:
    if possible[0] <= value <= possible[1]:
        return Measurement(value, _FRAME_SIGMA_DEG)
    return Measurement.missing(reason if math.isnan(value) else ReasonCode.ANGLE_IMPOSSIBLE)
