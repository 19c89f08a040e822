from __future__ import annotations

import pytest

from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.gait.belt import BeltMemory, Scale
from hipcue.realtime.records import Measurement


def wire(t_s: float, speed: float | None, reason: str | None = None) -> BeltSample:
    return BeltSample(t_s, speed, reason=reason)


def test_a_ramp_is_integrated_by_hand() -> None:
    belt = BeltMemory(1.5)
    belt.push([wire(0.0, 2.0), wire(1.0, 3.0)])
    stride = belt.over(0.25, 0.75)
    assert stride.distance_m.value == pytest.approx(2.5 * 0.5)
    assert stride.speed_mps.value == pytest.approx(2.5)
    assert stride.source is BeltSource.WIRE


def test_a_silent_wire_gives_no_length_rather_than_the_last_good_speed() -> None:
    belt = BeltMemory(1.5)
    belt.push([wire(0.0, 3.0)])
    stride = belt.over(4.0, 4.7)
    assert stride.distance_m.value is None
    assert "silent" in (stride.distance_m.reason or "")
    assert belt.now(4.7).value is None


def test_a_gap_inside_the_stride_counts_as_silence() -> None:
    belt = BeltMemory(1.5)
    belt.push([wire(0.0, 3.0), wire(5.0, 3.0)])
    assert belt.over(2.0, 2.7).speed_mps.value is None


def test_a_machine_that_answers_without_a_speed_says_why() -> None:
    belt = BeltMemory(1.5)
    belt.push([wire(0.0, 3.0), wire(0.3, None, "answers in rev/min"), wire(0.6, 3.0)])
    assert belt.over(0.0, 0.6).speed_mps.value is None
    belt.push([wire(0.9, None, "answers in rev/min")])
    assert belt.now(1.0).reason == "answers in rev/min"


def test_a_fixed_speed_never_grows_old() -> None:
    belt = BeltMemory(1.5)
    belt.push([BeltSample(0.0, 2.6, source=BeltSource.FIXED)])
    stride = belt.over(500.0, 500.7)
    assert stride.distance_m.value == pytest.approx(1.82)
    assert stride.source is BeltSource.FIXED


def test_samples_that_step_back_in_time_are_dropped() -> None:
    belt = BeltMemory(1.5)
    belt.push([wire(1.0, 3.0), wire(0.5, 9.0)])
    assert belt.newest is not None
    assert belt.newest.speed_mps == 3.0


def test_the_belt_is_the_ruler_and_then_the_camera_knows_the_speed() -> None:
    scale = Scale(None, None)
    assert scale.px_per_m.value is None
    for k in range(6):
        scale.planted(0.7 * k, 960.0, Measurement(3.0))
    assert scale.px_per_m.value == pytest.approx(320.0)
    assert scale.speed_mps(640.0).value == pytest.approx(2.0)


def test_without_a_belt_the_runners_height_is_the_ruler() -> None:
    scale = Scale(None, 1.80)
    scale.stood(0.936 * 1.80 * 300.0)
    assert scale.px_per_m.value == pytest.approx(300.0)


def test_a_console_that_lies_for_ten_seconds_is_named() -> None:
    scale = Scale(None, None)
    for k in range(13):
        scale.planted(0.7 * k, 960.0, Measurement(3.0))
    for k in range(12):
        scale.planted(10.0 + 0.7 * k, 960.0, Measurement(3.4))
    assert scale.disagreement is None
    for k in range(6):
        scale.planted(20.0 + 0.7 * k, 960.0, Measurement(3.4))
    assert scale.disagreement == pytest.approx(3.0 / 3.4 - 1.0)


def test_a_belt_that_speeds_up_goes_on_doing_so_until_the_next_sample() -> None:
    belt = BeltMemory(1.5)
    belt.push([wire(0.1 * k, 2.0 + 0.02 * k) for k in range(11)])  # 0.2 m/s2, newest at 1.0 s
    stride = belt.over(0.5, 1.2)
    assert stride.speed_mps.value == pytest.approx(2.0 + 0.2 * 0.85, abs=1e-6)
