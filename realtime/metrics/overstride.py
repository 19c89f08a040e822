"""How far ahead of the hip the foot lands."""

from __future__ import annotations

import math

from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData, value_at
from hipcue.realtime.records import Measurement

# Ankle and hip of a pose model against each other, m; our choice.
_SIGMA_M = 0.02


def _measure(stride: StrideData) -> Measurement:
    scale = stride.px_per_m
    if scale.value is None:
        return scale
    reach = stride.path("ankle")[:, 0] - stride.path("hip")[:, 0]
    at_contact = value_at(stride.t, reach, stride.contact_s, sigma_s=stride.event_sigma_s)
    if at_contact.value is None:
        return at_contact
    reach_m = at_contact.value / scale.value
    scaled = math.hypot(at_contact.sigma or 0.0, reach_m * (scale.sigma or 0.0)) / scale.value
    return Measurement(reach_m, math.hypot(_SIGMA_M, scaled))


OVERSTRIDE = Metric(
    name="overstride_m",
    unit="m",
    meaning="Ankle ahead of the hip at contact",
    positive="ahead",
    reference="More overstriding is a named way round short hip extension (Souza 2016).",
    measure=_measure,
    decimals=2,
)
