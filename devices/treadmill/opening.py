"""From an address to a treadmill."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from hipcue.config.settings import TreadmillSettings
from hipcue.devices.readings import BeltSource
from hipcue.devices.treadmill.address import Address, parse_address
from hipcue.devices.treadmill.fixed import ScheduledBelt
from hipcue.devices.treadmill.ftms_link import FtmsLink
from hipcue.devices.treadmill.link import Link
from hipcue.devices.treadmill.ports import SerialPort, list_serial_ports, port_named, same_adapter
from hipcue.devices.treadmill.protocols.registry import driver_for
from hipcue.devices.treadmill.speed_file import read_speed_curve
from hipcue.devices.treadmill.transport import SerialTransport, TcpTransport, Transport
from hipcue.devices.treadmill.treadmill import MAX_SPEED_MPS, Clock, Driver, Treadmill


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
        ``csafe:/dev/ttyUSB0?baud=9600``, ``bertec:192.0.2.1``, ``ftms:NAME``,
        ``fixed:3.0``, ``file:speeds.csv``, ``none``; `PROTOCOLS` has them all.
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
    driver = driver_for(parsed)
    if parsed.scheme == "ftms" and not _is_port(parsed.target, ports):
        return FtmsLink(parsed.target, settings, clock)
    if not parsed.target:
        where = "192.0.2.1" if driver.line.tcp_port else "/dev/ttyUSB0"
        raise parsed.wrong("no port in it", f"{parsed.scheme}:{where}")
    if driver.line.tcp_port is not None:
        return _network(parsed.target, driver.line.tcp_port, driver, settings, clock)
    return _serial(parsed.target, driver, settings, clock, ports)


def _is_port(target: str, ports: Callable[[], list[SerialPort]]) -> bool:
    """Whether this names a serial port rather than a Bluetooth machine."""
    return "/" in target or any(port.device == target for port in ports())


def _told(address: Address, clock: Clock) -> ScheduledBelt | None:
    if address.scheme == "none":
        address.only(())
        return ScheduledBelt(None, BeltSource.NONE, "belt none", clock)
    if address.scheme == "fixed":
        address.only(())
        try:
            speed = float(address.target)
        except ValueError:
            speed = float("nan")
        if not 0.0 <= speed <= MAX_SPEED_MPS:
            raise address.wrong(f"speed {address.target!r}", "m/s from 0 to 15, e.g. fixed:3.0")
        return ScheduledBelt(lambda t_s: speed, BeltSource.FIXED, f"belt fixed {speed:.1f}", clock)
    if address.scheme == "file":
        address.only(())
        curve = read_speed_curve(Path(address.target).expanduser())
        return ScheduledBelt(curve.at, BeltSource.FILE, "belt file", clock)
    return None


def _serial(
    device: str,
    driver: Driver,
    settings: TreadmillSettings,
    clock: Clock,
    ports: Callable[[], list[SerialPort]],
) -> Link:
    wire = SerialTransport(device, driver.line)
    adapter = port_named(device, ports())

    def reopen() -> Transport:
        return SerialTransport(same_adapter(adapter, ports()) or device, driver.line)

    return Link(wire, reopen, driver, settings, clock, where=device)


def _network(
    target: str, usual_port: int, driver: Driver, settings: TreadmillSettings, clock: Clock
) -> Link:
    host, colon, own_port = target.rpartition(":")
    if not colon or not own_port.isdigit():
        host, own_port = target, str(usual_port)

    def connect() -> Transport:
        return TcpTransport(host, int(own_port))

    return Link(connect(), connect, driver, settings, clock, where=f"{host}:{own_port}")
