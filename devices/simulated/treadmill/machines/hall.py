"""The board of the DIY sensor: a magnet on a roller."""

from __future__ import annotations

import math

from hipcue.devices.simulated.treadmill.machines.machine import BeltTruth, StreamingMachine
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill.protocols.text_line import write_line


class HallMachine(StreamingMachine):
    """The board of the DIY line: one magnet on a roller of 0.2509 m, twenty lines a second."""

    CIRCUMFERENCE_M = 0.2509

    def __init__(self) -> None:
        super().__init__(SerialParameters(115200), 0.05)
        self._number = 0
        self._pulses = 0
        self._period_us = 0
        self._pulse_s: float | None = None
        self._seen: BeltTruth | None = None

    def add_belt(self, belt: BeltTruth) -> None:
        """Count the magnet's passes since the last look."""
        before, self._seen = self._seen, belt
        if before is None or belt.distance_m <= before.distance_m:
            return
        moved_m = belt.distance_m - before.distance_m
        first = math.floor(before.distance_m / self.CIRCUMFERENCE_M) + 1
        for turn in range(first, math.floor(belt.distance_m / self.CIRCUMFERENCE_M) + 1):
            part = (turn * self.CIRCUMFERENCE_M - before.distance_m) / moved_m
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
