"""How much the lower back arches."""

from __future__ import annotations

import math

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.gait.segment_angles import trunk_deg
from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.pelvic_tilt import PELVIC_TILT
from hipcue.realtime.metrics.stride_data import StrideData, value_at
from hipcue.realtime.metrics.trunk_lean import TRUNK_LEAN
from hipcue.realtime.records import Measurement


def _measure(stride: StrideData) -> Measurement:
    if stride.pelvis.lumbar_at_peak_deg is not None:
        return stride.pelvis.lumbar_at_peak_deg
    tilt = PELVIC_TILT.of(stride)
    if tilt.value is None:
        return tilt
    lean, zero = TRUNK_LEAN.of(stride), stride.trunk_zero_deg
    if lean.value is None or stride.peak_s is None or zero is None:
        return Measurement.missing(lean.reason or ReasonCode.LEG_HIDDEN_AT_PEAK)
    near = stride.around(stride.peak_s)
    now = value_at(stride.t[near], trunk_deg(stride.xy[near]), stride.peak_s)
    if now.value is None:
        return Measurement.missing(ReasonCode.SHOULDERS_NOT_SEEN)
    return Measurement(
        tilt.value - (now.value - zero),
        math.hypot(tilt.sigma or 0.0, lean.sigma or 0.0),
    )


LUMBAR_EXTENSION = Metric(
    name="lumbar_extension_deg",
    unit="°",
    meaning="Arching: pelvic tilt minus trunk lean at peak thigh extension, against standing",
    positive="extension",
    reference="-7 to +9 over a stride of one runner (BMClab IK file).",
    measure=_measure,
    needs=("knee",),
)
