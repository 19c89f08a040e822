"""The table of protocols: what an address may say, and which driver it makes.

A new protocol is a file with its driver, and a row here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hipcue.config.errors import UserError
from hipcue.devices.transport import SerialParameters, TcpParameters
from hipcue.devices.treadmill.address import Address
from hipcue.devices.treadmill.protocols.bertec import BELTS, BertecDriver
from hipcue.devices.treadmill.protocols.bertec import PORT as BERTEC_PORT
from hipcue.devices.treadmill.protocols.csafe import CsafeDriver
from hipcue.devices.treadmill.protocols.ftms import STEPS as FTMS_STEPS
from hipcue.devices.treadmill.protocols.ftms import UNITS as FTMS_UNITS
from hipcue.devices.treadmill.protocols.ftms import FtmsDriver
from hipcue.devices.treadmill.protocols.hall import HallDriver
from hipcue.devices.treadmill.protocols.lifespan import LifespanDriver
from hipcue.devices.treadmill.protocols.precor import PrecorDriver
from hipcue.devices.treadmill.protocols.trackmaster import UNITS, TrackmasterDriver
from hipcue.devices.treadmill.treadmill import Driver


@dataclass(frozen=True, slots=True)
class SerialProtocol:
    """A row of the table: a protocol that is spoken on a serial port.

    Attributes
    ----------
    make : callable
        From an address to the driver, reading its options.
    usual : SerialParameters
        What most machines are set to; ``baud`` in an address overrules it.
    options : frozenset of str
        What an address may say besides ``baud``.
    asks : bool
        Whether the machine must be asked; the others are only listened to.
    """

    make: Callable[[Address, SerialParameters], Driver]
    usual: SerialParameters
    options: frozenset[str] = frozenset()
    asks: bool = False


@dataclass(frozen=True, slots=True)
class TcpProtocol:
    """A row of the table: a protocol that is spoken on the network, and only listened to.

    Attributes
    ----------
    make : callable
        From an address to the driver, reading its options.
    usual : TcpParameters
        Where most machines listen; ``port`` in an address overrules it.
    options : frozenset of str
        What an address may say besides ``port``.
    """

    make: Callable[[Address, TcpParameters], Driver]
    usual: TcpParameters
    options: frozenset[str] = frozenset()


def _csafe(address: Address, parameters: SerialParameters) -> Driver:
    greet = address.choice("greet", "1", ("0", "1")) == "1"
    return CsafeDriver(greet=greet, parameters=parameters)


def _trackmaster(address: Address, parameters: SerialParameters) -> Driver:
    unit = address.options.get("unit")
    return TrackmasterDriver(unit and address.choice("unit", None, tuple(UNITS)), parameters)


def _lifespan(address: Address, parameters: SerialParameters) -> Driver:
    del address
    return LifespanDriver(parameters)


def _precor(address: Address, parameters: SerialParameters) -> Driver:
    invert = address.choice("invert", "0", ("0", "1")) == "1"
    return PrecorDriver(invert=invert, parameters=parameters)


def _hall(address: Address, parameters: SerialParameters) -> Driver:
    if "circumference" not in address.options:
        return HallDriver(None, parameters)
    return HallDriver(address.number("circumference", None, 0.005, 10.0), parameters)


def _ftms(address: Address, parameters: SerialParameters) -> Driver:
    unit = FTMS_UNITS[address.choice("unit", "kmh", tuple(FTMS_UNITS))]
    step = float(address.choice("step", "0.01", FTMS_STEPS))
    return FtmsDriver(step * unit, parameters)


def _bertec(address: Address, parameters: TcpParameters) -> Driver:
    return BertecDriver(address.choice("belt", "mean", BELTS), parameters)


PROTOCOLS: dict[str, SerialProtocol | TcpProtocol] = {
    "csafe": SerialProtocol(_csafe, SerialParameters(9600), frozenset({"greet"}), asks=True),
    "trackmaster": SerialProtocol(
        _trackmaster, SerialParameters(4800), frozenset({"unit"}), asks=True
    ),
    "lifespan": SerialProtocol(_lifespan, SerialParameters(4800)),
    "precor": SerialProtocol(_precor, SerialParameters(9600), frozenset({"invert"})),
    "hall": SerialProtocol(_hall, SerialParameters(115200), frozenset({"circumference"})),
    "ftms": SerialProtocol(_ftms, SerialParameters(115200), frozenset({"unit", "step"})),
    "bertec": TcpProtocol(_bertec, TcpParameters(BERTEC_PORT), frozenset({"belt"})),
}

# Machines whose bytes are not confirmed: what is known, and what would settle it.
_NOT_SUPPORTED = {
    "woodway": "the format of the answer to C1 is not confirmed; a recording of it beside "
    "the console's speed, or your machine's interface manual, would settle it",
    "biodex": "baud rate and decimal point of the A0 answer are not confirmed; a recording "
    "beside the console's speed, or page 16 and following of its manual, would settle it",
    "hpcosmos": "the coscom v4 byte format is only in the owner's document; have a look at "
    "coscom.org, and send us what its licence lets you share",
    "technogym": "its Bluetooth text protocol is not built in; a machine with a CSAFE "
    "socket works as csafe:PORT, one with FTMS as ftms:NAME",
    "treadmetrix": "no public protocol found; its interface manual would settle it",
}
SCHEDULED = ("fixed", "file", "none")


def driver_for(address: Address) -> Driver:
    """Return the driver of an address, with its options.

    Raises
    ------
    UserError
        For an unknown protocol or option, or one whose bytes are not confirmed.
    """
    scheme = address.scheme.replace("/", "")
    if scheme in _NOT_SUPPORTED:
        raise UserError(
            f"{scheme} treadmills are not supported yet",
            _NOT_SUPPORTED[scheme],
            "docs/treadmills.md says how to record; a belt sensor works on any treadmill "
            "(hall:PORT)",
        )
    row = PROTOCOLS.get(scheme)
    if row is None:
        known = ", ".join((*PROTOCOLS, *SCHEDULED))
        raise address.wrong(f"unknown protocol {address.scheme!r}", f"one of {known}")
    if isinstance(row, TcpProtocol):
        address.only(row.options | {"port"})
        port = int(address.number("port", row.usual.port, 1, 65535))
        return row.make(address, TcpParameters(port))
    address.only(row.options | {"baud"})
    baud = int(address.number("baud", row.usual.baud, 300, 4_000_000))
    return row.make(address, SerialParameters(baud))
