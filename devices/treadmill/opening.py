"""From an address to a treadmill."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import TreadmillSettings
from hipcue.devices.link_thread import LinkThread
from hipcue.devices.readings import BeltSample, BeltSource, Clock
from hipcue.devices.serial_ports import SerialPort, list_serial_ports
from hipcue.devices.serial_transport import SerialEndpoint
from hipcue.devices.tcp_transport import TcpEndpoint
from hipcue.devices.transport import Endpoint, SerialParameters, TcpParameters
from hipcue.devices.treadmill.address import Address, parse_address
from hipcue.devices.treadmill.belt_reader import BeltReader
from hipcue.devices.treadmill.fixed import ScheduledBelt
from hipcue.devices.treadmill.protocols.registry import driver_for
from hipcue.devices.treadmill.speed_file import read_speed_curve
from hipcue.devices.treadmill.treadmill import MAX_SPEED_MPS, Driver, Treadmill


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
    scheduled = _scheduled(parsed, clock)
    if scheduled is not None:
        return scheduled
    driver = driver_for(parsed)
    if parsed.scheme == "ftms" and not _is_port(parsed.target, ports):
        return _on_the_air(parsed.target, driver, settings, clock)
    parameters = driver.parameters
    if not parsed.target:
        where = "192.0.2.1" if isinstance(parameters, TcpParameters) else "/dev/ttyUSB0"
        raise parsed.wrong("no port in it", f"{parsed.scheme}:{where}")
    endpoint: Endpoint
    if isinstance(parameters, TcpParameters):
        host, port = _host_and_port(parsed.target, parameters.port)
        endpoint, where = TcpEndpoint(host, port), f"{host}:{port}"
    else:
        where = parsed.target
        endpoint = SerialEndpoint(where, parameters, ports)
    reader = BeltReader(driver, settings, where=where, spoken=_spoken(driver.name, parameters))
    return LinkThread(
        reader, endpoint, clock, name="belt", transport=endpoint.open(), questions=reader
    )


def _on_the_air(
    wanted: str, driver: Driver, settings: TreadmillSettings, clock: Clock
) -> LinkThread[BeltSample]:
    """Listen to Bluetooth: the thread searches, as that takes seconds."""
    # Brings asyncio and its encryption, which no cable needs.
    from hipcue.devices.treadmill.bluetooth import REMEDY, RETRY_PAUSES_S, BluetoothEndpoint

    where = f"Bluetooth {wanted}" if wanted else "Bluetooth"
    return LinkThread(
        BeltReader(driver, settings, where=where, spoken=driver.name, remedy=REMEDY),
        BluetoothEndpoint(wanted),
        clock,
        name="belt",
        retry_pauses_s=RETRY_PAUSES_S,
        # A belt that stands may be silent; the radio itself says when the machine is gone.
        reopen_after_s=None,
    )


def _spoken(name: str, parameters: SerialParameters | TcpParameters) -> Reason:
    """What is spoken, and how."""
    if isinstance(parameters, TcpParameters):
        return Reason(ReasonCode.PROTOCOL_AT_PORT, name=name, port=parameters.port)
    return Reason(ReasonCode.PROTOCOL_AT_BAUD, name=name, baud=parameters.baud)


def _is_port(target: str, ports: Callable[[], list[SerialPort]]) -> bool:
    """Whether this names a serial port rather than a Bluetooth machine."""
    return "/" in target or any(port.device == target for port in ports())


def _host_and_port(target: str, usual_port: int) -> tuple[str, int]:
    host, colon, own_port = target.rpartition(":")
    return (host, int(own_port)) if colon and own_port.isdigit() else (target, usual_port)


def _scheduled(address: Address, clock: Clock) -> ScheduledBelt | None:
    if address.scheme == "none":
        address.only(())
        return ScheduledBelt(None, BeltSource.NONE, Reason(ReasonCode.BELT_NONE), clock)
    if address.scheme == "fixed":
        address.only(())
        try:
            speed = float(address.target)
        except ValueError:
            speed = float("nan")
        if not 0.0 <= speed <= MAX_SPEED_MPS:
            raise address.wrong(f"speed {address.target!r}", "m/s from 0 to 15, e.g. fixed:3.0")
        reason = Reason(ReasonCode.BELT_FIXED, mps=speed)
        return ScheduledBelt(lambda t_s: speed, BeltSource.FIXED, reason, clock)
    if address.scheme == "file":
        address.only(())
        curve = read_speed_curve(Path(address.target).expanduser())
        return ScheduledBelt(curve.speed_at, BeltSource.FILE, Reason(ReasonCode.BELT_FILE), clock)
    return None
