"""Hip, knee and ankle stretched together at toe-off."""

from __future__ import annotations

import math

from hipcue.realtime.metrics.ankle_toe_off import ANKLE_TOE_OFF
from hipcue.realtime.metrics.hip_extension import HIP_EXTENSION
from hipcue.realtime.metrics.knee_toe_off import KNEE_TOE_OFF
from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.records import Measurement


def _measure(stride: StrideData) -> Measurement:
    parts = [metric.of(stride) for metric in (HIP_EXTENSION, KNEE_TOE_OFF, ANKLE_TOE_OFF)]
    values = []
    for part in parts:
        if part.value is None:
            return part
        values.append(part.value)
    hip, knee, ankle = values
    sigma = math.sqrt(sum((part.sigma or 0.0) ** 2 for part in parts))
    return Measurement(hip - knee + ankle, sigma)


TRIPLE_EXTENSION = Metric(
    name="triple_extension_deg",
    unit="°",
    meaning="Hip extension plus plantarflexion minus what is left of the knee's bend at toe-off: "
    "how far the leg is stretched as a whole",
    reference="No published range at hand; propulsion as triple extension: Dunne 2013.",
    measure=_measure,
    decimals=0,
)
