"""What a pelvis source said is found again by its time, however long it goes on."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.tilt_buffer import TiltBuffer
from hipcue.realtime.records import PelvisReading, PelvisSource


def reading(
    t_s: float,
    angle_deg: float | None = 0.0,
    thorax_deg: float | None = None,
    reason: ReasonCode | None = None,
) -> PelvisReading:
    return PelvisReading(
        t_s,
        PelvisSource.TAG,
        angle_deg,
        0.5,
        thorax_deg=thorax_deg,
        reason=None if reason is None else Reason(reason),
    )


def test_a_stretch_gives_what_was_seen_in_it_and_counts_the_looks() -> None:
    memory = TiltBuffer(6.0)
    for k in range(10):
        memory.add_reading(reading(k / 10, None if k == 4 else float(k)))
    t, angle, sigma = memory.angles(0.2, 0.6)
    assert t.tolist() == pytest.approx([0.2, 0.3, 0.5, 0.6])
    assert angle.tolist() == [2.0, 3.0, 5.0, 6.0]
    assert sigma == 0.5
    assert memory.looks(0.2, 0.6) == 5


def test_nothing_seen_is_nothing_and_the_newest_reason_says_why() -> None:
    memory = TiltBuffer(6.0)
    memory.add_reading(reading(0.0, None, reason=ReasonCode.TAG_HIDDEN))
    memory.add_reading(reading(0.1, None, reason=ReasonCode.NOT_SIDE_ON))
    t, angle, sigma = memory.angles(0.0, 1.0)
    assert (len(t), len(angle), sigma) == (0, 0, 0.0)
    assert memory.thorax_deg(0.0, 1.0) is None
    assert memory.reason(0.0, 1.0) == Reason(ReasonCode.NOT_SIDE_ON)
    assert memory.reason(0.0, 0.05) == Reason(ReasonCode.TAG_HIDDEN)
    assert memory.reason(0.5, 1.0) is None


def test_the_ribs_lean_as_they_mostly_did() -> None:
    memory = TiltBuffer(6.0)
    for k, lean in enumerate([3.0, None, 50.0, 4.0]):
        memory.add_reading(reading(k / 10, thorax_deg=lean))
    assert memory.thorax_deg(0.0, 1.0) == 4.0


def test_a_reading_that_comes_late_goes_where_it_belongs() -> None:
    memory = TiltBuffer(6.0)
    for t_s in (0.0, 0.2, 0.3, 0.1):
        memory.add_reading(reading(t_s, 10 * t_s))
    t, angle, _ = memory.angles(0.05, 0.25)
    assert t.tolist() == [0.1, 0.2]
    assert angle.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("per_s", [30, 200])
def test_an_hour_takes_no_more_room_than_a_minute_and_forgets_nothing_of_the_last_seconds(
    per_s: int,
) -> None:
    memory, room = TiltBuffer(6.0), set()
    for k in range(60 * per_s):
        memory.add_reading(reading(k / per_s, float(k), reason=ReasonCode.TAG_HIDDEN))
        if k > 20 * per_s:
            room.add(len(memory._rows))
            if k % 97 == 0:
                t, angle, _ = memory.angles(k / per_s - 5.9, k / per_s)
                assert len(t) == pytest.approx(5.9 * per_s, abs=1)
                assert angle[-1] == k and np.all(np.diff(t) > 0)
    assert max(room) <= max(512, 2 * 6 * per_s + 2)
