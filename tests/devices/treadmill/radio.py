"""A Bluetooth radio that is not there, with the calls of `bleak` that hipcue makes.

It stands in for the package, as `hipcue.devices.simulated` stands in for a treadmill: one
machine is in reach, it can be switched off and on, and it notifies.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from hipcue.devices.treadmill.bluetooth import FITNESS_MACHINE, TREADMILL_DATA


@dataclass
class Machine:
    """A treadmill on the air.

    Attributes
    ----------
    on : bool
        Whether it can be found and connected to.
    speed_kmh : float
        What it notifies, twenty times a second.
    connected : int
        How many connections are open.
    """

    name: str = "RunPro 9"
    address: str = "A0:B1:C2:D3:E4:F5"
    on: bool = True
    speed_kmh: float = 10.8
    connected: int = 0
    connections: int = 0
    subscribed: set[str] = field(default_factory=set)

    def packet(self) -> bytearray:
        return bytearray(b"\x00\x00" + round(100 * self.speed_kmh).to_bytes(2, "little"))


@dataclass
class Advertisement:
    local_name: str
    service_uuids: list[str]


def bleak_with(machine: Machine) -> ModuleType:
    """Return a module that can be imported as `bleak`."""

    class BleakScanner:
        @staticmethod
        async def find_device_by_filter(
            wanted: Callable[[Any, Any], bool],
            timeout: float,
            service_uuids: list[str] | None,
        ) -> Machine | None:
            assert timeout > 0
            assert service_uuids in (None, [FITNESS_MACHINE])
            await asyncio.sleep(0.05)
            advertised = Advertisement(machine.name, [FITNESS_MACHINE.upper()])
            return machine if machine.on and wanted(machine, advertised) else None

    class BleakClient:
        def __init__(self, device: Machine, disconnected_callback: Callable[[Any], None]) -> None:
            self._device = device
            self._left = disconnected_callback
            self._task: asyncio.Task[None] | None = None

        async def connect(self) -> None:
            await asyncio.sleep(0.02)
            if not self._device.on:
                raise TimeoutError
            self._device.connected += 1
            self._device.connections += 1

        async def start_notify(
            self, characteristic: str, callback: Callable[[Any, bytearray], None]
        ) -> None:
            assert characteristic == TREADMILL_DATA
            self._device.subscribed.add(characteristic)
            self._task = asyncio.ensure_future(self._notify(callback))

        async def disconnect(self) -> None:
            assert self._task is not None
            self._task.cancel()
            if self._device.connected:
                self._device.connected -= 1

        async def _notify(self, callback: Callable[[Any, bytearray], None]) -> None:
            while self._device.on:
                callback(None, self._device.packet())
                await asyncio.sleep(0.05)
            self._device.connected = 0
            self._left(self)

    module = ModuleType("bleak")
    module.BleakScanner = BleakScanner  # type: ignore[attr-defined]
    module.BleakClient = BleakClient  # type: ignore[attr-defined]
    return module
