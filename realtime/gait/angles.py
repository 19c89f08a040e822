"""The angles of one frame, for the screen and the record."""

from __future__ import annotations

import math

import numpy as np

from realtime.gait.frames import FloatArray, FrameMemory
from realtime.gait.neutral import Neutral, trunk_deg
from realtime.gait.view import View
from realtime.records import BodyAngles, Joint, Measurement, PelvisSource, Side

# One frame of a pose model against motion capture while running, after the offset is
# taken off: 5 degrees (OpenPose, Van Hooren 2023).
_FRAME_SIGMA_DEG = 5.0

# Thigh, shank and foot of the left leg, then of the right one.
_PARTS = (("hip", "knee"), ("knee", "ankle"), ("heel", "toe"))
_BEGINS = np.array([Joint.of(side, begin) for side in (Side.L, Side.R) for begin, _ in _PARTS])
_ENDS = np.array([Joint.of(side, end) for side in (Side.L, Side.R) for _, end in _PARTS])
_IS_FOOT = np.array([begin == "heel" for begin, _ in _PARTS] * 2)


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
    directions = _directions_deg(xy[-1])
    thigh, knee, ankle = {}, {}, {}
    for side in Side:
        hidden = "near leg hidden" if side is view.near else "far leg hidden"
        upper, lower, foot = directions[side]
        thigh[side] = _known(upper - neutral.thigh_deg[side], hidden)
        bend = _wrap_deg(lower - upper)
        knee[side] = _known(bend - neutral.knee_deg[side], hidden)
        if side in neutral.ankle_deg:
            flex = _wrap_deg(lower + foot)
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


def _directions_deg(xy: FloatArray) -> dict[Side, list[float]]:
    """Inclination of thigh and shank, and direction of the foot, of both legs of one frame.

    As `inclination_deg` and `ankle_angle_deg` have them, all at once.
    """
    way = xy[_ENDS] - xy[_BEGINS]
    angle = np.arctan2(
        np.where(_IS_FOOT, way[:, 1], -way[:, 0]), np.where(_IS_FOOT, way[:, 0], -way[:, 1])
    )
    left, right = np.degrees(angle).reshape(2, 3).tolist()
    return {Side.L: left, Side.R: right}


def _wrap_deg(angle: float) -> float:
    return (angle + 180.0) % 360.0 - 180.0


def _known(value: float, reason: str) -> Measurement:
    return (
        Measurement.missing(reason)
        if math.isnan(value)
        else Measurement(float(value), _FRAME_SIGMA_DEG)
    )
