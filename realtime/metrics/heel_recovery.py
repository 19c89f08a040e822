"""How high the heel comes up behind."""

from __future__ import annotations

import math
from statistics import median

import numpy as np

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.gait.fits import known_median, percentile
from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.records import Measurement

# Of a heel that is seen well, as a share of the height of the hip; our choice.
_SIGMA = 0.03
# One or two pictures with the heel elsewhere are outvoted by their neighbours.
_BESIDE = 2


def _measure(stride: StrideData) -> Measurement:
    first = int(stride.t.searchsorted(stride.toe_off_s or stride.contact_s, side="right"))
    swing = slice(first, stride.inside().stop)
    heel, hip = stride.path("heel")[swing, 1], stride.path("hip")[swing, 1]
    near = stride.around(stride.contact_s + 0.06)
    down = np.abs(stride.t[near] - stride.contact_s - 0.06) < 0.05
    planted = stride.path("heel")[near, 1][down]
    seen = heel[~np.isnan(heel)]
    ground, middle = known_median(planted), known_median(hip)
    if len(heel) < 6 or len(seen) < 0.7 * len(heel) or ground is None:
        return Measurement.missing(ReasonCode.HEEL_HIDDEN_IN_SWING)
    if middle is None:
        return Measurement.missing(ReasonCode.HIP_HIDDEN_IN_SWING)
    hip_height = middle - ground
    if hip_height <= 0:
        return Measurement.missing(ReasonCode.HIP_NOT_ABOVE_HEEL)
    top = percentile(sorted(seen.tolist()), 95)
    # What the top owes to a few pictures that are unlike those beside them.
    alone = abs(top - percentile(sorted(_steadied(seen.tolist())), 95))
    return Measurement((top - ground) / hip_height, math.hypot(_SIGMA, alone / hip_height))


def _steadied(path: list[float]) -> list[float]:
    """Each place as the median of itself and its neighbours."""
    return [median(path[max(k - _BESIDE, 0) : k + _BESIDE + 1]) for k in range(len(path))]


HEEL_RECOVERY = Metric(
    name="heel_recovery",
    unit="",
    meaning="Highest lift of the heel in swing, as a share of the height of the hip",
    reference="No published range at hand; higher at speed, judged against the runner's own.",
    measure=_measure,
    decimals=2,
)
