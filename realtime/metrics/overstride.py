"""How far ahead of the hip the foot lands."""

from __future__ import annotations

import math

import numpy as np

from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.metrics.event_bias import CONTACT_S
from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.stride_data import StrideData, value_at
from hipcue.realtime.records import Measurement

# Ankle and hip against each other, m: markers (our choice); a pose model, root mean square
# over four rendered bodies whose thighs and shanks have Winter's lengths.
_SIGMA_M, _MODEL_SIGMA_M = 0.02, 0.03
# Hip above ankle, m: what a turned picture moves the reach by (Winter 2009, fig. 4.1).
_LEG_M = 0.85


def _measure(stride: StrideData) -> Measurement:
    scale = stride.px_per_m
    if scale.value is None:
        return scale
    near = stride.around(stride.contact_s)
    reach = _reach_px(stride, near)
    contact_sigma_s = math.hypot(stride.event_sigma_s, CONTACT_S[stride.by_markers])
    at_contact = value_at(stride.t[near], reach, stride.contact_s, sigma_s=contact_sigma_s)
    if at_contact.value is None:
        return at_contact
    reach_m = at_contact.value / scale.value
    scaled = math.hypot(at_contact.sigma or 0.0, reach_m * (scale.sigma or 0.0)) / scale.value
    joints_m = _SIGMA_M if stride.hip_centre is None else _MODEL_SIGMA_M
    unsure_m = math.radians(stride.neutral.turned_sigma_deg) * _LEG_M
    return Measurement(reach_m, math.hypot(joints_m, scaled, unsure_m))


def _reach_px(stride: StrideData, frames: slice) -> FloatArray:
    """Ankle ahead of the hip in some frames, as if the camera had not been turned."""
    hip = stride.hip(frames)
    knee, ankle = stride.path("knee")[frames], stride.path("ankle")[frames]
    turned = math.radians(stride.neutral.turned_deg)
    # With `hip_centre` the thigh points where it really does.
    top = hip if stride.hip_centre is None else knee
    part = ankle - top
    upright = part[:, 0] * math.cos(turned) - part[:, 1] * math.sin(turned)
    return np.asarray(upright + (top - hip)[:, 0])


OVERSTRIDE = Metric(
    name="overstride_m",
    unit="m",
    meaning="Ankle ahead of the hip at contact",
    positive="ahead",
    reference="More overstriding is a named way round short hip extension (Souza 2016).",
    measure=_measure,
    decimals=2,
    needs=("ankle",),
)
