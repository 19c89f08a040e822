"""What systems write for a marker that no camera saw.

Empty cells and NaN, the origin, or a number that no marker has: 9999999 or -9999.99 in all three
axes, the largest number there is. A marker is nowhere twice with three numbers that are the same
to the last digit, and no room is as large as some of those.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# The same number in all three axes so often is no marker's place. Our choice: of markers in
# whole millimetres one in a million is somewhere with three numbers that are the same.
_REPEATS = 3
# Markers are all within this many times their usual distance from their middle: 0.5 m on a
# treadmill, so that it is a hundred metres, more over ground. Our choice.
_ROOMS = 200.0


def hidden_markers(xyz: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return where a marker was not seen.

    Parameters
    ----------
    xyz : ndarray, shape (frames, markers, 3)
        In whatever unit.

    Returns
    -------
    hidden : ndarray of bool, shape (frames, markers)
    """
    first = xyz[:, :, 0]
    seen = np.isfinite(xyz).all(axis=2)
    alike = seen & (xyz == first[:, :, None]).all(axis=2)
    values, counts = np.unique(first[alike], return_counts=True)
    none = np.append(values[counts >= _REPEATS], 0.0)
    hidden: NDArray[np.bool_] = ~seen | (alike & np.isin(first, none))
    if hidden.all():
        return hidden
    left = xyz[~hidden]
    # The longest of three axes: squares of what is no place at all go over.
    off = np.abs(xyz / 2 - np.median(left, axis=0) / 2).max(axis=2)
    usual = float(np.median(off[~hidden]))
    return hidden | (off > _ROOMS * usual) if usual > 0.0 else hidden
