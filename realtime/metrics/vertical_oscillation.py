"""How much the body bounces."""

from __future__ import annotations

import math

import numpy as np

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.gait.fits import percentile
from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.records import Joint, Measurement

# The pose model's mid-hip over a stride, m; our choice.
_SIGMA_M = 0.008


def _measure(stride: StrideData) -> Measurement:
    scale = stride.px_per_m
    if scale.value is None:
        return scale
    points = stride.xy[stride.inside(), Joint.L_HIP : Joint.R_HIP + 1, 1]
    seen = ~np.isnan(points).any(axis=1)
    hip = points[seen].mean(axis=1)
    # Half of a stride is a step, with a crest and a trough; in less either may be hidden.
    if len(hip) < max(8, 0.5 * len(seen)):
        return Measurement.missing(ReasonCode.HIPS_NOT_SEEN)
    # Both steps have their own crest and trough; percentiles keep single frames out.
    heights = sorted(hip.tolist())
    height_m = (percentile(heights, 97) - percentile(heights, 3)) / scale.value
    return Measurement(
        height_m, math.hypot(_SIGMA_M, height_m * (scale.sigma or 0.0) / scale.value)
    )


VERTICAL_OSCILLATION = Metric(
    name="vertical_oscillation_m",
    unit="m",
    meaning="Height between trough and crest of the mid-hip over the stride",
    reference="No published range at hand; bouncing is a named way round short hip extension "
    "(Souza 2016).",
    measure=_measure,
    decimals=3,
)
