"""Which way the runner faces: who votes, and when the answer turns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.facing import Facing, FacingTracker
from hipcue.realtime.gait.leg_tracker import swap_legs
from hipcue.realtime.records import Joint, Pose, Side
from tests.realtime.gait.making import pose
from tests.realtime.gait.puppet import Puppet, without

RIGHT, LEFT = Facing(1, Side.R), Facing(-1, Side.L)


def standing(
    t_s: float, left_px: float | None, right_px: float | None, face_px: float | None
) -> Pose:
    """A body of 500 px whose toes and nose are so far to the right of heels and ears."""
    at: dict[str, tuple[float, float]] = {"L_SHOULDER": (600.0, 100.0), "L_KNEE": (600.0, 500.0)}
    for side, ahead in (("L", left_px), ("R", right_px)):
        if ahead is not None:
            at |= {f"{side}_HEEL": (600.0, 600.0), f"{side}_TOE": (600.0 + ahead, 600.0)}
    if face_px is not None:
        at |= {"L_EAR": (590.0, 100.0), "R_EAR": (610.0, 100.0), "NOSE": (600.0 + face_px, 100.0)}
    return pose(t_s, **at)


@pytest.mark.parametrize(("side", "facing"), [(1, RIGHT), (-1, LEFT)])
def test_who_runs_to_the_right_shows_the_right_leg(side: int, facing: Facing) -> None:
    tracker = FacingTracker()
    told = {tracker.add_pose(seen) for seen in Puppet(side).poses(60.0, 2.0)}
    assert told == {facing}


@pytest.mark.parametrize(
    ("left_px", "right_px", "face_px", "facing"),
    [
        (50.0, None, None, RIGHT),
        (None, -50.0, None, LEFT),
        (None, None, 30.0, RIGHT),
        (50.0, 50.0, -30.0, RIGHT),
        (50.0, -50.0, -30.0, LEFT),
        (50.0, -50.0, None, None),
        (4.0, -4.0, 4.0, None),  # Less than a hundredth of the body: nobody votes.
        (None, None, None, None),
    ],
)
def test_feet_and_face_vote_and_who_is_not_seen_does_not(
    left_px: float | None, right_px: float | None, face_px: float | None, facing: Facing | None
) -> None:
    assert FacingTracker().add_pose(standing(0.0, left_px, right_px, face_px)) == facing


def test_before_anybody_was_seen_nothing_is_known() -> None:
    nobody = replace(pose(0.0), reason=Reason(ReasonCode.NOBODY_IN_PICTURE))
    tracker = FacingTracker()
    assert tracker.add_pose(nobody) is None
    tracker.add_pose(standing(0.1, 50.0, 50.0, 30.0))
    assert tracker.add_pose(nobody) == RIGHT


@pytest.mark.parametrize("fps", [25.0, 60.0, 250.0])
def test_who_turns_round_is_noticed_after_half_a_second_at_any_pace(fps: float) -> None:
    tracker = FacingTracker()
    for k in range(round(2 * fps)):
        tracker.add_pose(standing(k / fps, 50.0, 50.0, 30.0))
    turned_s = next(
        k / fps
        for k in range(1000)
        if tracker.add_pose(standing(2.0 + k / fps, -50.0, -50.0, -30.0)) == LEFT
    )
    # A mean that goes from 1 towards -1 with 0.5 s is at -0.3 after 0.5 ln(2 / 0.7).
    assert turned_s == pytest.approx(0.5 * np.log(2.0 / 0.7), abs=1.5 / fps)


def test_a_foot_drawn_back_to_front_for_a_moment_turns_nobody() -> None:
    tracker = FacingTracker()
    told = {
        tracker.add_pose(standing(k / 60.0, *([-50.0] * 3 if 60 <= k < 80 else [50.0] * 3)))
        for k in range(200)
    }
    assert told == {RIGHT}


def test_legs_that_are_mixed_up_vote_the_same() -> None:
    named, crossed = FacingTracker(), FacingTracker()
    for seen in Puppet(-1).poses(60.0, 1.0):
        hidden = without(seen, "L_TOE")
        assert named.add_pose(hidden) == crossed.add_pose(swap_legs(hidden))


def test_the_face_needs_both_ears() -> None:
    seen = standing(0.0, None, None, 30.0)
    assert FacingTracker().add_pose(without(seen, Joint.L_EAR.name)) is None
