"""A camera that moves, by the room: the runner stays where they would be from a tripod."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import JOINT_COUNT, Pose
from hipcue.realtime.vision.camera_motion import CameraMotion, small_grey

SIZE = (640, 400)
MIDDLE = np.array((450.0, 300.0))
FPS = 30.0
Image = NDArray[np.uint8]
Points = NDArray[np.float64]
Way = Callable[[float], tuple[float, float, float]]


def room(seed: int = 1) -> Image:
    """A room larger than the picture: patches with corners."""
    rng = np.random.default_rng(seed)
    image = np.full((600, 900, 3), 120, np.uint8)
    for _ in range(160):
        x, y = rng.integers(0, 880), rng.integers(0, 580)
        w, h = rng.integers(15, 60, 2)
        cv2.rectangle(image, (x, y), (x + w, y + h), rng.integers(30, 220, 3).tolist(), -1)
    return cv2.GaussianBlur(image, (3, 3), 0)


ROOM = room()


def body_at(t_s: float) -> Points:
    """Joints in the room: they swing around a place, 200 px high."""
    up = np.linspace(-100, 100, JOINT_COUNT)
    x = 40 * np.sin(2 * np.pi * t_s / 0.7 + np.arange(JOINT_COUNT)) * np.abs(up) / 100
    return MIDDLE + np.stack([x, up + 6 * np.sin(4 * np.pi * t_s / 0.7)], axis=1)


def filmed(t_s: float, way: Way, background: Image = ROOM) -> tuple[Image, Points]:
    """The picture of a camera, and where the joints are in it."""
    x, y, scale = way(t_s)
    matrix = np.array([[scale, 0, -scale * x], [0, scale, -scale * y]])
    joints = body_at(t_s)
    whole = background.copy()
    for one, other in itertools.pairwise(joints.round().astype(int).tolist()):
        cv2.line(whole, one, other, (20, 20, 220), 12)
    image = cv2.warpAffine(whole, matrix, SIZE, flags=cv2.INTER_AREA)
    return np.asarray(image, np.uint8), (joints - (x, y)) * scale


def pose_of(index: int, joints: Points, seen: bool = True) -> Pose:
    reason = None if seen else Reason(ReasonCode.NOBODY_IN_PICTURE)
    return Pose(index / FPS, index, joints, np.ones(JOINT_COUNT), SIZE, reason=reason)


def steadied(way: Way, seconds: float = 3.0) -> tuple[CameraMotion, Points]:
    """What comes out, against what a camera would see that stays where it began."""
    motion, apart = CameraMotion(), []
    x, y, scale = way(0.0)
    for index in range(round(seconds * FPS)):
        image, joints = filmed(index / FPS, way)
        found = motion.steadied(small_grey(image), pose_of(index, joints))
        apart.append(found.xy_px - (body_at(index / FPS) - (x, y)) * scale)
    return motion, np.array(apart)


STANDS: Way = lambda t_s: (130.0, 100.0, 1.0)  # noqa: E731


def test_a_tripod_changes_nothing_at_all() -> None:
    motion = CameraMotion()
    for index in range(30):
        image, joints = filmed(index / FPS, STANDS)
        noise = np.random.default_rng(index).normal(0, 3, image.shape)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
        pose = pose_of(index, joints)
        assert motion.steadied(small_grey(image), pose) is pose
    assert not motion.moved


@pytest.mark.parametrize(
    "way",
    [
        lambda t_s: (130 + 30 * t_s, 100.0, 1.0),
        lambda t_s: (130 + 60 * np.sin(2 * t_s), 100.0, 1.0),
        lambda t_s: (130.0, 100 + 40 * min(max(t_s - 1, 0), 1), 1.0),
        lambda t_s: (130 + 8 * np.sin(8 * t_s), 100 + 6 * np.sin(6 * t_s), 1.0),
    ],
    ids=["pans", "pans to and fro", "tilts", "held by hand"],
)
def test_what_the_camera_did_is_taken_off(way: Way) -> None:
    motion, apart = steadied(way)
    assert motion.moved
    assert np.abs(np.median(apart, axis=1)).max() < 3.0
    assert np.median(np.abs(apart)) < 1.0


def test_a_zoom_is_taken_off() -> None:
    def way(t_s: float) -> tuple[float, float, float]:
        scale = 1 + 0.1 * t_s
        return 450 - 320 / scale, 300 - 200 / scale, scale

    motion, apart = steadied(way)
    assert motion.moved
    assert np.abs(apart).max() < 3.5


def test_a_belt_that_runs_through_the_picture_is_no_camera() -> None:
    """An empty wall, and all that can be followed lies on the belt."""
    wall = np.full_like(ROOM, 150)
    motion = CameraMotion()
    for index in range(45):
        moving = wall.copy()
        moving[400:430] = np.roll(ROOM[400:430], -6 * index, axis=1)
        image, joints = filmed(index / FPS, STANDS, moving)
        pose = pose_of(index, joints)
        assert motion.steadied(small_grey(image), pose) is pose
    assert not motion.moved


def test_an_empty_wall_tells_nothing_and_takes_nothing_off() -> None:
    wall, motion = np.full_like(ROOM, 150), CameraMotion()
    for index in range(30):
        image, joints = filmed(index / FPS, lambda t_s: (130 + 50 * t_s, 100.0, 1.0), wall)
        pose = pose_of(index, joints)
        assert motion.steadied(small_grey(image), pose) is pose


def test_after_a_cut_it_begins_anew() -> None:
    motion = CameraMotion()
    pans: Way = lambda t_s: (130 + 40 * t_s, 100.0, 1.0)  # noqa: E731
    for index in range(30):
        image, joints = filmed(index / FPS, pans)
        motion.steadied(small_grey(image), pose_of(index, joints))
    motion.start_anew()
    for index in range(30, 60):
        image, joints = filmed(index / FPS, STANDS, room(2))
        pose = pose_of(index, joints)
        assert motion.steadied(small_grey(image), pose) is pose


def test_a_camera_that_is_torn_away_is_lost() -> None:
    motion = CameraMotion()
    lost = []
    for index in range(60):
        torn = 400.0 * max(0.0, index - 30)
        background = room(int(torn) + 3) if torn else ROOM
        image, joints = filmed(index / FPS, lambda t_s: (130 + 20 * t_s, 100.0, 1.0), background)
        motion.steadied(small_grey(image), pose_of(index, joints))
        lost.append(motion.lost)
    assert not any(lost[:31])
    assert sum(lost[31:]) > 20


def test_a_picture_without_anybody_is_passed_on() -> None:
    motion = CameraMotion()
    for index in range(10):
        image, joints = filmed(index / FPS, lambda t_s: (130 + 40 * t_s, 100.0, 1.0))
        pose = pose_of(index, np.full_like(joints, np.nan), seen=False)
        assert motion.steadied(small_grey(image), pose) is pose
    assert motion.steadied(small_grey(np.asarray(image[:80, :80])), pose) is pose
