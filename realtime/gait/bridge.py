"""Bridges the gaps in a stride: where an arm hides the pelvis, its usual way goes on.

A pelvis swings twice a stride, and the swing after a left contact is that after a right
one. So the usual way over the stride is learned from both legs, and a stretch that was
not seen is filled with it, moved to meet what was seen before and after. The further an
instant is from what was seen, the less sure it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from realtime.gait.frames import FloatArray

_BINS = 12
# Weight of a new stride in the usual way; our choice: eight strides, three seconds.
_LEARN = 1.0 / 8.0
# What a filled stretch is off by when it is half a stride from what was seen, degrees:
# before the way was learned the whole swing of a pelvis (3 to 13 degrees, BMClab IK file)
# may be in it; afterwards what differs from stride to stride.
_UNLEARNED_DEG = 6.0
_LEARNED_DEG = 2.0


@dataclass(frozen=True, slots=True)
class Bridged:
    """One stride without gaps: the angle per twelfth of it, and what the bridging costs.

    `sigma` is the bridge's own part of the uncertainty, 0 where the angle was seen.
    """

    way: FloatArray
    sigma: FloatArray

    @property
    def mean(self) -> float:
        """Mean of the whole stride."""
        return float(self.way.mean())

    @property
    def mean_sigma(self) -> float:
        """What bridging adds to the uncertainty of the mean."""
        return float(self.sigma.mean())

    def at(self, phase: float) -> tuple[float, float]:
        """Angle and the bridge's uncertainty at an instant of the stride, phase 0 to 1."""
        middles = (np.arange(_BINS) + 0.5) / _BINS
        return (
            float(np.interp(phase, middles, self.way, period=1.0)),
            float(np.interp(phase, middles, self.sigma, period=1.0)),
        )


class UsualWay:
    """The usual way of an angle over the stride, against the stride's mean."""

    def __init__(self) -> None:
        self._way = np.full(_BINS, np.nan)

    def bridge(self, phase: FloatArray, angle: FloatArray) -> Bridged:
        """Return the whole stride, and learn from what was seen of it.

        Parameters
        ----------
        phase : ndarray, shape (n,), n > 0
            0 to 1, from contact to contact; only the frames that were seen.
        angle : ndarray, shape (n,)
            Degrees.
        """
        place = np.clip((phase * _BINS).astype(int), 0, _BINS - 1)
        seen = np.array(
            [np.median(angle[place == k]) if (place == k).any() else np.nan for k in range(_BINS)]
        )
        known = ~np.isnan(seen)
        way = self._fill(seen, known)
        bridged = Bridged(way, self._doubt(known))
        self._learn(seen - bridged.mean, known)
        return bridged

    def _fill(self, seen: FloatArray, known: NDArray[np.bool_]) -> FloatArray:
        """Fill gaps with the usual way, bent so that it meets the seen parts at both ends."""
        at = np.arange(_BINS)
        usual = np.nan_to_num(self._way) if not np.isnan(self._way).any() else np.zeros(_BINS)
        off = np.interp(at, at[known], (seen - usual)[known], period=_BINS)
        return np.asarray(np.where(known, seen, usual + off))

    def _doubt(self, known: NDArray[np.bool_]) -> FloatArray:
        """Uncertainty of the filled parts: it grows with the way to what was seen."""
        at = np.arange(_BINS)
        apart = np.abs(at[:, None] - at[None, known])
        nearest = np.minimum(apart, _BINS - apart).min(axis=1)
        worst = _UNLEARNED_DEG if np.isnan(self._way).any() else _LEARNED_DEG
        return np.asarray(worst * np.sqrt(nearest / (_BINS / 2)))

    def _learn(self, deviation: FloatArray, known: NDArray[np.bool_]) -> None:
        fresh = known & np.isnan(self._way)
        self._way[fresh] = deviation[fresh]
        again = known & ~fresh
        self._way[again] += _LEARN * (deviation - self._way)[again]
