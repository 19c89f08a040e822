"""Fills the gaps in a stride: where an arm hides the pelvis, its mean cycle goes on.

A pelvis swings twice a stride, and the swing after a left contact is that after a right
one. So the mean cycle over the stride is learned from both legs, and a stretch that was
not seen is filled with it, moved to meet what was seen before and after. The further an
instant is from what was seen, the less sure it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.gait.fits import FloatArray

_BINS = 12
_MIDDLES: FloatArray = (np.arange(_BINS) + 0.5) / _BINS
# Weight of a new stride in the mean cycle; our choice: eight strides, three seconds.
_LEARN = 1.0 / 8.0
# What a filled stretch is off by when it is half a stride from what was seen, degrees:
# before the cycle was learned the whole swing of a pelvis (3 to 13 degrees, BMClab IK file)
# may be in it; afterwards what differs from stride to stride.
_UNLEARNED_DEG = 6.0
_LEARNED_DEG = 2.0


@dataclass(frozen=True, slots=True)
class FilledStride:
    """One stride without gaps: the angle per twelfth of it, and what the filling costs.

    `sigma_deg` is the filling's own part of the uncertainty, 0 where the angle was seen.
    """

    angle_deg: FloatArray
    sigma_deg: FloatArray

    @property
    def mean(self) -> float:
        """Mean of the whole stride."""
        return float(self.angle_deg.mean())

    @property
    def mean_sigma(self) -> float:
        """What filling adds to the uncertainty of the mean."""
        return float(self.sigma_deg.mean())

    def angle_at(self, phase: float) -> tuple[float, float]:
        """Angle and the filling's uncertainty at an instant of the stride, phase 0 to 1."""
        return (
            float(np.interp(phase, _MIDDLES, self.angle_deg, period=1.0)),
            float(np.interp(phase, _MIDDLES, self.sigma_deg, period=1.0)),
        )


class CycleTemplate:
    """The mean cycle of an angle over the stride, against the stride's mean."""

    def __init__(self) -> None:
        self._cycle = np.zeros(_BINS)
        self._learned = np.zeros(_BINS, dtype=bool)

    def add_stride(self, phase: FloatArray, angle: FloatArray) -> FilledStride:
        """Learn from what was seen of a stride, and return the whole of it.

        Parameters
        ----------
        phase : ndarray, shape (n,), n > 0
            0 to 1, from contact to contact; only the frames that were seen.
        angle : ndarray, shape (n,)
            Degrees.
        """
        usual = self._usual()
        # Against the mean cycle, so that a twelfth of which only one end was seen is not
        # taken for that end.
        off = angle - np.interp(phase, _MIDDLES, usual, period=1.0)
        place = np.clip((phase * _BINS).astype(int), 0, _BINS - 1)
        parts: list[list[float]] = [[] for _ in range(_BINS)]
        for k, value in zip(place.tolist(), off.tolist(), strict=True):
            parts[k].append(value)
        seen = np.array([median(part) if part else np.nan for part in parts])
        known = ~np.isnan(seen)
        # A gap is filled with the mean cycle, bent so that it meets the seen parts.
        whole = usual + np.interp(_MIDDLES, _MIDDLES[known], seen[known], period=1.0)
        filled = FilledStride(whole, self._doubt(known))
        self._learn(whole - filled.mean, known)
        return filled

    def _usual(self) -> FloatArray:
        """The cycle learned so far; straight across where nothing was seen yet."""
        if not self._learned.any():
            return np.zeros(_BINS)
        at = self._learned
        return np.asarray(np.interp(_MIDDLES, _MIDDLES[at], self._cycle[at], period=1.0))

    def _doubt(self, known: NDArray[np.bool_]) -> FloatArray:
        """Uncertainty of the filled parts: it grows with the distance from what was seen."""
        apart = np.abs(_MIDDLES[:, None] - _MIDDLES[None, known])
        nearest = np.minimum(apart, 1.0 - apart).min(axis=1)
        worst = _LEARNED_DEG if self._learned.all() else _UNLEARNED_DEG
        return np.asarray(worst * np.sqrt(2.0 * nearest))

    def _learn(self, deviation: FloatArray, known: NDArray[np.bool_]) -> None:
        fresh = known & ~self._learned
        again = known & self._learned
        self._cycle[fresh] = deviation[fresh]
        self._cycle[again] += _LEARN * (deviation - self._cycle)[again]
        self._learned |= known
