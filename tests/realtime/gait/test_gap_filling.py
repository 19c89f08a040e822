"""What an arm hides of a stride, filled with the pelvis's usual way."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.gap_filling import CycleTemplate

PHASE = (np.arange(44) + 0.5) / 44


def swing(mean_deg: float, phase: np.ndarray = PHASE, size_deg: float = 3.0) -> np.ndarray:  # type: ignore[type-arg]
    return np.asarray(mean_deg + size_deg * np.cos(4 * np.pi * (phase - 0.2)))


def learned(strides: int = 10) -> CycleTemplate:
    way = CycleTemplate()
    for k in range(strides):
        way.add_stride(PHASE, swing(5.0 + 0.1 * k))
    return way


def test_a_stride_that_was_seen_whole_keeps_its_mean_and_costs_nothing() -> None:
    filled = CycleTemplate().add_stride(PHASE, swing(6.5))
    assert filled.mean == pytest.approx(6.5, abs=0.02)
    assert filled.mean_sigma == 0.0
    assert filled.angle_at(0.2)[0] == pytest.approx(9.5, abs=0.3)


def test_what_is_hidden_at_the_swings_top_does_not_pull_the_mean_down() -> None:
    """The arm passes for a quarter of the stride, always where the pelvis tips most."""
    seen = np.abs(PHASE - 0.2) > 0.125
    plain = float(swing(8.0)[seen].mean())
    filled = learned().add_stride(PHASE[seen], swing(8.0)[seen])
    assert abs(plain - 8.0) > 0.5
    assert filled.mean == pytest.approx(8.0, abs=0.15)


def test_the_hidden_instant_is_filled_from_the_usual_way() -> None:
    seen = np.abs(PHASE - 0.2) > 0.125
    value, doubt = learned().add_stride(PHASE[seen], swing(12.0)[seen]).angle_at(0.2)
    assert value == pytest.approx(15.0, abs=0.6)
    assert 0.3 < doubt < 2.0


def test_doubt_grows_with_the_gap() -> None:
    doubts = []
    for half in (0.05, 0.15, 0.3):
        seen = np.abs(PHASE - 0.5) > half
        doubts.append(learned().add_stride(PHASE[seen], swing(5.0)[seen]).angle_at(0.5)[1])
    assert doubts == sorted(doubts)
    assert doubts[0] < doubts[-1]


def test_before_anything_was_learned_a_gap_is_crossed_straight_with_much_doubt() -> None:
    seen = np.abs(PHASE - 0.5) > 0.2
    fresh = CycleTemplate().add_stride(PHASE[seen], swing(5.0)[seen])
    known = learned().add_stride(PHASE[seen], swing(5.0)[seen])
    assert fresh.angle_at(0.5)[1] > 2.0 * known.angle_at(0.5)[1]
    assert fresh.mean_sigma > known.mean_sigma


def test_a_gap_over_the_contact_is_one_gap() -> None:
    """Phase is a circle: what is hidden before and after the contact hangs together."""
    seen = (PHASE > 0.1) & (PHASE < 0.9)
    filled = learned().add_stride(PHASE[seen], swing(7.0)[seen])
    assert filled.angle_at(0.0)[0] == pytest.approx(float(swing(7.0, np.array([0.0]))[0]), abs=0.6)


def test_the_way_follows_a_runner_who_changes() -> None:
    way = learned()
    for _ in range(30):
        way.add_stride(PHASE, swing(5.0, size_deg=6.0))
    seen = np.abs(PHASE - 0.2) > 0.125
    assert way.add_stride(PHASE[seen], swing(5.0, size_deg=6.0)[seen]).angle_at(0.2)[
        0
    ] == pytest.approx(11.0, abs=0.8)
