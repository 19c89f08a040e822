"""Contact, on heels that turn from a parabola into the belt's line at a known instant."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.contact import (
    BeltTurn,
    belt_turn,
    foot_ahead_px,
    most_forward_s,
    settled_turn,
    was_seen_around,
)
from hipcue.realtime.gait.pose_buffer import PoseBuffer, Stretch
from hipcue.realtime.records import Side
from tests.realtime.gait.making import pose
from tests.realtime.gait.puppet import BELT_PX_PER_S, FORWARD_S, coming_down

NAN = float("nan")
TURN_S = 0.4123


def frames(fps: float, begin_s: float = 0.0, ahead_s: float = 0.05) -> np.ndarray:
    """Times up to a little after the turn."""
    return np.arange(begin_s, TURN_S + ahead_s, 1.0 / fps)


def heel(t: np.ndarray) -> np.ndarray:
    return coming_down(t, TURN_S, BELT_PX_PER_S)


@pytest.mark.parametrize("fps", [25.0, 30.0, 50.0, 60.0, 100.0, 150.0, 250.0])
@pytest.mark.parametrize("expected_s", [TURN_S - 0.04, TURN_S, TURN_S + 0.03])
def test_the_turn_is_found_between_the_frames(fps: float, expected_s: float) -> None:
    for begin in np.linspace(0.0, 1.0 / fps, 5):
        t = frames(fps, begin)
        turn = belt_turn(t, heel(t), expected_s, BELT_PX_PER_S)
        assert turn is not None
        assert turn.t_s == pytest.approx(TURN_S, abs=0.0005)
        assert turn.rms_px < 0.1


def test_where_the_picture_begins_and_how_large_it_is_makes_no_difference() -> None:
    t = frames(60.0)
    turn = belt_turn(t, heel(t), TURN_S, BELT_PX_PER_S)
    larger = belt_turn(t, 2.0 * heel(t) - 500.0, TURN_S, 2.0 * BELT_PX_PER_S)
    assert turn is not None and larger is not None
    assert larger.t_s == pytest.approx(turn.t_s, abs=1e-9)
    assert larger.rms_px == pytest.approx(2.0 * turn.rms_px)


@pytest.mark.parametrize("lost", [[-1], [-2], [-4], [-3, -4], [-6, -9]])
def test_frames_without_a_heel_hardly_matter(lost: list[int]) -> None:
    t = frames(60.0)
    x = heel(t)
    x[lost] = NAN
    turn = belt_turn(t, x, TURN_S, BELT_PX_PER_S)
    gone = np.delete(t, lost)
    without = belt_turn(gone, heel(gone), TURN_S, BELT_PX_PER_S)
    assert turn is not None and without is not None
    assert turn.t_s == pytest.approx(TURN_S, abs=0.0005)
    assert without.t_s == pytest.approx(TURN_S, abs=0.0005)


def test_noise_moves_the_turn_by_little_and_shows_in_what_is_left() -> None:
    chance = np.random.default_rng(3)
    t = frames(60.0)
    found = []
    for _ in range(40):
        turn = belt_turn(t, heel(t) + chance.normal(0.0, 2.0, len(t)), TURN_S, BELT_PX_PER_S)
        assert turn is not None
        assert 0.3 < turn.rms_px < 4.0
        found.append(turn.t_s)
    assert np.mean(found) == pytest.approx(TURN_S, abs=0.002)
    assert np.std(found) < 0.005


def test_a_heel_that_speeds_up_does_not_land() -> None:
    t = frames(60.0)
    parting = -BELT_PX_PER_S * (t - TURN_S) + 9600.0 * np.minimum(t - TURN_S, 0.0) ** 2
    assert belt_turn(t, parting, TURN_S, BELT_PX_PER_S) is None


def test_one_frame_before_the_turn_fits_any_parabola_so_a_turn_has_two() -> None:
    t = TURN_S + np.array([-0.015, 0.010, 0.025, 0.040, 0.055])
    turn = belt_turn(t, heel(t), TURN_S, BELT_PX_PER_S)
    assert turn is None or turn.t_s > t[1]
    seen = np.concatenate(([t[0] - 0.015], t))
    turn = belt_turn(seen, heel(seen), TURN_S, BELT_PX_PER_S)
    assert turn is not None and turn.t_s == pytest.approx(TURN_S, abs=0.0005)


def test_three_frames_tell_no_turn() -> None:
    t = frames(60.0)
    x = heel(t)
    x[:-3] = NAN
    assert belt_turn(t, x, TURN_S, BELT_PX_PER_S) is None
    assert belt_turn(t, np.full(len(t), NAN), TURN_S, BELT_PX_PER_S) is None


def test_a_heel_counts_as_seen_with_one_frame_lost_at_30_pictures_a_second() -> None:
    t = frames(30.0)
    assert was_seen_around(t, heel(t), TURN_S)
    assert was_seen_around(np.delete(t, -3), np.delete(heel(t), -3), TURN_S)


def test_a_heel_that_slowed_down_unseen_tells_nothing() -> None:
    t = frames(100.0)
    for widest_s, told in ((0.08, True), (0.10, False)):
        x = np.where((t > TURN_S + 0.025 - widest_s) & (t < TURN_S + 0.025), NAN, heel(t))
        assert was_seen_around(t, x, TURN_S) is told


def test_a_heel_that_was_hidden_long_before_it_turned_tells_nothing() -> None:
    t = frames(100.0)
    for hidden_s, told in ((0.020, True), (0.040, False)):
        x = np.where(t > TURN_S - hidden_s, NAN, heel(t))
        assert was_seen_around(t, x, TURN_S) is told
    assert not was_seen_around(t, np.full(len(t), NAN), TURN_S)


def test_a_turn_is_settled_once_32_ms_were_seen_after_it() -> None:
    turn = BeltTurn(1.0, 0.5)
    assert settled_turn(turn, None, 1.010) == (None, None)
    assert settled_turn(turn, None, 1.020) == (None, turn)
    assert settled_turn(turn, None, 1.032) == (turn, None)


def test_where_the_newest_fit_runs_away_or_fails_the_early_one_counts() -> None:
    early, runaway = BeltTurn(1.0, 0.5), BeltTurn(1.028, 3.0)
    assert settled_turn(None, early, 1.020) == (None, early)
    assert settled_turn(None, early, 1.035) == (early, early)
    assert settled_turn(runaway, early, 1.035) == (early, early)
    # One that holds for another frame replaces it.
    assert settled_turn(runaway, early, 1.045) == (None, runaway)


def standing(**joints: tuple[float, float]) -> Stretch:
    """Five frames in which nothing moves, from 1.0 s on."""
    memory = PoseBuffer()
    for k in range(5):
        memory.add_pose(pose(1.0 + 0.01 * k, k, **joints), facing=1)
    return memory.stretch(0.0)


def test_a_foot_is_ahead_of_the_foremost_hip_by_its_foremost_joint() -> None:
    seen = standing(L_HIP=(600, 300), R_HIP=(610, 300), L_ANKLE=(700, 500), L_HEEL=(690, 520))
    assert foot_ahead_px(seen, Side.L, 1.02) == pytest.approx(90.0)
    only_heel = standing(L_HIP=(600, 300), L_HEEL=(590, 520))
    assert foot_ahead_px(only_heel, Side.L, 1.02) == pytest.approx(-10.0)


def test_a_foot_that_was_not_seen_is_nowhere() -> None:
    seen = standing(L_HIP=(600, 300), R_ANKLE=(700, 500))
    assert foot_ahead_px(seen, Side.L, 1.02) is None
    assert foot_ahead_px(seen, Side.R, 2.0) is None


@pytest.mark.parametrize("fps", [30.0, 60.0, 250.0])
def test_the_ankle_is_furthest_forward_at_the_parabolas_vertex(fps: float) -> None:
    t = frames(fps)
    assert most_forward_s(t, heel(t), TURN_S) == pytest.approx(TURN_S - FORWARD_S, abs=0.001)
    assert most_forward_s(t, np.full(len(t), NAN), TURN_S) is None


def test_at_25_pictures_a_second_the_ankle_is_not_seen_often_enough() -> None:
    t = frames(25.0)
    assert most_forward_s(t, heel(t), TURN_S) is None
