from __future__ import annotations

import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.gait.belt_buffer import BeltBuffer


def wire(t_s: float, speed: float | None, reason: Reason | None = None) -> BeltSample:
    return BeltSample(t_s, speed, reason=reason)


def test_a_ramp_is_integrated_by_hand() -> None:
    belt = BeltBuffer(1.5)
    belt.add_samples([wire(0.0, 2.0), wire(1.0, 3.0)])
    stride = belt.speed_over(0.25, 0.75)
    assert stride.distance_m.value == pytest.approx(2.5 * 0.5)
    assert stride.speed_mps.value == pytest.approx(2.5)
    assert stride.source is BeltSource.WIRE


def test_a_silent_wire_gives_no_length_rather_than_the_last_good_speed() -> None:
    belt = BeltBuffer(1.5)
    belt.add_samples([wire(0.0, 3.0)])
    stride = belt.speed_over(4.0, 4.7)
    assert stride.distance_m.value is None
    assert stride.distance_m.reason == Reason(ReasonCode.BELT_SILENT, seconds=4.7)
    assert belt.speed_now(4.7).value is None


def test_a_gap_inside_the_stride_counts_as_silence() -> None:
    belt = BeltBuffer(1.5)
    belt.add_samples([wire(0.0, 3.0), wire(5.0, 3.0)])
    assert belt.speed_over(2.0, 2.7).speed_mps.value is None


def test_a_machine_that_answers_without_a_speed_says_why() -> None:
    why = Reason(ReasonCode.UNIT_IS_NO_SPEED, unit="rev/min")
    belt = BeltBuffer(1.5)
    belt.add_samples([wire(0.0, 3.0), wire(0.3, None, why), wire(0.6, 3.0)])
    assert belt.speed_over(0.0, 0.6).speed_mps.value is None
    belt.add_samples([wire(0.9, None, why)])
    assert belt.speed_now(1.0).reason == why


def test_a_fixed_speed_never_grows_old() -> None:
    belt = BeltBuffer(1.5)
    belt.add_samples([BeltSample(0.0, 2.6, source=BeltSource.FIXED)])
    stride = belt.speed_over(500.0, 500.7)
    assert stride.distance_m.value == pytest.approx(1.82)
    assert stride.source is BeltSource.FIXED


def test_samples_that_step_back_in_time_are_dropped() -> None:
    belt = BeltBuffer(1.5)
    belt.add_samples([wire(1.0, 3.0), wire(0.5, 9.0)])
    assert belt.newest is not None
    assert belt.newest.speed_mps == 3.0


def test_a_belt_that_speeds_up_goes_on_doing_so_until_the_next_sample() -> None:
    belt = BeltBuffer(1.5)
    belt.add_samples(
        [wire(0.1 * k, 2.0 + 0.02 * k) for k in range(11)]
    )  # 0.2 m/s2, newest at 1.0 s
    stride = belt.speed_over(0.5, 1.2)
    assert stride.speed_mps.value == pytest.approx(2.0 + 0.2 * 0.85, abs=1e-6)


def test_a_fixed_speed_is_the_same_however_often_it_is_repeated() -> None:
    once, repeated = BeltBuffer(1.5), BeltBuffer(1.5)
    once.add_samples([BeltSample(0.0, 2.9, source=BeltSource.FIXED)])
    repeated.add_samples([BeltSample(float(k), 2.9, source=BeltSource.FIXED) for k in range(9)])
    for start_s, end_s in ((0.3, 1.02), (3.97, 4.69), (8.1, 8.83)):
        stride = once.speed_over(start_s, end_s)
        assert stride == repeated.speed_over(start_s, end_s)
        # What was typed in is what the console says, and as good as that.
        assert stride.distance_m.sigma == pytest.approx(0.01 * 2.9 * (end_s - start_s))


def test_a_fixed_speed_that_was_changed_is_integrated() -> None:
    belt = BeltBuffer(1.5)
    belt.add_samples(
        [BeltSample(float(k), 2.0 + (k > 1), source=BeltSource.FIXED) for k in (0, 1, 2)]
    )
    assert belt.speed_over(1.0, 2.0).speed_mps.value == pytest.approx(2.5)


def test_the_grade_of_a_wire_that_fell_silent_is_not_known() -> None:
    belt = BeltBuffer(1.5)
    belt.add_samples([BeltSample(0.0, 3.0, grade_percent=4.0)])
    assert belt.grade_now(1.0).value == 4.0
    assert belt.grade_now(4.0).value is None
    belt.add_samples([BeltSample(5.0, 3.0)])
    assert belt.grade_now(5.0).reason == Reason(ReasonCode.GRADE_NOT_KNOWN)


def file(*rows: tuple[float, float]) -> BeltBuffer:
    belt = BeltBuffer(1.5)
    belt.add_samples([BeltSample(t_s, v, source=BeltSource.FILE) for t_s, v in rows])
    return belt


def test_after_the_last_row_of_a_file_its_speed_stays() -> None:
    ramp = file((0.0, 0.0), (3.0, 0.0), (4.8, 2.25), (4.9, 2.375), (5.0, 2.5))
    assert ramp.speed_over(5.2, 5.9).speed_mps.value == pytest.approx(2.5)
    assert ramp.speed_over(60.0, 60.76).distance_m.value == pytest.approx(2.5 * 0.76)
    # Half of it on the ramp, from 2.4375 to 2.5 m/s, half after it at 2.5.
    assert ramp.speed_over(4.95, 5.05).distance_m.value == pytest.approx(0.24844, abs=1e-5)


def test_two_rows_of_one_time_are_a_step() -> None:
    step = file((0.0, 0.0), (3.0, 0.0), (3.0, 2.5))
    assert step.speed_over(1.0, 2.9).distance_m.value == 0.0
    # A stride across the step: 0.3 s standing, 0.4 s at 2.5 m/s.
    assert step.speed_over(2.7, 3.4).distance_m.value == pytest.approx(1.0, abs=1e-6)
    assert step.speed_over(3.1, 3.8).speed_mps.value == pytest.approx(2.5)


def test_a_step_at_the_very_beginning_is_that_speed_from_then_on() -> None:
    belt = file((0.0, 0.0), (0.0, 2.5))
    assert belt.speed_over(0.5, 1.25).distance_m.value == pytest.approx(2.5 * 0.75)


def test_two_words_of_a_wire_at_one_time_are_no_acceleration() -> None:
    belt = BeltBuffer(1.5)
    belt.add_samples([wire(1.0, 2.0), wire(1.0, 3.0)])
    assert belt.speed_over(1.0, 1.5).speed_mps.value == pytest.approx(3.0, abs=1e-6)


def test_a_wire_that_speaks_every_two_seconds_is_believed_between_its_words() -> None:
    belt = BeltBuffer(1.5)
    belt.add_samples([wire(2.0 * n, 3.0) for n in range(6)])
    assert belt.speed_over(10.5, 12.5).speed_mps.value == pytest.approx(3.0)
    assert belt.speed_now(13.0).value == 3.0
    assert belt.speed_now(13.5).reason == Reason(ReasonCode.BELT_SILENT, seconds=4)


def test_a_speed_that_an_odometer_counted_is_as_unsure_as_it_says() -> None:
    belt = BeltBuffer(1.5)
    counted = Reason(ReasonCode.BELT_COUNTED, sigma=0.1)
    belt.add_samples([wire(0.0, 3.0, counted), wire(1.0, 3.0, counted)])
    stride = belt.speed_over(0.1, 0.8)
    assert stride.distance_m.value == pytest.approx(2.1)
    assert stride.distance_m.sigma == pytest.approx(0.7 * (0.1**2 + 0.03**2) ** 0.5)
    assert belt.speed_now(1.0).sigma == pytest.approx((0.1**2 + 0.03**2) ** 0.5)
