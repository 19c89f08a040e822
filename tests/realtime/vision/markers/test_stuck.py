"""Markers whose last place is written again and again."""

from __future__ import annotations

import numpy as np

from hipcue.realtime.vision.markers.stuck import without_stuck


def markers() -> dict[str, np.ndarray]:
    chance = np.random.default_rng(1)
    return {name: chance.normal(size=(60, 3)) for name in ("hip", "knee", "ankle", "heel")}


def test_markers_that_move_stay() -> None:
    was = markers()
    now = without_stuck(was)
    assert all((now[name] == was[name]).all() for name in was)


def test_one_that_stands_still_is_missing_from_then_on_and_no_other() -> None:
    was = markers()
    was["hip"][20:] = was["hip"][20]
    now = without_stuck(was)
    assert np.isnan(now["hip"][21:]).all() and np.isfinite(now["hip"][:21]).all()
    assert all(np.isfinite(now[name]).all() for name in ("knee", "ankle", "heel"))


def test_two_frames_that_round_to_the_same_place_are_no_stop() -> None:
    was = markers()
    was["hip"][20] = was["hip"][19]
    assert np.isfinite(without_stuck(was)["hip"]).all()


def test_pictures_that_repeat_are_another_fault() -> None:
    was = markers()
    for path in was.values():
        path[30:40] = path[30]
    assert all(np.isfinite(path).all() for path in without_stuck(was).values())


def test_what_was_missing_stays_missing() -> None:
    was = markers()
    was["hip"][10:30] = np.nan
    now = without_stuck(was)["hip"]
    assert np.isnan(now[10:30]).all() and np.isfinite(now[30:]).all()


def test_a_drawn_runner_may_have_a_hip_that_never_moves() -> None:
    was = markers()
    was["hip"][:] = 1.0
    assert np.isfinite(without_stuck(was)["hip"]).all()
