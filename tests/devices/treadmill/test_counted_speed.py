"""The speed that an odometer counts: right within what it says, or missing."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcue.config.reasons import ReasonCode
from hipcue.devices.treadmill.protocols.counted_speed import Counted, SpeedFromDistance


def watched(
    belt_mps: float, step_m: float, every_s: float, *, lasts_s: float, late_s: float, chance: int
) -> list[tuple[float, Counted]]:
    """Read an odometer of a belt that starts anywhere, each reading late by up to `late_s`."""
    odometer, die = SpeedFromDistance(), random.Random(chance)
    first_m, t_s, out = die.uniform(0.0, step_m), 0.0, []
    while t_s < lasts_s:
        shown_m = (first_m + belt_mps * t_s) // step_m * step_m
        at_s = t_s + die.uniform(0.0, late_s)
        out.append((at_s, odometer.add_distance(at_s, shown_m, min(step_m, 1.0))))
        t_s += every_s
    return out


@settings(max_examples=40, deadline=None)
@given(
    belt_mps=st.floats(1.0, 6.0),
    step_m=st.sampled_from([0.1, 1.0, 10.0]),
    every_s=st.sampled_from([0.125, 0.5, 1.0, 2.0]),
    chance=st.integers(0, 2**16),
)
def test_a_steady_belt_is_known_as_well_as_it_says(
    belt_mps: float, step_m: float, every_s: float, chance: int
) -> None:
    readings = watched(belt_mps, step_m, every_s, lasts_s=40.0, late_s=0.1, chance=chance)
    for _, counted in readings:
        if counted.speed_mps is not None and counted.sigma_mps is not None:
            off = abs(counted.speed_mps - belt_mps)
            assert off <= max(3.0 * counted.sigma_mps, 0.02 * belt_mps)
            assert off <= 0.15 * belt_mps
    if step_m <= 1.0 and every_s <= 1.0:
        # Now and then a steady belt looks as if it were not; and read every 2 s, one that goes 5 m
        # each time cannot be told from an odometer of 5 m.
        late = [counted.speed_mps is not None for t_s, counted in readings if t_s > 15.0]
        assert sum(late) >= 0.5 * len(late)


def test_a_console_that_counts_up_once_a_second_may_be_read_eight_times() -> None:
    odometer = SpeedFromDistance()
    speeds = [
        odometer.add_distance(0.125 * n, float(int(3.5 * (n // 8))), 1.0).speed_mps
        for n in range(480)
    ]
    known = [speed for speed in speeds if speed is not None]
    assert len(known) > 0.7 * len(speeds)
    assert known == pytest.approx([3.5] * len(known), rel=0.06)


def test_while_the_belt_speeds_up_there_is_no_speed() -> None:
    odometer, went_m, reasons = SpeedFromDistance(), 0.0, []
    for n in range(1, 500):
        t_s = 0.1 * n
        speed = min(2.0 + max(t_s - 25.0, 0.0), 5.0)
        went_m += 0.1 * speed
        counted = odometer.add_distance(t_s, float(int(went_m)), 1.0)
        if 27.0 < t_s < 28.0:
            assert counted.speed_mps is None
            reasons.append(counted.reason and counted.reason.code)
    assert set(reasons) == {ReasonCode.DISTANCE_NOT_STEADY}
    assert counted.speed_mps == pytest.approx(5.0, rel=0.03)


@pytest.mark.parametrize("every_s", [0.5, 1.0])
@pytest.mark.parametrize(
    ("belt", "unnoticed_s"),
    [
        (lambda t_s: 3.5 if t_s < 30.0 else 3.2, 3.5),
        (lambda t_s: 3.5 if t_s < 30.0 else 3.8, 3.5),
        (lambda t_s: 3.5 if t_s < 30.0 else 2.5, 2.5),
        (lambda t_s: 2.5 + 0.01 * t_s, 0.0),
        (lambda t_s: 2.5 + 0.03 * t_s, 0.0),
    ],
)
def test_a_belt_that_changes_its_speed_is_known_no_better_than_it_says(
    belt: Callable[[float], float], unnoticed_s: float, every_s: float
) -> None:
    for chance in range(6):
        odometer, die = SpeedFromDistance(), random.Random(chance)
        t_s, went_m, off = 0.0, die.uniform(0.0, 1.0), []
        while t_s < 60.0:
            counted = odometer.add_distance(t_s + die.uniform(0.0, 0.1), float(int(went_m)), 1.0)
            unnoticed = 30.0 <= t_s < 30.0 + unnoticed_s
            if not (unnoticed or counted.speed_mps is None or counted.sigma_mps is None):
                off.append(abs(counted.speed_mps - belt(t_s)) / counted.sigma_mps)
            t_s, went_m = t_s + every_s, went_m + every_s * belt(t_s + every_s / 2.0)
        assert len(off) * every_s > 30.0
        assert max(off) < 5.5
        assert sum(share > 3.0 for share in off) <= 0.05 * len(off)


def test_readings_of_one_instant_neither_crash_nor_make_a_speed() -> None:
    odometer = SpeedFromDistance()
    assert {odometer.add_distance(1.0, float(n), 1.0).speed_mps for n in range(20)} == {None}
