"""Which leg was which in a recorded frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.gait.leg_tracker import swap_legs
from hipcue.realtime.gait.retold import was_swapped
from hipcue.realtime.records import (
    JOINT_COUNT,
    BodyAngles,
    Joint,
    Measurement,
    PelvisSource,
    Pose,
    Side,
)


def runner(facing: int) -> Pose:
    """Left thigh 20 degrees behind the vertical, right one 30 degrees in front, knees straight."""
    xy = np.full((JOINT_COUNT, 2), np.nan)
    for side, behind_deg in ((Side.L, 20.0), (Side.R, -30.0)):
        along = np.radians(behind_deg)
        step = 100.0 * np.array([-np.sin(along) * facing, np.cos(along)])
        for number, name in enumerate(("hip", "knee", "ankle")):
            xy[Joint.of(side, name)] = np.array([300.0, 200.0]) + number * step
    return Pose(1.0, 0, xy, np.ones(JOINT_COUNT), (640, 480))


def angles(facing: int, left: float | None, right: float | None) -> BodyAngles:
    def deg(value: float | None) -> Measurement:
        return (
            Measurement.missing(ReasonCode.NEAR_LEG_HIDDEN)
            if value is None
            else Measurement(value, 5.0)
        )

    straight = {side: Measurement(0.0, 5.0) for side in Side}
    none = Measurement.missing(ReasonCode.NOT_MEASURED)
    thighs = {Side.L: deg(left), Side.R: deg(right)}
    return BodyAngles(
        1.0, Side.L, facing, thighs, straight, {}, none, none, none, PelvisSource.NONE
    )


@pytest.mark.parametrize("facing", [1, -1])
# Twelve degrees of standing neutral taken off both thighs change nothing.
@pytest.mark.parametrize("neutral_deg", [0.0, 12.0])
def test_angles_tell_whether_the_legs_were_exchanged(facing: int, neutral_deg: float) -> None:
    pose = runner(facing)
    told = angles(facing, 20.0 - neutral_deg, -30.0 - neutral_deg)
    assert not was_swapped(pose, told)
    assert was_swapped(swap_legs(pose), told)


def test_knees_decide_where_the_thighs_say_nothing() -> None:
    pose = runner(1)
    xy = pose.xy_px.copy()
    xy[Joint.R_KNEE] = xy[Joint.L_KNEE]
    xy[Joint.R_ANKLE] = xy[Joint.L_KNEE] + np.array([-100.0, 0.0])
    pose = replace(pose, xy_px=xy)
    told = replace(
        angles(1, 20.0, 20.0),
        knee_flexion_deg={Side.L: Measurement(0.0, 5.0), Side.R: Measurement(70.0, 5.0)},
    )
    assert not was_swapped(pose, told)
    assert was_swapped(swap_legs(pose), told)


def test_a_hidden_leg_says_nothing() -> None:
    assert not was_swapped(swap_legs(runner(1)), angles(1, 20.0, None))
