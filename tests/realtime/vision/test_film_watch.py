"""Cuts, fades and a moving camera together: what becomes of the poses of a film."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import Frame
from hipcue.realtime.records import Pose
from hipcue.realtime.vision.film_watch import FilmWatch
from tests.realtime.vision.test_camera_motion import FPS, ROOM, STANDS, filmed, pose_of, room

ROOMS = [ROOM, room(8)]
Image = NDArray[np.uint8]


def seen(picture: Callable[[int], tuple[Image, Pose]], frames: int) -> Iterator[tuple[Frame, Pose]]:
    for index in range(frames):
        image, pose = picture(index)
        yield Frame(index / FPS, index, image), pose


def standing(index: int, number: int) -> tuple[Image, Pose]:
    image, joints = filmed(index / FPS, STANDS, ROOMS[number])
    return image, pose_of(index, joints)


def test_every_pose_comes_once_and_the_first_of_another_scene_is_missing() -> None:
    watch = FilmWatch()
    poses = list(watch.watched(seen(lambda k: standing(k, k // 40), 80)))
    assert [pose.index for pose in poses] == list(range(80))
    assert [p.index for p in poses if p.reason == Reason(ReasonCode.FILM_CUT)] == [40]
    assert watch.remarks() == [Reason(ReasonCode.FILM_HAS_CUT, seconds=1.3)]


def test_a_fade_is_a_cut_where_the_camera_stands() -> None:
    def fading(index: int) -> tuple[Image, Pose]:
        share = min(max((index - 45) / 15, 0.0), 1.0)
        (one, pose), (other, _) = standing(index, 0), standing(index, 1)
        return np.asarray(cv2.addWeighted(one, 1 - share, other, share, 0), np.uint8), pose

    watch = FilmWatch()
    hidden = [p.index for p in watch.watched(seen(fading, 100)) if not p.seen]
    assert len(hidden) == 1
    assert 45 < hidden[0] < 70
    assert [remark.code for remark in watch.remarks()] == [ReasonCode.FILM_HAS_CUT]


def test_a_camera_that_goes_far_is_no_cut() -> None:
    def panning(index: int) -> tuple[Image, Pose]:
        image, joints = filmed(index / FPS, lambda t_s: (20 + 90 * t_s, 100.0, 1.0))
        return image, pose_of(index, joints)

    watch = FilmWatch()
    assert all(pose.seen for pose in watch.watched(seen(panning, 80)))
    assert watch.remarks() == [Reason(ReasonCode.FILM_STEADIED)]


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_hardly_a_film_is_passed_on(frames: int) -> None:
    watch = FilmWatch()
    poses = list(watch.watched(seen(lambda k: standing(k, 0), frames)))
    assert [pose.index for pose in poses] == list(range(frames))
    assert watch.remarks() == []
