"""Rows of numbers by their times, those of the last seconds: the one place for such windows.

A ring that never grows. Every row is written twice, a ring's length apart, so that any stretch
of the recent past is one contiguous view, oldest first.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hipcue.realtime.gait.fits import FloatArray

# A source of more frames a second is thinned to fewer than this: a fit over 50 ms has twenty of
# them to either side then, and more cost time (`python -m tests.bench.growth`). Our choice, more
# than the fastest camera.
FPS_AT_MOST = 400.0
# It is as fast as that when so many frames say so; our choice: a program that was held up stamps
# several pictures of a slow camera at once.
_SAY_SO = 16


class TimeRing:
    """Some arrays side by side, a row of each per frame.

    Parameters
    ----------
    seconds : float
        How much of the past is kept, at least.
    arrays : (shape, dtype)
        Of a row of each array.
    fps_at_most : float
        A faster source is thinned.
    """

    def __init__(
        self,
        seconds: float,
        *arrays: tuple[tuple[int, ...], DTypeLike],
        fps_at_most: float = FPS_AT_MOST,
    ) -> None:
        self._length = int(seconds * fps_at_most)
        self._t = np.zeros(2 * self._length)
        self._arrays = tuple(
            np.zeros((2 * self._length, *shape), dtype=dtype) for shape, dtype in arrays
        )
        # A source of just that rate is not thinned, whatever the rounding of its times.
        self._least_s = 0.99 / fps_at_most
        self._came_s: deque[float] = deque(maxlen=_SAY_SO + 1)
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._count = 0
        self.newest_s = -math.inf
        self._came_s.clear()

    def add(self, t_s: float, *rows: object) -> bool:
        """Add a row to each array, not older than the newest; return whether it was kept.

        One that comes too soon after the newest is not (`FPS_AT_MOST`).
        """
        self._came_s.append(t_s)
        if t_s - self.newest_s < self._least_s and self._is_fast():
            return False
        at = self._count % self._length
        again = at + self._length
        self._t[at] = self._t[again] = t_s
        for array, row in zip(self._arrays, rows, strict=True):
            array[at] = row
            array[again] = row
        self._count += 1
        self.newest_s = t_s
        return True

    def _is_fast(self) -> bool:
        came = self._came_s
        return len(came) > _SAY_SO and came[-1] - came[0] < _SAY_SO * self._least_s

    def between(self, since_s: float, until_s: float = math.inf) -> slice:
        """Where the rows are from one instant to another, both included, as far as kept."""
        if not self._count:
            return slice(0, 0)
        length = min(self._count, self._length)
        end = (self._count - 1) % self._length + self._length + 1
        begin = end - length
        times = self._t[begin:end]
        first = begin + int(times.searchsorted(since_s, side="left"))
        if until_s != math.inf:
            end = begin + int(times.searchsorted(until_s, side="right"))
        return slice(first, max(first, end))

    def times(self, where: slice) -> FloatArray:
        """Times of the rows of a stretch."""
        return self._t[where]

    def rows(self, where: slice, number: int = 0) -> NDArray[Any]:
        """Rows of one of the arrays in a stretch."""
        return self._arrays[number][where]
