"""A Bluetooth treadmill behind a board that prints its notifications."""

from __future__ import annotations

import math

from hipcue.devices.simulated.treadmill.machines.machine import BeltTruth, StreamingMachine
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill.protocols.text_line import write_line
from hipcue.devices.treadmill.protocols.units import KMH


class FtmsMachine(StreamingMachine):
    """A Bluetooth treadmill behind a board that prints its notifications."""

    def __init__(self) -> None:
        super().__init__(SerialParameters(115200), 0.5)

    def message(self, belt: BeltTruth) -> bytes:
        """Return speed, distance and inclination."""
        packet = (0x000C).to_bytes(2, "little")
        speed = round(belt.speed_mps / (0.01 * KMH))
        packet += max(0, min(speed, 0xFFFF)).to_bytes(2, "little")
        packet += (math.floor(belt.distance_m) & 0xFFFFFF).to_bytes(3, "little")
        packet += round(10.0 * belt.grade_percent).to_bytes(2, "little", signed=True)
        packet += (0x7FFF).to_bytes(2, "little")
        return write_line(f"F,{packet.hex().upper()}")
