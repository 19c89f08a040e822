"""Knee and ankle at an instant, neutral taken off."""

from __future__ import annotations

import math

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.gait.segment_angles import ankle_angle_deg, knee_flexion_deg
from hipcue.realtime.metrics.event_bias import CONTACT_S, TOE_OFF_S
from hipcue.realtime.metrics.stride_data import StrideData, value_at
from hipcue.realtime.records import Measurement

# Pose models against motion capture while running: 5 degrees after the offset is taken
# off (OpenPose, Van Hooren 2023).
_MODEL_SIGMA_DEG = 5.0


def knee_at(stride: StrideData, t_s: float | None) -> Measurement:
    """Knee flexion at an instant, against standing; flexion positive."""
    if t_s is None:
        return Measurement.missing(ReasonCode.TOE_OFF_NOT_SEEN)
    near = stride.around(t_s)
    knee = knee_flexion_deg(stride.xy[near], stride.side)
    angle = value_at(stride.t[near], knee, t_s, sigma_s=_instant_sigma_s(stride, t_s))
    if angle.value is None:
        return angle
    return Measurement(angle.value - stride.neutral.knee_deg[stride.side], _sigma(stride, angle))


def ankle_at(stride: StrideData, t_s: float | None) -> Measurement:
    """Plantarflexion at an instant, against standing; plantarflexion positive."""
    if t_s is None:
        return Measurement.missing(ReasonCode.TOE_OFF_NOT_SEEN)
    if stride.side not in stride.neutral.ankle_deg:
        return Measurement.missing(ReasonCode.NO_NEUTRAL_FOR_ANKLE)
    near = stride.around(t_s)
    ankle = ankle_angle_deg(stride.xy[near], stride.side)
    angle = value_at(stride.t[near], ankle, t_s, sigma_s=_instant_sigma_s(stride, t_s))
    if angle.value is None:
        return angle
    return Measurement(stride.neutral.ankle_deg[stride.side] - angle.value, _sigma(stride, angle))


def _instant_sigma_s(stride: StrideData, t_s: float) -> float:
    """How well a contact or a toe-off is known, for what changes fast around it.

    What a body's events are off by is in the pose model's own uncertainty already.
    """
    shared = CONTACT_S if t_s == stride.contact_s else TOE_OFF_S
    return math.hypot(stride.event_sigma_s, shared[True] if stride.by_markers else 0.0)


def _sigma(stride: StrideData, angle: Measurement) -> float:
    joints = 1.0 if stride.by_markers else _MODEL_SIGMA_DEG
    # Two segments meet in a joint, and err with the same marker in opposite ways.
    return math.hypot(joints, angle.sigma or 0.0, 2.0 * stride.neutral.outer_sigma_deg)
