"""What one pelvis source said in the last seconds, as arrays."""

from __future__ import annotations

from collections import deque
from statistics import median

import numpy as np

from hipcue.config.reasons import Reason
from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.gait.sliding_median import SlidingMedian
from hipcue.realtime.records import PelvisReading

_FIRST_ROWS = 512
_T, _ANGLE, _SIGMA, _THORAX = range(4)


class TiltBuffer:
    """Readings of one source in time order; those older than `seconds` are forgotten.

    Parameters
    ----------
    seconds : float
        How long a reading is kept, at least.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._rows = np.empty((_FIRST_ROWS, 4))
        self._count = 0
        self._reasons: deque[tuple[float, Reason]] = deque()
        self._thorax = SlidingMedian()

    def add_reading(self, reading: PelvisReading) -> None:
        """Add a reading; one that was not made, without an angle, counts as a look."""
        if self._count == len(self._rows):
            self._make_room(reading.t_s)
        at = self._count
        if at and reading.t_s < self._rows[at - 1, _T]:  # A late one goes where it belongs.
            at = int(self._rows[:at, _T].searchsorted(reading.t_s, side="right"))
            self._rows[at + 1 : self._count + 1] = self._rows[at : self._count].copy()
            self._thorax.forget()
        self._rows[at] = (
            reading.t_s,
            np.nan if reading.angle_deg is None else reading.angle_deg,
            reading.sigma_deg or 0.0,
            np.nan if reading.thorax_deg is None else reading.thorax_deg,
        )
        self._count += 1
        if reading.reason is not None:
            self._reasons.append((reading.t_s, reading.reason))
        while self._reasons and reading.t_s - self._reasons[0][0] > self._seconds:
            self._reasons.popleft()

    def turn(self, until_s: float, forward_deg: float) -> None:
        """Add so much to what was read before an instant, as if the picture had been turned."""
        last = int(self._rows[: self._count, _T].searchsorted(until_s, side="left"))
        self._rows[:last, [_ANGLE, _THORAX]] += forward_deg
        self._thorax.forget()

    def around(self, start_s: float, end_s: float) -> tuple[list[float], float]:
        """Angles of a few frames, and the usual uncertainty, as plain numbers; see `angles`."""
        rows = [row for row in self._between(start_s, end_s).tolist() if row[_ANGLE] == row[_ANGLE]]
        sigma = median([row[_SIGMA] for row in rows]) if rows else 0.0
        return [row[_ANGLE] for row in rows], sigma

    def looks(self, start_s: float, end_s: float) -> int:
        """How often the source looked in a stretch, whether it saw anything or not."""
        first, last = self._ends(start_s, end_s)
        return last - first

    def angles(self, start_s: float, end_s: float) -> tuple[FloatArray, FloatArray, float]:
        """Times, angles in degrees, and the usual uncertainty of one of them."""
        rows = self._between(start_s, end_s)
        rows = rows[rows[:, _ANGLE] == rows[:, _ANGLE]]  # NaN is not equal to itself.
        sigma = median(rows[:, _SIGMA].tolist()) if len(rows) else 0.0
        return rows[:, _T], rows[:, _ANGLE], sigma

    def thorax_deg(self, start_s: float, end_s: float) -> float | None:
        """Median angle of the ribs in a stretch; None where it was never seen."""
        return self._thorax.of(self._rows[:, _THORAX], *self._ends(start_s, end_s))

    def reason(self, start_s: float, end_s: float) -> Reason | None:
        """Newest reason in a stretch for which there was no angle."""
        return next((why for t_s, why in reversed(self._reasons) if start_s <= t_s <= end_s), None)

    def _between(self, start_s: float, end_s: float) -> FloatArray:
        first, last = self._ends(start_s, end_s)
        return self._rows[first:last]

    def _ends(self, start_s: float, end_s: float) -> tuple[int, int]:
        count = self._count
        times = self._rows[:count, _T]
        first = int(times.searchsorted(start_s, side="left"))
        if count and times[-1] <= end_s:  # As mostly: until now.
            return first, count
        return first, max(int(times.searchsorted(end_s, side="right")), first)

    def _make_room(self, now_s: float) -> None:
        times = self._rows[: self._count, _T]
        kept = self._rows[int(times.searchsorted(now_s - self._seconds, side="left")) : self._count]
        # Twice what is kept, so that moving it is rare.
        rows = np.empty((max(_FIRST_ROWS, 2 * len(kept)), 4))
        rows[: len(kept)] = kept
        self._rows, self._count = rows, len(kept)
        self._thorax.forget()
