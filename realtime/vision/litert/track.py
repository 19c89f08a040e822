"""Where the runner was, and where they will be: shared by all trackers of a camera."""

from __future__ import annotations

import threading
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.vision.litert.square import Square, around_body

FloatArray = NDArray[np.float64]
# Width and height.
Size = tuple[int, int]

# Looks that are kept: more than trackers can be apart from one another.
_KEPT = 12
# The speed of the runner's middle is believed for so long; our choice: a sixth of a step.
_LONGEST_AHEAD_S = 0.06
# Looks further apart than this say nothing about the speed; our choice.
_LONGEST_GAP_S = 0.1


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a picture; `points_px` is None where nobody was found."""

    t_s: float
    points_px: FloatArray | None


class Track:
    """Remembers the runner's middle and a point of the circle around them; for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looks: list[_Look] = []
        self._size: Size | None = None

    def expect(self, t_s: float, until_s: float, size: Size) -> Square | None:
        """Return the square where the runner will be; None when that is not known.

        Parameters
        ----------
        t_s : float
            When.
        until_s : float
            Later looks are not used: whoever asks names their own last one. Trackers that take
            turns then know the same every time, however fast each of them is.
        size : tuple of int
            The picture's; what was seen in pictures of another size does not count.
        """
        with self._lock:
            if size != self._size:
                return None
            count = bisect_right(self._looks, until_s, key=lambda look: look.t_s)
            looks = self._looks[:count]
        if not looks or looks[-1].points_px is None:
            return None
        return around_body(*_ahead(looks, t_s))

    def add(self, t_s: float, size: Size, points_px: FloatArray | None) -> None:
        """Remember a look: both points, shape (2, 2), or None when nobody was there."""
        with self._lock:
            if size != self._size:
                self._looks, self._size = [], size
            place = bisect_right(self._looks, t_s, key=lambda look: look.t_s)
            self._looks.insert(place, _Look(t_s, points_px))
            del self._looks[:-_KEPT]


def _ahead(looks: list[_Look], t_s: float) -> FloatArray:
    """Both points at `t_s`, from the last looks; the last found somebody."""
    last = looks[-1]
    assert last.points_px is not None
    before = looks[-2] if len(looks) > 1 else None
    if before is None or before.points_px is None:
        return last.points_px
    gap_s = last.t_s - before.t_s
    if not 0.0 < gap_s <= _LONGEST_GAP_S:
        return last.points_px
    ahead_s = min(max(t_s - last.t_s, 0.0), _LONGEST_AHEAD_S)
    # The middle moves; the circle's size and direction are better taken as they were.
    moved: FloatArray = (last.points_px[0] - before.points_px[0]) * (ahead_s / gap_s)
    return last.points_px + moved
