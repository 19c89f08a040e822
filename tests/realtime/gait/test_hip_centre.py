"""The hip of a pose model: half carried by the body, and the zero of running."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from hipcue.config.settings import Settings
from hipcue.realtime.gait.facing import Facing
from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.gait.hip_centre import (
    HipCentre,
    hip_centre,
    newest_thigh_deg,
    running_thigh_deg,
    steady_hip,
    thigh_zero_deg,
    true_hip,
    trunk_zero_deg,
)
from hipcue.realtime.gait.runner import Runner
from hipcue.realtime.gait.transitions import Transition
from hipcue.realtime.records import JOINT_COUNT, Joint, Side
from tests.realtime.metrics.making import NEUTRAL

# Both thighs stand 3 degrees out, the trunk -6, the line from shoulders to ankles not at all.
STANDING = replace(NEUTRAL, thigh_deg={Side.L: 2.0, Side.R: 4.0}, trunk_deg=-6.0, line_deg=0.0)
CARRIED = HipCentre(dict.fromkeys(Side, (0.0, -50.0)))
ALONE = HipCentre({})


def frames(*hips_ahead: tuple[float, float]) -> FloatArray:
    """Shoulders 100 px over the hips, knees 100 px under them; left and right hip ahead by so much.

    Only the landmarks of the hips are: shoulders, knees and the body stay.
    """
    xy = np.full((len(hips_ahead), JOINT_COUNT, 2), np.nan)
    for side, ahead in zip((Side.L, Side.R), np.array(hips_ahead).T, strict=True):
        xy[:, Joint.of(side, "shoulder")] = (0.0, 100.0)
        xy[:, Joint.of(side, "hip")] = np.stack([ahead, np.zeros(len(ahead))], axis=1)
        xy[:, Joint.of(side, "knee")] = (0.0, -100.0)
    return xy


def test_hips_are_carried_as_far_from_the_middle_of_the_body_as_in_the_mean_of_a_stride() -> None:
    # The middle of hips and shoulders is 50 over the hips, and ahead by half of what they are.
    still = hip_centre(frames((0, 0), (4, 4), (-4, -4)), Side.L).carried_px
    assert still[Side.L] == still[Side.R] == pytest.approx((0.0, -50.0))
    assert hip_centre(frames((8, 8), (8, 8)), Side.L).carried_px[Side.L] == pytest.approx(
        (4.0, -50.0)
    )


def test_a_camera_that_looks_from_a_corner_sees_one_hip_ahead_of_the_other() -> None:
    # 12 px between the hips, in every frame: each stays where it is.
    xy = frames((8, -4), (8, -4))
    carried = hip_centre(xy, Side.L)
    assert carried.carried_px[Side.L] == pytest.approx((7.0, -50.0))
    assert carried.carried_px[Side.R] == pytest.approx((-5.0, -50.0))
    assert steady_hip(xy, Side.L, carried)[0] == pytest.approx((8.0, 0.0))
    assert steady_hip(xy, Side.R, carried)[0] == pytest.approx((-4.0, 0.0))


def swinging(ahead: float, frames_seen: int = 40) -> FloatArray:
    """Both knees swing 30 degrees to both sides, 100 px from a point so far ahead of the hips."""
    xy = frames(*[(0.0, 0.0)] * 40)
    swing = np.radians(30.0 * np.sin(np.linspace(0.0, 2 * np.pi, 40, endpoint=False)))
    about = np.stack([ahead + 100.0 * np.sin(swing), -100.0 * np.cos(swing)], axis=1)
    about[frames_seen:] = np.nan
    xy[:, Joint.L_KNEE] = xy[:, Joint.R_KNEE] = about
    return xy


@pytest.mark.parametrize("ahead", [-10.0, 0.0, 6.0])
def test_the_near_hip_is_carried_half_way_to_the_point_that_its_knee_swings_about(
    ahead: float,
) -> None:
    carried = hip_centre(swinging(ahead), Side.R).carried_px
    assert carried[Side.R] == pytest.approx((ahead / 2, -50.0), abs=0.05)
    assert carried[Side.L] == pytest.approx((0.0, -50.0))


def test_a_longer_thigh_hardly_moves_the_point_that_a_knee_swings_about() -> None:
    xy = swinging(6.0)
    # The hip's landmarks lie 10 px higher than the point: the thigh seems longer by a tenth.
    for side in Side:
        xy[:, Joint.of(side, "hip"), 1] += 10.0
    forward, _ = hip_centre(xy, Side.R).carried_px[Side.R]
    assert forward == pytest.approx(3.0, abs=0.1)


def test_a_point_that_no_hip_can_be_at_is_not_believed() -> None:
    forward, _ = hip_centre(swinging(60.0), Side.R).carried_px[Side.R]
    # A fifth of a thigh at the most; it is 117 px long here, as far as hip and knee tell.
    assert 8.0 < forward < 12.0


def test_a_knee_that_is_hidden_or_still_goes_round_no_point() -> None:
    assert hip_centre(swinging(6.0, frames_seen=7), Side.R).carried_px[Side.R][0] == 0.0
    still = frames(*[(3.0, 3.0)] * 40)
    assert hip_centre(still, Side.R).carried_px[Side.R][0] == pytest.approx(1.5)


def test_a_hip_that_wanders_alone_is_held_by_the_body() -> None:
    # The left hip's landmark is 8 px ahead: the middle goes 2 px ahead with it, and the hip is
    # half of the landmark and half of what is carried there.
    hip = steady_hip(frames((8, 0)), Side.L, CARRIED)
    assert hip[0] == pytest.approx(((8 + 2) / 2, 0.0))
    # The right hip stays where it is but for its share of that middle.
    assert steady_hip(frames((8, 0)), Side.R, CARRIED)[0] == pytest.approx((1.0, 0.0))


def test_a_body_that_moves_takes_its_hips_along() -> None:
    moved = frames((0, 0)) + np.array([30.0, -12.0])
    assert steady_hip(moved, Side.L, CARRIED)[0] == pytest.approx((30.0, -12.0))


def test_a_frame_without_shoulders_has_the_landmark_alone() -> None:
    xy = frames((8, 0), (8, 0))
    xy[1, Joint.R_SHOULDER] = np.nan
    assert steady_hip(xy, Side.L, CARRIED)[:, 0] == pytest.approx([5.0, 8.0])
    xy[1, Joint.L_HIP] = np.nan
    assert np.isnan(steady_hip(xy, Side.L, CARRIED)[1]).all()


def test_shoulders_that_are_hidden_in_most_of_the_stride_do_not_tell_how_hips_are_carried() -> None:
    xy = frames(*[(0.0, 0.0)] * 10)
    xy[:5, Joint.L_SHOULDER] = np.nan
    assert set(hip_centre(xy, Side.L).carried_px) == set(Side)
    xy[:6, Joint.L_SHOULDER] = np.nan
    assert hip_centre(xy, Side.L) == ALONE
    assert hip_centre(xy[:0], Side.L) == ALONE


@pytest.mark.parametrize(
    ("centre", "near", "zero"),
    [
        (CARRIED, True, 2.0 + 1.2),
        (CARRIED, False, 2.0 + 3.2),
        (ALONE, True, 2.0 + 1.3),
        (ALONE, False, 2.0 + 2.0),
    ],
)
def test_two_thirds_of_both_standing_thighs_stay_in_running(
    centre: HipCentre, near: bool, zero: float
) -> None:
    for side in Side:
        assert thigh_zero_deg(STANDING, side, near, centre) == pytest.approx(zero)


def test_a_tilted_camera_tilts_thigh_and_trunk_alike() -> None:
    tilted = replace(STANDING, thigh_deg={Side.L: 7.0, Side.R: 9.0}, trunk_deg=-1.0, line_deg=5.0)
    more = thigh_zero_deg(tilted, Side.L, True, CARRIED) - thigh_zero_deg(
        STANDING, Side.L, True, CARRIED
    )
    assert more == pytest.approx(5.0)
    straight, leaning = trunk_zero_deg(STANDING, CARRIED), trunk_zero_deg(tilted, CARRIED)
    assert straight == pytest.approx(-4.0 - 2.5)
    assert leaning == pytest.approx(straight + 5.0)


def test_a_body_whose_shoulders_or_feet_were_not_seen_standing_keeps_all_of_its_own_zero() -> None:
    unseen = replace(STANDING, line_deg=None)
    assert thigh_zero_deg(unseen, Side.L, True, CARRIED) == pytest.approx(3.0 + 1.2)
    assert trunk_zero_deg(unseen, CARRIED) == pytest.approx(-6.0 - 2.5)
    assert trunk_zero_deg(replace(STANDING, trunk_deg=None), CARRIED) is None


def test_markers_are_where_they_were_stuck() -> None:
    assert thigh_zero_deg(STANDING, Side.R, True, None) == 4.0
    assert trunk_zero_deg(STANDING, None) == -6.0
    xy = frames((8, 0))
    for found in (steady_hip(xy, Side.L, None), true_hip(xy, Side.L, True, STANDING, None)):
        assert found[0] == pytest.approx((8.0, 0.0))
    angle = running_thigh_deg(xy, Side.L, True, STANDING, None)
    assert angle[0] == pytest.approx(math.degrees(math.atan2(8, 100)) - 2.0)


def test_the_hip_itself_lies_where_the_thighs_angle_says() -> None:
    xy = frames((8, 0))
    hip = true_hip(xy, Side.L, True, STANDING, CARRIED)[0]
    knee = xy[0, Joint.L_KNEE]
    assert math.dist(hip, knee) == pytest.approx(math.hypot(5, 100))
    drawn = math.degrees(math.atan2(*(hip - knee)))
    assert drawn == pytest.approx(running_thigh_deg(xy, Side.L, True, STANDING, CARRIED)[0])


@pytest.mark.parametrize("centre", [CARRIED, ALONE])
@pytest.mark.parametrize("hidden", [None, Joint.R_SHOULDER, Joint.R_HIP, Joint.L_HIP])
def test_one_frame_reads_as_the_same_frame_in_a_stride(
    centre: HipCentre, hidden: Joint | None
) -> None:
    xy = frames((8, -3))
    if hidden is not None:
        xy[0, hidden] = np.nan
    for side in Side:
        zero = thigh_zero_deg(STANDING, side, True, centre)
        one = newest_thigh_deg(xy[0].tolist(), side, centre) - zero
        whole = running_thigh_deg(xy, side, True, STANDING, centre)[0]
        assert one == pytest.approx(whole, nan_ok=True)


def test_what_a_stride_told_of_the_hips_is_forgotten_with_its_frames() -> None:
    runner = Runner(Settings(), markers=False)
    runner.facing = Facing(1, Side.R)
    assert runner.find_hips(frames((0, 0))) == CARRIED
    assert runner.hip_centre == CARRIED
    runner.happens(Transition.TURNED_ROUND)
    assert runner.hip_centre is None
    assert Runner(Settings(), markers=True).find_hips(frames((0, 0))) is None
