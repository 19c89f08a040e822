"""Scheduled belts, not measured ones: a fixed speed, a file of speeds, or none at all."""

from __future__ import annotations

from collections.abc import Callable

from hipcue.config.reasons import Reason
from hipcue.devices.readings import BeltSample, BeltSource, Clock, DeviceStatus, LinkState

# How often a fixed speed is repeated while it runs; a file's own rows come at 10 Hz.
_FIXED_STEP_S = 1.0
_FILE_STEP_S = 0.1


class ScheduledBelt:
    """Speeds that the user knows; needs no thread.

    Parameters
    ----------
    speed_at : callable or None
        Speed in m/s at seconds since the start; ``None`` for no belt at all.
    source : BeltSource
        FIXED, FILE or NONE.
    reason : Reason
        For the status, e.g. ``belt fixed 3.0``.
    clock : callable
        The clock that `start` and `drain` count with.
    """

    def __init__(
        self,
        speed_at: Callable[[float], float] | None,
        source: BeltSource,
        reason: Reason,
        clock: Clock,
    ) -> None:
        self._speed_at = speed_at
        self._source = source
        self._reason = reason
        self._clock = clock
        self._step_s = _FIXED_STEP_S if source is BeltSource.FIXED else _FILE_STEP_S
        self._start_s: float | None = None
        self._given = 0
        self._stopped = False

    def start(self) -> None:
        """Begin to count: a file's times start now."""
        if self._start_s is None:
            self._start_s = self._clock()

    def drain(self) -> tuple[BeltSample, ...]:
        """Return the samples that are due since the last call, in time order."""
        if self._speed_at is None or self._start_s is None or self._stopped:
            return ()
        due = int((self._clock() - self._start_s) / self._step_s + 1e-9) + 1
        # After a long pause of the caller, the last minute is enough.
        first = max(self._given, due - int(60.0 / self._step_s))
        elapsed = [number * self._step_s for number in range(first, due)]
        self._given = max(self._given, due)
        return tuple(
            BeltSample(self._start_s + t_s, self._speed_at(t_s), source=self._source)
            for t_s in elapsed
        )

    def status(self) -> DeviceStatus:
        """Return whether there is a belt."""
        off = self._stopped or self._speed_at is None
        return DeviceStatus("belt", LinkState.OFF if off else LinkState.LIVE, self._reason)

    def close(self) -> None:
        """Stop."""
        self._stopped = True
