"""How long a stride is."""

from __future__ import annotations

import math

import numpy as np

from realtime.metrics.metric import Metric
from realtime.metrics.stride_data import StrideData, value_at
from realtime.records import Joint, Measurement

# A trunk point of the pose model wanders by this much against the body, in m; our
# choice, from runners who did not drift.
_TRUNK_SIGMA_M = 0.008


def _measure(stride: StrideData) -> Measurement:
    belt = stride.belt_distance_m
    if belt.value is None:
        return belt
    drift = _drift_m(stride)
    if drift.value is None:
        # The treadmill's mat is short: a runner drifts a few centimetres a stride at most.
        return Measurement(belt.value, math.hypot(belt.sigma or 0.0, 0.03))
    timing = (stride.belt_speed_mps.value or 0.0) * math.sqrt(2) * stride.event_sigma_s
    sigma = math.hypot(math.hypot(belt.sigma or 0.0, drift.sigma or 0.0), timing)
    return Measurement(belt.value + drift.value, sigma)


def _drift_m(stride: StrideData) -> Measurement:
    """How far the trunk moved forward over the belt's frame during the stride."""
    scale = stride.px_per_m
    if scale.value is None:
        return Measurement.missing(scale.reason or "scale unknown")
    joints = [Joint.L_HIP, Joint.R_HIP, Joint.L_SHOULDER, Joint.R_SHOULDER]
    with np.errstate(all="ignore"):
        seen = ~np.isnan(stride.xy[:, joints, 0])
        count = seen.sum(axis=1)
        total = np.where(seen, stride.xy[:, joints, 0], 0.0).sum(axis=1)
        trunk = np.where(count >= 2, total / np.maximum(count, 1), np.nan)
    ends = [value_at(stride.t, trunk, t_s) for t_s in (stride.contact_s, stride.end_s)]
    if ends[0].value is None or ends[1].value is None:
        return Measurement.missing("trunk not seen at contact")
    return Measurement((ends[1].value - ends[0].value) / scale.value, 1.4 * _TRUNK_SIGMA_M)


STRIDE_LENGTH = Metric(
    name="stride_length_m",
    unit="m",
    definition="Belt speed integrated over the stride, plus how far the runner drifted forward.",
    reference="Step length 1.13 +- 0.06 m in uninjured runners (PMC6044588): stride 2.26 m.",
    measure=_measure,
    decimals=2,
)
