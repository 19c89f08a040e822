"""How far the thigh points backwards at its peak."""

from __future__ import annotations

import math

import numpy as np

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.gait.segment_angles import thigh_deg
from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData, peak_of
from hipcue.realtime.records import Measurement

# What stays after the neutral is taken off, degrees: near and far leg of six rendered
# runners (accuracy bench). The far hip is guessed by the pose model.
_LEFT_OVER_DEG = {True: 1.5, False: 2.5}
# Two frames of the stride further back than its peak by this much: the leg was taken for the
# other one around the peak. Our choice: in 500 strides of seven films right peaks were passed
# by 2.3 degrees at the most, two wrong ones by 19 and 29.
_PASSED_DEG = 4.0


def thigh_path_deg(stride: StrideData) -> FloatArray:
    """Thigh extension per frame, against the vertical, neutral taken off."""
    angle = thigh_deg(stride.xy, stride.side)
    return np.asarray(angle - stride.neutral.thigh_deg[stride.side])


def _measure(stride: StrideData) -> Measurement:
    if stride.peak_s is None:
        return Measurement.missing(ReasonCode.LEG_HIDDEN_AT_PEAK)
    path = thigh_path_deg(stride)
    peak = peak_of(stride.t, path, stride.peak_s)
    if peak.value is None:
        return peak
    if np.count_nonzero(path[stride.inside()] > peak.value + _PASSED_DEG) >= 2:
        return Measurement.missing(ReasonCode.LEG_HIDDEN_AT_PEAK)
    left_over = 0.2 if stride.by_markers else _LEFT_OVER_DEG[stride.near]
    sigma = math.hypot(math.hypot(peak.sigma or 0.0, stride.neutral.sigma_deg), left_over)
    return Measurement(peak.value, sigma)


THIGH_EXTENSION = Metric(
    name="thigh_extension_deg",
    unit="°",
    meaning="Peak angle of the thigh (hip to knee) behind the vertical",
    positive="extension",
    reference="22.6 and 27.3 at 2.5 m/s, 28.8 and 33.1 at 3.5, 41.2 at 4.5 m/s (RBDS).",
    measure=_measure,
)
