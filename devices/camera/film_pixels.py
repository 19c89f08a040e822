"""Films whose pixels are not square: the size at which their pictures look right."""

from __future__ import annotations

import math
from fractions import Fraction

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.camera.silent_cv2 import cv2

# Nearer to square than this does not matter, and is how some programs round (853 for 853 1/3);
# beyond the other it is no film's: anamorphic lenses squeeze by 2. Our choices.
_SQUARE, _WIDEST = 0.005, 4.0


def pixel_aspect(capture: cv2.VideoCapture) -> Fraction:
    """Return width over height of the pixels as the pictures stand; 1 where nothing is said.

    The container says it of the stored picture: one that is turned by a quarter when it is
    shown has its pixels turned, too. To be asked once a picture has been grabbed.
    """
    wide, high = (capture.get(p) for p in (cv2.CAP_PROP_SAR_NUM, cv2.CAP_PROP_SAR_DEN))
    if not (math.isfinite(wide) and math.isfinite(high) and wide >= 1 and high >= 1):
        return Fraction(1)
    aspect = Fraction(int(wide), int(high))
    if abs(aspect - 1) < _SQUARE or not 1 / _WIDEST <= aspect <= _WIDEST:
        return Fraction(1)
    turned = capture.get(cv2.CAP_PROP_ORIENTATION_META) % 180 == 90
    return 1 / aspect if turned else aspect


def square_size(width: int, height: int, aspect: Fraction) -> tuple[int, int]:
    """Return the size with square pixels: one side grows, so that nothing is lost."""
    if aspect >= 1:
        return round(width * aspect), height
    return width, round(height / aspect)


def remark(aspect: Fraction) -> Reason | None:
    """Return what is to be said of such pixels; None of square ones."""
    if aspect == 1:
        return None
    plain = aspect.limit_denominator(100)
    return Reason(ReasonCode.FILM_PIXELS, wide=plain.numerator, high=plain.denominator)
