"""A treadmill that answers CSAFE."""

from __future__ import annotations

from hipcue.devices.simulated.treadmill.machines.machine import BeltTruth
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill.protocols import csafe_units
from hipcue.devices.treadmill.protocols.csafe import GET_DISTANCE, GET_GRADE, GET_SPEED
from hipcue.devices.treadmill.protocols.csafe_frame import FrameReader, encode
from hipcue.devices.treadmill.protocols.units import KMH


class CsafeMachine:
    """A treadmill that answers CSAFE, and commands with its bare status, as real ones do.

    Parameters
    ----------
    speed_unit, speed_step_mps : int, float
        Unit code of the speed and what one count is; 0x52 is a machine that gives
        revolutions per minute.
    distance_unit, distance_step_m : int, float
        The same for its odometer.
    """

    options = ""

    def __init__(
        self,
        speed_unit: int = csafe_units.KMH_HUNDREDTHS,
        speed_step_mps: float = 0.01 * KMH,
        distance_unit: int = csafe_units.METRES,
        distance_step_m: float = 1.0,
    ) -> None:
        self.parameters = SerialParameters(9600)
        self._speed = (speed_unit, speed_step_mps)
        self._distance = (distance_unit, distance_step_m)
        self._reader = FrameReader()
        self._toggle = 0

    def stream(self, belt: BeltTruth) -> bytes:
        """Send nothing: a CSAFE machine only answers."""
        del belt
        return b""

    def answer(self, data: bytes, belt: BeltTruth) -> bytes:
        """Answer every whole frame."""
        out = b""
        for payload in self._reader.feed(data):
            self._toggle ^= 0x80
            status = self._toggle | (5 if belt.speed_mps > 0 else 1)
            blocks = b"".join(self._block(command, belt) for command in payload)
            out += encode(bytes([status]) + blocks)
        return out

    def _block(self, command: int, belt: BeltTruth) -> bytes:
        if command == GET_SPEED:
            unit, step = self._speed
            return _block(command, round(belt.speed_mps / step), unit)
        if command == GET_DISTANCE:
            unit, step = self._distance
            return _block(command, int(belt.distance_m / step + 1e-9), unit)
        if command == GET_GRADE:
            return _block(command, round(10 * belt.grade_percent), csafe_units.PERCENT_TENTHS)
        return b""


def _block(command: int, count: int, unit: int) -> bytes:
    return bytes([command, 3]) + (count & 0xFFFF).to_bytes(2, "little") + bytes([unit])
