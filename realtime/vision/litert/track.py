"""Where the runner is expected: shared by all trackers of a camera."""

from __future__ import annotations

import threading
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from hipcue.realtime.vision.litert.square import Square, around_body
from hipcue.realtime.vision.mask import FloatArray

# Width and height.
Size = tuple[int, int]

# The square follows the runner this slowly. The network's landmarks move a little with the
# square; one that trembles, or bounces with the body, makes them tremble. Tuned on rendered
# films: the fewest legs taken for one another, and the steadiest angles, of 0 to 2 s.
_MEAN_S = 0.15
# Looks are kept for so long: older ones weigh less than a hundredth.
_KEPT_S = 5 * _MEAN_S
# Nor does it stay behind by more than this, in sides of the square: the body of a runner who
# moves along the belt would leave it. Our choice: twice what a runner bounces.
_MOST_BEHIND = 0.04
# A square that is smaller than this, or this many times larger than the picture, shows nobody.
_LEAST_SIDE_PX, _MOST_PICTURES = 16.0, 4.0
# For so long after a loss only a person near the old place is taken for the runner. Our choice:
# longer than somebody takes who walks past the camera.
_REMEMBERED_S = 2.0


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

    def expect(self, until_s: float, size: Size) -> Square | None:
        """Return the square where the runner is; None when that is not known.

        Parameters
        ----------
        until_s : float
            Later looks are not used: whoever asks names their own last one. Trackers that take
            turns then know the same every time, however fast each of them is.
        size : tuple of int
            The picture's; what was seen in pictures of another size does not count.
        """
        found = []
        for look in self._past(until_s, size):
            if look.points_px is None:
                break
            found.append((look.t_s, look.points_px))
        if not found:
            return None
        t_s = np.array([t_s for t_s, _ in found])
        points = np.array([points_px for _, points_px in found])
        centre, rim = np.average(points, axis=0, weights=np.exp((t_s - t_s[0]) / _MEAN_S))
        reach = rim - centre
        most = _MOST_BEHIND * around_body(centre, rim).side_px
        centre = points[0, 0] + np.clip(centre - points[0, 0], -most, most)
        square = around_body(centre, centre + reach)
        return square if _LEAST_SIDE_PX <= square.side_px <= _MOST_PICTURES * max(size) else None

    def place(self, t_s: float, until_s: float, size: Size) -> Square | None:
        """Return where the runner was seen last, lately; None when that is not known."""
        for look in self._past(until_s, size):
            if look.points_px is not None and t_s - look.t_s <= _REMEMBERED_S:
                return around_body(*look.points_px)
        return None

    def add(self, t_s: float, size: Size, points_px: FloatArray | None) -> None:
        """Remember a look: both points, shape (2, 2), or None when nobody was there."""
        with self._lock:
            if size != self._size:
                self._looks, self._size = [], size
            place = bisect_right(self._looks, t_s, key=lambda look: look.t_s)
            self._looks.insert(place, _Look(t_s, points_px))
            old = bisect_right(self._looks, t_s - max(_KEPT_S, _REMEMBERED_S), key=lambda k: k.t_s)
            del self._looks[:old]

    def _past(self, until_s: float, size: Size) -> list[_Look]:
        """The looks until then, the newest first."""
        with self._lock:
            if size != self._size:
                return []
            count = bisect_right(self._looks, until_s, key=lambda look: look.t_s)
            return self._looks[:count][::-1]
