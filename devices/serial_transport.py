"""A serial port as a transport, opened for this program alone; what a failed opening says."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import serial

from hipcue.config.errors import UserError
from hipcue.devices.serial_ports import SerialPort, list_serial_ports, port_named, same_adapter
from hipcue.devices.transport import (
    MOST_BYTES,
    SerialParameters,
    TransportLostError,
    system_reason,
    system_words,
)

if sys.platform != "win32":
    import fcntl
    import termios

# Where terminal programs leave a note that they use a port.
LOCK_FOLDERS = ("/var/lock", "/run/lock")
# A write longer than this is a port that does not take anything.
_WRITE_TIMEOUT_S = 1.0
# A read waits so long for its first byte.
_TICK_S = 0.02


class SerialTransport:
    """A serial port, opened for this program alone.

    Raises
    ------
    UserError
        When the port cannot be opened: no such port, no permission, in use.
    """

    def __init__(self, device: str, parameters: SerialParameters) -> None:
        _refuse_locked(device)
        try:
            self._port = serial.Serial(
                device,
                baudrate=parameters.baud,
                timeout=_TICK_S,
                write_timeout=_WRITE_TIMEOUT_S,
                exclusive=None if sys.platform == "win32" else True,
            )
        except (serial.SerialException, OSError, ValueError) as error:
            raise explain_open_error(device, parameters, error) from error
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
            return bytes(self._port.read(min(waiting, MOST_BYTES)))
        except (OSError, TypeError, ValueError, serial.SerialException) as error:
            raise TransportLostError(system_reason(error)) from error

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        try:
            self._port.write(data)
        except (OSError, TypeError, ValueError, serial.SerialException) as error:
            raise TransportLostError(system_reason(error)) from error

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


class SerialEndpoint:
    """A serial port by its name; its USB adapter is found again under another name.

    Parameters
    ----------
    device : str
        The port's name now, e.g. ``/dev/ttyUSB0``.
    parameters : SerialParameters
        How it is set up.
    ports : callable
        Lists the serial ports.
    """

    def __init__(
        self,
        device: str,
        parameters: SerialParameters,
        ports: Callable[[], list[SerialPort]] = list_serial_ports,
    ) -> None:
        self._device = device
        self._parameters = parameters
        self._ports = ports
        self._adapter = port_named(device, ports())

    def open(self, stop: threading.Event | None = None) -> SerialTransport:
        """Open the port under the name that its adapter has now."""
        del stop
        device = same_adapter(self._adapter, self._ports()) or self._device
        return SerialTransport(device, self._parameters)

    def close(self) -> None:
        """Nothing outlives a serial port."""


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


def explain_open_error(device: str, parameters: SerialParameters, error: Exception) -> UserError:
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
        return UserError(f"cannot open {device}", f"{parameters}: {text}", "another baud=")
    if number == errno.ENOTTY or "(25," in text:
        return UserError(
            f"cannot open {device}", "not a serial port", "hipcue devices lists the ports"
        )
    return UserError(f"cannot open {device}", system_words(error), "hipcue devices lists the ports")
