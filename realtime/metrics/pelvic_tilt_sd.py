"""How much the pelvis swings within the stride."""

from __future__ import annotations

from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.records import Measurement


def _measure(stride: StrideData) -> Measurement:
    return stride.pelvis.sd_deg


PELVIC_TILT_SD = Metric(
    name="pelvic_tilt_sd_deg",
    unit="°",
    meaning="Standard deviation of the tilt within the stride",
    reference="A real pelvis swings by 3 to 13 degrees, twice a stride (BMClab IK file).",
    measure=_measure,
)
