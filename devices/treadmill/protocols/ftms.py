"""Bluetooth Fitness Machine Service: Treadmill Data, characteristic 2ACD of service 1826.

Little-endian; 16 bits of flags, then the fields whose flag is set, in this order. Bit 0
is upside down: 0 means that the speed is there.

    bit 0 = 0   speed              uint16   0.01 km/h
    bit 1       average speed      uint16   0.01 km/h
    bit 2       total distance     uint24   m
    bit 3       inclination, ramp  sint16 0.1 %, sint16 0.1 degree; 7FFF is "not known"

What follows (elevation, pace, energy, heart rate, time, force) is not needed, so its
order and the reserved bits that some machines use do not matter. Example: ``0C 04 B0 04
80 0D 00 0F 00 09 00 58 02`` is 12.00 km/h, 3456 m, 1.5 %.

The control point (2AD9) is never written to. Over the air the notifications come whole
(`bluetooth`). Over a serial port they come as lines ``F,<hex>*HH`` (`text_line`), one a
notification, 115200 baud: that is what a small Bluetooth board beside a computer without
Bluetooth should print. Source: Bluetooth SIG, Fitness Machine Service 1.0, as in the
specification files of qdomyos-zwift.
"""

from __future__ import annotations

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill.protocols.text_line import LineReader
from hipcue.devices.treadmill.protocols.units import KMH
from hipcue.devices.treadmill.treadmill import belt_sample

_NOT_KNOWN = 0x7FFF


def decode(packet: bytes, t_s: float) -> BeltSample | None:
    """Read one Treadmill Data notification; ``None`` when it is cut short."""
    if len(packet) < 2:
        return None
    flags = int.from_bytes(packet[:2], "little")
    at = 2
    speed: float | None = None
    distance: float | None = None
    grade: float | None = None
    for present, size in (
        (not flags & 1, 2),
        (flags & 2, 2),
        (flags & 4, 3),
        (flags & 8, 4),
    ):
        if present and len(packet) < at + size:
            return None
        at += size if present else 0
    at = 2
    if not flags & 1:
        speed = 0.01 * KMH * int.from_bytes(packet[at : at + 2], "little")
        at += 2
    if flags & 2:
        at += 2
    if flags & 4:
        distance = float(int.from_bytes(packet[at : at + 3], "little"))
        at += 3
    if flags & 8:
        tenths = int.from_bytes(packet[at : at + 2], "little", signed=True)
        grade = None if tenths == _NOT_KNOWN else 0.1 * tenths
    return belt_sample(t_s, speed, grade, distance, reason=Reason(ReasonCode.NO_SPEED_IN_MESSAGE))


class FtmsDriver:
    """Reads notifications out of lines of text."""

    name = "FTMS"

    def __init__(self, parameters: SerialParameters | None = None) -> None:
        self.parameters = parameters or SerialParameters(115200)
        self.frames = 0
        self.note: Reason | None = None
        self._reader = LineReader()

    @property
    def junk(self) -> int:
        """Bytes thrown away since the start."""
        return self._reader.junk

    def reset(self) -> None:
        """Forget half a line."""
        self._reader.reset()

    def poll(self, t_s: float) -> bytes:
        """Return nothing: the machine notifies by itself."""
        del t_s
        return b""

    def feed(self, data: bytes, t_s: float) -> list[BeltSample]:
        """Take bytes as they came; one sample for each notification with a speed."""
        samples = []
        for body in self._reader.feed(data):
            kind, _, text = body.partition(",")
            try:
                packet = bytes.fromhex(text) if kind == "F" else b""
            except ValueError:
                packet = b""
            sample = decode(packet, t_s)
            if sample is None:
                self._reader.junk += len(body)
                continue
            self.frames += 1
            # A long message comes in two notifications; the speed is in one of them.
            if sample.speed_mps is not None or not packet[0] & 1:
                samples.append(sample)
        return samples
