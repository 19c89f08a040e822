"""Belt speed during the stride."""

from __future__ import annotations

from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.records import Measurement


def _measure(stride: StrideData) -> Measurement:
    return stride.belt_speed_mps


BELT_SPEED = Metric(
    name="belt_speed_mps",
    unit="m/s",
    meaning="Mean speed of the belt over the stride; `belt_source` says who measured it",
    reference="Consoles are right within 98 to 103 % on average (Willwacher 2021).",
    measure=_measure,
    decimals=2,
)
