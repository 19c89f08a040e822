"""What a link needs of a port: a transport that gives and takes bytes, and its opening."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol

# What one read returns at most.
MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class SerialParameters:
    """How a serial port is set up: always 8 data bits, no parity, 1 stop bit.

    Attributes
    ----------
    baud : int
        Bits per second.
    """

    baud: int = 9600

    def __str__(self) -> str:
        return f"{self.baud} baud"


@dataclass(frozen=True, slots=True)
class TcpParameters:
    """Where on the network a machine listens.

    Attributes
    ----------
    port : int
        The number of its port.
    """

    port: int

    def __str__(self) -> str:
        return f"port {self.port}"


class TransportLostError(Exception):
    """The port or the connection is gone; its text is for a screen."""


class Transport(Protocol):
    """Gives and takes bytes until it is lost."""

    def read(self, wait_s: float) -> bytes:
        """Return what came, waiting up to `wait_s` for the first byte."""

    def write(self, data: bytes) -> None:
        """Send all of `data`."""

    def flush(self) -> None:
        """Throw away what came and was not read."""

    def close(self) -> None:
        """Give it back; never fails."""


class Endpoint(Protocol):
    """Where a device is: opens its transport, again and again."""

    def open(self, stop: threading.Event | None = None) -> Transport:
        """Open it; an opening that takes long looks whether it shall `stop`.

        Raises
        ------
        UserError
            When it cannot be opened.
        """

    def close(self) -> None:
        """Give back what outlives a transport; called once, at the end."""


def system_words(error: BaseException) -> str:
    """The system's own few words for an error."""
    return getattr(error, "strerror", None) or str(error).splitlines()[0]
