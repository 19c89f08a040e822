"""Belt speed from a machine's odometer, for machines that give no speed.

The odometer moves in steps of 1 or 10 m; only the instants at which it moves say
something. Speed is the distance between the first and the last such instant in the last
seconds, and only while the belt is steady: an odometer cannot follow a change of speed
fast enough for a stride, so during a change the speed is missing, not late.
"""

from __future__ import annotations

from collections import deque

from hipcue.config.reasons import Reason, ReasonCode

# Long enough for 1 % at 8 questions per second (0.08 s of 8 s); our choice.
_WINDOW_S = 8.0
# At least this many steps in the window, else it is stretched.
_EDGES = 6
# The two halves of the window must agree; our choice.
_STEADY = 0.06
# A step later than this, against the usual, is a belt that slows; our choice.
_LATE = 1.25
# Steps longer than 10 m come too seldom to notice that the belt stopped.
_COARSEST_M = 10.0
# Twice the question period at 8 Hz: how late a step may be noticed.
_NOTICED_S = 0.3


class SpeedFromDistance:
    """Watches an odometer."""

    def __init__(self) -> None:
        self._edges: deque[tuple[float, float]] = deque(maxlen=256)
        self._last_m: float | None = None
        self.counting = False

    def reset(self) -> None:
        """Forget the distance so far."""
        self._edges.clear()
        self._last_m = None
        self.counting = False

    def add_distance(
        self, t_s: float, distance_m: float, step_m: float
    ) -> tuple[float | None, Reason | None]:
        """Take one reading; return the speed in m/s, or ``None`` and why.

        Parameters
        ----------
        t_s : float
            When it was read.
        distance_m, step_m : float
            The odometer and the metres of its smallest step.
        """
        self.counting = True
        if step_m > _COARSEST_M:
            return None, Reason(ReasonCode.DISTANCE_TOO_COARSE)
        last, self._last_m = self._last_m, distance_m
        if last is None:
            return None, Reason(ReasonCode.DISTANCE_MEASURING)
        if distance_m < last or distance_m - last > max(5.0, 2.0 * step_m):
            self._edges.clear()  # set back, or jumped: a new count begins
            return None, Reason(ReasonCode.DISTANCE_JUMPED)
        if distance_m > last:
            self._edges.append((t_s, distance_m))
        while len(self._edges) > _EDGES and t_s - self._edges[1][0] > _WINDOW_S:
            self._edges.popleft()
        return self._speed(t_s, step_m)

    def _speed(self, t_s: float, step_m: float) -> tuple[float | None, Reason | None]:
        if len(self._edges) < _EDGES:
            return None, Reason(ReasonCode.DISTANCE_MEASURING)
        edges = list(self._edges)
        middle = edges[len(edges) // 2]
        whole = _between(edges[0], edges[-1])
        if whole is None:
            return None, Reason(ReasonCode.DISTANCE_MEASURING)
        if t_s - edges[-1][0] > _LATE * step_m / whole + _NOTICED_S:
            return None, Reason(ReasonCode.DISTANCE_STANDS_STILL)
        first, second = _between(edges[0], middle), _between(middle, edges[-1])
        # What late noticing alone can put between the halves.
        slack = _STEADY + 2.0 * _NOTICED_S / max(edges[-1][0] - edges[0][0], 1e-6)
        if first is None or second is None or abs(second - first) > slack * whole:
            return None, Reason(ReasonCode.DISTANCE_NOT_STEADY)
        return whole, None


def _between(start: tuple[float, float], end: tuple[float, float]) -> float | None:
    seconds = end[0] - start[0]
    return (end[1] - start[1]) / seconds if seconds > 0 else None
