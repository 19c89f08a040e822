"""A Full Vision / Trackmaster treadmill, which also obeys."""

from __future__ import annotations

from hipcue.devices.simulated.treadmill.machines.machine import BeltTruth
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill.protocols.trackmaster import UNITS


class TrackmasterMachine:
    """A Full Vision treadmill: answers, acknowledges commands, and writes down what it obeyed.

    Parameters
    ----------
    unit : str
        What its console is set to.
    baud : int
        4800; General Electric's are set to 9600.

    Attributes
    ----------
    obeyed : list of int
        Commands that would have changed something: start, stop, set. A reader that
        causes one is dangerous.
    """

    def __init__(self, unit: str = "mph", baud: int = 4800) -> None:
        self.parameters = SerialParameters(baud)
        self.options = "" if unit == "mph" else f"?unit={unit}"
        self.obeyed: list[int] = []
        self._count_mps = UNITS[unit]
        self._wanted = 0

    def stream(self, belt: BeltTruth) -> bytes:
        """Send nothing: it replies only to commands."""
        del belt
        return b""

    def answer(self, data: bytes, belt: BeltTruth) -> bytes:
        """Answer byte by byte."""
        out = b""
        for byte in data:
            if self._wanted:
                self._wanted -= 1
            elif 0xA0 <= byte <= 0xAC:
                self.obeyed.append(byte)
                self._wanted = 4 if byte in (0xA3, 0xA4, 0xA5, 0xA9) else 0
                out += bytes([byte + 0x10])
            elif byte == 0xC0:
                out += bytes([0xD0, 0x33 if belt.speed_mps > 0 else 0x31])
            elif byte in (0xC1, 0xC3):
                out += self._digits(byte + 0x10, round(belt.speed_mps / self._count_mps))
            elif byte in (0xC2, 0xC4):
                out += self._digits(byte + 0x10, 5 * round(2 * belt.grade_percent))
            else:
                out += b"\xbf"
        return out

    def _digits(self, kind: int, count: int) -> bytes:
        return bytes([kind]) + f"{max(0, count) % 10_000:04d}".encode("ascii")
