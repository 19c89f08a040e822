"""The table of protocols: what an address may say, and which driver it makes.

A new protocol is a file with its driver, and a row here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hipcue.config.errors import UserError
from hipcue.devices.treadmill.address import Address
from hipcue.devices.treadmill.protocols.bertec import BELTS, BertecDriver
from hipcue.devices.treadmill.protocols.bertec import PORT as BERTEC_PORT
from hipcue.devices.treadmill.protocols.csafe import CsafeDriver
from hipcue.devices.treadmill.protocols.ftms import FtmsDriver
from hipcue.devices.treadmill.protocols.hall import HallDriver
from hipcue.devices.treadmill.protocols.lifespan import LifespanDriver
from hipcue.devices.treadmill.protocols.precor import PrecorDriver
from hipcue.devices.treadmill.protocols.trackmaster import UNITS, TrackmasterDriver
from hipcue.devices.treadmill.treadmill import Driver, SerialParameters


@dataclass(frozen=True, slots=True)
class Protocol:
    """A row of the table.

    Attributes
    ----------
    make : callable
        From an address to the driver, reading its options.
    baud : int
        Usual baud rate; 0 for the network.
    options : frozenset of str
        What an address may say besides ``baud``.
    asks : bool
        Whether the machine must be asked; the others are only listened to.
    """

    make: Callable[[Address, SerialParameters], Driver]
    baud: int
    options: frozenset[str] = frozenset()
    asks: bool = False


def _csafe(address: Address, line: SerialParameters) -> Driver:
    return CsafeDriver(greet=address.choice("greet", "1", ("0", "1")) == "1", line=line)


def _trackmaster(address: Address, line: SerialParameters) -> Driver:
    unit = address.options.get("unit")
    return TrackmasterDriver(unit and address.choice("unit", None, tuple(UNITS)), line)


def _precor(address: Address, line: SerialParameters) -> Driver:
    return PrecorDriver(invert=address.choice("invert", "0", ("0", "1")) == "1", line=line)


def _hall(address: Address, line: SerialParameters) -> Driver:
    if "circumference" not in address.options:
        return HallDriver(None, line)
    return HallDriver(address.number("circumference", None, 0.005, 10.0), line)


def _bertec(address: Address, line: SerialParameters) -> Driver:
    return BertecDriver(address.choice("belt", "mean", BELTS), line)


PROTOCOLS = {
    "csafe": Protocol(_csafe, 9600, frozenset({"greet"}), asks=True),
    "trackmaster": Protocol(_trackmaster, 4800, frozenset({"unit"}), asks=True),
    "lifespan": Protocol(lambda address, line: LifespanDriver(line), 4800),
    "precor": Protocol(_precor, 9600, frozenset({"invert"})),
    "hall": Protocol(_hall, 115200, frozenset({"circumference"})),
    "ftms": Protocol(lambda address, line: FtmsDriver(line), 115200),
    "bertec": Protocol(_bertec, 0, frozenset({"belt", "port"})),
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
TOLD = ("fixed", "file", "none")


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
        known = ", ".join((*PROTOCOLS, *TOLD))
        raise address.wrong(f"unknown protocol {address.scheme!r}", f"one of {known}")
    if row.baud:
        address.only(row.options | {"baud"})
        line = SerialParameters(baud=int(address.number("baud", row.baud, 300, 4_000_000)))
    else:
        address.only(row.options)
        line = SerialParameters(tcp_port=int(address.number("port", BERTEC_PORT, 1, 65535)))
    return row.make(address, line)
