"""Extension of the hip itself: what is left of the thigh's when the pelvis is taken off."""

from __future__ import annotations

import math

from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.pelvic_tilt import PELVIC_TILT
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.metrics.thigh_extension import THIGH_EXTENSION
from hipcue.realtime.records import Measurement


def _measure(stride: StrideData) -> Measurement:
    thigh, tilt = THIGH_EXTENSION.of(stride), PELVIC_TILT.of(stride)
    if thigh.value is None:
        return thigh
    if tilt.value is None:
        return tilt
    return Measurement(thigh.value - tilt.value, math.hypot(thigh.sigma or 0.0, tilt.sigma or 0.0))


HIP_EXTENSION = Metric(
    name="hip_extension_deg",
    unit="°",
    meaning="Thigh extension minus pelvic tilt at peak thigh extension",
    positive="extension",
    reference="Spread between strides of one runner 0.9 (RBDS and RIC, 46 runners); its level "
    "depends on the zero and is judged against the runner's own.",
    measure=_measure,
)
