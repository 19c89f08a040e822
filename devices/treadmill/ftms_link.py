"""Bluetooth: finds a treadmill by name, listens to its notifications, finds it again."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Sequence
from typing import Any

from hipcue.config.errors import UserError
from hipcue.config.settings import TreadmillSettings
from hipcue.devices.readings import BeltSample, DeviceStatus
from hipcue.devices.treadmill.protocols.ftms import FtmsDriver
from hipcue.devices.treadmill.protocols.text_line import write_line
from hipcue.devices.treadmill.sample_queue import SampleQueue
from hipcue.devices.treadmill.treadmill import Clock, SerialParameters

TREADMILL_DATA = "00002acd-0000-1000-8000-00805f9b34fb"
FITNESS_MACHINE = "00001826-0000-1000-8000-00805f9b34fb"
# Machines advertise about once a second; radios lose some.
_SEARCH_S = 8.0
_TURN_S = 0.1
_PAUSES_S = (0.5, 1.0, 1.5)
_ADDRESS = re.compile(r"([0-9A-F]{2}:){5}[0-9A-F]{2}|[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


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


class FtmsLink:
    """Listens to one machine in a thread of its own until closed; it only subscribes.

    Parameters
    ----------
    wanted : str
        Name or part of it, or the Bluetooth address; empty takes the first treadmill.
    settings, clock
        As for `Link`.

    Raises
    ------
    UserError
        When `bleak` is not installed.
    """

    def __init__(self, wanted: str, settings: TreadmillSettings, clock: Clock) -> None:
        self._bleak = import_bleak()
        self._wanted = wanted
        self._by_address = _ADDRESS.fullmatch(wanted.upper()) is not None
        self._clock = clock
        where = f"Bluetooth {wanted}" if wanted else "Bluetooth"
        remedy = "wake the treadmill, end other apps' connections"
        self._intake = SampleQueue(
            FtmsDriver(SerialParameters(baud=0)), settings, clock, where, remedy
        )
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._attempts = 0

    def start(self) -> None:
        """Begin to search and listen."""
        if self._thread is None and not self._stop.is_set():
            heard = self._intake.heard
            heard.started_s = heard.opened_s = self._clock()
            self._thread = threading.Thread(target=self._run, name="belt", daemon=True)
            self._thread.start()

    def drain(self) -> tuple[BeltSample, ...]:
        """Return all new samples since the last call, in time order."""
        return self._intake.drain()

    def status(self) -> DeviceStatus:
        """Return the light: ``belt FTMS``, or what is wrong and what to do."""
        return self._intake.status()

    def samples_at(self, times_s: Sequence[float]) -> list[BeltSample]:
        """Refuse, with a UserError: a recording has no Bluetooth."""
        return self._intake.samples_at(times_s)

    def close(self) -> None:
        """Stop listening and disconnect."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(3.0)
        self._intake.heard.stopped = True

    def _run(self) -> None:
        try:
            asyncio.run(self._listen())
        except BaseException as error:
            self._intake.error = error

    async def _listen(self) -> None:
        while not self._stop.is_set():
            work = asyncio.create_task(self._session())
            while not work.done() and not self._stop.is_set():
                await asyncio.wait([work], timeout=_TURN_S)
            work.cancel()
            (ended,) = await asyncio.gather(work, return_exceptions=True)
            if self._stop.is_set():
                return
            self._intake.heard.gone = self._why(ended)
            pause_s = _PAUSES_S[min(self._attempts, len(_PAUSES_S) - 1)]
            self._attempts += 1
            for _ in range(round(pause_s / _TURN_S)):
                if not self._stop.is_set():
                    await asyncio.sleep(_TURN_S)

    def _why(self, ended: BaseException | None) -> str:
        """Say in a few words why a connection ended or never came to be."""
        if ended is None:
            return "the connection ended"
        if isinstance(ended, FileNotFoundError):
            return "no Bluetooth service on this computer"
        return str(ended).splitlines()[0][:80] if str(ended) else type(ended).__name__

    async def _session(self) -> None:
        """Find the machine, subscribe, and stay until the connection ends."""
        # A machine named by its address need not advertise what it is.
        services = None if self._by_address else [FITNESS_MACHINE]
        device = await self._bleak.BleakScanner.find_device_by_filter(
            self._is_wanted, timeout=_SEARCH_S, service_uuids=services
        )
        if device is None:
            raise LookupError("no such treadmill in reach")
        gone = asyncio.Event()
        loop = asyncio.get_running_loop()

        def left(_: object) -> None:
            loop.call_soon_threadsafe(gone.set)

        async with self._bleak.BleakClient(device, disconnected_callback=left) as client:
            self._attempts = 0
            self._intake.returned(self._clock())
            await client.start_notify(TREADMILL_DATA, self._notified)
            await gone.wait()

    def _is_wanted(self, device: Any, advertisement: Any) -> bool:
        if self._by_address:
            return bool(device.address.upper() == self._wanted.upper())
        name = advertisement.local_name or device.name or ""
        services = [uuid.lower() for uuid in advertisement.service_uuids]
        return FITNESS_MACHINE in services and self._wanted.lower() in name.lower()

    def _notified(self, _: object, packet: bytearray) -> None:
        now = self._clock()
        # The same reader as over a serial port: one notification is one line.
        self._intake.take(write_line(f"F,{packet.hex().upper()}"), now, now)
