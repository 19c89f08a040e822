"""Bridges the gaps in a stride: where an arm hides the pelvis, its usual way goes on.

A pelvis swings twice a stride, and the swing after a left contact is that after a right
one. So the usual way over the stride is learned from both legs, and a stretch that was
not seen is filled with it, moved up or down to meet what was seen of this stride.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from realtime.gait.frames import FloatArray
from realtime.records import Measurement

_BINS = 12
# Weight of a new stride in the usual way; our choice: eight strides, three seconds.
_LEARN = 1.0 / 8.0
# What a filled stretch is off by, degrees, before and after the way was learned.
_FILLED_SIGMA_DEG = 2.0
_LEARNED_SIGMA_DEG = 1.0


class UsualWay:
    """The usual way of an angle over the stride, against the stride's mean."""

    def __init__(self) -> None:
        self._way = np.full(_BINS, np.nan)

    def bridge(self, phase: FloatArray, angle: FloatArray) -> tuple[Measurement, FloatArray]:
        """Return the mean of the whole stride and the angle per twelfth of it.

        Parameters
        ----------
        phase : ndarray, shape (n,)
            0 to 1, from contact to contact; only the frames that were seen.
        angle : ndarray, shape (n,)
            Degrees.
        """
        place = np.minimum((phase * _BINS).astype(int), _BINS - 1)
        seen = np.array(
            [np.mean(angle[place == k]) if (place == k).any() else np.nan for k in range(_BINS)]
        )
        known = ~np.isnan(seen)
        filled = self._fill(seen, known)
        mean = float(filled.mean())
        hidden = float(1.0 - known.mean())
        learned = not np.isnan(self._way[~known]).any()
        sigma = hidden * (_LEARNED_SIGMA_DEG if learned else _FILLED_SIGMA_DEG)
        self._learn(seen - mean, known)
        return Measurement(mean, sigma), filled

    def _fill(self, seen: FloatArray, known: NDArray[np.bool_]) -> FloatArray:
        way = self._way
        both = known & ~np.isnan(way)
        offset = float(np.mean((seen - way)[both])) if both.any() else 0.0
        filled = np.where(known, seen, way + offset)
        gaps = np.isnan(filled)
        if gaps.any():
            # Nothing learned there yet: straight across, the stride being a circle.
            at = np.arange(_BINS)
            filled[gaps] = np.interp(at[gaps], at[~gaps], filled[~gaps], period=_BINS)
        return np.asarray(filled)

    def _learn(self, deviation: FloatArray, known: NDArray[np.bool_]) -> None:
        fresh = known & np.isnan(self._way)
        self._way[fresh] = deviation[fresh]
        again = known & ~fresh
        self._way[again] += _LEARN * (deviation - self._way)[again]
