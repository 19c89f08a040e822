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

Machines in the field do otherwise, and are read as far as they can be: a message that is too
long comes in two ("more data"), of which one has the speed; one that claims more than it holds
is cut off, and its whole fields count; some send speeds in hundredths of a mile an hour
(`unit`); some tell the average since the start only, which is no speed of the belt; and
some tell a speed of 0 for ever while the distance counts (`told_or_counted`).

The control point (2AD9) is never written to. Over the air the notifications come whole
(`bluetooth`). Over a serial port they come as lines ``F,<hex>*HH`` (`text_line`), one a
notification, 115200 baud: that is what a small Bluetooth board beside a computer without
Bluetooth should print. Sources: Bluetooth SIG, Fitness Machine Service 1.0, as in the
specification files of qdomyos-zwift, and its users' recordings.
"""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill.protocols.text_line import LineReader
from hipcue.devices.treadmill.protocols.told_or_counted import ToldOrCounted
from hipcue.devices.treadmill.protocols.units import KMH, MPH
from hipcue.devices.treadmill.treadmill import belt_sample

UNITS = {"kmh": KMH, "mph": MPH, "mps": 1.0}
STEPS = ("0.001", "0.01", "0.1", "1")
_NOT_KNOWN = 0x7FFF
_DISTANCE_STEP_M, _DISTANCE_WRAPS_M = 1.0, float(2**24)
# A machine that sent no speed for so long sends none: the other half of a long message comes
# within a second or two. Our choice.
_SPEEDLESS_S = 3.0


@dataclass(frozen=True, slots=True)
class TreadmillData:
    """One notification, as far as it is whole; ``None`` for what is not in it.

    Attributes
    ----------
    speed, average : int or None
        In whatever the machine counts speeds in.
    distance_m, grade_percent : float or None
        Odometer and slope.
    """

    speed: int | None
    average: int | None
    distance_m: float | None
    grade_percent: float | None


def decode(packet: bytes) -> TreadmillData | None:
    """Read one Treadmill Data notification; ``None`` when not even its first field is whole."""
    if len(packet) < 2:
        return None
    flags = int.from_bytes(packet[:2], "little")
    fields: list[int | None] = []
    at, whole = 2, True
    for present, size in ((not flags & 1, 2), (flags & 2, 2), (flags & 4, 3), (flags & 8, 2)):
        whole = whole and (not present or len(packet) >= at + size)
        if present and not whole and at == 2:
            return None
        there = bool(present) and whole
        fields.append(int.from_bytes(packet[at : at + size], "little") if there else None)
        at += size if there else 0
    speed, average, distance, tenths = fields
    signed = None if tenths is None else tenths - (1 << 16) * (tenths >> 15)
    grade = None if signed is None or signed == _NOT_KNOWN else 0.1 * signed
    return TreadmillData(speed, average, None if distance is None else float(distance), grade)


class FtmsDriver:
    """Reads notifications out of lines of text.

    Parameters
    ----------
    count_mps : float
        What one count of speed is, in m/s.
    parameters : SerialParameters, optional
        Another baud rate.
    """

    name = "FTMS"

    def __init__(
        self, count_mps: float = 0.01 * KMH, parameters: SerialParameters | None = None
    ) -> None:
        self.parameters = parameters or SerialParameters(115200)
        self.frames = 0
        self.note: Reason | None = None
        self._count_mps = count_mps
        self._reader = LineReader()
        self._word = ToldOrCounted(_DISTANCE_WRAPS_M)
        self._spoke_s: float | None = None

    @property
    def junk(self) -> int:
        """Bytes thrown away since the start."""
        return self._reader.junk

    def reset(self) -> None:
        """Forget half a line, and the distance so far: the belt moved on unseen."""
        self._reader.reset()
        self._word.reset()
        self._spoke_s = self.note = None

    def poll(self, t_s: float) -> bytes:
        """Return nothing: the machine notifies by itself."""
        del t_s
        return b""

    def feed(self, data: bytes, t_s: float) -> list[BeltSample]:
        """Take bytes as they came; one sample for each notification that tells of the speed."""
        samples = []
        for body in self._reader.feed(data):
            kind, _, text = body.partition(",")
            try:
                packet = bytes.fromhex(text) if kind == "F" else b""
            except ValueError:
                packet = b""
            found = decode(packet)
            if found is None:
                self._reader.junk += len(body)
                continue
            self.frames += 1
            sample = self._sample(found, t_s)
            if sample is not None:
                samples.append(sample)
        return samples

    def _sample(self, found: TreadmillData, t_s: float) -> BeltSample | None:
        distance_m, grade = found.distance_m, found.grade_percent
        if distance_m is not None:
            self._word.count(t_s, distance_m, _DISTANCE_STEP_M)
        if self._spoke_s is None:
            self._spoke_s = t_s
        if found.speed is not None:
            self._spoke_s = t_s
            told_mps = found.speed * self._count_mps
            if self._word.believes(t_s, told_mps):
                self.note = self._word.disagrees
                return belt_sample(t_s, told_mps, grade, distance_m)
            why = Reason(ReasonCode.TELLS_ZERO)
        elif t_s - self._spoke_s < _SPEEDLESS_S:
            return None  # One half of a long message: the speed is in the other.
        else:
            average = found.average is not None
            why = Reason(
                ReasonCode.TELLS_AVERAGE_ONLY if average else ReasonCode.NO_SPEED_IN_MESSAGE
            )
        if not self._word.counting:
            self.note = why
            return belt_sample(t_s, None, grade, distance_m, reason=why)
        if distance_m is None:
            return None  # The odometer speaks, and is in another message.
        sample = self._word.sample(t_s, grade, distance_m)
        known = sample.speed_mps is not None
        self.note = Reason(ReasonCode.SPEED_FROM_DISTANCE, why=why) if known else None
        return sample
