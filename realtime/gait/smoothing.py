"""A slow mean in seconds, not in frames: the same at 25 pictures a second as at 240."""

from __future__ import annotations

import math


class SlowMean:
    """Exponential mean of values that come at any rate; None before the first.

    Parameters
    ----------
    time_constant_s : float
        A step of the values has come through by 63 % after so long.
    """

    def __init__(self, time_constant_s: float) -> None:
        self._time_constant_s = time_constant_s
        self._t_s = -math.inf
        self.value: float | None = None

    def add(self, t_s: float, value: float) -> float:
        """Take a value; return the mean with it. A value from the past counts for nothing."""
        if self.value is None:
            self.value = value
        else:
            share = -math.expm1(-max(t_s - self._t_s, 0.0) / self._time_constant_s)
            self.value += (value - self.value) * share
        self._t_s = t_s
        return self.value
