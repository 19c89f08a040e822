"""The median of a window that slides over values: what comes in and what falls out, nothing else.

A window of seconds is asked in every picture, and changes by one value. Sorting all of it anew
was the larger part of the pelvis's time in a picture.
"""

from __future__ import annotations

from bisect import bisect_left, insort

from hipcue.realtime.gait.fits import FloatArray, known_median


class SlidingMedian:
    """Median of the known values of a window whose ends go forwards.

    Whoever changes values that were handed in already, or moves them, calls `forget`.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew with the next window."""
        self._first = self._last = 0
        self._ordered: list[float] = []

    def of(self, values: FloatArray, first: int, last: int) -> float | None:
        """Return the median of ``values[first:last]`` without NaN; None where none is left.

        A window that ends before the one before is looked at by itself.
        """
        if last < self._last:
            return known_median(values[first:last])
        ordered = self._ordered
        if first < self._first or first >= self._last:
            self._ordered = ordered = sorted(_known(values[first:last]))
        else:
            for value in _known(values[self._first : first]):
                del ordered[bisect_left(ordered, value)]
            for value in _known(values[self._last : last]):
                insort(ordered, value)
        self._first, self._last = first, last
        half, odd = divmod(len(ordered), 2)
        if odd:
            return ordered[half]
        return (ordered[half - 1] + ordered[half]) / 2 if ordered else None


def _known(values: FloatArray) -> list[float]:
    return [value for value in values.tolist() if value == value]  # NaN is not equal to itself.
