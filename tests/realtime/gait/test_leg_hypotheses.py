"""The Kalman filters against the textbook's matrices, and the beam of hypotheses."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.leg_hypotheses import (
    FOLLOWED,
    Hypotheses,
    extended,
    first_hypotheses,
    haste_of,
    predicted,
)
from hipcue.realtime.records import Joint

JOINTS = len(FOLLOWED)
DT_S = 1 / 60
NOISE, ACCELERATION = 0.016, 35.0
POSITION, VELOCITY = slice(0, 2), slice(2, 4)
NEVER = np.zeros((1, JOINTS), dtype=bool)


def legs(t_s: float, left_px: float = 0.0) -> np.ndarray:
    """Eight joints of two legs, in body heights: the left goes forward, the right back."""
    at = np.linspace(0.1, 0.5, JOINTS // 2)
    left = np.stack([1.0 * t_s + left_px + 0 * at, at], axis=1)
    right = np.stack([-1.0 * t_s + 0 * at, at], axis=1)
    return np.concatenate([left, right])


def swapped(measured: np.ndarray) -> np.ndarray:
    return np.roll(measured, JOINTS // 2, axis=0)


def covariance(state: np.ndarray) -> np.ndarray:
    return np.array([[state[4], state[5]], [state[5], state[6]]])


def followed(frames: list[np.ndarray]) -> Hypotheses:
    hypotheses = first_hypotheses(frames[0])
    for measured in frames[1:]:
        hypotheses = extended(hypotheses, measured, DT_S)
    return hypotheses


def test_the_left_leg_comes_first_in_the_joints_that_are_followed() -> None:
    assert [Joint(j).name[0] for j in FOLLOWED] == ["L"] * 4 + ["R"] * 4
    assert [Joint(j).name[2:] for j in FOLLOWED[:4]] == [Joint(j).name[2:] for j in FOLLOWED[4:]]


def test_the_first_frame_is_taken_as_it_is_named_and_swapped() -> None:
    begun = first_hypotheses(legs(0.0, 0.3))
    assert begun.state[0, 0].tolist() == [0.3] * 4 + [0.0] * 4
    assert begun.state[0, 1].tolist() == [0.0] * 4 + [0.3] * 4
    assert begun.swapped.tolist() == [[False], [True]]
    assert begun.cost[0] < begun.cost[1]
    assert not begun.rejected.any()


def test_a_prediction_is_the_textbooks() -> None:
    state = np.arange(7.0)[:, None, None] + np.ones((7, 1, JOINTS))
    (x, y, vx, vy, *_), dt = state[:, 0, 0], 0.5
    ahead = predicted(state, dt, ACCELERATION, NEVER)[:, 0, 0]
    assert ahead[:4] == pytest.approx([x + dt * vx, y + dt * vy, vx, vy])
    f = np.array([[1.0, dt], [0.0, 1.0]])
    g = np.array([[dt**2 / 2], [dt]])
    expected = f @ covariance(state[:, 0, 0]) @ f.T + ACCELERATION**2 * g @ g.T
    assert covariance(ahead) == pytest.approx(expected)


def test_an_update_is_the_textbooks() -> None:
    before = first_hypotheses(legs(0.0))
    measured = legs(DT_S) + 0.005
    after = extended(before, measured, DT_S)
    assert after.swapped[0].tolist() == [False, False]
    ahead = predicted(before.state, DT_S, ACCELERATION, NEVER)[:, 0, 0]
    p = covariance(ahead)
    h = np.array([[1.0, 0.0]])
    gain = p @ h.T / (h @ p @ h.T + NOISE**2)
    innovation = measured[0] - ahead[POSITION]
    state = after.state[:, 0, 0]
    assert state[POSITION] == pytest.approx(ahead[POSITION] + gain[0] * innovation)
    assert state[VELOCITY] == pytest.approx(ahead[VELOCITY] + gain[1] * innovation)
    assert covariance(state) == pytest.approx((np.eye(2) - gain @ h) @ p)


def test_a_filter_learns_the_velocity_of_its_joint() -> None:
    state = followed([legs(k * DT_S) for k in range(30)]).state
    assert state[2, 0] == pytest.approx([1.0] * 4 + [-1.0] * 4, abs=0.02)
    assert state[3, 0] == pytest.approx([0.0] * JOINTS, abs=0.02)


@pytest.mark.parametrize("fps", [150.0, 240.0])
def test_a_fast_camera_does_not_lose_a_heel_that_is_stopped_hard(fps: float) -> None:
    """A fast runner's heel, thrown forward at 5.4 body heights a second, meets the belt."""
    t = np.arange(0.0, 0.6, 1 / fps)
    stopping = np.clip((t - 0.3) / 0.07, 0.0, 1.0)
    way = np.cumsum(5.4 - 9.8 * stopping) / fps
    hypotheses = first_hypotheses(legs(0.0, 0.4))
    for t_s, ahead in zip(t[1:].tolist(), way[1:].tolist(), strict=True):
        measured = legs(t_s, 0.4)
        measured[2, 0] = 0.4 + ahead
        hypotheses = extended(hypotheses, measured, 1 / fps)
    assert not hypotheses.rejected[0].any()


def test_an_outlier_is_rejected_and_the_filter_goes_on_as_predicted() -> None:
    frames = [legs(k * DT_S, 0.4) for k in range(12)]
    before = followed(frames[:-1])
    frames[-1][2] += 0.4  # The left heel, by nearly half the body.
    after = extended(before, frames[-1], DT_S)
    assert after.rejected[0, -1].tolist() == [j == 2 for j in range(JOINTS)]
    assert (
        after.state[:, 0, 2].tolist()
        == predicted(before.state, DT_S, ACCELERATION, NEVER)[:, 0, 2].tolist()
    )


def test_a_joint_that_is_not_seen_grows_less_certain_until_it_is() -> None:
    frames = [legs(k * DT_S, 0.4) for k in range(20)]
    for measured in frames[10:15]:
        measured[5] = np.nan
    hypotheses = followed(frames[:10])
    sigma = []
    for measured in frames[10:]:
        hypotheses = extended(hypotheses, measured, DT_S)
        sigma.append(np.sqrt(hypotheses.state[4, 0, 5]))
    assert np.diff(sigma[:5]).min() > 0.0
    assert sigma[5] < 0.02
    assert hypotheses.rejected[0, 10:15, 5].all() and not hypotheses.rejected[0, 15:].any()


def test_a_swap_is_the_cheapest_way_to_read_crossed_legs() -> None:
    frames = [legs(k * DT_S, 0.4) for k in range(12)]
    crossed = {4, 7, 8}
    found = followed([swapped(f) if k in crossed else f for k, f in enumerate(frames)])
    assert [k for k in range(12) if found.swapped[0, k]] == sorted(crossed)
    assert found.state[0, 0, 0] == pytest.approx(frames[-1][0, 0], abs=0.005)


def test_the_beam_holds_eight_hypotheses_no_two_with_the_same_last_five_decisions() -> None:
    frames = [legs(k * DT_S, 0.4) for k in range(20)]
    hypotheses = first_hypotheses(frames[0])
    for measured in frames[1:]:
        hypotheses = extended(hypotheses, measured, DT_S)
        alive = len(hypotheses.cost)
        assert alive <= 8
        assert len(set(hypotheses.decisions)) == len(hypotheses.decisions) == alive
        assert hypotheses.cost[0] == 0.0 and (np.diff(hypotheses.cost) >= 0.0).all()
    assert alive == 8
    for bits, decisions in zip(hypotheses.decisions, hypotheses.swapped, strict=True):
        assert [bool(bits >> k & 1) for k in range(5)] == decisions[:-6:-1].tolist()


def test_a_settled_frame_leaves_and_the_hypotheses_that_differ_stay() -> None:
    frames = [legs(k * DT_S, 0.4) for k in range(5)]
    found = followed([swapped(f) if k == 0 else f for k, f in enumerate(frames)])
    alive = len(found.cost)
    was_swapped, rejected = found.settle_oldest()
    assert was_swapped and not rejected.any()
    assert found.swapped.shape == (alive, 4) and found.rejected.shape == (alive, 4, JOINTS)
    assert found.settle_oldest()[0] is False


def test_a_filter_that_was_thrown_off_by_a_landing_finds_its_joint_again() -> None:
    """A heel that is caught within a frame lies outside the gate; so it would for many frames."""
    heel = 2
    frames = [legs(k * DT_S) for k in range(30)]
    for k in range(15, 30):  # It went forward with 1 body height a second, and goes back with 3.
        frames[k][heel, 0] -= 4.0 * (k - 14) * DT_S
    hypotheses = followed(frames)
    assert hypotheses.rejected[0, 15:, heel].sum() <= 3
    assert not hypotheses.rejected[0, -8:, heel].any()


def test_fast_feet_may_be_caught_harder_and_markers_always() -> None:
    assert haste_of(None, False) == haste_of(1.5, False) == ACCELERATION
    assert haste_of(4.4, False) == pytest.approx(4 * ACCELERATION)
    assert haste_of(50.0, False) == haste_of(9.0, False)
    assert haste_of(1.0, True) == 2 * ACCELERATION
