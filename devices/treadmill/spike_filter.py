"""The spike filter: a median of three that delays no real change by more than one sample."""

from __future__ import annotations

from hipcue.devices.readings import BeltSample

# A step this small passes at once. Our choice: a belt that gains 0.8 m/s every second,
# a brisk one, moves so much between two of eight questions per second.
TOLERANCE_MPS = 0.1


class SpikeFilter:
    """Lets belt samples through, holding back a jump until the next sample confirms it.

    A speed near the last one passes at once. A jump waits for one more sample: when it
    is the median of the three (the next one agrees, or goes further the same way), both
    pass with their own times; otherwise it was a spike and is dropped. Nothing is ever
    altered or made up. Samples without a speed pass and end the waiting.
    """

    def __init__(self) -> None:
        self._last: float | None = None
        self._held: BeltSample | None = None
        self.dropped = 0

    def reset(self) -> None:
        """Begin anew, after an interruption: the belt may have any speed now."""
        self._last = None
        self._held = None

    def add_sample(self, sample: BeltSample) -> list[BeltSample]:
        """Take the next sample, return those that are now believed, in time order."""
        speed = sample.speed_mps
        if speed is None:
            self._drop()
            return [sample]
        held = self._held
        if held is None or held.speed_mps is None:
            if _near(self._last, speed):
                self._last = speed
                return [sample]
            self._held = sample
            return []
        if _near(held.speed_mps, speed):
            self._held, self._last = None, speed
            return [held, sample]
        if self._last is not None and _between(self._last, held.speed_mps, speed):
            # On the way up or down: believed, and the newest waits in its turn.
            self._held, self._last = sample, held.speed_mps
            return [held]
        if self._last is None:
            # Nothing to compare with yet: the first sight is only a direction.
            self._last = held.speed_mps
        self._drop()
        if _near(self._last, speed):
            self._last = speed
            return [sample]
        self._held = sample
        return []

    def _drop(self) -> None:
        if self._held is not None:
            self.dropped += 1
            self._held = None


def _near(last: float | None, speed: float) -> bool:
    return last is not None and abs(speed - last) <= TOLERANCE_MPS


def _between(first: float, middle: float, last: float) -> bool:
    return first <= middle <= last or first >= middle >= last
