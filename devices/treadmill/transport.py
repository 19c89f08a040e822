"""A wire: a serial port or a TCP connection that gives and takes bytes."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import sys
from pathlib import Path
from typing import Protocol

import serial

from hipcue.config.errors import UserError
from hipcue.devices.treadmill.ports import list_serial_ports
from hipcue.devices.treadmill.treadmill import SerialParameters

if sys.platform != "win32":
    import fcntl
    import termios

# Where terminal programs leave a note that they use a port.
LOCK_FOLDERS = ("/var/lock", "/run/lock")
# A write longer than this is a port that does not take anything.
_WRITE_TIMEOUT_S = 1.0
# A serial read waits so long for its first byte.
_TICK_S = 0.02
_CONNECT_TIMEOUT_S = 3.0
_MOST_BYTES = 4096


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


class SerialTransport:
    """A serial port, opened for this program alone.

    Raises
    ------
    UserError
        When the port cannot be opened: no such port, no permission, in use.
    """

    def __init__(self, device: str, line: SerialParameters) -> None:
        _refuse_locked(device)
        try:
            self._port = serial.Serial(
                device,
                baudrate=line.baud,
                timeout=_TICK_S,
                write_timeout=_WRITE_TIMEOUT_S,
                exclusive=None if sys.platform == "win32" else True,
            )
        except (serial.SerialException, OSError, ValueError) as error:
            raise explain_open_error(device, line, error) from error
        self._keep_others_out(True)

    def _keep_others_out(self, shut: bool) -> None:
        # pyserial's own lock only holds against programs that ask for it. Programs that
        # simply open the port would steal bytes; the terminal driver refuses them.
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                fcntl.ioctl(self._port.fd, termios.TIOCEXCL if shut else termios.TIOCNXCL)

    def read(self, wait_s: float) -> bytes:
        """Return what came, waiting up to `wait_s` or one tick for the first byte."""
        try:
            waiting = self._port.in_waiting
            if not waiting:
                if wait_s <= 0:
                    return b""
                # Blocks for one tick: to change the time-out sets the whole port up anew.
                first = self._port.read(1)
                return bytes(first + self._port.read(self._port.in_waiting)) if first else b""
            return bytes(self._port.read(min(waiting, _MOST_BYTES)))
        except (OSError, TypeError, ValueError, serial.SerialException) as error:
            raise TransportLostError(_short(error)) from error

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        try:
            self._port.write(data)
        except (OSError, TypeError, ValueError, serial.SerialException) as error:
            raise TransportLostError(_short(error)) from error

    def flush(self) -> None:
        """Throw away what came and was not read."""
        while self.read(0.0):
            pass

    def close(self) -> None:
        """Give the port back."""
        with contextlib.suppress(Exception):
            self._keep_others_out(False)
        with contextlib.suppress(Exception):
            self._port.close()


class TcpTransport:
    """A TCP connection.

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
                _short(error),
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
            data = self._socket.recv(_MOST_BYTES)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise TransportLostError(_short(error)) from error
        if not data:
            raise TransportLostError("the other side closed the connection")
        return data

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise TransportLostError(_short(error)) from error

    def flush(self) -> None:
        """Throw away what came and was not read."""
        while self.read(0.0):
            pass

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def _short(error: BaseException) -> str:
    """The system's own few words for an error."""
    return getattr(error, "strerror", None) or str(error).splitlines()[0]


def _refuse_locked(device: str) -> None:
    """Honour the lock files of terminal programs (minicom, cu, screen)."""
    for folder in LOCK_FOLDERS:
        lock = Path(folder, f"LCK..{Path(device).name}")
        try:
            owner = int(lock.read_text().split()[0])
            os.kill(owner, 0)
        except (OSError, ValueError, IndexError):
            continue
        raise _busy(device, f"process {owner} has locked it")


def _busy(device: str, seen: str) -> UserError:
    return UserError(
        f"cannot open {device}", f"another program uses it: {seen}", "close that program first"
    )


def explain_open_error(device: str, line: SerialParameters, error: Exception) -> UserError:
    """Turn what the system says about a port into what failed, was seen, and helps."""
    number = getattr(error, "errno", None)
    text = str(error)
    if number in (errno.EAGAIN, errno.EWOULDBLOCK, errno.EBUSY) or (
        sys.platform == "win32" and "PermissionError" in text
    ):
        return _busy(device, "it is open elsewhere")
    if number in (errno.EACCES, errno.EPERM):
        return UserError(
            f"cannot open {device}",
            "no permission",
            'sudo usermod -aG dialout "$USER", then log out and in again',
        )
    if number in (errno.ENOENT, errno.ENODEV, errno.ENXIO) or "FileNotFoundError" in text:
        names = ", ".join(port.device for port in list_serial_ports()) or "none"
        return UserError(
            f"cannot open {device}",
            f"no such port; ports found: {names}",
            "plug the adapter in; hipcue devices lists the ports",
        )
    if isinstance(error, ValueError):
        return UserError(f"cannot open {device}", f"{line.baud} baud: {text}", "another baud=")
    if number == errno.ENOTTY or "(25," in text:
        return UserError(
            f"cannot open {device}", "not a serial port", "hipcue devices lists the ports"
        )
    return UserError(f"cannot open {device}", _short(error), "hipcue devices lists the ports")
