"""How long a stride is."""

from __future__ import annotations

import math
from statistics import median

import numpy as np

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.records import Joint, Measurement

# What the trunk's place reads for runners who do not drift, and how far runners drift in
# a stride, both in m; our choices. A reading counts for as much as it is surer than that.
_TRUNK_SIGMA_M, _DRIFT_M = 0.006, 0.007
_WEIGHT = _DRIFT_M**2 / (_DRIFT_M**2 + _TRUNK_SIGMA_M**2)


def _measure(stride: StrideData) -> Measurement:
    belt = stride.belt_distance_m
    if belt.value is None:
        return belt
    if stride.untimed is not None:
        return Measurement.missing(stride.untimed)
    drift = _drift_m(stride)
    timing = (stride.belt_speed_mps.value or 0.0) * math.sqrt(2) * stride.event_sigma_s
    sigma = math.hypot(belt.sigma or 0.0, timing)
    if drift.value is None:
        # The treadmill's mat is short: a runner drifts a few centimetres a stride at most.
        return Measurement(belt.value, math.hypot(sigma, 0.03))
    return Measurement(belt.value + drift.value, math.hypot(sigma, drift.sigma or 0.0))


def _drift_m(stride: StrideData) -> Measurement:
    """How far the trunk moved forward over the picture from one stride to the next.

    The mean place of the trunk over the stride against that over as long a time before:
    what swings to and fro within a stride cancels, single frames hardly matter, and a
    runner who drifts does so over many strides.
    """
    scale = stride.px_per_m
    if scale.value is None:
        return scale
    joints = [Joint.L_HIP, Joint.R_HIP, Joint.L_SHOULDER, Joint.R_SHOULDER]
    seen = ~np.isnan(stride.xy[:, joints, 0])
    total = np.where(seen, stride.xy[:, joints, 0], 0.0).sum(axis=1)
    # Frames with another set of joints would jump: the usual number of them, or none.
    count = seen.sum(axis=1)
    usual = median(count.tolist())
    usable = count == usual
    if usual < 1:
        return Measurement.missing(ReasonCode.TRUNK_NOT_SEEN)
    trunk = total / np.maximum(count, 1)
    lasted = stride.stride_time_s
    now = usable & (stride.t >= stride.contact_s) & (stride.t < stride.end_s)
    before = usable & (stride.t >= stride.contact_s - lasted) & (stride.t < stride.contact_s)
    if before.sum() < 0.8 * now.sum() or now.sum() < 8:
        return Measurement.missing(ReasonCode.NO_STRIDE_BEFORE)
    moved_px = float(trunk[now].mean() - trunk[before].mean())
    return Measurement(_WEIGHT * moved_px / scale.value, _WEIGHT**0.5 * _TRUNK_SIGMA_M)


STRIDE_LENGTH = Metric(
    name="stride_length_m",
    unit="m",
    meaning="Belt speed integrated over the stride, plus how far the runner drifted forward",
    reference="Step length 1.13 +- 0.06 m in uninjured runners (PMC6044588): stride 2.26 m.",
    measure=_measure,
    decimals=2,
)
