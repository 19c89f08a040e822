"""Bluetooth as a transport: finds a treadmill by name, and gives its notifications as bytes."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections import deque
from collections.abc import Coroutine
from typing import Any, TypeVar

from hipcue.config.errors import UserError
from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.transport import TransportLostError
from hipcue.devices.treadmill.protocols.text_line import write_line

TREADMILL_DATA = "00002acd-0000-1000-8000-00805f9b34fb"
FITNESS_MACHINE = "00001826-0000-1000-8000-00805f9b34fb"
REMEDY = Reason(ReasonCode.WAKE_TREADMILL)
# Pauses between two searches; the last one repeats. Radios want longer ones than cables.
RETRY_PAUSES_S = (0.5, 1.0, 1.5)
# Machines advertise about once a second; radios lose some.
_SEARCH_S = 8.0
# A search or a connection looks this often whether it shall stop.
_TURN_S = 0.1
# A machine that does not answer the end of its connection is left after this.
_DISCONNECT_S = 2.0
_ADDRESS = re.compile(r"([0-9A-F]{2}:){5}[0-9A-F]{2}|[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")

T = TypeVar("T")


def import_bleak() -> Any:
    """Return the package that speaks Bluetooth.

    Raises
    ------
    UserError
        When the optional extra is not installed.
    """
    try:
        import bleak
    except ImportError as error:
        raise UserError(
            "cannot use Bluetooth",
            "the Python package 'bleak' is not installed",
            'python -m pip install -e ".[ble]"  in the folder of hipcue',
        ) from error
    return bleak


class BluetoothEndpoint:
    """One machine in reach of this computer's radio.

    One event loop serves all connections; it only turns while somebody opens, reads or
    closes, always in the link's thread.

    Parameters
    ----------
    wanted : str
        Name or part of it, or the Bluetooth address; empty takes the first treadmill.

    Raises
    ------
    UserError
        When `bleak` is not installed.
    """

    def __init__(self, wanted: str) -> None:
        self._bleak = import_bleak()
        self._wanted = wanted
        self._by_address = _ADDRESS.fullmatch(wanted.upper()) is not None
        self._runner: asyncio.Runner | None = None

    def open(self, stop: threading.Event | None = None) -> BluetoothTransport:
        """Search for the machine, connect and subscribe.

        Raises
        ------
        UserError
            When it cannot be found or connected to.
        """
        if self._runner is None:
            self._runner = asyncio.Runner()
        try:
            return self._runner.run(_unless(stop or threading.Event(), self._connect(self._runner)))
        except (Exception, asyncio.CancelledError) as error:
            raise UserError("cannot reach the treadmill", _why(error), in_words(REMEDY)) from error

    def close(self) -> None:
        """End the event loop."""
        if self._runner is not None:
            self._runner.close()
            self._runner = None

    async def _connect(self, runner: asyncio.Runner) -> BluetoothTransport:
        # A machine named by its address need not advertise what it is.
        services = None if self._by_address else [FITNESS_MACHINE]
        device = await self._bleak.BleakScanner.find_device_by_filter(
            self._is_wanted, timeout=_SEARCH_S, service_uuids=services
        )
        if device is None:
            raise LookupError("no such treadmill in reach")
        transport = BluetoothTransport(runner)
        client = self._bleak.BleakClient(device, disconnected_callback=transport.disconnected)
        await client.connect()
        try:
            await client.start_notify(TREADMILL_DATA, transport.notified)
        except BaseException:
            with contextlib.suppress(Exception):
                await client.disconnect()
            raise
        transport.client = client
        return transport

    def _is_wanted(self, device: Any, advertisement: Any) -> bool:
        if self._by_address:
            return bool(device.address.upper() == self._wanted.upper())
        name = advertisement.local_name or device.name or ""
        services = [uuid.lower() for uuid in advertisement.service_uuids]
        return FITNESS_MACHINE in services and self._wanted.lower() in name.lower()


class BluetoothTransport:
    """A connection that is only listened to: each notification is one line of text.

    The same reader as over a serial port (`hipcue.devices.treadmill.protocols.ftms`) takes
    them.
    """

    def __init__(self, runner: asyncio.Runner) -> None:
        self.client: Any = None
        self._runner = runner
        self._loop = runner.get_loop()
        self._packets: deque[bytes] = deque()
        self._news = asyncio.Event()
        self._gone = False

    def read(self, wait_s: float) -> bytes:
        """Return the next notification, waiting for it up to `wait_s`."""
        if not self._packets:
            self._runner.run(self._wait(wait_s))
        if self._packets:
            return write_line(f"F,{self._packets.popleft().hex().upper()}")
        if self._gone:
            raise TransportLostError(Reason(ReasonCode.CONNECTION_ENDED))
        return b""

    def write(self, data: bytes) -> None:
        """Refuse: nothing is ever sent to a machine on the air."""
        raise AssertionError(f"{data!r} for a machine that is only listened to")

    def flush(self) -> None:
        """Throw away what came and was not read."""
        self._runner.run(self._wait(0.0))
        self._packets.clear()

    def close(self) -> None:
        """Disconnect."""
        with contextlib.suppress(Exception):
            self._runner.run(asyncio.wait_for(self.client.disconnect(), _DISCONNECT_S))

    def notified(self, _: object, packet: bytearray) -> None:
        """Take a notification."""
        self._packets.append(bytes(packet))
        self._loop.call_soon_threadsafe(self._news.set)

    def disconnected(self, _: object) -> None:
        """Take note that the connection ended."""
        self._gone = True
        self._loop.call_soon_threadsafe(self._news.set)

    async def _wait(self, wait_s: float) -> None:
        self._news.clear()
        if not self._packets and not self._gone:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), wait_s)


async def _unless(stop: threading.Event, work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns, or cancel it as soon as it shall stop."""
    task = asyncio.ensure_future(work)
    while not task.done() and not stop.is_set():
        await asyncio.wait([task], timeout=_TURN_S)
    task.cancel()
    return await task


def _why(error: BaseException) -> str:
    """Say in a few words why there is no connection."""
    if isinstance(error, FileNotFoundError):
        return "no Bluetooth service on this computer"
    return str(error).splitlines()[0][:80] if str(error) else type(error).__name__
