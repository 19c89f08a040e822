"""A TCP connection as a transport."""

from __future__ import annotations

import select
import socket
import threading

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.transport import MOST_BYTES, TransportLostError, system_reason, system_words

_CONNECT_TIMEOUT_S = 3.0


class TcpTransport:
    """A TCP connection.

    Not pyserial's ``socket://``: that one throws away what arrives while it opens (of 40
    connections to a server that talks at once, 18 lost their first bytes), and a stream
    without marks between its packets (Bertec) is out of step from then on. It also knows of
    at most one waiting byte, drops what it has read when the other side hangs up, waits 5 s
    for a connection and 0.3 s at its end, and leaves the socket open after a reset.

    Raises
    ------
    UserError
        When nothing answers there.
    """

    def __init__(self, host: str, port: int) -> None:
        try:
            self._socket = socket.create_connection((host, port), timeout=_CONNECT_TIMEOUT_S)
        except OSError as error:
            raise UserError(
                f"cannot reach the treadmill at {host}:{port}",
                system_words(error),
                "check address and network, and that remote control is enabled on its panel "
                "and no other program is connected",
            ) from error
        self._socket.setblocking(False)

    def read(self, wait_s: float) -> bytes:
        """Return what came, waiting up to `wait_s` for the first byte."""
        try:
            ready, _, _ = select.select([self._socket], [], [], wait_s)
            if not ready:
                return b""
            data = self._socket.recv(MOST_BYTES)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise TransportLostError(system_reason(error)) from error
        if not data:
            raise TransportLostError(Reason(ReasonCode.CONNECTION_CLOSED))
        return data

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise TransportLostError(system_reason(error)) from error

    def flush(self) -> None:
        """Throw away what came and was not read."""
        while self.read(0.0):
            pass

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


class TcpEndpoint:
    """A TCP port of a machine on the network."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port

    def open(self, stop: threading.Event | None = None) -> TcpTransport:
        """Connect."""
        del stop
        return TcpTransport(self._host, self._port)

    def close(self) -> None:
        """Nothing outlives a connection."""
