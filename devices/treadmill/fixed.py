"""Belts that are told, not measured: a fixed speed, a file of speeds, or none at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hipcue.devices.readings import BeltSample, BeltSource, DeviceStatus, LinkState
from hipcue.devices.treadmill.treadmill import Clock

# How often a told speed is repeated while it runs; a file's own rows come at 10 Hz.
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
    text : str
        For the light, e.g. ``"belt fixed 3.0"``.
    clock : callable
        The clock that `start` and `drain` count with.
    """

    def __init__(
        self,
        speed_at: Callable[[float], float] | None,
        source: BeltSource,
        text: str,
        clock: Clock,
    ) -> None:
        self._speed_at = speed_at
        self._source = source
        self._text = text
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
        return tuple(self._sample(self._start_s + t_s, t_s) for t_s in elapsed)

    def samples_at(self, times_s: Sequence[float]) -> list[BeltSample]:
        """Return the belt at given times on a recording's own clock."""
        if self._speed_at is None:
            return []
        return [self._sample(t_s, t_s) for t_s in times_s]

    def status(self) -> DeviceStatus:
        """Return the light."""
        off = self._stopped or self._speed_at is None
        return DeviceStatus("belt", LinkState.OFF if off else LinkState.LIVE, self._text)

    def close(self) -> None:
        """Stop."""
        self._stopped = True

    def _sample(self, t_s: float, elapsed_s: float) -> BeltSample:
        assert self._speed_at is not None
        return BeltSample(t_s, self._speed_at(elapsed_s), source=self._source)
