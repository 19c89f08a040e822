"""Where the runner will be: positions that are plain arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.vision.litert.track import Track

SIZE = (640, 480)


def points(x: float, y: float = 240.0) -> np.ndarray:
    """The middle at x, y, and a point of the circle 80 pixels above it."""
    return np.array([[x, y], [x, y - 80.0]])


def test_the_square_is_where_the_middle_moves_to() -> None:
    track = Track()
    track.add(0.00, SIZE, points(300.0))
    track.add(0.02, SIZE, points(304.0))
    square = track.expect(0.04, 0.02, SIZE)
    assert square is not None
    assert (square.x_px, square.y_px) == pytest.approx((308.0, 240.0))
    assert square.side_px == pytest.approx(2.5 * 80.0)
    assert square.angle_rad == pytest.approx(0.0)


def test_a_leaning_body_turns_the_square() -> None:
    track = Track()
    track.add(0.0, SIZE, np.array([[300.0, 240.0], [380.0, 160.0]]))
    square = track.expect(0.02, 0.0, SIZE)
    assert square is not None
    assert square.angle_rad == pytest.approx(np.pi / 4)


def test_nothing_is_expected_before_a_first_look_or_after_a_loss() -> None:
    track = Track()
    assert track.expect(0.0, -np.inf, SIZE) is None
    track.add(0.0, SIZE, points(300.0))
    track.add(0.02, SIZE, None)
    assert track.expect(0.04, 0.02, SIZE) is None


def test_a_picture_of_another_size_begins_anew() -> None:
    track = Track()
    track.add(0.0, SIZE, points(300.0))
    assert track.expect(0.02, 0.0, (320, 240)) is None
    track.add(0.02, (320, 240), None)
    assert track.expect(0.04, 0.02, SIZE) is None


def test_trackers_that_take_turns_know_the_same_whoever_is_faster() -> None:
    slow, fast = Track(), Track()
    for k in range(3):
        slow.add(0.02 * k, SIZE, points(300.0 + 4.0 * k))
        fast.add(0.02 * k, SIZE, points(300.0 + 4.0 * k))
    fast.add(0.06, SIZE, points(400.0))  # The other tracker was done already.
    assert slow.expect(0.08, 0.04, SIZE) == fast.expect(0.08, 0.04, SIZE)
    late, early = slow.expect(0.08, 0.04, SIZE), slow.expect(0.06, 0.04, SIZE)
    assert late is not None
    assert early is not None
    assert (early.x_px, late.x_px) == pytest.approx((312.0, 316.0))


def test_looks_far_apart_say_nothing_about_the_speed() -> None:
    track = Track()
    track.add(0.0, SIZE, points(300.0))
    track.add(0.5, SIZE, points(340.0))
    square = track.expect(0.52, 0.5, SIZE)
    assert square is not None
    assert square.x_px == pytest.approx(340.0)
