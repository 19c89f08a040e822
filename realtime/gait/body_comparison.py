"""The parts of the body now against those of some time ago: turned, and how many times as long.

Parts are complex numbers, x to the right and y up as the picture shows them: the angle of a
quotient is a turn, counterclockwise.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.gait.fits import FloatArray

TRUNK, THIGHS, SHANKS, FEET = range(4)
# How well a part tells a turn within a quarter of a second, degrees: SD of what it turns from
# one stride to the next in eight films.
_PART_SIGMA_DEG = (0.7, 1.2, 1.8, 3.0)
# Of a stretch so much must have been seen; our choice.
_SEEN = 0.6
Complex = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The parts of the body now against those some time ago.

    Attributes
    ----------
    parts_deg : tuple of float
        Turn of trunk, thighs, shanks and feet, counterclockwise; NaN where not seen.
    scales : tuple of float
        How many times longer trunk, thighs and shanks are in the picture.
    legs_deg : float
        By how much the angle between both thighs differs, root mean square: what the runner
        does, whatever the camera does.
    swings_deg : (float, float)
        Mean angle between both thighs, now and then.
    """

    parts_deg: tuple[float, ...]
    scales: tuple[float, ...]
    legs_deg: float
    swings_deg: tuple[float, float]

    @property
    def grown(self) -> float:
        """By which share trunk, thighs and shanks grew or shrank, the middle one of them."""
        return abs(sorted(self.scales)[1] - 1.0)

    @property
    def trunk_deg(self) -> float:
        """Turn of the trunk."""
        return self.parts_deg[TRUNK]

    @property
    def lower_deg(self) -> float:
        """Turn of thighs, shanks and feet, weighted; NaN where thighs or shanks were not seen."""
        return self._mean_of(slice(THIGHS, None))

    @property
    def turn_deg(self) -> float:
        """Turn of all parts, weighted."""
        return self._mean_of(slice(TRUNK, None))

    def _mean_of(self, some: slice) -> float:
        turns = list(zip(self.parts_deg, _PART_SIGMA_DEG, strict=True))[some]
        if math.isnan(self.parts_deg[FEET]):
            turns = turns[:-1]
        total = sum(sigma**-2 for _, sigma in turns)
        return sum(turn * sigma**-2 for turn, sigma in turns) / total


def compared(now: Complex, was: Complex) -> Comparison | None:
    """Compare the parts of some frames with those of as many frames.

    None where trunk, thighs or shanks were hardly seen.

    Parameters
    ----------
    now, was : ndarray of complex, shape (n, 5)
        Trunk, thighs, shanks and feet, and last the angle between both thighs, degrees; NaN
        where not seen.
    """
    apart, was_apart = now[:, -1].real, was[:, -1].real
    legs = apart - was_apart
    legs = legs[legs == legs]  # NaN is not equal to itself.
    turns, scales = _turned(now[:, :-1], was[:, :-1])
    if any(math.isnan(turn) for turn in turns[:FEET]) or not len(legs):
        return None
    rms = math.sqrt(float(legs @ legs) / len(legs))
    return Comparison(turns, scales[:FEET], rms, (_known_mean(apart), _known_mean(was_apart)))


def interpolated(t: FloatArray, old_t: FloatArray, old: Complex) -> Complex:
    """Rows of some time ago at given instants, which lie between them."""
    k = (old_t.searchsorted(t, side="right") - 1).clip(max=len(old_t) - 2)
    before_s, rows = old_t[k], old[k]
    share = (t - before_s) / (old_t[k + 1] - before_s)
    between = rows + (old[k + 1] - rows) * share[:, None]
    exact = share == 0.0
    # At a frame it is that frame, whatever was seen in the next one.
    return np.where(exact[:, None], rows, between) if exact.any() else between


def _turned(part: Complex, was: Complex) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """By how much each part turned, degrees, and how many times longer it is; NaN if not seen."""
    seen = (part == part) & (was == was)
    frames, counts = len(part), [len(part)] * part.shape[1]
    if not seen.all():
        part, was = np.where(seen, part, 0.0), np.where(seen, was, 0.0)
        counts = np.count_nonzero(seen, axis=0).tolist()
    products = np.add.reduce(was.conj() * part, axis=0).tolist()
    lengths = np.add.reduce((part * part.conj()).real, axis=0).tolist()
    were = np.add.reduce((was * was.conj()).real, axis=0).tolist()
    known = [
        count >= _SEEN * frames and product != 0
        for count, product in zip(counts, products, strict=True)
    ]
    return tuple(
        math.degrees(cmath.phase(product)) if there else math.nan
        for product, there in zip(products, known, strict=True)
    ), tuple(
        math.sqrt(length / before) if there else math.nan
        for length, before, there in zip(lengths, were, known, strict=True)
    )


def _known_mean(values: FloatArray) -> float:
    """Mean of those that are not NaN; there is one."""
    known = values[values == values]
    return float(np.add.reduce(known)) / len(known)
