"""From where somebody is seen: how they lie in the picture, and from which side."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.seen_from import SeenFrom
from hipcue.realtime.records import Joint, Pose
from tests.realtime.test_engine import film

POSES = film()[1][300:500]


def seen(poses: list[Pose], every: int = 1) -> SeenFrom:
    found = SeenFrom(every)
    for pose in poses:
        found.add(pose)
    return found


def turned(pose: Pose, deg: float) -> Pose:
    """The pose turned to the left around the middle of the picture."""
    a = math.radians(-deg)
    spin = np.array([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]])
    return replace(pose, xy_px=(pose.xy_px - 640.0) @ spin + 640.0)


def viewed_at(pose: Pose, deg: float) -> Pose:
    """Shoulders and hips as far apart as they are from so many degrees off the side."""
    xy = pose.xy_px.copy()
    trunk_px = float(np.linalg.norm(xy[Joint.L_HIP] - xy[Joint.L_SHOULDER]))
    for left, right, apart in (
        (Joint.L_SHOULDER, Joint.R_SHOULDER, 0.72),
        (Joint.L_HIP, Joint.R_HIP, 0.36),
    ):
        middle = xy[[left, right], 0].mean()
        half = 0.5 * apart * trunk_px * math.sin(math.radians(deg))
        xy[left, 0], xy[right, 0] = middle + half, middle - half
    return replace(pose, xy_px=xy)


@pytest.mark.parametrize(
    ("deg", "turns"), [(0, 0), (90, 3), (180, 2), (-90, 1), (20, 0), (70, 3), (-165, 2)]
)
def test_what_makes_them_stand_is_told(deg: float, turns: int) -> None:
    found = seen([turned(pose, deg) for pose in POSES])
    assert found.turns_to_stand == turns
    assert found.lies == (turns != 0)


def test_somebody_who_lies_down_for_a_while_is_no_film_on_its_side() -> None:
    found = seen([turned(p, 90) if k < 90 else p for k, p in enumerate(POSES)])
    assert found.turns_to_stand == 0


def test_looks_that_disagree_turn_nothing() -> None:
    assert seen([turned(p, 90 * (k % 3 + 1)) for k, p in enumerate(POSES)]).turns_to_stand == 0
    assert seen([turned(p, 90) for p in POSES[:2]]).turns_to_stand == 0


@pytest.mark.parametrize(
    ("deg", "front", "oblique"),
    [
        (0, False, False),
        (15, False, False),
        (40, False, True),
        (70, True, False),
        (90, True, False),
    ],
)
def test_the_front_is_told_from_the_side(deg: float, front: bool, oblique: bool) -> None:
    found = seen([viewed_at(pose, deg) for pose in POSES])
    assert (found.from_front, found.obliquely) == (front, oblique)


def test_nobody_is_nowhere() -> None:
    gone = [replace(pose, reason=Reason(ReasonCode.NOBODY_IN_PICTURE)) for pose in POSES]
    hidden = [replace(pose, xy_px=np.full_like(pose.xy_px, np.nan)) for pose in POSES]
    for found in (seen(gone), seen(hidden), SeenFrom()):
        assert not (found.lies or found.from_front or found.obliquely)
        assert found.turns_to_stand == 0


def test_joints_that_are_seen_now_and_then_are_enough() -> None:
    hidden = np.full_like(POSES[0].xy_px, np.nan)
    poses = [replace(p, xy_px=hidden) if k % 3 else turned(p, 90) for k, p in enumerate(POSES)]
    assert seen(poses).turns_to_stand == 3
