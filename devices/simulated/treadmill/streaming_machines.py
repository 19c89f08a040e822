"""Machines that talk by themselves: buses that are overheard, streams, belt sensors."""

from __future__ import annotations

import math
from collections.abc import Callable

from hipcue.devices.simulated.treadmill.polled_machines import (
    BeltTruth,
    CsafeMachine,
    Machine,
    TrackmasterMachine,
)
from hipcue.devices.transport import SerialParameters, TcpParameters
from hipcue.devices.treadmill.protocols import bertec, lifespan, precor
from hipcue.devices.treadmill.protocols.text_line import write_line
from hipcue.devices.treadmill.protocols.units import KMH


class Talker:
    """Says something at a steady rate, and never answers.

    Parameters
    ----------
    parameters : SerialParameters or TcpParameters
        How its transport is set up.
    every_s : float
        Seconds between two messages.
    """

    options = ""

    def __init__(self, parameters: SerialParameters | TcpParameters, every_s: float) -> None:
        self.parameters = parameters
        self._every_s = every_s
        self._next_s: float | None = None

    def answer(self, data: bytes, belt: BeltTruth) -> bytes:
        """Ignore what comes."""
        del data, belt
        return b""

    def talk(self, belt: BeltTruth) -> bytes:
        """Say what is due."""
        self.watch(belt)
        if self._next_s is None or belt.t_s - self._next_s > 5.0:
            self._next_s = belt.t_s
        if belt.t_s < self._next_s:
            return b""
        self._next_s += self._every_s
        return self.message(belt)

    def watch(self, belt: BeltTruth) -> None:
        """See the belt move between two messages."""

    def message(self, belt: BeltTruth) -> bytes:
        """Return the next message."""
        raise NotImplementedError


class LifespanMachine(Talker):
    """The console and the base of a TR1200B, as both lines tied together sound."""

    def __init__(self) -> None:
        # One of the four exchanges every 50 ms, as in the recording.
        super().__init__(SerialParameters(4800), 0.05)
        self._turn = 0

    def message(self, belt: BeltTruth) -> bytes:
        """Return one question of the console and its answer."""
        count = max(lifespan.STANDING, round(belt.speed_mps / lifespan.COUNT_MPS))
        speed = count.to_bytes(2, "big")
        exchanges = (
            (bytes([1, 3, 0, 15, 0, 1]), bytes([1, 3, 2, 0, 0])),
            (bytes([1, 3, 0xD1, 10, 0, 1]), bytes([1, 3, 2]) + speed),
            (bytes([1, 6, 0, 10]) + speed, bytes([1, 6, 0, 10]) + speed),
            (bytes([1, 3, 1, 1, 0, 1]), bytes([1, 3, 2, 32, 1])),
        )
        question, reply = exchanges[self._turn % len(exchanges)]
        self._turn += 1
        return lifespan.with_crc(question) + lifespan.with_crc(reply)


class PrecorMachine(Talker):
    """The console of a 9.3x: fourteen keys in 0.36 s, as in the recordings."""

    _CYCLE = (
        *("amps", "err", "belt", "vbus", "lift", "lfts", "lftg", "part:6", "ver", "type"),
        *("diag:0", "loop:5550", "inc:0"),
    )

    def __init__(self) -> None:
        super().__init__(SerialParameters(9600), 0.36)

    def message(self, belt: BeltTruth) -> bytes:
        """Return one cycle, the speed last."""
        speed = f"hmph:{max(0, round(belt.speed_mps / precor.COUNT_MPS)):X}"
        return b"".join(f"[{key}]".encode("ascii") + b"\xff" for key in (*self._CYCLE, speed))


class BertecMachine(Talker):
    """The control panel's remote port; both belts together, fifty packets a second."""

    def __init__(self) -> None:
        super().__init__(TcpParameters(bertec.PORT), 0.02)

    def message(self, belt: BeltTruth) -> bytes:
        """Return one packet."""
        packet = bytearray(bertec.PACKET)
        speed = _int16(1000.0 * belt.speed_mps)
        packet[1:3] = packet[3:5] = speed
        packet[9:11] = _int16(100.0 * math.degrees(math.atan(0.01 * belt.grade_percent)))
        return bytes(packet)


def _int16(value: float) -> bytes:
    return max(-32768, min(32767, round(value))).to_bytes(2, "big", signed=True)


class HallMachine(Talker):
    """The board of the DIY line: one magnet on a roller of 0.2509 m, twenty lines a second."""

    CIRCUMFERENCE_M = 0.2509

    def __init__(self) -> None:
        super().__init__(SerialParameters(115200), 0.05)
        self._number = 0
        self._pulses = 0
        self._period_us = 0
        self._pulse_s: float | None = None
        self._seen: BeltTruth | None = None

    def watch(self, belt: BeltTruth) -> None:
        """Count the magnet's passes since the last look."""
        before, self._seen = self._seen, belt
        if before is None or belt.distance_m <= before.distance_m:
            return
        way_m = belt.distance_m - before.distance_m
        first = math.floor(before.distance_m / self.CIRCUMFERENCE_M) + 1
        for turn in range(first, math.floor(belt.distance_m / self.CIRCUMFERENCE_M) + 1):
            part = (turn * self.CIRCUMFERENCE_M - before.distance_m) / way_m
            t_s = before.t_s + part * (belt.t_s - before.t_s)
            if self._pulse_s is not None:
                self._period_us = min(round(1e6 * (t_s - self._pulse_s)), 2**32 - 1)
            self._pulse_s = t_s
            self._pulses += 1

    def message(self, belt: BeltTruth) -> bytes:
        """Return a report, and once a second the circumference."""
        self._number += 1
        micros = int(1e6 * belt.t_s) % 2**32
        report = f"B,{self._number % 65536},{micros},{self._pulses % 2**32},{self._period_us}"
        own = f"C,{round(1e6 * self.CIRCUMFERENCE_M)}"
        return (write_line(own) if self._number % 20 == 1 else b"") + write_line(report)


class FtmsMachine(Talker):
    """A Bluetooth treadmill behind a board that prints its notifications."""

    def __init__(self) -> None:
        super().__init__(SerialParameters(115200), 0.5)

    def message(self, belt: BeltTruth) -> bytes:
        """Return speed, distance and inclination."""
        packet = (0x000C).to_bytes(2, "little")
        speed = round(belt.speed_mps / (0.01 * KMH))
        packet += max(0, min(speed, 0xFFFF)).to_bytes(2, "little")
        packet += (math.floor(belt.distance_m) & 0xFFFFFF).to_bytes(3, "little")
        packet += round(10.0 * belt.grade_percent).to_bytes(2, "little", signed=True)
        packet += (0x7FFF).to_bytes(2, "little")
        return write_line(f"F,{packet.hex().upper()}")


MACHINES: dict[str, Callable[[], Machine]] = {
    "csafe": CsafeMachine,
    "trackmaster": TrackmasterMachine,
    "lifespan": LifespanMachine,
    "precor": PrecorMachine,
    "bertec": BertecMachine,
    "hall": HallMachine,
    "ftms": FtmsMachine,
}
"""Every protocol that can be simulated: all that `open_treadmill` knows."""
