"""The hip of a pose model: half carried by the body, and the zero of running."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from hipcue.config.settings import Settings
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
CARRIED = HipCentre((0.0, -50.0))
ALONE = HipCentre(None)


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
    assert hip_centre(frames((0, 0), (4, 4), (-4, -4))).carried_px == pytest.approx((0.0, -50.0))
    assert hip_centre(frames((8, 8), (8, 8))).carried_px == pytest.approx((4.0, -50.0))


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
    assert hip_centre(xy).carried_px is not None
    xy[:6, Joint.L_SHOULDER] = np.nan
    assert hip_centre(xy) == ALONE
    assert hip_centre(xy[:0]) == ALONE


@pytest.mark.parametrize(
    ("centre", "near", "zero"),
    [
        (CARRIED, True, 2.0 + 2.1),
        (CARRIED, False, 2.0 + 3.1),
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
    assert thigh_zero_deg(unseen, Side.L, True, CARRIED) == pytest.approx(3.0 + 2.1)
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
    assert runner.find_hips(frames((0, 0))) == CARRIED
    assert runner.hip_centre == CARRIED
    runner.happens(Transition.TURNED_ROUND)
    assert runner.hip_centre is None
    assert Runner(Settings(), markers=True).find_hips(frames((0, 0))) is None
