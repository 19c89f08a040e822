"""The DIY sensor: a magnet on a belt roller, a Hall, reed or light sensor, a small board.

115200 baud, 8N1 over USB, 20 lines a second; the sketch is in docs/arduino/hall_belt.

    B,<number>,<micros>,<pulses>,<period_us>*HH      one report
    C,<circumference_um>*HH                          once a second: metres of belt per pulse

``number`` counts the lines (16 bits), ``micros`` is the board's clock and ``pulses`` its
pulse count (32 bits, both wrap around), ``period_us`` the time between the last two
pulses; HH is the XOR of what stands before the star. Speed is circumference / period:
counting pulses between reports would be off by a whole pulse. Nothing is ever sent.

One magnet on a roller of 0.2509 m gives 90.4 ms at 10 km/h (lefty01/ESP32_TTGO_FTMS).
"""

from __future__ import annotations

from collections import deque

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill.protocols.text_line import LineReader
from hipcue.devices.treadmill.treadmill import belt_sample

# No pulse for so long: standing, too slow to tell, or the sensor came off.
_TIMEOUT_S = 1.0
_WRAP = 2**32
# Counted and timed pulses must agree over this long, but for a pulse at either end and a
# change of speed: motor noise on the sensor's wire makes pulses of its own. Our choice.
_COUNTED_S = 1.0
_COUNT_SLACK = 2.0
_COUNT_PART = 0.3
# A board that restarted, or a gap in which anything may have happened.
_LONGEST_GAP_US = 5_000_000


class HallDriver:
    """Listens to the board.

    Parameters
    ----------
    circumference_m : float or None
        Belt metres per pulse: the roller's circumference, divided by the number of
        magnets. ``None`` takes what the board says of itself.
    parameters : SerialParameters, optional
        Another baud rate.
    """

    name = "Hall"

    def __init__(
        self, circumference_m: float | None = None, parameters: SerialParameters | None = None
    ) -> None:
        self.parameters = parameters or SerialParameters(115200)
        self.frames = 0
        self.note: Reason | None = None
        self._given = circumference_m is not None
        self._circumference_m = circumference_m
        self._reader = LineReader()
        self._last: tuple[int, int] | None = None
        self._silent_us = 0
        self._counted: deque[tuple[int, int]] = deque(maxlen=256)
        self._distance_m = 0.0

    @property
    def junk(self) -> int:
        """Bytes thrown away since the start."""
        return self._reader.junk

    def reset(self) -> None:
        """Forget half a line and the last report."""
        self._reader.reset()
        self._begin(None)

    def _begin(self, last: tuple[int, int] | None) -> None:
        self._last = last
        self._silent_us = 0
        self._counted.clear()

    def poll(self, t_s: float) -> bytes:
        """Return nothing: the board talks by itself."""
        del t_s
        return b""

    def feed(self, data: bytes, t_s: float) -> list[BeltSample]:
        """Take bytes as they came; one sample for each report with a new pulse."""
        samples = []
        for body in self._reader.feed(data):
            kind, _, rest = body.partition(",")
            numbers = rest.split(",")
            if not all(n.isdigit() and len(n) <= 10 for n in numbers):
                self._reader.junk += len(body)
            elif kind == "C" and len(numbers) == 1:
                self.frames += 1
                if not self._given and int(numbers[0]) > 0:
                    self._circumference_m = 1e-6 * int(numbers[0])
            elif kind == "B" and len(numbers) == 4:
                self.frames += 1
                sample = self._report(t_s, *(int(n) for n in numbers[1:]))
                if sample is not None:
                    samples.append(sample)
            else:
                self._reader.junk += len(body)
        return samples

    def _report(self, t_s: float, micros: int, pulses: int, period_us: int) -> BeltSample | None:
        if self._circumference_m is None:
            return belt_sample(t_s, None, reason=Reason(ReasonCode.NO_CIRCUMFERENCE))
        last = self._last
        step_us = (micros - last[0]) % _WRAP if last else 0
        new = (pulses - last[1]) % _WRAP if last else 0
        if last is None or step_us > _LONGEST_GAP_US or new > 10_000:
            self._begin((micros, pulses))
            return None
        self._last = (micros, pulses)
        if new == 0 or period_us == 0:
            self._silent_us += step_us
            self._count(step_us, new)
            if self._silent_us < 1e6 * _TIMEOUT_S:
                return None
            return belt_sample(
                t_s, None, distance_m=self._distance_m, reason=Reason(ReasonCode.NO_PULSES)
            )
        self._silent_us = 0
        self._distance_m += new * self._circumference_m
        self._count(step_us, new)
        speed = 1e6 * self._circumference_m / period_us
        # The speed is that of the middle of the last period, which ended somewhere
        # between the last report and this one.
        true_s = t_s - 0.5e-6 * (period_us + step_us)
        if not self._counts_agree(period_us):
            reason = Reason(ReasonCode.PULSES_NOISY)
            return belt_sample(true_s, None, distance_m=self._distance_m, reason=reason)
        return belt_sample(true_s, speed, distance_m=self._distance_m)

    def _count(self, step_us: int, new: int) -> None:
        self._counted.append((step_us, new))
        while sum(step for step, _ in self._counted) > 1e6 * _COUNTED_S and len(self._counted) > 1:
            self._counted.popleft()

    def _counts_agree(self, period_us: int) -> bool:
        expected = sum(step for step, _ in self._counted) / period_us
        counted = sum(new for _, new in self._counted)
        # While the window fills, or after a standstill, there is less than it expects.
        return counted - expected <= _COUNT_SLACK + _COUNT_PART * expected
