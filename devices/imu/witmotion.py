"""WitMotion sensors: bytes in, tilt samples out.

| byte | what |
|---|---|
| 0 | 0x55 |
| 1 | 0x51 acceleration, 0x52 angular rate, 0x53 angle, 0x59 quaternion, others |
| 2..9 | four int16, low byte first; angle: roll, pitch, yaw (/ 32768 x 180 deg), more |
| 10 | low byte of the sum of bytes 0 to 9 |

Several public readers agree on this table. Only the angle is used. How the sensor is
turned decides which of its three angles is the tilt, and a sensor worn upright has one
of them at its pole, where it is useless; so the direction of "up" is worked out from roll
and pitch, and the tilt is read from how "up" lies between two axes of the sensor.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

from hipcue.devices.readings import TiltSample

_HEADER, _ANGLE, _LENGTH = 0x55, 0x53, 11
_KNOWN = frozenset(range(0x50, 0x5B))
_FULL_TURN_HALF_DEG = 180.0 / 32768.0
# What the sensor's own fusion is off by from sample to sample while running: one low-back
# sensor in sprinting was 2.8 degrees (RMS) off an optical system with all errors together
# (Proceedings 2020, 49:10); our choice for the part that is noise.
_SIGMA_DEG = 1.0
# With "up" this near to the side-to-side axis the sensor hangs sideways: no tilt.
_LEAST_IN_PLANE = 0.3
# Weight of a new burst in the usual time between two samples.
_LEARN = 0.1

Vector = tuple[float, float, float]
AXES: dict[str, Vector] = {
    "x": (1.0, 0.0, 0.0),
    "-x": (-1.0, 0.0, 0.0),
    "y": (0.0, 1.0, 0.0),
    "-y": (0.0, -1.0, 0.0),
    "z": (0.0, 0.0, 1.0),
    "-z": (0.0, 0.0, -1.0),
}


@dataclass(frozen=True, slots=True)
class Mounting:
    """Which axes of the sensor, as printed on it, point where on a standing runner.

    `up` points to the head, `out` away from the back; each ``x``, ``-x``, ``y``, ...
    """

    up: str = "y"
    out: str = "z"

    def tilt_deg(self, roll_deg: float, pitch_deg: float) -> float | None:
        """Anterior tilt from roll and pitch; None when the sensor hangs sideways.

        Tipping forward, the axis that points out of the back turns upwards.
        """
        roll, pitch = math.radians(roll_deg), math.radians(pitch_deg)
        up: Vector = (
            -math.sin(pitch),
            math.sin(roll) * math.cos(pitch),
            math.cos(roll) * math.cos(pitch),
        )
        high = sum(a * b for a, b in zip(up, AXES[self.up], strict=True))
        out = sum(a * b for a, b in zip(up, AXES[self.out], strict=True))
        if math.hypot(high, out) < _LEAST_IN_PLANE:
            return None
        return math.degrees(math.atan2(out, high))


class WitMotion:
    """Takes the bytes of one sensor apart; no clock, no thread, no port."""

    name = "WitMotion"

    def __init__(self, mounting: Mounting | None = None) -> None:
        self._mounting = mounting or Mounting()
        self._rest = bytearray()
        self._newest_s: float | None = None
        self._period_s: float | None = None

    def reset(self) -> None:
        """Forget half a packet, and when the last sample came."""
        self._rest.clear()
        self._newest_s = None

    def feed(self, data: bytes, t_s: float) -> list[TiltSample]:
        """Take bytes that came at `t_s`; return the samples they complete, in time order.

        When several samples come at once the last one is of `t_s`, and the others are as
        far before it as samples usually are from each other. Damaged packets are skipped.
        """
        self._rest += data
        tilts = [tilt for packet in self._packets() if (tilt := self._tilt(packet)) is not None]
        if not tilts:
            return []
        return [
            TiltSample(when_s, tilt, _SIGMA_DEG)
            for when_s, tilt in zip(self._times(len(tilts), t_s), tilts, strict=True)
        ]

    def _packets(self) -> list[bytes]:
        found: list[bytes] = []
        while (start := self._rest.find(_HEADER)) >= 0:
            del self._rest[:start]
            if len(self._rest) < _LENGTH:
                return found
            packet = bytes(self._rest[:_LENGTH])
            if packet[1] in _KNOWN and sum(packet[:10]) & 0xFF == packet[10]:
                found.append(packet)
                del self._rest[:_LENGTH]
            else:
                # Not a packet: its header may be data, so look on right behind it.
                del self._rest[:1]
        self._rest.clear()
        return found

    def _tilt(self, packet: bytes) -> float | None:
        if packet[1] != _ANGLE:
            return None
        roll, pitch, _, _ = struct.unpack_from("<4h", packet, 2)
        return self._mounting.tilt_deg(roll * _FULL_TURN_HALF_DEG, pitch * _FULL_TURN_HALF_DEG)

    def _times(self, count: int, t_s: float) -> list[float]:
        """When each of the samples of a burst was taken."""
        before = self._newest_s
        self._newest_s = t_s
        if before is None:
            period = self._period_s or 0.0
        else:
            apart = max(t_s - before, 0.0) / count
            usual = self._period_s
            self._period_s = apart if usual is None else usual + _LEARN * (apart - usual)
            # Never back into what was handed out before.
            period = min(self._period_s, apart)
        return [t_s - (count - 1 - k) * period for k in range(count)]
