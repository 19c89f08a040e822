"""Steps per minute."""

from __future__ import annotations

from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.metrics.stride_time import STRIDE_TIME
from hipcue.realtime.records import Measurement


def _measure(stride: StrideData) -> Measurement:
    time = STRIDE_TIME.of(stride)
    if time.value is None:
        return time
    cadence = 120.0 / time.value
    return Measurement(cadence, cadence * (time.sigma or 0.0) / time.value)


CADENCE = Metric(
    name="cadence_spm",
    unit="spm",
    meaning="Steps per minute, both feet: 120 divided by the stride time",
    reference="171 +- 8 in uninjured runners (PMC6044588, table 2).",
    measure=_measure,
    decimals=0,
)
