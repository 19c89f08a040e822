"""Precor 9.3x console bus: text between console and motor board, overheard.

9600 baud, 8N1, **idle low**: the line is upside down against a TTL adapter. Nothing is
ever sent.

    [hmph:96] FF     console to motor: the speed asked for, hundredths of mph, hex
    [hmph:93]        motor to console: the speed of the belt, the same way

Other keys (amps err belt vbus lift lfts lftg part ver type diag loop inc) pass by, each
key once in 0.36 s. What ``inc`` counts is not confirmed, so no grade is given. Tapping
the motor's line gives the real belt, the console's line the speed asked for.

An adapter of the wrong polarity still hears something: in the flow of a message each
character arrives inverted and shifted by one bit (``9F 9D 9B`` is ``012``). The first
characters of a message are lost that way, because the receiver begins at a wrong edge;
of ``[hmph:8C]`` the end ``h:8C]`` is left, and no other key ends in h. `invert` reads
that. An RS-232 adapter on this line needs no inverting: idle low is what it expects.

Source: scottmsilver/precor-9.3x, its notes and recordings.
"""

from __future__ import annotations

import re

from hipcue.config.reasons import Reason
from hipcue.devices.readings import BeltSample
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill.protocols.units import MPH
from hipcue.devices.treadmill.treadmill import belt_sample

COUNT_MPS = 0.01 * MPH
KEYS = frozenset(
    {"amps", "err", "belt", "vbus", "lift", "lfts", "lftg"}
    | {"part", "ver", "type", "diag", "loop", "inc", "hmph"}
)
_HEX = frozenset("0123456789ABCDEF")
_END_OF_SPEED = re.compile(rb"h:([0-9A-F]{1,4})$")
_LONGEST = 16
_OPEN, _CLOSE, _BETWEEN = ord("["), ord("]"), 0xFF


class PrecorDriver:
    """Listens for ``hmph``.

    Parameters
    ----------
    invert : bool
        Whether the adapter reads the line upside down.
    parameters : SerialParameters, optional
        Another baud rate.
    """

    name = "Precor"

    def __init__(self, *, invert: bool = False, parameters: SerialParameters | None = None) -> None:
        self.parameters = parameters or SerialParameters(9600)
        self.frames = 0
        self.junk = 0
        self.note: Reason | None = None
        self._invert = invert
        self._text = bytearray()
        self._inside = False

    def reset(self) -> None:
        """Forget half a message."""
        self._text.clear()
        self._inside = False

    def poll(self, t_s: float) -> bytes:
        """Return nothing: the bus is only listened to."""
        del t_s
        return b""

    def feed(self, data: bytes, t_s: float) -> list[BeltSample]:
        """Take bytes as they came; one sample for each speed on the bus."""
        samples = []
        for raw in data:
            sample = self._upside_down(raw, t_s) if self._invert else self._upright(raw, t_s)
            if sample is not None:
                samples.append(sample)
        return samples

    def _upright(self, byte: int, t_s: float) -> BeltSample | None:
        if byte == _OPEN:
            self.junk += len(self._text)
            self._text.clear()
            self._inside = True
        elif not self._inside:
            self.junk += byte != _BETWEEN
        elif byte == _CLOSE:
            text = self._text.decode("latin-1")
            self.reset()
            return self._message(text, t_s)
        elif len(self._text) >= _LONGEST:
            self.junk += len(self._text) + 1
            self.reset()
        else:
            self._text.append(byte)
        return None

    def _upside_down(self, raw: int, t_s: float) -> BeltSample | None:
        byte = (~raw & 0xFF) >> 1
        if byte != _CLOSE:
            self._text.append(byte)
            del self._text[:-_LONGEST]
            return None
        end = _END_OF_SPEED.search(bytes(self._text))
        self.junk += len(self._text) if end is None else 0
        self._text.clear()
        return None if end is None else self._message(f"hmph:{end[1].decode()}", t_s)

    def _message(self, text: str, t_s: float) -> BeltSample | None:
        key, colon, value = text.partition(":")
        if key not in KEYS or not set(value) <= _HEX or (colon and not value):
            self.junk += len(text) + 2 if text else 0
            return None
        self.frames += 1
        if key != "hmph" or not value:
            return None
        return belt_sample(t_s, int(value, 16) * COUNT_MPS)
