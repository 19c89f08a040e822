from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.body_height import BodyHeight, body_height_px
from hipcue.realtime.gait.smoothing import SlowMean
from tests.realtime.gait.making import pose

# Winter 2009, fig. 4.1, in a body of 550 px whose soles are at y = 600.
LEG = {"L_HIP": (640, 308.5), "R_HIP": (640, 308.5), "L_HEEL": (630, 600), "R_HEEL": (630, 600)}
LEFT, RIGHT = {"L_SHOULDER": (640, 150.1)}, {"R_SHOULDER": (640, 150.1)}
HEAD = {"NOSE": (650, 50)}


@pytest.mark.parametrize("marked", [{}, LEFT, RIGHT, LEFT | RIGHT, HEAD, LEFT | HEAD])
def test_the_height_does_not_depend_on_what_is_marked(marked: dict[str, tuple[float, int]]) -> None:
    assert body_height_px(pose(0.0, **LEG, **marked)) == pytest.approx(550.0, rel=0.001)


@pytest.mark.parametrize("fps", [25, 60, 240])
def test_a_step_comes_through_by_the_same_share_in_a_second_at_any_frame_rate(fps: int) -> None:
    mean = SlowMean(0.5)
    mean.add(0.0, 1.0)
    for k in range(1, fps + 1):
        mean.add(k / fps, 2.0)
    assert mean.value == pytest.approx(2.0 - np.exp(-1.0 / 0.5))


def test_a_bounce_moves_the_ruler_of_a_fast_camera_no_more_than_that_of_a_slow_one() -> None:
    spread = []
    for fps in (60, 240):
        height = BodyHeight()
        heights = []
        for k in range(4 * fps):
            up_px = 20.0 * np.sin(2 * np.pi * 2.7 * k / fps)
            heights.append(height.add_pose(pose(k / fps, k, NOSE=(650, 50 - up_px), **LEG)))
        spread.append(np.std(heights[fps:]))
    assert spread[1] == pytest.approx(spread[0], rel=0.1)


def test_the_same_instant_twice_counts_once() -> None:
    mean = SlowMean(0.5)
    mean.add(1.0, 10.0)
    assert mean.add(1.0, 99.0) == 10.0
