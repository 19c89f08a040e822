"""The machine's end of a transport: a pseudo-terminal, or a TCP port."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import sys
from pathlib import Path
from typing import Protocol

from hipcue.config.errors import UserError

if sys.platform != "win32":
    import pty
    import termios
    import tty

_MOST_BYTES = 4096


class MachinePort(Protocol):
    """Where a simulated machine is plugged in."""

    target: str

    def wait(self, seconds: float) -> bool:
        """Wait for bytes or for the time to pass; say whether anybody is at the other end."""

    def read(self) -> bytes:
        """Return what came; empty when nothing did."""

    def write(self, data: bytes) -> None:
        """Send; what nobody reads is lost, as on a real cable."""

    def right_baud(self, baud: int) -> bool:
        """Whether the other end listens at this speed."""

    def close(self) -> None:
        """Pull the plug."""


class PtyPort:
    """A pseudo-terminal: `target` is the name that programs open.

    Parameters
    ----------
    link : Path or None
        A symbolic link that shall name the pseudo-terminal; a stable name over restarts.

    Raises
    ------
    UserError
        On systems without pseudo-terminals, or when the link cannot be made.
    """

    def __init__(self, link: Path | None = None) -> None:
        if sys.platform == "win32":
            raise UserError(
                "cannot simulate a serial treadmill",
                "Windows has no pseudo-terminals",
                "the protocol bertec, which works over TCP",
            )
        self._master, slave = pty.openpty()
        self.target = os.ttyname(slave)
        tty.setraw(slave)
        # Closed so that the machine notices whether somebody has opened it.
        os.close(slave)
        os.set_blocking(self._master, False)
        self._poll = select.poll()
        self._poll.register(self._master, select.POLLIN)
        self._link: Path | None = None
        if link is not None:
            self._make_link(link)

    def _make_link(self, link: Path) -> None:
        if link.exists() and not link.is_symlink():
            self.close()
            raise UserError(f"cannot make the link {link}", "a file is there", "another --link")
        fresh = link.with_name(f".{link.name}.{os.getpid()}")
        try:
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(self.target)
            fresh.replace(link)
        except OSError as error:
            self.close()
            raise UserError(
                f"cannot make the link {link}", error.strerror or str(error), "another --link"
            ) from error
        self._link, self._terminal = link, self.target
        self.target = str(link)

    def wait(self, seconds: float) -> bool:
        """Wait for bytes or for the time to pass; say whether the other end is open."""
        events = self._poll.poll(max(0.0, 1000.0 * seconds))
        return not any(flags & select.POLLHUP for _, flags in events)

    def read(self) -> bytes:
        """Return what came."""
        try:
            return os.read(self._master, _MOST_BYTES)
        except OSError as error:
            if error.errno in (errno.EIO, errno.EAGAIN):
                return b""
            raise

    def write(self, data: bytes) -> None:
        """Send; what nobody reads is lost, as on a real cable."""
        with contextlib.suppress(BlockingIOError):
            try:
                os.write(self._master, data)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise

    def right_baud(self, baud: int) -> bool:
        """Whether the other end is set to this speed."""
        speed = termios.tcgetattr(self._master)[5]
        return bool(speed == getattr(termios, f"B{baud}", speed))

    def close(self) -> None:
        """Pull the plug; the link goes with it."""
        if self._link is not None:
            with contextlib.suppress(OSError):
                if os.readlink(self._link) == self._terminal:
                    self._link.unlink()
            self._link = None
        with contextlib.suppress(OSError):
            os.close(self._master)


class TcpPort:
    """A TCP port on this computer for one client at a time.

    Raises
    ------
    UserError
        When the port is taken.
    """

    def __init__(self, port: int = 0) -> None:
        self._server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._server.bind(("127.0.0.1", port))
        except OSError as error:
            self._server.close()
            raise UserError(
                f"cannot offer port {port}", error.strerror or str(error), "another port"
            ) from error
        self._server.listen(1)
        self._client: socket.socket | None = None
        self._came = b""
        self.target = f"127.0.0.1:{self._server.getsockname()[1]}"

    def wait(self, seconds: float) -> bool:
        """Wait for bytes or for the time to pass; say whether a client is connected."""
        watched = self._client or self._server
        ready, _, _ = select.select([watched], [], [], max(0.0, seconds))
        if ready and self._client is None:
            self._client, _ = self._server.accept()
            self._client.setblocking(False)
        elif ready and self._client is not None:
            try:
                self._came = self._client.recv(_MOST_BYTES)
            except OSError:
                self._came = b""
            if not self._came:
                self._hang_up()
        return self._client is not None

    def read(self) -> bytes:
        """Return what came."""
        came, self._came = self._came, b""
        return came

    def write(self, data: bytes) -> None:
        """Send to the client, if there is one."""
        if self._client is not None:
            try:
                self._client.sendall(data)
            except BlockingIOError:
                pass
            except OSError:
                self._hang_up()

    def right_baud(self, baud: int) -> bool:
        """Networks have no baud rate."""
        del baud
        return True

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def close(self) -> None:
        """Hang up and give the port back."""
        self._hang_up()
        self._server.close()
