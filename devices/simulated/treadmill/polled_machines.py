"""Machines that answer when asked, and what every simulated machine is.

A machine answers questions (`answer`), talks by itself (`talk`), or both. It is told
where its belt is; it does not move it. Those that talk are in `treadmill_talkers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hipcue.devices.transport import SerialParameters, TcpParameters
from hipcue.devices.treadmill.protocols import csafe_units
from hipcue.devices.treadmill.protocols.csafe import GET_DISTANCE, GET_GRADE, GET_SPEED
from hipcue.devices.treadmill.protocols.csafe_frame import FrameReader, encode
from hipcue.devices.treadmill.protocols.trackmaster import UNITS
from hipcue.devices.treadmill.protocols.units import KMH


@dataclass(frozen=True, slots=True)
class BeltTruth:
    """The belt at one instant: time, speed, slope and way since the start."""

    t_s: float
    speed_mps: float
    grade_percent: float
    distance_m: float


class Machine(Protocol):
    """A treadmill's console or motor board."""

    options: str

    @property
    def parameters(self) -> SerialParameters | TcpParameters:
        """How its transport is set up."""

    def answer(self, data: bytes, belt: BeltTruth) -> bytes:
        """Return the answer to what came on the wire, cut anywhere."""

    def talk(self, belt: BeltTruth) -> bytes:
        """Return what the machine says by itself now; called many times a second."""


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

    def talk(self, belt: BeltTruth) -> bytes:
        """Say nothing: a CSAFE machine only answers."""
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

    def talk(self, belt: BeltTruth) -> bytes:
        """Say nothing: it replies only to commands."""
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
