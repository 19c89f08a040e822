"""Angles of segments that point in known directions."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.pose_buffer import PoseBuffer, Stretch
from hipcue.realtime.gait.segment_angles import (
    ankle_angle_deg,
    knee_flexion_deg,
    leg_segments_deg,
    thigh_deg,
    trunk_deg,
    wrap_deg,
)
from hipcue.realtime.records import Side
from tests.realtime.gait.making import pose

NAN = float("nan")


def seen(facing: int = 1, **joints: tuple[float, float]) -> Stretch:
    """One frame, in the picture's pixels."""
    memory = PoseBuffer()
    memory.add_pose(pose(0.0, **joints), facing)
    return memory.stretch(-1.0)


@pytest.mark.parametrize(
    ("knee", "extension_deg"),
    [((0.0, 100.0), 0.0), ((-100.0, 100.0), 45.0), ((100.0, 100.0), -45.0), ((-100.0, 0.0), 90.0)],
)
def test_a_thigh_behind_the_vertical_is_extension(
    knee: tuple[float, float], extension_deg: float
) -> None:
    frame = seen(L_HIP=(0.0, 0.0), L_KNEE=knee)
    assert thigh_deg(frame.xy, Side.L)[0] == pytest.approx(extension_deg)
    assert frame.thigh_deg(Side.L)[0] == pytest.approx(extension_deg)


def test_the_same_thigh_seen_from_the_other_side_has_the_same_angle() -> None:
    frame = seen(facing=-1, L_HIP=(0.0, 0.0), L_KNEE=(30.0, 100.0))
    assert thigh_deg(frame.xy, Side.L)[0] == pytest.approx(np.degrees(np.arctan2(30, 100)))


def test_a_right_angle_at_the_knee() -> None:
    frame = seen(R_HIP=(0.0, 0.0), R_KNEE=(0.0, 100.0), R_ANKLE=(-100.0, 100.0))
    assert knee_flexion_deg(frame.xy, Side.R)[0] == pytest.approx(90.0)
    assert frame.knee_flexion_deg(Side.R)[0] == pytest.approx(90.0)


def test_a_heel_at_the_buttock_is_more_than_a_right_angle_not_less() -> None:
    # Thigh level to the front, shank level to the back: 180 degrees, not -180.
    frame = seen(R_HIP=(0.0, 0.0), R_KNEE=(100.0, 0.0), R_ANKLE=(0.0, 5.0))
    assert 170.0 < knee_flexion_deg(frame.xy, Side.R)[0] < 180.0


def test_toes_up_is_dorsiflexion() -> None:
    frame = seen(
        R_KNEE=(0.0, 0.0),
        R_ANKLE=(0.0, 100.0),
        R_HEEL=(-10.0, 110.0),
        R_TOE=(90.0, 110.0 - 100 * np.tan(np.radians(20))),
    )
    assert ankle_angle_deg(frame.xy, Side.R)[0] == pytest.approx(20.0, abs=0.01)


def test_a_trunk_that_leans_forward_is_positive_whichever_way_they_run() -> None:
    hips = {"L_HIP": (300.0, 400.0), "R_HIP": (320.0, 400.0)}
    ahead = {"L_SHOULDER": (340.0, 200.0), "R_SHOULDER": (360.0, 200.0)}
    lean = np.degrees(np.arctan2(40, 200))
    assert trunk_deg(seen(**hips, **ahead).xy)[0] == pytest.approx(lean)
    assert trunk_deg(seen(facing=-1, **hips, **ahead).xy)[0] == pytest.approx(-lean)


def test_a_hidden_joint_gives_no_angle() -> None:
    frame = seen(L_HIP=(0.0, 0.0))
    assert np.isnan(thigh_deg(frame.xy, Side.L)[0])
    assert np.isnan(frame.knee_flexion_deg(Side.L)[0])
    assert np.isnan(ankle_angle_deg(frame.xy, Side.L)[0])
    assert np.isnan(trunk_deg(frame.xy)[0])


def test_a_frames_segments_are_those_of_the_arrays() -> None:
    chance = np.random.default_rng(7)
    xy = chance.normal(size=(1, 19, 2))
    left, right = np.split(np.array(leg_segments_deg(xy[0].tolist())), 2)
    for side, (thigh, shank, foot) in ((Side.L, left), (Side.R, right)):
        assert thigh == pytest.approx(thigh_deg(xy, side)[0])
        assert wrap_deg(shank - thigh) == pytest.approx(knee_flexion_deg(xy, side)[0])
        assert wrap_deg(shank + foot) == pytest.approx(ankle_angle_deg(xy, side)[0])


def test_angles_are_brought_into_one_turn() -> None:
    assert wrap_deg(np.array([190.0, -190.0, 540.0, 10.0])).tolist() == [
        -170.0,
        170.0,
        -180.0,
        10.0,
    ]
