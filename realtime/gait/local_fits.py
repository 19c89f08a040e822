"""Level, speed and acceleration of a signal at every frame, by parabolas around each.

What a Savitzky-Golay filter gives for even samples, for uneven ones: a parabola by least
squares through the frames within reach of each frame. For short windows that are looked at
once a stride; a fit that is made in every step is in `hipcue.realtime.gait.fits`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.gait.fits import FloatArray, is_known

_FEWEST = 3
# Frames that lie too close together for a parabola: the determinant of its equations, scaled.
_TOO_FLAT = 1e-6


class LocalFit(NamedTuple):
    """A signal's level, first and second derivative per frame; NaN where too little was seen."""

    level: FloatArray
    slope: FloatArray
    curve: FloatArray


def local_parabolas(t: FloatArray, *signals: FloatArray, reach_s: float) -> list[LocalFit]:
    """Fit a parabola around every frame, to one signal or to several.

    Parameters
    ----------
    t : ndarray of float, shape (n,)
        Times, s, in order.
    *signals : ndarray of float, shape (n,)
        NaN where they were not seen. A frame that was not seen itself is fitted by its
        neighbours. Signals that were seen in the same frames share most of the work.
    reach_s : float
        Frames this far to either side take part; at least three of them must be known.
    """
    known = [is_known(y) for y in signals]
    if any((other != known[0]).any() for other in known[1:]):
        return [_fitted(t, seen, [y], reach_s)[0] for seen, y in zip(known, signals, strict=True)]
    return _fitted(t, known[0], list(signals), reach_s)


def _fitted(
    t: FloatArray, known: NDArray[np.bool_], signals: list[FloatArray], reach_s: float
) -> list[LocalFit]:
    apart = (t[None, :] - t[:, None]) / reach_s
    weight = ((np.abs(apart) <= 1.0 + 1e-6) & known[None, :]).astype(float)
    powers = [weight]
    for _ in range(4):
        powers.append(powers[-1] * apart)
    s0, s1, s2, s3, s4 = (np.add.reduce(power, axis=1) for power in powers)
    # Cramer's rule for the three equations of each frame.
    m00, m01, m02 = s2 * s4 - s3 * s3, s2 * s3 - s1 * s4, s1 * s3 - s2 * s2
    m11, m12, m22 = s0 * s4 - s2 * s2, s1 * s2 - s0 * s3, s0 * s2 - s1 * s1
    whole = s0 * m00 + s1 * m01 + s2 * m02
    usable = (s0 >= _FEWEST) & (whole > _TOO_FLAT)
    whole = np.where(usable, whole, np.nan)
    fits = []
    for y in signals:
        values = np.where(known, y, 0.0)
        y0, y1, y2 = (power @ values for power in powers[:3])
        level = (m00 * y0 + m01 * y1 + m02 * y2) / whole
        slope = (m01 * y0 + m11 * y1 + m12 * y2) / whole / reach_s
        curve = 2.0 * (m02 * y0 + m12 * y1 + m22 * y2) / whole / reach_s**2
        fits.append(LocalFit(level, slope, curve))
    return fits


def peak_s(
    t: FloatArray, y: FloatArray, window_s: tuple[float, float], rises: float
) -> float | None:
    """When a signal was at its highest in a window: from one instant to another.

    Between the frames a parabola through the highest and its two neighbours says when. None
    where it is highest at the window's edge, was not seen, or does not rise by `rises` there.
    """
    since_s, until_s = window_s
    first, last = int(t.searchsorted(since_s)), int(t.searchsorted(until_s))
    part = y[first:last]
    if len(part) < _FEWEST or not is_known(part).any():
        return None
    k = int(np.nanargmax(part))
    if not 0 < k < len(part) - 1 or not part[k] - np.nanmin(part) >= rises:
        return None
    before, top, after = part[k - 1 : k + 2].tolist()
    bend = before - 2.0 * top + after
    if not bend < 0.0:
        return None
    t_before, t_top, t_after = t[first + k - 1 : first + k + 2].tolist()
    shift = 0.5 * (before - after) / bend
    return float(t_top + shift * ((t_after - t_top) if shift > 0 else (t_top - t_before)))
