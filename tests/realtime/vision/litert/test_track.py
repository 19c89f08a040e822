"""Where the runner is expected: positions that are plain arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.vision.litert.track import Track

SIZE = (640, 480)


def points(x: float, y: float = 240.0) -> np.ndarray:
    """The middle at x, y, and a point of the circle 80 pixels above it."""
    return np.array([[x, y], [x, y - 80.0]])


def steady(count: int = 10) -> Track:
    """A runner who stays where they are, seen 50 times a second."""
    track = Track()
    for k in range(count):
        track.add(0.02 * k, SIZE, points(300.0))
    return track


def test_a_runner_who_stays_is_expected_where_they_are() -> None:
    square = steady().expect(0.18, SIZE)
    assert square is not None
    assert (square.x_px, square.y_px) == pytest.approx((300.0, 240.0))
    assert square.side_px == pytest.approx(2.5 * 80.0)
    assert square.angle_rad == pytest.approx(0.0)


def test_a_leaning_body_turns_the_square() -> None:
    track = Track()
    track.add(0.0, SIZE, np.array([[300.0, 240.0], [380.0, 160.0]]))
    square = track.expect(0.0, SIZE)
    assert square is not None
    assert square.angle_rad == pytest.approx(np.pi / 4)


def test_one_look_that_trembles_hardly_moves_the_square() -> None:
    track = steady(50)
    track.add(1.0, SIZE, points(308.0))
    square = track.expect(1.0, SIZE)
    assert square is not None
    assert 300.0 < square.x_px < 301.0


def test_a_runner_who_moves_along_the_belt_stays_near_the_middle() -> None:
    track = Track()
    for k in range(50):
        track.add(0.02 * k, SIZE, points(100.0 + 10.0 * k))  # 500 pixels a second
    square = track.expect(1.0, SIZE)
    assert square is not None
    behind = 590.0 - square.x_px
    assert behind == pytest.approx(0.04 * square.side_px)


def test_nothing_is_expected_before_a_first_look_or_after_a_loss() -> None:
    track = Track()
    assert track.expect(-np.inf, SIZE) is None
    track.add(0.0, SIZE, points(300.0))
    track.add(0.02, SIZE, None)
    assert track.expect(0.02, SIZE) is None
    place = track.place(0.04, 0.02, SIZE)
    assert place is not None
    assert place.x_px == pytest.approx(300.0)
    assert track.place(9.0, 0.02, SIZE) is None, "that is too long ago"


def test_what_was_before_a_loss_does_not_count() -> None:
    track = steady()
    track.add(0.20, SIZE, None)
    track.add(0.22, SIZE, points(500.0))
    square = track.expect(0.22, SIZE)
    assert square is not None
    assert square.x_px == pytest.approx(500.0)


def test_a_picture_of_another_size_begins_anew() -> None:
    track = steady()
    assert track.expect(0.18, (320, 240)) is None
    track.add(0.20, (320, 240), None)
    assert track.expect(0.20, SIZE) is None
    assert track.place(0.20, 0.20, SIZE) is None


def test_trackers_that_take_turns_know_the_same_whoever_is_faster() -> None:
    slow, fast = steady(), steady()
    fast.add(0.20, SIZE, points(400.0))  # The other tracker was done already.
    assert slow.expect(0.18, SIZE) == fast.expect(0.18, SIZE)
    fast.add(0.19, SIZE, points(310.0))  # Looks may come in any order.
    slow.add(0.19, SIZE, points(310.0))
    assert slow.expect(0.19, SIZE) == fast.expect(0.19, SIZE)


@pytest.mark.parametrize("reach_px", [1e-3, 1e5])
def test_a_body_of_no_size_is_nobody(reach_px: float) -> None:
    track = Track()
    track.add(0.0, SIZE, np.array([[300.0, 240.0], [300.0, 240.0 - reach_px]]))
    assert track.expect(0.0, SIZE) is None
