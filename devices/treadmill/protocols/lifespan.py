"""LifeSpan console bus (TR1200B and kin): Modbus-RTU between console and base, overheard.

TTL level, 4800 baud, 8N1, tapped on the console's line (the base's echoes what matters,
so either will do). Nothing is ever sent.

    01 06 00 0A hi lo crc crc    console sets the speed, the base repeats it
    01 03 ...                    console reads something; not about the speed

The CRC is CRC-16/Modbus, low byte first. The number is about 235 for one mph, and 50
when the belt stands; numbers between 0 and 49 were never seen. It is the speed that the
console asks for: the belt follows within a second or two. Source: blak3r/treadspan and
its recording.
"""

from __future__ import annotations

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill.protocols.units import MPH
from hipcue.devices.treadmill.treadmill import belt_sample

COUNT_MPS = MPH / 235.0
STANDING = 50
SPEED_REGISTER = 0x000A
_READ, _WRITE = 3, 6
_FRAME = 8
# The longest answer worth waiting for: every one seen has one register; a damaged count
# must not swallow the frames behind it.
_MOST_REGISTER_BYTES = 16


def _crc_of(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ 0xA001 if byte & 1 else byte >> 1
    return byte


_CRC_TABLE = tuple(_crc_of(byte) for byte in range(256))


def crc16(data: bytes) -> int:
    """CRC-16/Modbus; 0 over a frame with its own CRC."""
    crc = 0xFFFF
    for byte in data:
        crc = (crc >> 8) ^ _CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc


def with_crc(body: bytes) -> bytes:
    """Return a frame: the body and its CRC, low byte first."""
    return body + crc16(body).to_bytes(2, "little")


class LifespanDriver:
    """Listens for the console's speed."""

    name = "LifeSpan"

    def __init__(self, parameters: SerialParameters | None = None) -> None:
        self.parameters = parameters or SerialParameters(4800)
        self.frames = 0
        self.junk = 0
        self.note: Reason | None = None
        self._buffer = bytearray()

    def reset(self) -> None:
        """Forget half a frame."""
        self._buffer.clear()

    def poll(self, t_s: float) -> bytes:
        """Return nothing: the bus is only listened to."""
        del t_s
        return b""

    def feed(self, data: bytes, t_s: float) -> list[BeltSample]:
        """Take bytes as they came; one sample for each speed on the bus."""
        samples = []
        self._buffer += data
        start = 0
        while start < len(self._buffer):
            length = self._length(start)
            if length is None:
                break
            if length == 0:
                self.junk += 1
                start += 1
                continue
            frame = bytes(self._buffer[start : start + length])
            start += length
            self.frames += 1
            if frame[1] == _WRITE and int.from_bytes(frame[2:4], "big") == SPEED_REGISTER:
                samples.append(_sample(t_s, int.from_bytes(frame[4:6], "big")))
        del self._buffer[:start]
        return samples

    def _length(self, start: int) -> int | None:
        """Length of the sound frame that begins here; 0 for none, ``None`` to wait for more."""
        rest = self._buffer[start : start + _FRAME + _MOST_REGISTER_BYTES]
        if rest[0] != 1 or (len(rest) > 1 and rest[1] not in (_READ, _WRITE)):
            return 0
        if len(rest) < 3:
            return None
        lengths = [_FRAME]
        if rest[1] == _READ and 0 < rest[2] <= _MOST_REGISTER_BYTES:
            lengths.append(5 + rest[2])
        for length in lengths:
            if len(rest) >= length and crc16(bytes(rest[:length])) == 0:
                return length
        return None if len(rest) < max(lengths) else 0


def _sample(t_s: float, count: int) -> BeltSample:
    if count < STANDING:
        return belt_sample(t_s, None, reason=Reason(ReasonCode.UNKNOWN_SPEED_NUMBER, number=count))
    return belt_sample(t_s, 0.0 if count == STANDING else count * COUNT_MPS)
