"""What every simulated machine is, and those that send by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hipcue.devices.transport import SerialParameters, TcpParameters


@dataclass(frozen=True, slots=True)
class BeltTruth:
    """The belt at one instant: time, speed, slope and distance since the start."""

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
        """Return the answer to what was received, cut anywhere."""

    def stream(self, belt: BeltTruth) -> bytes:
        """Return what the machine sends by itself now; called many times a second."""


class StreamingMachine:
    """Sends a message at a steady rate, and never answers.

    Parameters
    ----------
    parameters : SerialParameters or TcpParameters
        How its transport is set up.
    every_s : float
        Seconds between two messages.
    """

    options = ""

    def __init__(self, parameters: SerialParameters | TcpParameters, every_s: float) -> None:
        self.parameters = parameters
        self._every_s = every_s
        self._next_s: float | None = None

    def answer(self, data: bytes, belt: BeltTruth) -> bytes:
        """Ignore what comes."""
        del data, belt
        return b""

    def stream(self, belt: BeltTruth) -> bytes:
        """Return the message that is due."""
        self.add_belt(belt)
        if self._next_s is None or belt.t_s - self._next_s > 5.0:
            self._next_s = belt.t_s
        if belt.t_s < self._next_s:
            return b""
        self._next_s += self._every_s
        return self.message(belt)

    def add_belt(self, belt: BeltTruth) -> None:
        """Take note of how the belt moved between two messages."""

    def message(self, belt: BeltTruth) -> bytes:
        """Return the next message."""
        raise NotImplementedError
