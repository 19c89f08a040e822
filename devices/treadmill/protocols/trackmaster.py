"""Full Vision / Trackmaster (TMX428, FVX325; GE T2100 and Medisoft 870 are kin).

RS-232 on a DB9 (TxD 2, RxD 3, ground 5) or its own USB, 4800 baud, 8N1; GE 9600. The
machine answers when asked; there is no checksum and **no unit**: whether a speed counts
tenths of mph or of km/h is a setting of the machine.

    asked   answer
    C1      D1 d d d d   actual speed, four ASCII digits, tenths (``D1 30 30 37 35`` = 7.5)
    C2      D2 d d d d   actual grade, tenths of a per cent, the last digit 0 or 5
    any     BE, BF       out of range, unknown question

Only C1 and C2 are ever sent. A0 to AC (start, stop, set) are not, and nothing is echoed:
with its self-test plug, which ties both directions together, an echo could run the belt.
Sources: Full Vision manuals TMX428 p. 65-67 and FVX325 p. 118-120, GE T2100 p. 70,
trackmaster-python (raw.py).
"""

from __future__ import annotations

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill.protocols.units import KMH, MPH
from hipcue.devices.treadmill.treadmill import belt_sample

GET_SPEED, GET_GRADE = 0xC1, 0xC2
SPEED, GRADE = 0xD1, 0xD2
_UNKNOWN = (0xBE, 0xBF)
_ROUND = (GET_SPEED, GET_SPEED, GET_SPEED, GET_GRADE)
_DIGITS = 4
# A grade older than this is not reported with a speed. Our choice: ten seconds.
_GRADE_KEPT_S = 10.0
UNITS = {"mph": 0.1 * MPH, "kmh": 0.1 * KMH}


class TrackmasterDriver:
    """Asks for speed, and now and then for the grade.

    Parameters
    ----------
    unit : str or None
        ``mph`` or ``kmh``, as the machine is set. ``None`` is mph, as the makers deliver
        it, and says so on the screen.
    parameters : SerialParameters, optional
        Another baud rate.
    """

    name = "Trackmaster"

    def __init__(self, unit: str | None = None, parameters: SerialParameters | None = None) -> None:
        self.parameters = parameters or SerialParameters(4800)
        self.frames = 0
        self.junk = 0
        self.note = None if unit else Reason(ReasonCode.READ_AS_MPH)
        self._count_mps = UNITS[unit or "mph"]
        self._buffer = bytearray()
        self._step = 0
        self._waiting = False
        self._grade: tuple[float, float] | None = None

    def reset(self) -> None:
        """Forget half an answer."""
        self._buffer.clear()

    def poll(self, t_s: float) -> bytes:
        """Return the next question."""
        del t_s
        # A question ends whatever was left of the last answer.
        self.junk += len(self._buffer)
        self._buffer.clear()
        self._waiting = True
        self._step += 1
        return bytes([_ROUND[(self._step - 1) % len(_ROUND)]])

    def feed(self, data: bytes, t_s: float) -> list[BeltSample]:
        """Take bytes as they came; one sample for each speed."""
        samples = []
        for byte in data:
            if self._buffer and not 0x30 <= byte <= 0x39:
                self.junk += len(self._buffer)
                self._buffer.clear()
            if self._buffer or byte in (SPEED, GRADE):
                self._buffer.append(byte)
            elif byte in _UNKNOWN and self._waiting:
                self.frames += 1
            else:
                self.junk += 1
            # Only the first byte behind a question can be its refusal.
            self._waiting = False
            if len(self._buffer) == 1 + _DIGITS:
                sample = self._answer(t_s)
                if sample is not None:
                    samples.append(sample)
        return samples

    def _answer(self, t_s: float) -> BeltSample | None:
        kind, count = self._buffer[0], int(self._buffer[1:])
        self._buffer.clear()
        if kind == GRADE:
            if count % 5:
                self.junk += 1 + _DIGITS
                return None
            self.frames += 1
            self._grade = (t_s, 0.1 * count)
            return None
        self.frames += 1
        grade = self._grade
        fresh = grade is not None and abs(t_s - grade[0]) <= _GRADE_KEPT_S
        return belt_sample(t_s, count * self._count_mps, grade[1] if fresh and grade else None)
