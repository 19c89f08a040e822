"""Who tells the belt's speed, and for how long it is believed."""

from __future__ import annotations

import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.gait.belt_tracker import BeltNow, BeltTracker
from hipcue.realtime.gait.foot_speeds import Footfall, FootSpeeds
from hipcue.realtime.gait.scale import Scale
from hipcue.realtime.gait.strides import StrideEvents
from hipcue.realtime.records import Measurement, Side

HZ = 10


def seen() -> Measurement:
    """The feet say 2.8 m/s."""
    return Measurement(2.8, 0.1)


def unseen() -> Measurement:
    """There is no scale."""
    return Measurement.missing(ReasonCode.NO_SCALE)


class Wire:
    """A treadmill that says its speed ten times a second, and a grade of 4 percent."""

    def __init__(self) -> None:
        self.tracker = BeltTracker(1.5)
        self.k = 0

    def run(self, seconds: float, speed_mps: float | None, camera=seen) -> BeltNow:
        """Go on for as long; None is a silent wire."""
        for _ in range(round(seconds * HZ)):
            self.k += 1
            if speed_mps is not None:
                self.tracker.add_samples([BeltSample(self.k / HZ, speed_mps, grade_percent=4.0)])
            now = self.tracker.step(self.k / HZ, camera)
        return now


def test_while_the_wire_tells_nobody_asks_the_camera() -> None:
    def never() -> Measurement:
        raise AssertionError

    now = Wire().run(5.0, 3.0, camera=never)
    assert (now.speed_mps.value, now.source, now.steady) == (3.0, BeltSource.WIRE, True)
    assert now.grade_percent.value == 4.0


def test_when_the_wire_falls_silent_speed_grade_and_steadiness_go_together() -> None:
    wire = Wire()
    wire.run(5.0, 3.0)
    just = wire.run(1.4, None)
    assert (just.source, just.grade_percent.value, just.steady) == (BeltSource.WIRE, 4.0, True)
    silent = wire.run(4.0, None)
    assert (silent.speed_mps.value, silent.source) == (2.8, BeltSource.CAMERA)
    assert silent.grade_percent.value is None
    assert silent.grade_percent.reason == Reason(ReasonCode.BELT_SILENT, seconds=5)
    assert silent.steady is None


def test_a_wire_that_falls_silent_while_the_belt_speeds_up_was_not_steady() -> None:
    wire = Wire()
    wire.run(3.0, 2.0)
    for mps in (2.1, 2.2, 2.3, 2.4, 2.5):
        wire.run(0.1, mps)
    assert wire.run(1.6, None).steady is False
    assert wire.run(3.0, None).steady is None


def test_without_a_scale_a_silent_wire_says_why_there_is_no_speed() -> None:
    wire = Wire()
    wire.run(2.0, 3.0)
    now = wire.run(3.0, None, camera=unseen)
    assert now.source is BeltSource.NONE
    assert now.speed_mps.reason == Reason(ReasonCode.BELT_SILENT, seconds=3)
    over = wire.tracker.over_stride(stride(4.0, 4.7), FootSpeeds(), Scale(None, None))
    assert over.distance_m.value is None
    assert over.source is BeltSource.NONE


def test_nobody_who_runs_shows_no_speed() -> None:
    wire = Wire()
    wire.run(2.0, 3.0)
    assert wire.run(3.0, None, camera=None).source is BeltSource.NONE


def test_the_distance_stands_while_the_speed_is_missing() -> None:
    wire = Wire()
    wire.run(10.0, 3.0)
    assert wire.run(10.0, None, camera=unseen).distance_m == pytest.approx(3.0 * 11.4, abs=0.31)


def stride(contact_s: float, end_s: float) -> StrideEvents:
    """A stride of the left leg."""
    middle_s = (contact_s + end_s) / 2
    return StrideEvents(
        Side.L, contact_s, contact_s + 0.25, end_s, None, middle_s, None, 0.01, end_s + 0.1
    )


class Feet(FootSpeeds):
    """Feet that go as fast as that in every stride, 300 px/m."""

    def __init__(self, mps: float) -> None:
        super().__init__()
        self.falls = [
            Footfall(Side.L if k % 2 else Side.R, 0.35 * k, 300.0 * mps, 240.0) for k in range(60)
        ]

    def between(self, start_s: float, end_s: float) -> list[Footfall]:
        """Return those of that time."""
        return [f for f in self.falls if start_s <= f.t_s <= end_s]


def test_a_stride_on_a_silent_belt_goes_as_far_as_the_feet_show() -> None:
    wire = Wire()
    wire.run(2.0, 3.0)
    over = wire.tracker.over_stride(stride(5.0, 5.7), Feet(2.8), Scale(300.0, None))
    assert (over.source, over.doubt) == (BeltSource.CAMERA, None)
    assert over.distance_m.value == pytest.approx(1.96)
    assert over.distance_m.sigma == pytest.approx(0.08, abs=0.02)


def test_a_jump_that_no_belt_makes_is_not_shown_before_the_feet_agree() -> None:
    wire = Wire()
    wire.run(5.0, 3.0)
    jumped = wire.run(0.3, 4.8, camera=unseen)
    assert jumped.speed_mps.reason == Reason(ReasonCode.BELT_JUMPS, low=3, high=4.8)
    wire.run(1.0, 4.8, camera=unseen)
    over = wire.tracker.over_stride(stride(5.5, 6.2), Feet(4.8), Scale(300.0, None))
    assert over.speed_mps.value == pytest.approx(4.8)
    assert wire.run(0.1, 4.8, camera=unseen).speed_mps.value == 4.8


def test_a_belt_that_nobody_runs_on_may_be_switched_as_anybody_likes() -> None:
    wire = Wire()
    wire.run(1.0, 0.0, camera=None)
    assert wire.run(0.3, 2.0, camera=None).speed_mps.value == 2.0
