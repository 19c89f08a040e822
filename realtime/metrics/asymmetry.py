"""Left against right."""

from __future__ import annotations

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Measurement


def asymmetry_percent(left: Measurement, right: Measurement) -> Measurement:
    """Difference of left and right as a percentage of their mean; more on the left positive.

    Missing when a side is, or when the mean is too near to zero to divide by. In a side
    view the far leg is less sure than the near one, and the uncertainty says so.
    """
    if left.value is None:
        return Measurement.missing(ReasonCode.LEFT_MISSING, why=_why(left))
    if right.value is None:
        return Measurement.missing(ReasonCode.RIGHT_MISSING, why=_why(right))
    mean = (left.value + right.value) / 2
    spread = ((left.sigma or 0.0) ** 2 + (right.sigma or 0.0) ** 2) ** 0.5
    if abs(mean) < max(spread, 1e-9):
        return Measurement.missing(ReasonCode.SIDES_NEAR_ZERO)
    return Measurement(100.0 * (left.value - right.value) / mean, 100.0 * spread / abs(mean))


def _why(missing: Measurement) -> Reason:
    assert missing.reason is not None  # As every measurement without a value.
    return missing.reason
