"""Units of length as marker files name them, and told by the body where they do not."""

from __future__ import annotations

import re
import warnings

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode

# Metres per unit, by the singular without blanks and marks.
_METRES = {
    "m": 1.0,
    "meter": 1.0,
    "metre": 1.0,
    "dm": 0.1,
    "decimeter": 0.1,
    "decimetre": 0.1,
    "cm": 0.01,
    "centimeter": 0.01,
    "centimetre": 0.01,
    "mm": 0.001,
    "millimeter": 0.001,
    "millimetre": 0.001,
    "in": 0.0254,
    "inch": 0.0254,
    "inche": 0.0254,
    "ft": 0.3048,
    "foot": 0.3048,
    "feet": 0.3048,
}
_PIXELS = {"px", "pixel"}
# Markers of a body lie so far apart, from the legs of a child to a giant with raised arms.
# Our choice; less than ten times as much, so that only one of m, cm and mm fits.
_BODY_M = (0.45, 3.0)
# A picture's third direction is flat, a body's is not.
_FLAT = 1e-6


def metres_of(unit: str) -> float | None:
    """Return the metres of a unit by its name; None for a name that is not known."""
    word = re.sub(r"[^a-z]", "", unit.lower())
    return _METRES.get(word, _METRES.get(word.removesuffix("s")))


def is_pixels(unit: str) -> bool:
    """Whether a unit is the picture's."""
    return re.sub(r"[^a-z]", "", unit.lower()).removesuffix("s") in _PIXELS


def scale_of(
    unit: str, points: NDArray[np.float64], failed: str
) -> tuple[float, tuple[Reason, ...]]:
    """Return metres per unit; where none is named, by the size of the body.

    Parameters
    ----------
    unit : str
        As the file has it; empty where it has none.
    points : ndarray, shape (frames, markers, 3)
        In that unit; NaN where missing.
    failed : str
        What failed if there is no answer.

    Raises
    ------
    UserError
        For an unknown unit, pixels, or no unit and a size that is no body's.
    """
    advice = "m, cm or mm in the Units field of its third line"
    if is_pixels(unit):
        raise UserError(failed, f"its unit is {unit!r}", "the same in metres: pixels have no scale")
    scale = metres_of(unit)
    if scale is not None:
        return scale, ()
    if re.search("[a-zA-Z]", unit):
        raise UserError(failed, f"its unit is {unit[:40]!r}", advice)
    size, flat = _size(points)
    fits = [(name, _METRES[name]) for name in ("m", "cm", "mm") if _fits(size * _METRES[name])]
    if flat or not fits:
        seen = "and is flat, like a picture" if flat else f"and its body is {size:.3g} of them tall"
        raise UserError(failed, f"it names no unit, {seen}", advice)
    name, scale = fits[0]
    return scale, (Reason(ReasonCode.FILE_UNIT_GUESSED, unit=name),)


def _fits(size_m: float) -> bool:
    return _BODY_M[0] <= size_m <= _BODY_M[1]


def _size(points: NDArray[np.float64]) -> tuple[float, bool]:
    """Return the usual longest side of the box around all markers, and whether it is flat."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # Frames without a marker.
        sides = np.nanmax(points, axis=1) - np.nanmin(points, axis=1)
        usual = np.nanmedian(sides, axis=0)
    if not np.isfinite(usual).all():
        return 0.0, False
    return float(usual.max()), bool(usual.min() <= _FLAT * max(usual.max(), 1e-9))
