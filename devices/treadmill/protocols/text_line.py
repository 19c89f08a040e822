"""Lines of text with a checksum: ``BODY*HH`` and a line end, HH the XOR of the body in hex."""

from __future__ import annotations

from functools import reduce
from operator import xor

_LONGEST = 160


def write_line(body: str) -> bytes:
    """Return the line of a body."""
    raw = body.encode("ascii")
    return raw + f"*{reduce(xor, raw, 0):02X}\r\n".encode("ascii")


class LineReader:
    """Cuts a stream into the bodies of sound lines; the rest is counted and dropped."""

    def __init__(self) -> None:
        self._raw = bytearray()
        self.junk = 0

    def reset(self) -> None:
        """Forget half a line."""
        self._raw.clear()

    def feed(self, data: bytes) -> list[str]:
        """Return the bodies of all sound lines that ended in `data`."""
        bodies = []
        for byte in data:
            if byte in b"\r\n":
                body = _open(bytes(self._raw))
                if body is not None:
                    bodies.append(body)
                else:
                    self.junk += len(self._raw)
                self._raw.clear()
            elif len(self._raw) >= _LONGEST:
                self.junk += len(self._raw) + 1
                self._raw.clear()
            else:
                self._raw.append(byte)
        return bodies


def _open(raw: bytes) -> str | None:
    body, star, check = raw.rpartition(b"*")
    if not star or len(check) != 2 or not body.isascii():
        return None
    if f"{reduce(xor, body, 0):02X}".encode("ascii") != check.upper():
        return None
    return body.decode("ascii")
