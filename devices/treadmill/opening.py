"""From an address to a treadmill."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from config.settings import TreadmillSettings
from devices.readings import BeltSource
from devices.treadmill.address import Address, parse_address
from devices.treadmill.csafe import CsafeDriver
from devices.treadmill.link import Link
from devices.treadmill.ports import SerialPort, list_serial_ports, port_named, same_adapter
from devices.treadmill.speed_file import read_speed_curve
from devices.treadmill.told import ToldBelt
from devices.treadmill.treadmill import MAX_SPEED_MPS, Clock, Driver, Line, Treadmill
from devices.treadmill.wire import SerialWire, Wire


def open_treadmill(
    address: str,
    settings: TreadmillSettings,
    clock: Clock = time.monotonic,
    *,
    ports: Callable[[], list[SerialPort]] = list_serial_ports,
) -> Treadmill:
    """Open a treadmill; `start` it to listen.

    Parameters
    ----------
    address : str
        ``csafe:/dev/ttyUSB0?baud=9600``, ``fixed:3.0``, ``file:speeds.csv``, ``none``.
    settings : TreadmillSettings
        How often to ask, when a reading is stale, the machine's lag.
    clock : callable
        Stamps the samples.
    ports : callable
        Lists the serial ports, to find an adapter again under another name.

    Raises
    ------
    UserError
        For a wrong address, or a port that cannot be opened.
    """
    parsed = parse_address(address)
    told = _told(parsed, clock)
    if told is not None:
        return told
    driver = make_driver(parsed)
    return _serial(parsed, driver, settings, clock, ports)


def make_driver(address: Address) -> Driver:
    """Return the driver of an address, with its options.

    Raises
    ------
    UserError
        For an unknown protocol or option.
    """
    if address.scheme == "csafe":
        address.only({"baud"})
        return CsafeDriver(Line(baud=int(address.number("baud", 9600, 300, 1_000_000))))
    raise address.wrong("unknown protocol", "csafe, fixed, file, none")


def _told(address: Address, clock: Clock) -> ToldBelt | None:
    if address.scheme == "none":
        address.only(())
        return ToldBelt(None, BeltSource.NONE, "belt none", clock)
    if address.scheme == "fixed":
        address.only(())
        try:
            speed = float(address.target)
        except ValueError:
            speed = float("nan")
        if not 0.0 <= speed <= MAX_SPEED_MPS:
            raise address.wrong(f"speed {address.target!r}", "m/s from 0 to 15, e.g. fixed:3.0")
        return ToldBelt(lambda t_s: speed, BeltSource.FIXED, f"belt fixed {speed:.1f}", clock)
    if address.scheme == "file":
        address.only(())
        curve = read_speed_curve(Path(address.target).expanduser())
        return ToldBelt(curve.at, BeltSource.FILE, "belt file", clock)
    return None


def _serial(
    address: Address,
    driver: Driver,
    settings: TreadmillSettings,
    clock: Clock,
    ports: Callable[[], list[SerialPort]],
) -> Link:
    device = address.target
    if not device:
        raise address.wrong("no port in it", f"{address.scheme}:/dev/ttyUSB0")
    wire = SerialWire(device, driver.line)
    adapter = port_named(device, ports())

    def reopen() -> Wire:
        return SerialWire(same_adapter(adapter, ports()) or device, driver.line)

    return Link(wire, reopen, driver, settings, clock, where=device)
