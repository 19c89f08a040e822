"""Lines and parabolas through a few samples, and what is read off them.

In every step of the engine a few fits go over 3 to 15 frames each: at that size NumPy's own
functions spend nearly all of their time on getting ready, which these plain loops do not
(`python -m tests.bench.fits` shows by how much). Samples need not be evenly spaced: frames
are lost, and cameras do not keep their pace. A sample that is not known is NaN; where a
function wants known samples only, it says so.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from statistics import median

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Scale from a median absolute deviation to a standard deviation, normal distribution.
MAD_TO_SD = 1.4826

# Half the width of the window in which the vertex of a parabola is looked for. Our choice:
# six frames at 60 fps.
VERTEX_REACH_S = 0.050
# Frames to either side of an instant in a window that always holds four of them.
_FRAMES_REACH = 2.2
# A vertex is fitted again around where it was found, so often, until it moves by less than
# this. A fit is not trusted to point further from its centre than that. Our choices.
_VERTEX_FITS, _VERTEX_CLOSE_S, _VERTEX_SHIFT_S = 3, 0.002, 0.04
# A frame at the very edge of the window belongs to it, whatever the rounding of its time.
_EDGE_S = 0.002


def is_known(values: FloatArray) -> NDArray[np.bool_]:
    """Tell which numbers are not NaN."""
    return np.asarray(values == values)  # NaN is not equal to itself.


def known_median(values: FloatArray) -> float | None:
    """Median of those numbers that are not NaN; None where none is left."""
    known = values[is_known(values)]
    return median(known.tolist()) if len(known) else None


def percentile(ordered: list[float], percent: float) -> float:
    """Value below which so many per cent of numbers in order lie, between two of them.

    The same as NumPy's, which takes a hundred times as long for the frames of a stride.
    """
    at = (len(ordered) - 1) * (percent / 100)
    k = min(int(at), len(ordered) - 2)
    if k < 0:
        return ordered[0]
    part, low, high = at - k, ordered[k], ordered[k + 1]
    way = high - low
    return high - way * (1 - part) if part >= 0.5 else low + way * part


def fit_line(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Least-squares line through a few known points: (slope, level) at x = 0.

    Level where the points do not make one (fewer than two different places).
    """
    return _line(x.tolist(), y.tolist())


def _line(xs: list[float], ys: list[float]) -> tuple[float, float]:
    n = max(len(xs), 1)
    x_mean, y_mean = sum(xs) / n, sum(ys) / n
    over = sum([(u - x_mean) * (v - y_mean) for u, v in zip(xs, ys, strict=True)])
    width = sum([(u - x_mean) ** 2 for u in xs])
    slope = over / width if width > 0.0 else 0.0
    return slope, y_mean - slope * x_mean


def fit_parabola(x: FloatArray, y: FloatArray) -> tuple[float, float, float]:
    """Least-squares parabola through a few known points: (curve, slope, level) at x = 0.

    ``y = curve x^2 + slope x + level``, the same as a polynomial fit of NumPy's to its last
    digits. Curve and slope are zero where the points do not make a parabola (fewer than
    three different places).
    """
    return _parabola(x.tolist(), y.tolist())


def _parabola(xs: list[float], ys: list[float]) -> tuple[float, float, float]:
    n, s1, s2, s3, s4 = float(len(xs)), 0.0, 0.0, 0.0, 0.0
    y0 = y1 = y2 = 0.0
    for u, v in zip(xs, ys, strict=True):
        square = u * u
        s1 += u
        s2 += square
        s3 += u * square
        s4 += square * square
        y0 += v
        y1 += u * v
        y2 += square * v
    a, b, c = s2 * n - s1 * s1, s3 * n - s1 * s2, s4 * n - s2 * s2
    right_1, right_2 = y1 * n - s1 * y0, y2 * n - s2 * y0
    whole = a * c - b * b
    if not abs(whole) > 1e-12 * abs(a * c):
        return 0.0, 0.0, y0 / n if n else 0.0
    curve = (right_2 * a - right_1 * b) / whole
    slope = (right_1 * c - right_2 * b) / whole
    return curve, slope, (y0 - slope * s1 - curve * s2) / n


def frame_time_s(t: FloatArray) -> float:
    """Usual time from frame to frame; 0 with fewer than two."""
    return median(np.diff(t).tolist()) if len(t) > 1 else 0.0


def fit_reach_s(frame_s: float, usual_s: float) -> float:
    """How far a fit reaches to either side of an instant, so that four frames lie in it.

    It is the usual reach down to 30 pictures a second; a camera of 25 needs a little more.
    """
    return max(usual_s, _FRAMES_REACH * frame_s)


def newest_slope(t: FloatArray, y: FloatArray, span_s: float) -> float | None:
    """Slope of the newest `span_s` of a signal, per second, by a line.

    Where fewer than three frames of that were seen, two of the newest three will do; None
    where there are not even those. `t` holds one time at least.
    """
    first = int(t.searchsorted(t[-1] - span_s - 1e-6, side="right"))
    for since, least in ((first, 3), (-3, 2)):
        times, values = _known(t[since:], y[since:])
        if len(times) >= least:
            return _line(times, values)[0]
    return None


def minimum_s(t: FloatArray, y: FloatArray, now_s: float) -> float | None:
    """When a signal was at its lowest: the vertex of a parabola around the lowest sample.

    Parameters
    ----------
    t, y : ndarray of float, shape (n,)
        Times in order, s, and the signal; NaN where it was not seen. For the time of a
        maximum, hand in ``-y``.
    now_s : float
        The vertex must lie after the first known sample and before this.

    Returns
    -------
    float or None
        None where the signal has not turned yet, or too few frames around it were seen.
    """
    times, values = _known(t, y)
    if len(times) < 5:
        return None
    centre = times[values.index(min(values))]
    for _ in range(_VERTEX_FITS):
        near = _within(times, centre, VERTEX_REACH_S + _EDGE_S)
        count = near.stop - near.start
        if count <= 3:  # A slow camera: reach a little further.
            usual_s = 1.5 * VERTEX_REACH_S
            reach_s = fit_reach_s(frame_time_s(np.array(times)), usual_s)
            # Below 30 pictures a second even two frames are no sign that some were lost.
            if count < (2 if reach_s > usual_s else 3):
                return None
            near = _within(times, centre, reach_s)
            if near.stop - near.start < 4:
                return None
        curve, slope, _ = _parabola([at - centre for at in times[near]], values[near])
        if curve <= 0:
            return None
        shift = min(max(-slope / (2 * curve), -_VERTEX_SHIFT_S), _VERTEX_SHIFT_S)
        centre += shift
        if abs(shift) < _VERTEX_CLOSE_S:
            break
    return centre if times[0] < centre < now_s else None


def interpolated(t: FloatArray, y: FloatArray, t_s: float) -> float:
    """Value of a signal at an instant, between its known samples; at least one is known."""
    known = is_known(y)
    return float(np.interp(t_s, t[known], y[known]))


def _known(t: FloatArray, y: FloatArray) -> tuple[list[float], list[float]]:
    """Times and values of the samples that are known."""
    times, values = t.tolist(), y.tolist()
    if not math.isnan(sum(values)):  # All of them are.
        return times, values
    known = [(at, value) for at, value in zip(times, values, strict=True) if value == value]
    return [at for at, _ in known], [value for _, value in known]


def _within(times: list[float], centre_s: float, reach_s: float) -> slice:
    """Where times in order are nearer than `reach_s` to an instant."""
    return slice(bisect_right(times, centre_s - reach_s), bisect_left(times, centre_s + reach_s))
