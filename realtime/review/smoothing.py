"""Curves without the jitter of single strides: running medians, percentiles, gaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Strides in a running median: enough to be repeatable (Dingenen 2018).
MEDIAN_STRIDES = 7
_LEAST_KNOWN = 3
# Without strides for longer than this a curve breaks; our choice: three strides.
PAUSE_S = 2.5


def running_median(values: Floats, width: int = MEDIAN_STRIDES) -> Floats:
    """Return the median over `width` strides around each; missing with fewer than three known."""
    half = width // 2
    padded = np.concatenate([np.full(half, np.nan), values, np.full(half, np.nan)])
    # In order, what is missing at the end of each window.
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1)
    known = np.isfinite(windows).sum(axis=1)
    rows = np.arange(len(values))
    upper, lower = known // 2, np.maximum(known - 1, 0) // 2
    middle = (windows[rows, lower] + windows[rows, upper.clip(0, width - 1)]) / 2
    return np.where(known >= _LEAST_KNOWN, middle, np.nan)


def with_pauses(t: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return a curve with missing values where strides were missing, so that lines break."""
    pauses = np.flatnonzero(np.diff(t) > PAUSE_S) + 1
    half = MEDIAN_STRIDES // 2  # As far as a running median reaches: none looks across.
    places = np.repeat(pauses, 2 * half)
    sides = np.column_stack([t[pauses - 1]] * half + [t[pauses]] * half).ravel()
    return np.insert(t, places, sides), np.insert(values, places, np.nan)


def percentiles_over_time(
    t: Floats, values: Floats, count: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return time, 10th percentile, median and 90th percentile of equal parts of time.

    A part with fewer than three known values is missing.
    """
    edges = np.linspace(t[0], t[-1] + 1e-9, count + 1)
    cuts = np.searchsorted(t, edges)
    out = np.full((3, count), np.nan)
    for k in range(count):
        part = values[cuts[k] : cuts[k + 1]]
        part = part[np.isfinite(part)]
        if len(part) >= 3:
            out[:, k] = np.percentile(part, (10, 50, 90))
    return (edges[:-1] + edges[1:]) / 2, out[0], out[1], out[2]
