"""Mean anterior tilt of the pelvis over the stride."""

from __future__ import annotations

from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.records import Measurement


def _measure(stride: StrideData) -> Measurement:
    return stride.pelvis.mean_deg


PELVIC_TILT_MEAN = Metric(
    name="pelvic_tilt_mean_deg",
    unit="°",
    meaning="Anterior tilt against the standing neutral, mean of the stride",
    positive="anterior",
    reference="Rises with speed in healthy runners (RBDS); 5.0 +- 2.9 absolute at midstance "
    "(Bramah 2018).",
    measure=_measure,
)
