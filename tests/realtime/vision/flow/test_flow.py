"""Joints followed from picture to picture: moved paper dolls with known ways."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import Frame
from hipcue.realtime.records import JOINT_COUNT, Joint, Pose, Side
from hipcue.realtime.vision.flow.follower import FlowFollower
from hipcue.realtime.vision.flow.joint_flow import follow
from hipcue.realtime.vision.flow.least_squares import Bones, solve
from hipcue.realtime.vision.flow.skeleton import BONES, LEGS, POINTS
from hipcue.realtime.vision.pose import Detection

FPS = 60.0
HEIGHT_PX = 300.0
# A runner to the right, in body heights from the top left corner of their box.
AT = {
    "NOSE": (0.28, 0.07), "EAR": (0.24, 0.06), "SHOULDER": (0.22, 0.19), "ELBOW": (0.16, 0.32),
    "WRIST": (0.28, 0.36), "HIP": (0.20, 0.50), "KNEE": (0.30, 0.72), "ANKLE": (0.22, 0.94),
    "HEEL": (0.19, 0.99), "TOE": (0.33, 1.00),
}  # fmt: skip


def joints() -> np.ndarray:
    """All joints in pixels; the right leg ahead of the left, well apart from it."""
    xy = np.array([AT[joint.name.rpartition("_")[2]] for joint in Joint])
    right = [joint for joint in Joint if joint.name.startswith("R_")]
    xy[right] += (0.22, 0.0)
    return xy * HEIGHT_PX + (150.0, 90.0)


def cloth(seed: int = 3) -> np.ndarray:
    """A picture full of detail, as soft as a camera makes it."""
    random = np.random.default_rng(seed)
    picture = np.full((480, 640, 3), 127.0)
    for size in (40, 20, 8):
        noise = random.normal(0, 30, (480 // size, 640 // size, 3))
        picture += cv2.resize(noise, (640, 480), interpolation=cv2.INTER_CUBIC)
    return np.clip(picture, 0, 255).astype(np.uint8)


def moved(picture: np.ndarray, way: tuple[float, float]) -> np.ndarray:
    shift = np.array([[1.0, 0.0, way[0]], [0.0, 1.0, way[1]]])
    size = (picture.shape[1], picture.shape[0])
    return cv2.warpAffine(picture, shift, size, borderMode=cv2.BORDER_REFLECT)


def pose(xy: np.ndarray, frame: int = 0) -> Pose:
    return Pose(frame / FPS, frame, xy, np.full(JOINT_COUNT, 0.9), (640, 480))


def frame(image: np.ndarray, number: int) -> Frame:
    return Frame(number / FPS, number, image)


@pytest.mark.parametrize("way", [(6.0, -2.5), (-14.0, 9.0), (0.0, 0.0)])
def test_what_moves_as_a_whole_is_followed_to_a_third_of_a_pixel(way) -> None:
    before, xy = cloth(), joints()
    unknown = np.full_like(xy, np.nan)
    found = follow(before, moved(before, way), xy, unknown, 1 / FPS, HEIGHT_PX)
    np.testing.assert_allclose(found.xy_px, xy + way, atol=0.33)
    assert (found.sigma_px < 0.012 * HEIGHT_PX).all()


def test_a_joint_that_the_model_did_not_see_is_not_made_up() -> None:
    before, xy = cloth(), joints()
    xy[Joint.L_TOE] = np.nan
    found = follow(before, moved(before, (5, 0)), xy, np.zeros_like(xy), 1 / FPS, HEIGHT_PX)
    assert np.isnan(found.xy_px[Joint.L_TOE]).all()
    np.testing.assert_allclose(found.xy_px[Joint.L_KNEE], xy[Joint.L_KNEE] + (5, 0), atol=0.33)


def test_a_leg_that_vanishes_is_lost_and_the_rest_is_not() -> None:
    before, xy = cloth(), joints()
    after = moved(before, (4, 0))
    after[300:, :] = 90  # Somebody holds a board in front of the shanks.
    found = follow(before, after, xy, np.full_like(xy, np.nan), 1 / FPS, HEIGHT_PX)
    assert np.isnan(found.xy_px[[Joint.L_ANKLE, Joint.L_HEEL, Joint.L_TOE]]).all()
    np.testing.assert_allclose(
        found.xy_px[Joint.L_SHOULDER], xy[Joint.L_SHOULDER] + (4, 0), atol=0.33
    )


def test_a_leg_behind_the_other_one_does_not_go_with_it() -> None:
    """What is seen in its place is the nearer leg, that may stand on the belt."""
    before, xy = cloth(), joints()
    for left, right in zip(LEGS[Side.L][1:], LEGS[Side.R][1:], strict=True):
        xy[left] = xy[right] + (3.0, 0.0)
    unknown = np.full_like(xy, np.nan)
    found = follow(before, moved(before, (6, 0)), xy, unknown, 1 / FPS, HEIGHT_PX, behind=(Side.L,))
    assert np.isnan(found.xy_px[LEGS[Side.L][2:]]).all()
    np.testing.assert_allclose(found.xy_px[LEGS[Side.R]], xy[LEGS[Side.R]] + (6, 0), atol=0.33)


def test_the_legs_of_somebody_who_stands_side_on_are_both_followed() -> None:
    """The one behind goes where the other goes: nowhere."""
    before, xy = cloth(), joints()
    for left, right in zip(LEGS[Side.L], LEGS[Side.R], strict=True):
        xy[left] = xy[right] + (3.0, 0.0)
    after = moved(before, (0.3, 0.1))
    still = np.zeros_like(xy)
    found = follow(before, after, xy, still, 1 / FPS, HEIGHT_PX, behind=(Side.L,))
    np.testing.assert_allclose(found.xy_px, xy + np.array([0.3, 0.1]), atol=0.33)


def test_legs_that_hide_each_other_and_nothing_else_are_lost() -> None:
    """Feet and knees only, one behind the other: there is no point to follow."""
    before, xy = cloth(), joints()
    for left, right in zip(LEGS[Side.L][1:], LEGS[Side.R][1:], strict=True):
        xy[left] = xy[right]
    others = [joint for joint in Joint if joint not in (*LEGS[Side.L][1:], *LEGS[Side.R][1:])]
    xy[others] = np.nan
    unknown = np.full_like(xy, np.nan)
    found = follow(
        before, moved(before, (6, 0)), xy, unknown, 1 / FPS, HEIGHT_PX, behind=tuple(Side)
    )
    assert np.isnan(found.xy_px).all()


def test_another_room_is_not_the_runner() -> None:
    """A film that is cut: nothing comes back to where it was."""
    xy = joints()
    found = follow(cloth(3), cloth(4), xy, np.full_like(xy, np.nan), 1 / FPS, HEIGHT_PX)
    assert np.isnan(found.xy_px).all()


def test_points_that_went_with_the_other_leg_are_outvoted() -> None:
    xy = joints() / HEIGHT_PX
    expected = np.zeros((JOINT_COUNT, 2))
    true = np.zeros((JOINT_COUNT, 2))
    true[:] = (0.02, 0.0)
    way = POINTS @ true
    shank = np.flatnonzero((POINTS[:, Joint.L_KNEE] > 0) & (POINTS[:, Joint.L_ANKLE] > 0))
    way[shank[:1]] = (-0.06, 0.0)
    seen = np.ones(JOINT_COUNT, bool)
    found, sigma = solve(
        mixed=POINTS,
        moved=way,
        sigma=np.full(len(POINTS), 0.004),
        expected=expected,
        expected_sigma=np.full(JOINT_COUNT, 0.02),
        bones=Bones.between(xy, expected, seen),
    )
    np.testing.assert_allclose(found, true, atol=0.0025)
    # Where they contradict each other nobody is as sure as elsewhere.
    assert sigma[Joint.L_KNEE] > 1.3 * sigma[Joint.R_KNEE]
    assert sigma.max() < 0.012


def test_a_bone_keeps_its_length_where_only_one_end_was_followed() -> None:
    """A shank that turns about the knee: the foot goes on the circle, not off it."""
    xy = joints() / HEIGHT_PX
    turn = np.deg2rad(8.0)
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    knee, ankle = xy[Joint.L_KNEE], xy[Joint.L_ANKLE]
    expected = np.zeros((JOINT_COUNT, 2))
    expected[Joint.L_ANKLE] = knee + rotate @ (ankle - knee) - ankle
    # What was expected would make it longer, too.
    expected[Joint.L_ANKLE] += 0.02 * (ankle - knee) / np.linalg.norm(ankle - knee)
    seen = np.ones(JOINT_COUNT, bool)
    sigma = np.full(len(POINTS), np.inf)
    sigma[Joint.L_KNEE] = 0.004
    found, _ = solve(
        mixed=POINTS,
        moved=np.zeros((len(POINTS), 2)),
        sigma=sigma,
        expected=expected,
        expected_sigma=np.full(JOINT_COUNT, 0.03),
        bones=Bones.between(xy, expected, seen),
    )
    after = xy + found
    was, now = (
        np.linalg.norm(ankle - knee),
        np.linalg.norm(after[Joint.L_ANKLE] - after[Joint.L_KNEE]),
    )
    assert now == pytest.approx(was, abs=0.003)
    assert len(BONES) > 10


def test_a_runner_is_followed_for_three_pictures_and_then_wants_a_look() -> None:
    follower, picture, xy = FlowFollower(), cloth(), joints()
    follower.add_seen(frame(picture, 0), Detection(pose(xy)))
    for number in (1, 2, 3):
        found = follower.follow(frame(moved(picture, (4.0 * number, 0)), number))
        assert found is not None and found.pose.followed and found.silhouette is None
        assert found.pose.index == number and found.pose.t_capture_s == number / FPS
        np.testing.assert_allclose(found.pose.xy_px, xy + np.array([4.0 * number, 0.0]), atol=0.8)
    assert follower.follow(frame(moved(picture, (16, 0)), 4)) is None


def test_nobody_is_not_followed() -> None:
    follower, picture = FlowFollower(), cloth()
    nobody = Pose(
        0.0, 0, np.full((JOINT_COUNT, 2), np.nan), np.zeros(JOINT_COUNT), (640, 480),
        reason=Reason(ReasonCode.NOBODY_IN_PICTURE),
    )  # fmt: skip
    follower.add_seen(frame(picture, 0), Detection(nobody))
    assert follower.follow(frame(picture, 1)) is None


def test_no_one_is_followed_over_a_gap_or_into_a_picture_of_another_size() -> None:
    picture, xy = cloth(), joints()
    follower = FlowFollower()
    follower.add_seen(frame(picture, 0), Detection(pose(xy)))
    assert follower.follow(frame(picture, 6)) is None
    follower.add_seen(frame(picture, 7), Detection(pose(xy, 7)))
    assert follower.follow(frame(picture[:, :600], 8)) is None
    follower.add_seen(frame(picture, 9), Detection(pose(xy, 9)))
    assert follower.follow(frame(picture, 10)) is not None
