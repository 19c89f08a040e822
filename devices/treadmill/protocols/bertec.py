"""Bertec instrumented treadmills: the control panel's remote port, listened to over TCP.

Settings, "Enable Remote Control"; TCP port 4000, one client at a time. The panel streams
32-byte packets, big-endian:

    byte 1-2    right belt, mm/s, signed
    byte 3-4    left belt, mm/s, signed
    byte 9-10   incline, hundredths of a degree

TCP is a stream: packets are cut at 32 bytes, not where a read happens to end. There is
no mark that begins a packet, so the count starts with the connection. The command packet
(64 bytes) is never sent. Sources: smsong/self-paced-treadmill and other public clients of
that port, which agree on these bytes.
"""

from __future__ import annotations

import math

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample
from hipcue.devices.transport import TcpParameters
from hipcue.devices.treadmill.treadmill import belt_sample

PACKET = 32
PORT = 4000
# Two belts further apart than this are a split-belt walk, not a run. Our choice.
_SPLIT_MPS = 0.1
# Steeper than this no such treadmill tilts: not a Bertec, or out of step.
_MOST_INCLINE = 3000
BELTS = ("mean", "left", "right")


class BertecDriver:
    """Listens to the stream.

    Parameters
    ----------
    belt : str
        ``left``, ``right``, or ``mean`` of both; the mean is missing while they differ.
    parameters : TcpParameters, optional
        Another port.
    """

    name = "Bertec"

    def __init__(self, belt: str = "mean", parameters: TcpParameters | None = None) -> None:
        self.parameters = parameters or TcpParameters(PORT)
        self.frames = 0
        self.junk = 0
        self.note: Reason | None = None
        self._belt = belt
        self._buffer = bytearray()

    def reset(self) -> None:
        """Forget half a packet: a new connection begins with a new one."""
        self._buffer.clear()

    def poll(self, t_s: float) -> bytes:
        """Return nothing: the panel streams by itself."""
        del t_s
        return b""

    def feed(self, data: bytes, t_s: float) -> list[BeltSample]:
        """Take bytes as they came; one sample for each packet."""
        samples = []
        self._buffer += data
        whole = len(self._buffer) // PACKET * PACKET
        for start in range(0, whole, PACKET):
            packet = bytes(self._buffer[start : start + PACKET])
            incline = int.from_bytes(packet[9:11], "big", signed=True)
            if abs(incline) > _MOST_INCLINE:
                self.junk += PACKET
                continue
            self.frames += 1
            right = 0.001 * int.from_bytes(packet[1:3], "big", signed=True)
            left = 0.001 * int.from_bytes(packet[3:5], "big", signed=True)
            grade = 100.0 * math.tan(math.radians(0.01 * incline))
            samples.append(self._sample(t_s, left, right, grade))
        del self._buffer[:whole]
        return samples

    def _sample(self, t_s: float, left: float, right: float, grade: float) -> BeltSample:
        if self._belt != "mean":
            return belt_sample(t_s, left if self._belt == "left" else right, grade)
        if abs(left - right) > _SPLIT_MPS:
            reason = Reason(ReasonCode.BELTS_DIFFER, left=round(left, 1), right=round(right, 1))
            return belt_sample(t_s, None, grade, reason=reason)
        return belt_sample(t_s, 0.5 * (left + right), grade)
