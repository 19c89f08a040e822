"""Whose word counts for the time of a picture: the stamp's, a regular clock's, the body's."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.frame_clock import FrameClock
from hipcue.realtime.gait.leg_tracker import SettledPose
from hipcue.realtime.records import JOINT_COUNT, Pose

FPS = 60.0
BODY_PX = 500.0


def pose(real_s: float, stamp_s: float, index: int, moves: bool = True) -> Pose:
    """Joints that swing, each at its own pace of 1 to 2 a second."""
    joints = np.arange(JOINT_COUNT)
    angle = 2 * np.pi * (1.0 + joints % 5 / 4) * (real_s if moves else 0.0) + joints
    xy = 600.0 + 100.0 * np.stack([np.sin(angle), np.cos(1.3 * angle)], axis=1)
    return Pose(stamp_s, index, xy, np.ones(JOINT_COUNT), (1280, 720))


def times(real_s: np.ndarray, stamps_s: np.ndarray) -> tuple[np.ndarray, FrameClock]:
    """What counts of each picture, and the clock that said so."""
    clock = FrameClock()
    found = []
    for index, (real, stamp) in enumerate(zip(real_s.tolist(), stamps_s.tolist(), strict=True)):
        time = clock.time_of(pose(real, stamp, index))
        clock.add_settled(time, SettledPose(time.retimed(), False), BODY_PX)
        found.append(time.t_s)
    return np.array(found), clock


def test_regular_stamps_are_left_as_they_are() -> None:
    real_s = np.arange(300) / FPS
    t_s, clock = times(real_s, real_s)
    assert (t_s == real_s).all()
    assert clock.jitter_s is None
    assert clock.untimed(1.0, 4.0, 3.0) is None


@pytest.mark.parametrize("late", [False, True])
def test_what_a_busy_machine_adds_is_taken_off_and_time_never_runs_back(late: bool) -> None:
    chance = np.random.default_rng(1)
    real_s = np.arange(900) / FPS
    off_s = chance.exponential(0.012, 900) if late else chance.uniform(-0.02, 0.02, 900)
    t_s, clock = times(real_s, np.maximum.accumulate(real_s + off_s))
    assert (np.diff(t_s) > 0.0).all()
    error_s = (t_s - real_s)[300:]
    assert error_s.std() < 0.003
    assert clock.body.regular is not None
    assert clock.jitter_s is not None


def test_the_true_stamps_of_a_phone_are_believed() -> None:
    real_s = np.cumsum(np.random.default_rng(2).uniform(0.016, 0.04, 400))
    t_s, clock = times(real_s, real_s)
    assert (t_s == real_s).all()
    assert clock.body.stamped


def test_pictures_shown_for_longer_than_they_were_taken_are_put_back() -> None:
    """24 pictures a second in 30: every fifth is repeated, which is left out here."""
    real_s = np.arange(400) / 24
    shown_s = np.ceil(real_s * 30 - 1e-6) / 30
    t_s, clock = times(real_s, shown_s)
    assert clock.body.regular is not None
    assert (t_s - real_s)[200:].std() < 0.003


@pytest.mark.parametrize("cut_s", [0.033, 0.1])
def test_time_that_was_cut_out_is_noticed_where_it_was(cut_s: float) -> None:
    real_s = np.arange(300) / FPS
    kept = real_s[(real_s < 2.0) | (real_s >= 2.0 + cut_s)]
    _, clock = times(kept, np.arange(len(kept)) / FPS)
    (jump,) = clock.body.jumps
    assert jump.before_s == pytest.approx(2.0 - 1 / FPS, abs=1 / FPS)
    assert jump.lost_s == pytest.approx(cut_s, abs=0.4 * cut_s)
    assert clock.untimed(1.6, 2.3, 0.7 + cut_s) is not None
    assert clock.untimed(2.3, 3.0, 0.7) is None


def test_a_pose_that_comes_again_is_left_out_unless_the_body_stands() -> None:
    clock = FrameClock()
    said = [clock.repeats(pose((k - k % 3) / FPS, k / FPS, k)) for k in range(12)]
    # The first picture has not moved, so nobody can tell.
    assert said[:3] == [False] * 3
    assert said[3:] == [False, True, True] * 3
    still = FrameClock()
    assert not any(still.repeats(pose(0.0, k / FPS, k, moves=False)) for k in range(200))
    stopped = [clock.repeats(pose(9 / FPS, k / FPS, k)) for k in range(12, 120)]
    assert all(stopped[:20])
    assert not any(stopped[40:])
