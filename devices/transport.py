"""What a link needs of a port: a transport that gives and takes bytes, and its opening."""

from __future__ import annotations

import errno
import threading
from dataclasses import dataclass
from typing import Protocol

from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason, ReasonCode

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
    """The port or the connection is gone, for a reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(in_words(reason))
        self.reason = reason


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


# What systems say of a device that was unplugged.
_GONE = (errno.ENODEV, errno.ENXIO, errno.ENOENT)


def system_reason(error: BaseException) -> Reason:
    """The reason of an error of the system, in its own few words where there are no better."""
    if getattr(error, "errno", None) in _GONE:
        return Reason(ReasonCode.NO_SUCH_DEVICE)
    return Reason(ReasonCode.OTHER, text=system_words(error))


def system_words(error: BaseException) -> str:
    """The system's own few words for an error."""
    return getattr(error, "strerror", None) or str(error).splitlines()[0]
