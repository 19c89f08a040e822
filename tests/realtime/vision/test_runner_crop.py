"""The square around the runner, on joints whose place is written down."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.vision.runner_crop import RunnerCrop, extend_edges

WIDTH, HEIGHT = 960, 480
WHOLE = (0, 0, WIDTH, HEIGHT)


def body(x: float = 500.0, top: float = 100.0, tall: float = 200.0) -> np.ndarray:
    """A head, a foot and a joint that nobody saw."""
    return np.array([[x - 20.0, top], [x + 20.0, top + tall], [np.nan, np.nan]])


def settled(joints: np.ndarray, frames: int = 8) -> RunnerCrop:
    crop = RunnerCrop()
    for _ in range(frames):
        crop.add_joints(joints, WIDTH, HEIGHT)
    return crop


def test_the_eighth_frame_that_agrees_makes_a_square_of_1_45_body_heights() -> None:
    assert settled(body(), 7).box(WIDTH, HEIGHT) == WHOLE
    # 1.45 * 200 = 290, its middle at (500, 200).
    assert settled(body()).box(WIDTH, HEIGHT) == (355, 55, 645, 345)


def test_at_the_pictures_edge_the_square_stays_inside() -> None:
    assert settled(body(x=40.0)).box(WIDTH, HEIGHT) == (0, 55, 290, 345)
    assert settled(body(top=279.0)).box(WIDTH, HEIGHT) == (355, 190, 645, 480)


@pytest.mark.parametrize("tall", [30.0, 0.0])
def test_a_tiny_runner_is_looked_for_in_the_whole_picture(tall: float) -> None:
    assert settled(body(tall=tall), 20).box(WIDTH, HEIGHT) == WHOLE


def test_in_a_square_picture_a_large_runner_needs_the_whole_of_it() -> None:
    crop = RunnerCrop()
    for _ in range(20):
        crop.add_joints(body(x=240.0, tall=300.0), 480, 480)
    assert crop.box(480, 480) == (0, 0, 480, 480)


def test_whoever_comes_near_its_edge_is_given_the_whole_picture_again() -> None:
    crop = settled(body())
    crop.add_joints(body(x=600.0), WIDTH, HEIGHT)  # 620 is well inside of 645.
    assert crop.box(WIDTH, HEIGHT) != WHOLE
    crop.add_joints(body(x=622.0), WIDTH, HEIGHT)  # 642 is within 2 % of the side.
    assert crop.box(WIDTH, HEIGHT) == WHOLE
    assert settled(body()).box(WIDTH, HEIGHT) != WHOLE


def test_the_edges_colours_are_drawn_out_beyond_it() -> None:
    image = np.zeros((60, 100, 3), np.uint8)
    rng = np.random.default_rng(1)
    image[10:50, 30:70] = rng.integers(1, 255, (40, 40, 3))
    box = image[10:50, 30:70].copy()
    extend_edges(image, (30, 10, 70, 50))
    assert np.array_equal(image[10:50, 30:70], box)
    # A quarter of 40: ten pixels to each side, and its corners.
    assert (image[10:50, 20:30] == box[:, :1]).all()
    assert (image[10:50, 70:80] == box[:, -1:]).all()
    assert (image[0:10, 20:80] == image[10, 20:80]).all()
    assert (image[50:60, 20:80] == image[49, 20:80]).all()
    assert not image[:, :20].any() and not image[:, 80:].any()
