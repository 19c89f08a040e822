"""Find out what speaks on a port, without ever sending what could move a belt.

Listening comes first, at every baud rate that a talking protocol uses. Only then, and
only what is harmless to every machine we know, is sent: the empty CSAFE frame and its
question for the version, and the Full Vision question for the speed (C1). CSAFE's own
questions for speed and distance are not among them: A1 starts a Full Vision belt.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle

from hipcue.config.reason_words import in_words
from hipcue.devices.readings import BeltSample, Clock
from hipcue.devices.serial_transport import SerialTransport
from hipcue.devices.transport import SerialParameters, TransportLostError
from hipcue.devices.treadmill.address import parse_address
from hipcue.devices.treadmill.protocols.csafe import GET_VERSION
from hipcue.devices.treadmill.protocols.csafe_frame import encode
from hipcue.devices.treadmill.protocols.registry import PROTOCOLS, SerialProtocol, driver_for
from hipcue.devices.treadmill.protocols.trackmaster import GET_SPEED
from hipcue.devices.treadmill.treadmill import Driver

# Long enough for three cycles of the slowest bus (Precor, 0.36 s), or a beat of FTMS.
LISTEN_S = 1.2
ASK_S = 0.6
_ASK_EVERY_S = 0.15
# All that a probe ever sends: harmless to every machine we know, also when it listens at
# half or twice the speed.
QUESTIONS = {
    "csafe": (encode(b""), encode(bytes([GET_VERSION]))),
    "trackmaster": (bytes([GET_SPEED]),),
}
# So many sound frames prove a protocol: noise can look like one.
_PROOF = {"csafe": 2, "trackmaster": 2, "precor": 6, "precor?invert=1": 2}
_LISTENED = ("hall", "ftms", "precor", "precor?invert=1", "lifespan")
_ASKED = ("csafe", "trackmaster", "trackmaster?baud=9600")


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What one protocol found on a port.

    Attributes
    ----------
    protocol : str
        Its name.
    address : str
        What to give to ``--treadmill``.
    answered : bool
        Whether it was there.
    detail : str
        What was seen, in a few words.
    """

    protocol: str
    address: str
    answered: bool
    detail: str


def probe(
    port: str,
    clock: Clock = time.monotonic,
    progress: Callable[[str], None] = lambda address: None,
) -> list[ProbeResult]:
    """Try every serial protocol on a port; stops at the first that answers.

    Parameters
    ----------
    port : str
        Serial port.
    clock : callable
        Seconds.
    progress : callable
        Told each address before it is tried.

    Returns
    -------
    list of ProbeResult
        In the order tried. One baud rate is listened to once for all its protocols.

    Raises
    ------
    UserError
        When the port cannot be opened.
    """
    results: list[ProbeResult] = []
    for group in _groups():
        for words in group:
            progress(_address(words, port))
        results += _try(port, group, clock)
        if any(result.answered for result in results):
            break
    return results


def _groups() -> list[list[str]]:
    """Listeners of one baud rate share a turn, as nothing is sent; the others go alone."""
    by_baud: dict[int, list[str]] = {}
    for words in _LISTENED:
        by_baud.setdefault(_protocol(words).usual.baud, []).append(words)
    return [*by_baud.values(), *([words] for words in _ASKED)]


def _protocol(words: str) -> SerialProtocol:
    found = PROTOCOLS[words.partition("?")[0]]
    assert isinstance(found, SerialProtocol)
    return found


def _address(words: str, port: str) -> str:
    scheme, mark, query = words.partition("?")
    return f"{scheme}:{port}{mark}{query}"


def _try(port: str, group: list[str], clock: Clock) -> list[ProbeResult]:
    drivers = {words: driver_for(parse_address(_address(words, port))) for words in group}
    samples: dict[str, BeltSample] = {}
    questions = cycle(QUESTIONS.get(group[0].partition("?")[0], ()))
    came = 0
    lost = ""
    parameters = next(iter(drivers.values())).parameters
    assert isinstance(parameters, SerialParameters)
    transport = SerialTransport(port, parameters)
    try:
        asks = _protocol(group[0]).asks
        end_s = clock() + (ASK_S if asks else LISTEN_S)
        ask_s = clock()
        while clock() < end_s:
            if asks and clock() >= ask_s:
                transport.write(next(questions))
                ask_s = clock() + _ASK_EVERY_S
            data = transport.read(0.05)
            came += len(data)
            for words, driver in drivers.items():
                for sample in driver.feed(data, clock()) if data else ():
                    samples[words] = sample
    except TransportLostError as error:
        lost = str(error)
    finally:
        transport.close()
    return [
        _result(words, port, driver, samples.get(words), came, lost)
        for words, driver in drivers.items()
    ]


def _result(
    words: str, port: str, driver: Driver, sample: BeltSample | None, came: int, lost: str
) -> ProbeResult:
    scheme = words.partition("?")[0]
    answered = driver.frames >= _PROOF.get(words, 1)
    if answered and sample is not None and sample.speed_mps is not None:
        detail = f"belt at {sample.speed_mps:.2f} m/s"
    elif answered:
        reason = sample.reason if sample is not None else None
        detail = "answers" if reason is None else in_words(reason)
    elif lost:
        detail = f"lost: {lost}"
    else:
        detail = f"{came} bytes, none of them understood" if came else "silent"
    if answered and scheme == "trackmaster":
        detail += " if set to mph; Woodway may answer alike"
    return ProbeResult(scheme, _address(words, port), answered, detail)
