"""Anterior tilt of the pelvis at the instant of peak thigh extension."""

from __future__ import annotations

from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.records import Measurement


def _measure(stride: StrideData) -> Measurement:
    return stride.pelvis.at_peak_deg


PELVIC_TILT = Metric(
    name="pelvic_tilt_deg",
    unit="°",
    meaning="Anterior tilt against the runner's standing neutral, at peak thigh extension",
    positive="anterior",
    reference="+4.6 and +5.9 at 2.5 m/s, +6.1 and +10.0 at 3.5 m/s (RBDS, against standing).",
    measure=_measure,
    needs=("knee",),
)
