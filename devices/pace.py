"""How often a wire speaks, so that a slow one is not taken for a dead one."""

from __future__ import annotations

from collections import deque
from statistics import median_low

# Of so many gaps the middle one is usual: a single silence teaches nothing.
_GAPS, _FEWEST = 8, 2
# Bluetooth treadmills speak once in 0.5 to 3 s; a longer gap is a silence. Our choices: one
# message may be late by half a gap, and after 5 s without any nobody knows the belt.
_SLOWEST_S, _LATE, _AT_MOST_S = 3.5, 1.6, 5.0


class Pace:
    """Learns a wire's usual gap.

    Parameters
    ----------
    stale_after_s : float
        What it says is not used after so long, however quick or slow the wire is.
    """

    def __init__(self, stale_after_s: float) -> None:
        self._least_s = stale_after_s
        self._gaps_s: deque[float] = deque(maxlen=_GAPS)
        self._newest_s: float | None = None
        self.stale_after_s = stale_after_s
        """After so long this wire's newest word is not used."""

    def add(self, t_s: float) -> None:
        """Take the time of a word."""
        newest_s, self._newest_s = self._newest_s, t_s
        if newest_s is None or not 0.0 < t_s - newest_s <= _SLOWEST_S:
            return
        self._gaps_s.append(t_s - newest_s)
        if len(self._gaps_s) >= _FEWEST:
            usual_s = min(_LATE * median_low(self._gaps_s), _AT_MOST_S)
            self.stale_after_s = max(self._least_s, usual_s)

    def reset(self) -> None:
        """Forget the newest word: what follows comes after an interruption."""
        self._newest_s = None
