"""The console and the base of a LifeSpan TR1200B."""

from __future__ import annotations

from hipcue.devices.simulated.treadmill.machines.machine import BeltTruth, StreamingMachine
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill.protocols import lifespan


class LifespanMachine(StreamingMachine):
    """The console and the base of a TR1200B, as both lines tied together sound."""

    def __init__(self) -> None:
        # One of the four exchanges every 50 ms, as in the recording.
        super().__init__(SerialParameters(4800), 0.05)
        self._turn = 0

    def message(self, belt: BeltTruth) -> bytes:
        """Return one question of the console and its answer."""
        count = max(lifespan.STANDING, round(belt.speed_mps / lifespan.COUNT_MPS))
        speed = count.to_bytes(2, "big")
        exchanges = (
            (bytes([1, 3, 0, 15, 0, 1]), bytes([1, 3, 2, 0, 0])),
            (bytes([1, 3, 0xD1, 10, 0, 1]), bytes([1, 3, 2]) + speed),
            (bytes([1, 6, 0, 10]) + speed, bytes([1, 6, 0, 10]) + speed),
            (bytes([1, 3, 1, 1, 0, 1]), bytes([1, 3, 2, 32, 1])),
        )
        question, reply = exchanges[self._turn % len(exchanges)]
        self._turn += 1
        return lifespan.with_crc(question) + lifespan.with_crc(reply)
