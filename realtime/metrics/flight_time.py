"""How long both feet are off the belt after this foot's push-off."""

from __future__ import annotations

import math

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.records import Measurement

# The other foot lands half a stride later, give or take this share of the stride: then one step
# is 1.4 times as long as the other. A contact further off was seen in the wrong place. Our
# choice: steps of runners differ by a few per cent.
_UNEVEN = 0.08
# One that is less far off is as unsure as it is further off than this.
_VARIES = 0.025


def _measure(stride: StrideData) -> Measurement:
    if stride.untimed is not None:
        return Measurement.missing(stride.untimed)
    if stride.toe_off_s is None:
        return stride.unseen(ReasonCode.TOE_OFF_NOT_SEEN)
    if stride.other_contact_s is None:
        return stride.unseen(ReasonCode.OTHER_CONTACT_NOT_SEEN)
    off_s = stride.other_contact_s - stride.contact_s - stride.stride_time_s / 2
    if abs(off_s) > _UNEVEN * stride.stride_time_s:
        return Measurement.missing(ReasonCode.OTHER_CONTACT_NOT_SEEN)
    if stride.blind_between(stride.contact_s, stride.other_contact_s):
        return Measurement.missing(ReasonCode.PICTURES_MISSING)
    # The same two kinds of event as of the time of a contact, the other way round.
    uneven_s = max(abs(off_s) - _VARIES * stride.stride_time_s, 0.0)
    sigma = math.hypot(stride.stance_sigma_s, uneven_s)
    return Measurement(stride.other_contact_s - stride.toe_off_s, sigma)


FLIGHT_TIME = Metric(
    name="flight_time_s",
    unit="s",
    meaning="From this foot's toe-off to the other foot's contact; negative in walking",
    reference="0.10 s at 2.5 and 0.13 s at 3.5 m/s (RBDS subject 1, force plate).",
    measure=_measure,
    decimals=3,
)
