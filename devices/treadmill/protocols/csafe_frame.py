"""CSAFE frames: from bytes to payloads and back.

    F1 | payload | checksum | F2            standard
    F0 | to | from | payload | checksum | F2  extended

The checksum is the XOR of the plain payload. F0 to F3 inside payload **and checksum**
travel as ``F3 00`` to ``F3 03``: a reply of 9.6 km/h ends in a stuffed checksum
(``F1 05 A5 03 60 00 31 F3 02 F2``), and software that stuffs the payload only loses
every such frame. Source: the CSAFE protocol text, and a Concept2 PM5 recording
(``F1 81 76 05 01 03 05 14 13 F3 02 F2``).

Frames are at most 96 bytes.
"""

from __future__ import annotations

from functools import reduce
from operator import xor

EXTENDED, START, END, STUFF = 0xF0, 0xF1, 0xF2, 0xF3
# Twice the longest frame: every byte of it stuffed.
_MAX_RAW = 192


def checksum(payload: bytes | bytearray) -> int:
    """XOR of all bytes."""
    return reduce(xor, payload, 0)


def encode(payload: bytes) -> bytes:
    """Return the standard frame of a payload, stuffed."""
    out = bytearray([START])
    for byte in (*payload, checksum(payload)):
        out += bytes([STUFF, byte - EXTENDED]) if EXTENDED <= byte <= STUFF else bytes([byte])
    out.append(END)
    return bytes(out)


class FrameReader:
    """Cuts a stream into payloads; damaged frames are counted and dropped."""

    def __init__(self) -> None:
        self._raw = bytearray()
        self._extended = False
        self._inside = False
        self.junk = 0

    def reset(self) -> None:
        """Forget half a frame."""
        self._raw.clear()
        self._inside = False

    def feed(self, data: bytes) -> list[bytes]:
        """Return the payloads of all frames that ended in `data`."""
        payloads: list[bytes] = []
        for byte in data:
            if byte in (START, EXTENDED):
                # A start byte cannot occur inside: what was begun is lost.
                self.junk += len(self._raw)
                self._raw.clear()
                self._inside, self._extended = True, byte == EXTENDED
            elif not self._inside:
                self.junk += 1
            elif byte == END:
                payload = self._open()
                if payload is None:
                    self.junk += len(self._raw) + 2
                else:
                    payloads.append(payload)
                self.reset()
            elif len(self._raw) >= _MAX_RAW:
                self.junk += len(self._raw) + 1
                self.reset()
            else:
                self._raw.append(byte)
        return payloads

    def _open(self) -> bytes | None:
        """Unstuff and check; ``None`` for a damaged frame."""
        plain = bytearray()
        stuffed = False
        for byte in self._raw:
            if stuffed and byte > 3:
                return None
            if byte == STUFF:
                stuffed = True
                continue
            plain.append(EXTENDED + byte if stuffed else byte)
            stuffed = False
        if stuffed:
            return None
        if self._extended:
            del plain[:2]
        if len(plain) < 2 or checksum(plain) != 0:
            return None
        return bytes(plain[:-1])
