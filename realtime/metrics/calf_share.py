"""How much of the push comes from the calf."""

from __future__ import annotations

import math

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.metrics.ankle_toe_off import ANKLE_TOE_OFF
from hipcue.realtime.metrics.hip_extension import HIP_EXTENSION
from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.records import Measurement

# With less stretch than this in both joints a share of it says nothing.
_LEAST_DEG = 8.0


def _measure(stride: StrideData) -> Measurement:
    hip, ankle = HIP_EXTENSION.of(stride), ANKLE_TOE_OFF.of(stride)
    if hip.value is None:
        return hip
    if ankle.value is None:
        return ankle
    from_hip, from_ankle = max(hip.value, 0.0), max(ankle.value, 0.0)
    total = from_hip + from_ankle
    if total < _LEAST_DEG:
        return Measurement.missing(ReasonCode.LITTLE_PUSH_OFF)
    # What one joint is wrong by moves the share by as much as the other one has of it.
    sigma = math.hypot(from_ankle * (hip.sigma or 0.0), from_hip * (ankle.sigma or 0.0)) / total**2
    return Measurement(from_ankle / total, sigma)


CALF_SHARE = Metric(
    name="calf_share",
    unit="",
    meaning="Plantarflexion at toe-off as a share of plantarflexion plus hip extension; near 1 is "
    "a push from the calf alone",
    reference="No published range at hand; too much calf as a second compensation: Dunne 2013.",
    measure=_measure,
    decimals=2,
)
