"""The control panel of a Bertec treadmill."""

from __future__ import annotations

import math

from hipcue.devices.simulated.treadmill.machines.machine import BeltTruth, StreamingMachine
from hipcue.devices.transport import TcpParameters
from hipcue.devices.treadmill.protocols import bertec


class BertecMachine(StreamingMachine):
    """The control panel's remote port; both belts together, fifty packets a second."""

    def __init__(self) -> None:
        super().__init__(TcpParameters(bertec.PORT), 0.02)

    def message(self, belt: BeltTruth) -> bytes:
        """Return one packet."""
        packet = bytearray(bertec.PACKET)
        speed = _int16(1000.0 * belt.speed_mps)
        packet[1:3] = packet[3:5] = speed
        packet[9:11] = _int16(100.0 * math.degrees(math.atan(0.01 * belt.grade_percent)))
        return bytes(packet)


def _int16(value: float) -> bytes:
    return max(-32768, min(32767, round(value))).to_bytes(2, "big", signed=True)
