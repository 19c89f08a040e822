"""Legs that a pose model mixed up on purpose, told apart again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.leg_hypotheses import FOLLOWED
from hipcue.realtime.gait.leg_tracker import (
    LAG_S,
    LegTracker,
    SettledPose,
    swap_legs,
    told_apart,
    xy_told_apart,
)
from hipcue.realtime.records import Joint, Pose
from tests.realtime.gait.making import pose as pose_of
from tests.realtime.gait.puppet import BODY_PX, STRIDE_S, Puppet, without

FPS = 60.0
NOBODY = replace(pose_of(0.0), reason=Reason(ReasonCode.NOBODY_IN_PICTURE))


def film(seconds: float = 2.0, fps: float = FPS, begin_s: float = 0.0) -> list[Pose]:
    """The puppet as it is, a little noise on every joint."""
    chance = np.random.default_rng(6)
    return [
        replace(pose, xy_px=pose.xy_px + chance.normal(0.0, 1.0, pose.xy_px.shape))
        for pose in Puppet().poses(fps, seconds, begin_s)
    ]


def track(tracker: LegTracker, poses: list[Pose]) -> list[SettledPose]:
    """Everything that is handed on, the end included."""
    settled = [one for pose in poses for one in tracker.add_pose(pose)]
    return settled + tracker.flush()


def mixed_up(poses: list[Pose], frames: Collection[int]) -> list[Pose]:
    return [swap_legs(pose) if k in frames else pose for k, pose in enumerate(poses)]


def same(one: Pose, other: Pose) -> bool:
    return bool(np.array_equal(one.xy_px, other.xy_px, equal_nan=True))


def test_swapped_legs_are_left_and_right_exchanged_and_nothing_else() -> None:
    pose = film(0.1)[3]
    there = swap_legs(pose)
    assert there.xy_px[Joint.L_HEEL].tolist() == pose.xy_px[Joint.R_HEEL].tolist()
    assert there.xy_px[Joint.R_HIP].tolist() == pose.xy_px[Joint.L_HIP].tolist()
    assert there.xy_px[Joint.NOSE].tolist() == pose.xy_px[Joint.NOSE].tolist()
    assert same(swap_legs(there), pose)


def test_many_poses_are_told_apart_as_each_of_them_is() -> None:
    chance = np.random.default_rng(2)
    poses = film(0.5)
    swapped = chance.random(len(poses)) < 0.5
    rejected = chance.random((len(poses), len(FOLLOWED))) < 0.2
    rejected[::3] = False
    xy = np.array([pose.xy_px for pose in poses])
    one_by_one = [told_apart(*one).xy_px for one in zip(poses, swapped, rejected, strict=True)]
    assert np.array_equal(xy_told_apart(xy, swapped, rejected), one_by_one, equal_nan=True)
    assert np.array_equal(xy, [pose.xy_px for pose in poses], equal_nan=True)


def test_legs_that_were_never_mixed_up_come_out_as_they_went_in() -> None:
    tracker, poses = LegTracker(), film()
    settled = track(tracker, poses)
    assert all(same(one.pose, pose) for one, pose in zip(settled, poses, strict=True))
    assert not any(one.swapped for one in settled)
    assert (tracker.swaps, tracker.restarts) == (0, 0)


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0, 240.0])
@pytest.mark.parametrize("frames_swapped", [1, 2, 4])
def test_swaps_are_undone_frame_by_frame(fps: float, frames_swapped: int) -> None:
    poses = film(2.0, fps)
    # The knees pass each other in mid-swing: there a model mixes the legs up.
    begins = [round((k * STRIDE_S / 2 + 0.17) * fps) for k in range(2, 5)]
    crossed = {k + more for k in begins for more in range(frames_swapped)}
    tracker = LegTracker()
    settled = track(tracker, mixed_up(poses, crossed))
    assert {k for k, one in enumerate(settled) if one.swapped} == crossed
    assert all(same(one.pose, pose) for one, pose in zip(settled, poses, strict=True))
    assert tracker.swaps == len(begins)


def test_a_model_that_began_mixed_up_is_set_right_within_half_a_second() -> None:
    poses = film()
    settled = track(LegTracker(), mixed_up(poses, range(4)))
    assert all(same(one.pose, pose) for one, pose in zip(settled[30:], poses[30:], strict=True))


def test_in_a_larger_picture_the_same_is_decided() -> None:
    poses = mixed_up(film(), {20, 21, 50})
    larger = [replace(pose, xy_px=3.0 * pose.xy_px) for pose in poses]
    decisions = [one.swapped for one in track(LegTracker(), poses)]
    assert [one.swapped for one in track(LegTracker(), larger)] == decisions


def test_a_joint_where_no_leg_can_be_is_not_seen() -> None:
    poses = film()
    poses[60].xy_px[Joint.L_HEEL] += (0.3 * BODY_PX, 0.0)
    settled = track(LegTracker(), poses)
    rejected = settled[60].pose
    assert np.isnan(rejected.xy_px[Joint.L_HEEL]).all()
    assert rejected.confidence[Joint.L_HEEL] == 0.0
    others = [joint for joint in Joint if joint is not Joint.L_HEEL]
    assert np.array_equal(rejected.xy_px[others], poses[60].xy_px[others], equal_nan=True)
    assert all(same(settled[k].pose, poses[k]) for k in range(len(poses)) if k != 60)
    # What went in is not touched.
    assert not np.isnan(poses[60].xy_px[Joint.L_HEEL]).any()


def test_a_joint_half_way_between_the_legs_is_neither_of_theirs() -> None:
    poses = film()
    # At 1.03 s the heels are furthest apart.
    middle = (poses[62].xy_px[Joint.L_HEEL] + poses[62].xy_px[Joint.R_HEEL]) / 2
    poses[62].xy_px[[Joint.L_HEEL, Joint.R_HEEL]] = middle
    settled = track(LegTracker(), poses)
    assert np.isnan(settled[62].pose.xy_px[[Joint.L_HEEL, Joint.R_HEEL]]).all()


def test_a_hidden_joint_stays_hidden_and_on_its_own_leg() -> None:
    truth = film()
    seen = [without(pose, "L_TOE") if 40 <= k < 46 else pose for k, pose in enumerate(truth)]
    settled = track(LegTracker(), mixed_up(seen, {42, 43}))
    assert all(same(one.pose, pose) for one, pose in zip(settled, seen, strict=True))


@pytest.mark.parametrize("fps", [25.0, 30.0, 50.0, 60.0, 240.0])
def test_a_pose_waits_for_30_ms_and_no_longer(fps: float) -> None:
    tracker = LegTracker()
    handed_on = []
    for pose in film(1.0, fps):
        for one in tracker.add_pose(pose):
            waited_s = pose.t_capture_s - one.pose.t_capture_s
            assert LAG_S - 1e-6 <= waited_s < LAG_S + 1 / fps
            handed_on.append(one.pose.index)
    assert handed_on == list(range(len(handed_on)))
    rest = [one.pose.index for one in tracker.flush()]
    assert handed_on + rest == list(range(round(fps)))
    assert tracker.flush() == []


def test_the_newest_pose_can_be_looked_at_before_it_is_settled() -> None:
    tracker, poses = LegTracker(), film()
    assert tracker.preview() is None
    for k, pose in enumerate(mixed_up(poses, {40})):
        tracker.add_pose(pose)
        shown = tracker.preview()
        assert shown is not None
        # With the legs wide apart there is no doubt, even about the newest.
        assert same(shown, poses[k])
    tracker.flush()
    assert tracker.preview() is None


def test_somebody_who_was_gone_is_followed_afresh() -> None:
    """Whether they left the picture, or no pictures came: nothing is known of their legs."""
    poses = film()
    crossed = range(60, len(poses))
    gone = [replace(NOBODY, t_capture_s=poses[k].t_capture_s, index=k) for k in range(50, 60)]
    tracker = LegTracker()
    settled = track(tracker, poses[:50] + gone + mixed_up(poses, crossed)[60:])
    assert [one.pose.index for one in settled] == list(range(len(poses)))
    assert all(same(one.pose, pose) for one, pose in zip(settled[50:60], gone, strict=True))
    # As they are named now: they may have turned round.
    assert not any(one.swapped for one in settled)

    late = mixed_up(poses, range(70, len(poses)))
    settled = track(LegTracker(), late[:50] + late[70:])
    assert not any(one.swapped for one in settled)


def test_poses_out_of_time_begin_afresh() -> None:
    poses = film(0.5)
    tracker = LegTracker()
    settled = [one for pose in poses for one in tracker.add_pose(pose)]
    assert len(settled) == len(poses) - 2
    # What waited is not kept waiting for a time that was before.
    assert [one.pose.index for one in tracker.add_pose(poses[10])] == [28, 29]
    settled = track(tracker, poses[20:])
    assert [one.pose.index for one in settled] == [10, *range(20, 30)]


def test_a_model_that_goes_on_saying_otherwise_is_believed_in_the_end() -> None:
    """Followed on, the legs would stay exchanged for good."""
    poses = mixed_up(film(3.0), range(60, 180))
    tracker = LegTracker()
    settled = track(tracker, poses)
    swapped = [k for k, one in enumerate(settled) if one.swapped]
    assert tracker.restarts == 1
    assert swapped == list(range(60, swapped[-1] + 1))
    # Three quarters of the last 0.6 s, and what waits meanwhile.
    assert 0.4 < len(swapped) / FPS < 0.6
