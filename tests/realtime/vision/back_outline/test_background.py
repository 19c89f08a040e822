"""The background behind the back: learned where it is free, and no more of it than is needed."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from hipcue.realtime.vision.back_outline.background import Background
from hipcue.realtime.vision.sampling import SampledLines

WALL, DOOR = 150, 40
ROOM = np.full((1080, 1920, 3), WALL, np.uint8)
ROOM[:, 1000:1050] = DOOR


def level_line(y: float, x0: float, x1: float) -> SampledLines:
    x = np.arange(x0, x1)[None, :]
    return SampledLines.from_places(x, np.full_like(x, y))


def learned(*boxes: tuple[int, int, int, int]) -> Background:
    background = Background()
    for box in boxes:
        background.learn(ROOM, box, np.ones((box[3] - box[1], box[2] - box[0]), np.uint8))
    return background


def test_before_anything_was_uncovered_nothing_is_known() -> None:
    assert Background().along(level_line(500, 900, 1100)) is None


def test_what_was_uncovered_is_known_and_the_rest_is_not() -> None:
    found = learned((980, 400, 1080, 600)).along(level_line(500, 900, 1100))
    assert found is not None
    colours, known = found[0][0], found[1][0]
    assert np.flatnonzero(known).tolist() == list(range(80, 180))
    assert np.all(colours[80:100] == WALL)
    assert np.all(colours[100:150] == DOOR)


def test_where_the_runner_may_be_nothing_is_learned() -> None:
    background = Background()
    free = np.ones((200, 100), np.uint8)
    free[:, 50:] = 0
    background.learn(ROOM, (980, 400, 1080, 600), free)
    found = background.along(level_line(500, 980, 1080))
    assert found is not None
    assert np.flatnonzero(found[1][0]).tolist() == list(range(50))


def test_a_runner_who_drifts_keeps_what_was_learned_before() -> None:
    background = learned((980, 400, 1080, 600), (700, 380, 800, 580), (1500, 420, 1600, 620))
    for x0 in (980, 700, 1500):
        found = background.along(level_line(500, x0, x0 + 100))
        assert found is not None and found[1].all()
    between = background.along(level_line(500, 1200, 1300))
    assert between is not None and not between[1].any()


def test_between_two_pixels_the_place_in_the_picture_counts() -> None:
    # The door's left edge: halfway between wall and door at 999.5, wherever the part begins.
    for box in ((980, 400, 1080, 600), (333, 111, 1080, 600)):
        found = learned(box).along(level_line(500, 999.5, 1000.5))
        assert found is not None
        assert found[0][0, 0].tolist() == pytest.approx([(WALL + DOOR) / 2] * 3)


def test_only_the_strip_behind_the_back_is_kept() -> None:
    tracemalloc.start()
    try:
        background = learned((980, 400, 1080, 600), (985, 405, 1085, 605))
        kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert background.along(level_line(500, 985, 1000)) is not None
    assert kept_bytes < 0.05 * 4 * ROOM.size


def test_a_new_background_is_learned_over_the_old_one_in_about_a_second() -> None:
    box = (980, 400, 1080, 600)
    background, free = learned(box), np.ones((200, 100), np.uint8)
    for _ in range(60):
        background.learn(np.full_like(ROOM, 250), box, free)
    found = background.along(level_line(500, 1010, 1040))
    assert found is not None
    assert found[0].min() == pytest.approx(250, abs=12)


def test_pictures_of_another_size_begin_anew() -> None:
    background = learned((980, 400, 1080, 600))
    small = np.ascontiguousarray(ROOM[::2, ::2])
    background.learn(small, (10, 10, 50, 50), np.ones((40, 40), np.uint8))
    found = background.along(level_line(500, 980, 1080))
    assert found is not None and not found[1].any()
