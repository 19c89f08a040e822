"""Peak thigh extension: when the thigh points furthest back in a stride.

The thigh goes backwards beyond where it was in front, and forwards again; the vertex of a
parabola around its most backward frame is the instant.
"""

from __future__ import annotations

import math

import numpy as np

from hipcue.realtime.gait.fits import FloatArray, interpolated, minimum_s
from hipcue.realtime.gait.swing_count import IN_FRONT, LEAST_SWING_DEG

# What is our choice here was tried as `hipcue.realtime.gait.events` says.

# A peak is decided when so much was seen after it; our choice: nearly three frames at 60 fps.
_AHEAD_S = 0.045
# A thigh that goes back by more than this in that time has not turned yet: the usual case, and
# nothing else need be looked at. Our choice, half of what a slow runner's goes back in stance and
# more than a pose model's noise.
_STILL_GOES_BACK_DEG = 5.0
# Two peaks of a thigh are further apart than this; our choice, the same from 0.15 to 0.34.
_PEAKS_APART_S = 0.3
# A peak lies in this uppermost part of the range of the frames; our choice, the same to 0.4.
_TOP = 0.35
_FEWEST_FRAMES = 4


def peak_extension_s(t: FloatArray, thigh_deg: FloatArray, last_peak_s: float) -> float | None:
    """Find a thigh's peak, once it is certain.

    Parameters
    ----------
    t : ndarray of float, shape (n,)
        Times of the last stride or two, s; the newest last.
    thigh_deg : ndarray of float, shape (n,)
        Thigh behind the vertical, extension positive; NaN where it was not seen.
    last_peak_s : float
        When the peak before was, or -inf.

    Returns
    -------
    float or None
        None until there is a new one and enough was seen after it, and for a thigh that
        does not swing or was not seen.
    """
    now_s = float(t[-1])
    if now_s < last_peak_s + _PEAKS_APART_S:
        return None
    then = int(t.searchsorted(now_s - _AHEAD_S, side="right")) - 1
    if then >= 0 and thigh_deg[-1] - thigh_deg[then] > _STILL_GOES_BACK_DEG:
        return None
    lowest, top = float(np.fmin.reduce(thigh_deg)), float(np.fmax.reduce(thigh_deg))
    swing_deg = top - lowest
    if math.isnan(swing_deg) or swing_deg < LEAST_SWING_DEG:
        return None
    # A stride begins anew when the thigh has been in the forward third of its swing.
    forward_deg = lowest + IN_FRONT * swing_deg
    if any(angle < forward_deg for angle in thigh_deg[-_FEWEST_FRAMES:].tolist()):
        return None
    begin = int((thigh_deg < forward_deg).nonzero()[0][-1]) + 1
    peak_s = minimum_s(t[begin:], -thigh_deg[begin:], now_s)
    if (
        peak_s is None
        or peak_s < last_peak_s + _PEAKS_APART_S
        or now_s - peak_s < _AHEAD_S - 1e-6
        or interpolated(t, thigh_deg, peak_s) < top - _TOP * swing_deg
    ):
        return None
    return peak_s
