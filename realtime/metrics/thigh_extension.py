"""How far the thigh points backwards at its peak."""

from __future__ import annotations

import math

import numpy as np

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData, peak_of
from hipcue.realtime.records import Measurement

# What stays of the pose model's hip after `hipcue.realtime.gait.hip_centre`, degrees. Between
# seven rendered bodies, each judged by what the others tell, near legs spread by 0.7 and far
# ones by 0.9; so few bodies make that 1.0 (Student's t against 1.65). The far hip is guessed
# where the near leg hides it, on a real body more than on a rendered one: half as much again,
# our choice.
_LEFT_OVER_DEG = {True: 1.0, False: 1.5}
# Two frames of the stride further back than its peak by this much: the leg was taken for the
# other one around the peak. Our choice: in 500 strides of seven films right peaks were passed
# by 2.3 degrees at the most, two wrong ones by 19 and 29.
_PASSED_DEG = 4.0


def _measure(stride: StrideData) -> Measurement:
    if stride.untimed is not None and stride.untimed.code is ReasonCode.TIMES_UNSURE:
        return Measurement.missing(stride.untimed)
    if stride.peak_s is None:
        return stride.unseen(ReasonCode.LEG_HIDDEN_AT_PEAK)
    near = stride.around(stride.peak_s)
    peak = peak_of(stride.t[near], stride.thigh_deg(near), stride.peak_s, stride.frame_s)
    if peak.value is None:
        return peak
    if np.count_nonzero(stride.thigh_deg(stride.inside()) > peak.value + _PASSED_DEG) >= 2:
        return Measurement.missing(ReasonCode.LEG_HIDDEN_AT_PEAK)
    left_over = 0.2 if stride.by_markers else _LEFT_OVER_DEG[stride.near]
    neutral = stride.neutral
    sigma = math.hypot(peak.sigma or 0.0, neutral.sigma_deg, left_over, neutral.outer_sigma_deg)
    return Measurement(peak.value, sigma)


THIGH_EXTENSION = Metric(
    name="thigh_extension_deg",
    unit="°",
    meaning="Peak angle of the thigh (hip to knee) behind the vertical",
    positive="extension",
    reference="22.6 and 27.3 at 2.5 m/s, 28.8 and 33.1 at 3.5, 41.2 at 4.5 m/s (RBDS).",
    measure=_measure,
    needs=("knee",),
)
