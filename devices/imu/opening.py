"""From an address to a sensor."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import parse_qsl

from hipcue.config.errors import UserError
from hipcue.devices.imu.tilt_reader import TiltReader
from hipcue.devices.imu.witmotion import AXES, Mounting, WitMotion
from hipcue.devices.link_thread import LinkThread
from hipcue.devices.readings import Clock, TiltSample
from hipcue.devices.serial_ports import SerialPort, list_serial_ports
from hipcue.devices.serial_transport import SerialEndpoint
from hipcue.devices.transport import SerialParameters

Imu = LinkThread[TiltSample]
"""A sacral sensor that is listened to."""

_EXAMPLE = "witmotion:/dev/ttyUSB1?baud=115200&up=y&out=z"
_BAUDS = (9600, 19200, 38400, 57600, 115200, 230400)
_OPTIONS = ("baud", "up", "out", "lag_ms")
# What fusion in the sensor and the serial transport take; our choice, none was measured
# against an optical system.
_USUAL_LAG_S = 0.020


def open_imu(
    address: str,
    clock: Clock = time.monotonic,
    *,
    latency_s: float = _USUAL_LAG_S,
    ports: Callable[[], list[SerialPort]] = list_serial_ports,
) -> Imu:
    """Open a sacral sensor; `start` it to listen.

    Parameters
    ----------
    address : str
        ``witmotion:PORT``, with options after a question mark: ``baud`` (115200), ``up``
        and ``out`` (which printed axis points to the head and which out of the back, ``y``
        and ``z``), ``lag_ms``.
    clock : callable
        Stamps the samples; the same as the camera's.
    latency_s : float
        By how much a sample is older than its arrival, unless the address says so.
    ports : callable
        Lists the serial ports, to find an adapter again under another name.

    Raises
    ------
    UserError
        For a wrong address, or a port that cannot be opened.
    """
    scheme, _, rest = address.strip().partition(":")
    device, _, query = rest.partition("?")
    if scheme.lower() != "witmotion" or not device:
        raise _wrong(address, f"{scheme or 'nothing'!r} with port {device!r}", _EXAMPLE)
    try:
        options = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
    except ValueError:
        raise _wrong(address, f"option {query!r}", "options are written name=value") from None
    for key in options:
        if key not in _OPTIONS:
            raise _wrong(address, f"unknown option {key!r}", f"options: {', '.join(_OPTIONS)}")
    baud = int(_choice(address, options, "baud", "115200", [str(b) for b in _BAUDS]))
    mounting = _mounting(address, options)
    lag_s = _lag_s(address, options, latency_s)
    endpoint = SerialEndpoint(device, SerialParameters(baud), ports)
    reader = TiltReader(WitMotion(mounting), latency_s=lag_s, where=device)
    return LinkThread(reader, endpoint, clock, name="pelvis", transport=endpoint.open())


def _mounting(address: str, options: dict[str, str]) -> Mounting:
    mounting = Mounting(
        _choice(address, options, "up", "y", list(AXES)),
        _choice(address, options, "out", "z", list(AXES)),
    )
    if mounting.up.strip("-") == mounting.out.strip("-"):
        raise _wrong(
            address, f"up={mounting.up} and out={mounting.out}", "two different axes of the sensor"
        )
    return mounting


def _lag_s(address: str, options: dict[str, str], usual_s: float) -> float:
    if "lag_ms" not in options:
        return usual_s
    try:
        lag_ms = float(options["lag_ms"])
    except ValueError:
        lag_ms = float("nan")
    if not 0.0 <= lag_ms <= 500.0:
        raise _wrong(address, f"lag_ms={options['lag_ms']}", "milliseconds from 0 to 500")
    return lag_ms / 1000.0


def _choice(address: str, options: dict[str, str], key: str, usual: str, allowed: list[str]) -> str:
    value = options.get(key, usual)
    if value not in allowed:
        raise _wrong(address, f"{key}={value}", f"{key} is one of {', '.join(allowed)}")
    return value


def _wrong(address: str, seen: str, try_this: str) -> UserError:
    return UserError(f"wrong sensor address {address!r}", seen, try_this)
