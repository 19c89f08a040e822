"""What machines send, message by message, for tests of the drivers."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from hipcue.devices.simulated.treadmill.machines import MACHINES, BeltTruth
from hipcue.devices.treadmill.address import parse_address
from hipcue.devices.treadmill.protocols.csafe_frame import encode
from hipcue.devices.treadmill.protocols.registry import PROTOCOLS, driver_for
from hipcue.devices.treadmill.spike_filter import SpikeFilter
from hipcue.devices.treadmill.treadmill import Driver

ALL = tuple(PROTOCOLS)
SPEED_QUESTION = {"csafe": encode(b"\xa5"), "trackmaster": b"\xc1"}
# The resolution of the numbers that are sent, and what a belt sensor's jitter adds.
STEP_MPS = {"csafe": 0.002, "trackmaster": 0.023, "hall": 0.01}


def driver(protocol: str, options: str = "") -> Driver:
    return driver_for(parse_address(f"{protocol}:port{options}"))


def messages(protocol: str, speeds: Sequence[float], every_s: float = 0.4) -> list[bytes]:
    """One message about the speed, or one cycle, for each speed."""
    machine = MACHINES[protocol]()
    sent = []
    distance = t_s = 0.0
    for speed in speeds:
        out = b""
        for _ in range(8):  # a machine looks at its belt more often than it talks
            t_s += every_s / 8
            distance += speed * every_s / 8
            belt = BeltTruth(t_s, speed, 1.0, distance)
            out += machine.stream(belt)
        out += machine.answer(SPEED_QUESTION.get(protocol, b""), belt)
        sent.append(out)
    return sent


def speeds_of(
    reader: Driver, pieces: Sequence[bytes], *, guarded: bool = False
) -> list[float | None]:
    guard = SpikeFilter()
    samples = []
    for number, piece in enumerate(pieces):
        for sample in reader.feed(piece, 0.1 * number):
            samples += guard.add_sample(sample) if guarded else [sample]
    return [sample.speed_mps for sample in samples]


def known(speeds: Sequence[float | None]) -> list[float]:
    return [speed for speed in speeds if speed is not None]


def cut(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def deep_size(thing: Any, seen: set[int] | None = None) -> int:
    """Bytes that an object and all it holds take in memory."""
    seen = set() if seen is None else seen
    if id(thing) in seen or isinstance(thing, type) or callable(thing):
        return 0
    seen.add(id(thing))
    size = sys.getsizeof(thing)
    if isinstance(thing, dict):
        return size + sum(deep_size(v, seen) for v in thing.values())
    if isinstance(thing, (str, bytes, bytearray, int, float)):
        return size
    if hasattr(thing, "__iter__") and hasattr(thing, "__len__"):
        return size + sum(deep_size(v, seen) for v in thing)
    parts = list(getattr(thing, "__dict__", {}).values())
    parts += [getattr(thing, n) for n in getattr(type(thing), "__slots__", ()) if hasattr(thing, n)]
    return size + sum(deep_size(part, seen) for part in parts)
