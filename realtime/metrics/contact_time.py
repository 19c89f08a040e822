"""How long the foot stays on the belt."""

from __future__ import annotations

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.records import Measurement


def _measure(stride: StrideData) -> Measurement:
    if stride.untimed is not None:
        return Measurement.missing(stride.untimed)
    if stride.toe_off_s is None:
        return stride.unseen(ReasonCode.TOE_OFF_NOT_SEEN)
    if stride.blind_between(stride.contact_s, stride.toe_off_s):
        return Measurement.missing(ReasonCode.PICTURES_MISSING)
    return Measurement(stride.toe_off_s - stride.contact_s, stride.stance_sigma_s)


CONTACT_TIME = Metric(
    name="contact_time_s",
    unit="s",
    meaning="From contact to toe-off of the same foot",
    reference="0.28 s at 2.5 and 0.22 s at 3.5 m/s (RBDS subject 1, force plate).",
    measure=_measure,
    decimals=3,
)
