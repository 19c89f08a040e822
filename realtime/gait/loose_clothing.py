"""Clothing that flutters: an outline that is not the back's."""

from __future__ import annotations

from statistics import median

import numpy as np

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.gait.tilt_buffer import TiltBuffer

# Outline that jumps by more than this from frame to frame (SD of second differences,
# degrees) is cloth, not back: fitted clothes 0.6 to 0.9 on six rendered runners, a real
# runner's loose jacket 14.
_FLUTTER_DEG = 5.0
# It is told from the frames of this long, of which so many must have followed each other.
_FLUTTER_S, _FLUTTER_JUMPS = 3.0, 12


def cloth(outline: TiltBuffer, end_s: float) -> Reason | None:
    """Say why the outline of the last seconds is not the back's; None when it is."""
    t, angle, _ = outline.angles(end_s - _FLUTTER_S, end_s)
    flutter = _flutter_deg(t, angle)
    if flutter is None:
        return Reason(ReasonCode.BACK_NOT_CLEAR)
    return Reason(ReasonCode.LOOSE_CLOTHING) if flutter > _FLUTTER_DEG else None


def _flutter_deg(t: FloatArray, angle: FloatArray) -> float | None:
    """SD of second differences over neighbouring frames; None where there are too few."""
    if len(t) < _FLUTTER_JUMPS + 2:
        return None
    gap = np.diff(t)
    usual = 1.5 * median(gap.tolist())
    jumps = np.diff(angle, 2)[(gap[1:] < usual) & (gap[:-1] < usual)]
    return float(np.std(jumps)) if len(jumps) >= _FLUTTER_JUMPS else None
