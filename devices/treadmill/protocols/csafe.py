"""CSAFE: Life Fitness, Precor, Star Trac, True, Matrix, Technogym and others.

RS-232 levels on an RJ-45 socket, 9600 baud, 8N1. The machine answers when asked.

    asked                     answer: status | (id count data...)*
    A5  speed                 A5 03 lo hi unit
    A8  grade                 A8 03 lo hi unit
    A1  horizontal distance   A1 03 lo hi unit

Numbers are little-endian and always followed by their unit (`csafe_units`): a Life
Fitness cross-trainer answers the question for speed with ``26 00 52``, 38 *revolutions
per minute*. A machine that does not know a question answers with its bare status.

Status: bits 5-4 the previous frame (0 ok, 1 reject, 2 bad, 3 not ready), bits 3-0 the
state (1 ready, 2 idle, 5 in use, 6 paused, 7 finished, 8 manual, 9 offline).

Before the first answer, and again after five questions without one, only the empty frame
``F1 00 F2`` and the question for the version (91) are sent. The reason is safety: on a
port that belongs to another kind of treadmill, A1 starts a Full Vision belt and 80 starts
a Biodex one, while 00, 91, F1 and F2 mean nothing to any machine we know of.

The commands that change a CSAFE machine's state (81 to 87) are never sent. Frames:
`csafe_frame`. Sources: the public CSAFE protocol text,
qdomyos-zwift (csafe.cpp, csaferunner.cpp) and the recordings its users published; the
layout of the A8 answer is inferred from A5.
"""

from __future__ import annotations

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill.protocols import csafe_units
from hipcue.devices.treadmill.protocols.csafe_frame import FrameReader, encode
from hipcue.devices.treadmill.protocols.told_or_counted import ToldOrCounted
from hipcue.devices.treadmill.treadmill import belt_sample

GET_SPEED, GET_GRADE, GET_DISTANCE, GET_VERSION = 0xA5, 0xA8, 0xA1, 0x91

_GREETING = (b"", bytes([GET_VERSION]))
_UNANSWERED = 5

# Speed most of the time, grade and distance now and then.
_ROUND = (GET_SPEED, GET_SPEED, GET_SPEED, GET_GRADE, GET_SPEED, GET_SPEED, GET_SPEED, GET_DISTANCE)
# A machine without a speed: its distance is asked instead, the speed now and then.
_ROUND_BY_DISTANCE = (GET_DISTANCE,) * 6 + (GET_GRADE, GET_SPEED)
# So many refusals in a row before distance takes over. Our choice: half a second.
_REFUSALS = 4
# A grade older than this is not reported with a speed. Our choice: two rounds at 1 Hz.
_GRADE_KEPT_S = 16.0
_STATES = {
    0: "error",
    1: "ready",
    2: "idle",
    3: "have ID",
    5: "in use",
    6: "paused",
    7: "finished",
    8: "manual",
    9: "offline",
}


class CsafeDriver:
    """Asks for speed, and now and then for grade and distance.

    Parameters
    ----------
    greet : bool
        Ask nothing but what is harmless to any machine until one has answered. Off only
        for a machine that is known to be CSAFE and leaves the greeting unanswered.
    parameters : SerialParameters, optional
        Another baud rate.
    """

    name = "CSAFE"

    def __init__(self, *, greet: bool = True, parameters: SerialParameters | None = None) -> None:
        self.parameters = parameters or SerialParameters(9600)
        self.frames = 0
        self.note: Reason | None = None
        self._reader = FrameReader()
        self._step = 0
        self._asked: bytes | None = None
        self._greet = greet
        # As if it had been silent: greet first.
        self._unanswered = _UNANSWERED
        self._refusals = 0
        self._grade: tuple[float, float] | None = None
        self._distance_m: float | None = None
        self._word = ToldOrCounted()

    @property
    def junk(self) -> int:
        """Bytes thrown away since the start."""
        return self._reader.junk

    def reset(self) -> None:
        """Forget half a frame, and the distance so far: the belt moved on unseen."""
        self._reader.reset()
        self._asked = None
        self._unanswered = _UNANSWERED
        self._word.reset()

    def poll(self, t_s: float) -> bytes:
        """Return the next question."""
        del t_s
        if self._asked is not None:
            self._unanswered = min(self._unanswered + 1, _UNANSWERED)
        self._step += 1
        if self._greet and self._unanswered >= _UNANSWERED:
            self._asked = _GREETING[self._step % len(_GREETING)]
        else:
            order = _ROUND if self._refusals < _REFUSALS else _ROUND_BY_DISTANCE
            self._asked = bytes([order[self._step % len(order)]])
        return encode(self._asked)

    def feed(self, data: bytes, t_s: float) -> list[BeltSample]:
        """Take bytes as they came; one sample for each answer that is about the speed."""
        samples = []
        for payload in self._reader.feed(data):
            sample = self._answer(payload, t_s)
            if sample is not None:
                samples.append(sample)
        return samples

    def _answer(self, payload: bytes, t_s: float) -> BeltSample | None:
        if payload == self._asked:
            # Our own question, echoed by a half-duplex adapter or a loop-back plug.
            self._reader.junk += len(payload)
            return None
        blocks = _blocks(payload)
        if blocks is None:
            self._reader.junk += len(payload)
            return None
        self.frames += 1
        speed: BeltSample | None = None
        for command, body in blocks:
            if command == GET_SPEED:
                speed = self._speed(body, t_s)
            elif command == GET_GRADE and len(body) >= 3:
                grade = csafe_units.grade_percent(
                    int.from_bytes(body[:2], "little", signed=True), body[2]
                )
                self._grade = None if grade is None else (t_s, grade)
            elif command == GET_DISTANCE and len(body) >= 3:
                speed = self._distance(body, t_s) or speed
        asked, self._asked, self._unanswered = self._asked, None, 0
        if not blocks and asked == bytes([GET_SPEED]):
            state = _STATES.get(payload[0] & 0x0F, "unknown")
            return self._refuse(t_s, Reason(ReasonCode.GIVES_NO_SPEED, state=state))
        return speed

    def _speed(self, body: bytes, t_s: float) -> BeltSample | None:
        if len(body) < 3:
            return self._refuse(t_s, Reason(ReasonCode.SPEED_WITHOUT_UNIT))
        speed = csafe_units.speed_mps(int.from_bytes(body[:2], "little"), body[2])
        if speed is None:
            return self._refuse(t_s, csafe_units.refusal(body[2]))
        if not self._word.believes(t_s, speed):
            return self._refuse(t_s, Reason(ReasonCode.TELLS_ZERO))
        self._refusals = 0
        self.note = self._word.disagrees
        return belt_sample(t_s, speed, self._grade_at(t_s), self._distance_m)

    def _refuse(self, t_s: float, reason: Reason) -> BeltSample | None:
        self._refusals = min(self._refusals + 1, _REFUSALS)
        if self._refusals == _REFUSALS and self._word.counting:
            # Distance speaks for this machine; the refusal is in the note.
            self.note = Reason(ReasonCode.SPEED_FROM_DISTANCE, why=reason)
            return None
        self.note = reason
        return belt_sample(t_s, None, self._grade_at(t_s), self._distance_m, reason=reason)

    def _distance(self, body: bytes, t_s: float) -> BeltSample | None:
        count = int.from_bytes(body[:2], "little")
        self._distance_m = csafe_units.distance_m(count, body[2])
        step_m = csafe_units.distance_step_m(body[2])
        if self._distance_m is None or step_m is None:
            return None
        self._word.count(t_s, self._distance_m, step_m)
        if self._refusals < _REFUSALS:
            return None
        return self._word.sample(t_s, self._grade_at(t_s), self._distance_m)

    def _grade_at(self, t_s: float) -> float | None:
        if self._grade is None or abs(t_s - self._grade[0]) > _GRADE_KEPT_S:
            return None
        return self._grade[1]


def _blocks(payload: bytes) -> list[tuple[int, bytes]] | None:
    """Split an answer behind its status byte; ``None`` when the counts do not add up."""
    blocks = []
    rest = payload[1:]
    while rest:
        if len(rest) < 2 or len(rest) < 2 + rest[1]:
            return None
        blocks.append((rest[0], rest[2 : 2 + rest[1]]))
        rest = rest[2 + rest[1] :]
    return blocks
