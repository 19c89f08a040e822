"""How long a stride takes."""

from __future__ import annotations

import math

from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.records import Measurement


def _measure(stride: StrideData) -> Measurement:
    if stride.untimed is not None:
        return Measurement.missing(stride.untimed)
    return Measurement(stride.stride_time_s, math.sqrt(2) * stride.event_sigma_s)


STRIDE_TIME = Metric(
    name="stride_time_s",
    unit="s",
    meaning="From a contact to the next contact of the same foot",
    reference="0.65 to 0.78 s at 2.5 to 3.5 m/s (RBDS, Fukuchi 2017).",
    measure=_measure,
    decimals=3,
)
