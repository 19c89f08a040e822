"""How fast the belt goes in the picture, as the feet on it tell; backwards, px/s.

A foot that stands moves exactly as the belt does, so its speed is the belt's, whatever the
camera's scale. Everything that is said about contact and toe-off is measured against it.
"""

from __future__ import annotations

from statistics import median

import numpy as np

from hipcue.realtime.gait.fits import FloatArray, fit_line, frame_time_s, is_known

# Frames that a heel's speed is taken over, before any stance is known. Our choice: over less,
# the noise of a pose model outweighs the way; over more, landing and push-off come into it.
_SPEED_OVER_S = 0.05
_FEWEST_SPEEDS = 10
# One speed in so many is faster than what is taken for a foot's fastest way back, and frames
# with this share of that belong to stance. Our choices: the very fastest is noise.
_ONE_IN, _ON_BELT = 20.0, 0.7
# Slower feet than this, in body heights per second, belong to somebody who stands. Our
# choice: 1.4 km/h, slower than a treadmill for runners starts; the same from 0.15 to 0.44.
STANDING_SPEED = 0.22
# The planted heel is followed from so long after it came to rest, over this share of the
# stance and at least so long. Our choices: heel-off comes at about half of the stance; the
# shortest is the same from 0.035 to 0.098.
_AFTER_REST_S, _HEEL_DOWN, _HEEL_DOWN_S = 0.01, 0.45, 0.07
_FEWEST_FRAMES = 3


def speed_in_stance(
    t: FloatArray, heel_x: FloatArray, rest_s: float, stance_s: float
) -> float | None:
    """Speed of a planted heel in one stance: the slope of its path from landing to heel-off.

    Parameters
    ----------
    t, heel_x : ndarray of float, shape (n,)
        Times and the heel's way forward, px; NaN where it was not seen.
    rest_s : float
        When the heel came to rest on the belt.
    stance_s : float
        How long the stance lasted.

    Returns
    -------
    float or None
        px/s, backwards positive; None where too little of it was seen, or it went forward.
    """
    begin_s = rest_s + _AFTER_REST_S
    planted = (t > begin_s) & (t < begin_s + max(_HEEL_DOWN * stance_s, _HEEL_DOWN_S))
    planted &= is_known(heel_x)
    if np.count_nonzero(planted) < _FEWEST_FRAMES:
        return None
    slope, _ = fit_line(t[planted] - rest_s, heel_x[planted])
    return -slope if slope < 0 else None


def speed_at_large(t: FloatArray, heel_x: FloatArray) -> float | None:
    """Speed of the belt out of all that a heel did lately, before any stance is known.

    Going backwards a foot is mostly on the belt, and that is its fastest way back; who has
    stood until now has many slower frames besides. px/s, backwards positive; None where
    the heel was hardly seen or never went back.
    """
    frames = max(1, round(_SPEED_OVER_S / max(frame_time_s(t), 1e-3)))
    v = (heel_x[frames:] - heel_x[:-frames]) / np.maximum(t[frames:] - t[:-frames], 1e-6)
    v = v[is_known(v)]
    if len(v) < _FEWEST_SPEEDS:
        return None
    v = np.sort(v)
    below, part = divmod((len(v) - 1) / _ONE_IN, 1.0)
    fastest = float(v[int(below)] + part * (v[int(below) + 1] - v[int(below)]))
    return -median(v[v <= _ON_BELT * fastest].tolist()) if fastest < 0 else None
