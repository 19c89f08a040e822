"""What the camera's watch says of a body whose parts turn, each by its own angle."""

from __future__ import annotations

import cmath
import math

import numpy as np
import pytest

from hipcue.realtime.gait.camera_watch import CameraMove, CameraWatch, MoveKind
from hipcue.realtime.records import JOINT_COUNT, Joint, Pose, Side

STRIDE_S, FPS = 0.7, 60
TRUNK_PX, THIGH_PX, SHANK_PX, FOOT_PX = 200.0, 150.0, 150.0, 60.0


def body(t_s: float, index: int, swing_deg: float, turned_deg: tuple[float, ...]) -> Pose:
    """Trunk, thighs, shanks and feet, turned counterclockwise by so much; the legs swing."""
    trunk, thigh, shank, foot = (cmath.rect(1.0, math.radians(deg)) for deg in turned_deg)
    swing = math.radians(swing_deg) * math.sin(2 * math.pi * t_s / STRIDE_S)
    at = {}
    hip = 640 + 360j
    for side, way in ((Side.L, 1.0), (Side.R, -1.0)):
        leg = cmath.rect(1.0, way * swing)
        knee = hip + -1j * THIGH_PX * thigh * leg
        ankle = knee + -1j * SHANK_PX * shank * leg
        heel = ankle - 10j
        at |= {
            Joint.of(side, "shoulder"): hip + 1j * TRUNK_PX * trunk,
            Joint.of(side, "ear"): hip + 1.3j * TRUNK_PX * trunk,
            Joint.of(side, "hip"): hip,
            Joint.of(side, "knee"): knee,
            Joint.of(side, "ankle"): ankle,
            Joint.of(side, "heel"): heel,
            Joint.of(side, "toe"): heel + FOOT_PX * foot,
        }
    at[Joint.NOSE] = at[Joint.L_EAR] + 20
    xy = np.full((JOINT_COUNT, 2), np.nan)
    for joint, z in at.items():
        xy[joint] = (z.real, 720 - z.imag)
    return Pose(t_s, index, xy, np.ones(JOINT_COUNT), (1280, 720))


def moves(swing_deg: float, turned_deg: tuple[float, ...], over_s: float = 0.3) -> list[CameraMove]:
    """Watch a body for three seconds; from 1.5 s on its parts turn."""
    watch = CameraWatch()
    found = []
    for index in range(3 * FPS):
        t_s = index / FPS
        share = min(max((t_s - 1.5) / over_s, 0.0), 1.0)
        turned = tuple(share * deg for deg in turned_deg)
        move = watch.add_pose(body(t_s, index, swing_deg, turned), STRIDE_S)
        found += [] if move is None else [move]
    return found


@pytest.mark.parametrize("deg", [-5.0, 5.0])
def test_all_parts_that_turn_by_one_angle_are_a_camera(deg: float) -> None:
    found = moves(30.0, (deg, deg, deg, deg))
    assert found[0].kind is MoveKind.TURNED
    assert found[-1].kind is MoveKind.MEASURED
    assert found[-1].turn_deg == pytest.approx(deg, abs=0.5)


@pytest.mark.parametrize(
    "turned_deg",
    [(-3.7, 5.4, -23.1, -8.9), (4.1, -3.1, 20.1, 14.1)],
)
def test_who_begins_to_run_turns_thighs_and_shanks_opposite_ways_and_is_no_camera(
    turned_deg: tuple[float, ...],
) -> None:
    assert moves(30.0, turned_deg) == []


def test_legs_that_hardly_swing_do_not_run_and_tell_nothing_in_the_lag_of_a_stride() -> None:
    assert moves(3.0, (5.0, 5.0, 5.0, 5.0)) == []
