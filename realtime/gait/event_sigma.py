"""How sure the instant of a gait event is, by who sees it and how often."""

from __future__ import annotations

import math

import numpy as np

from hipcue.realtime.gait.fits import FloatArray, frame_time_s

# Standard uncertainty of one event, s, from one stride to the next: what was left in those
# trials, near and far leg. What all contacts of a body are off by in the same way is more than
# that; it cancels in the time of a stride, and `hipcue.realtime.metrics.event_bias` adds it
# where it does not.
_SIGMA_MARKERS_S, _SIGMA_NEAR_S, _SIGMA_FAR_S = 0.0025, 0.003, 0.0038
# Slow cameras tell events worse than in proportion: 3 ms at 30 pictures a second, 8 at 18, as
# eleven films and simulated runners have it with pictures left out evenly; 1/s.
_FRAME_SIGMA = 2.7
# Where frames are lost an event is off by this share of what the widest gap around it is wider
# than usual: what was left of four rendered films when frames were left out as on a busy
# machine, gaps of 20 to 120 ms. Frames since so long before the event have a part in it.
_GAP_SIGMA, _FIT_REACH_S = 0.25, 0.12
# While the feet have not told yet how fast the belt is, contact and toe-off are looked for with
# a guess: 10 to 70 ms off in the first steps on a belt that starts (the simulated runner).
_FIRST_STEPS_SIGMA_S = 0.030


def event_sigma_s(t: FloatArray, event_s: float, markers: bool, near: bool, guessed: bool) -> float:
    """Return the standard uncertainty of an event from one stride to the next, s.

    Parameters
    ----------
    t : ndarray of float, shape (n,)
        Times of the frames it was found in.
    event_s : float
        When it was.
    markers, near : bool
        Whether joints are markers; whether the leg is the one on the camera's side.
    guessed : bool
        Whether it was found with a guess of the belt's speed.
    """
    base_s = _SIGMA_MARKERS_S if markers else _SIGMA_NEAR_S if near else _SIGMA_FAR_S
    usual_s, widest_s = _gaps_s(t, event_s)
    gap_s = _GAP_SIGMA * (widest_s - usual_s)
    belt_s = _FIRST_STEPS_SIGMA_S if guessed else 0.0
    return math.hypot(base_s, belt_s, _FRAME_SIGMA * usual_s**2, gap_s)


def _gaps_s(t: FloatArray, event_s: float) -> tuple[float, float]:
    """Usual time between frames, and the longest between two that have a part in an event."""
    first = max(int(np.searchsorted(t, event_s - _FIT_REACH_S, side="right")) - 1, 0)
    usual_s = frame_time_s(t)
    return usual_s, max(float(np.max(np.diff(t[first:]), initial=0.0)), usual_s)
