"""A UART in software: bytes to line levels and back, for recordings and wrong baud rates."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence


def levels(data: bytes, baud: int) -> list[tuple[float, int]]:
    """Return (time, level) edges of back-to-back 8N1 bytes on an idle-high line."""
    edges = [(-1.0, 1)]
    bit = 0
    for byte in data:
        for level in (0, *((byte >> k) & 1 for k in range(8)), 1):
            if edges[-1][1] != level:
                edges.append((bit / baud, level))
            bit += 1
    return edges


def listen(
    edges: Sequence[tuple[float, int]], baud: int, *, broken_too: bool = False
) -> list[tuple[float, int]]:
    """Return (time of the last bit, byte) as a receiver reads them; idle is high.

    Bytes without a stop bit are left out, or kept with `broken_too`, as drivers do.
    """
    times = [t for t, _ in edges]
    values = [v for _, v in edges]

    def at(t: float) -> int:
        return values[max(bisect_right(times, t) - 1, 0)]

    received = []
    free = times[0]
    for index, (start, level) in enumerate(edges):
        if index == 0 or level or start < free or at(start + 0.5 / baud):
            continue
        byte = sum(at(start + (1.5 + k) / baud) << k for k in range(8))
        stop = at(start + 9.5 / baud)
        if stop or broken_too:
            received.append((start + 10.0 / baud, byte))
        free = start + 9.5 / baud
    return received
