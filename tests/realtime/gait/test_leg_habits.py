"""What is believed of a leg before and after its habits are known."""

from __future__ import annotations

import pytest

from hipcue.realtime.gait.leg_habits import LegHabits


def test_before_anything_is_known_only_the_impossible_is_not_believed() -> None:
    habits = LegHabits()
    assert [habits.believes_stride(s) for s in (0.34, 0.36, 1.6)] == [False, True, True]
    assert [habits.believes_stance(s) for s in (0.07, 0.08, 1.3, 1.5)] == [False, True, True, False]


def test_three_of_a_kind_are_usual_and_one_that_is_wrong_is_outvoted() -> None:
    habits = LegHabits()
    for stride_s, stance_s in ((0.8, 0.24), (1.6, 0.9)):
        habits.add_stance(stance_s)
        habits.add_stride(stride_s)
    assert habits.believes_stride(0.5) and habits.believes_stance(0.25)
    habits.add_stance(0.24)
    habits.add_stride(0.8)
    # Three quarters of 0.8 and of 0.24.
    assert [habits.believes_stride(s) for s in (0.59, 0.61)] == [False, True]
    assert [habits.believes_stance(s) for s in (0.17, 0.19)] == [False, True]


def test_the_speed_of_the_belt_is_the_median_of_the_last_seven_stances() -> None:
    habits = LegHabits()
    assert habits.planted_px_per_s is None and habits.newest_planted_px_per_s is None
    known = []
    for speed in (500.0, 900.0, 910.0, 920.0, 930.0, 940.0, 950.0, 960.0):
        habits.add_planted_speed(speed)
        known.append(habits.knows_belt)
    assert known == [False, False] + [True] * 6
    assert habits.planted_px_per_s == 930.0
    assert habits.newest_planted_px_per_s == 960.0
    habits.forget_belt()
    assert habits.planted_px_per_s is None and not habits.knows_belt


def test_a_contact_moves_towards_the_usual_delay() -> None:
    habits = LegHabits()
    # Before anything is known it is 44 ms, twice; the first of 50 ms is outvoted.
    assert habits.steadied(1.0, 1.050) == pytest.approx(1.044)
    for k in range(2, 5):
        steady = habits.steadied(float(k), k + 0.050)
    assert steady == pytest.approx(4.050)
    assert habits.steadied(5.0, 5.040) == pytest.approx(5.050)


def test_a_contact_far_from_the_usual_delay_stays_where_it_was_seen() -> None:
    habits = LegHabits()
    assert habits.steadied(1.0, 1.120) == 1.120


def test_nobody_is_on_the_ground_for_a_seventh_of_a_stride() -> None:
    habits = LegHabits()
    for _ in range(3):  # The knee was straightest as it landed, and nothing known yet.
        assert habits.believes_stance(0.10) or habits.believes_stance(0.23)
        habits.add_stance(0.10)
        habits.add_stride(0.70)
    assert not habits.believes_stance(0.10)
    assert habits.believes_stance(0.23)
