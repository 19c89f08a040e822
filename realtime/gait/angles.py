"""The angles of one frame, for the screen and the record."""

from __future__ import annotations

import numpy as np

from realtime.gait.frames import (
    FrameMemory,
    ankle_angle_deg,
    inclination_deg,
    joint,
    knee_flexion_deg,
)
from realtime.gait.neutral import Neutral, trunk_deg
from realtime.gait.view import View
from realtime.records import BodyAngles, Measurement, PelvisSource, Side

# One frame of a pose model against motion capture while running, after the offset is
# taken off: 5 degrees (OpenPose, Van Hooren 2023).
_FRAME_SIGMA_DEG = 5.0


def body_angles(
    t_s: float,
    memory: FrameMemory,
    view: View,
    neutral: Neutral,
    tilt: Measurement,
    source: PelvisSource,
) -> BodyAngles:
    """Return the angles of the newest frame of `memory`, neutral taken off.

    A hidden joint gives a missing angle with its reason.
    """
    _, xy = memory.since(memory.newest_s)
    thigh, knee, ankle = {}, {}, {}
    for side in Side:
        hidden = "near leg hidden" if side is view.near else "far leg hidden"
        raw = inclination_deg(joint(xy, side, "hip"), joint(xy, side, "knee"))[-1]
        thigh[side] = _known(raw - neutral.thigh_deg[side], hidden)
        bend = knee_flexion_deg(xy, side)[-1]
        knee[side] = _known(bend - neutral.knee_deg[side], hidden)
        if side in neutral.ankle_deg:
            flex = ankle_angle_deg(xy, side)[-1]
            ankle[side] = _known(flex - neutral.ankle_deg[side], hidden)
        else:
            ankle[side] = Measurement.missing("no standing neutral")
    if neutral.trunk_deg is None:
        lean = Measurement.missing("no standing neutral")
    else:
        lean = _known(trunk_deg(xy)[-1] - neutral.trunk_deg, "shoulders not seen")
    lumbar = tilt
    if tilt.value is not None:
        lumbar = lean
        if lean.value is not None:
            sigma = float(np.hypot(tilt.sigma or 0.0, lean.sigma or 0.0))
            lumbar = Measurement(tilt.value - lean.value, sigma)
    return BodyAngles(
        t_s=t_s,
        near=view.near,
        facing=view.facing,
        thigh_extension_deg=thigh,
        knee_flexion_deg=knee,
        ankle_dorsiflexion_deg=ankle,
        trunk_lean_deg=lean,
        pelvic_tilt_deg=tilt,
        lumbar_extension_deg=lumbar,
        pelvis_source=source,
    )


def _known(value: float, reason: str) -> Measurement:
    return (
        Measurement.missing(reason)
        if np.isnan(value)
        else Measurement(float(value), _FRAME_SIGMA_DEG)
    )
