"""The square that is looked at: where its cells lie, and that nothing in it flickers."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from hipcue.realtime.vision.litert.square import Square, around_body


def scene(dx_px: float = 0.0) -> np.ndarray:
    """A soft bright spot at (420 + dx, 300), in a picture of 900 x 700."""
    y, x = np.mgrid[0:700, 0:900]
    spot = 250.0 * np.exp(-((x - 420.0 - dx_px) ** 2 + (y - 300.0) ** 2) / (2 * 30.0**2))
    return np.repeat(spot.astype(np.uint8)[..., None], 3, axis=2)


def middle(cut: np.ndarray) -> tuple[float, float]:
    """The middle of what is bright, cells."""
    weight = cut[..., 0].astype(float)
    rows, columns = np.mgrid[0 : cut.shape[0], 0 : cut.shape[1]]
    return float((weight * columns).sum() / weight.sum()), float(
        (weight * rows).sum() / weight.sum()
    )


@pytest.mark.parametrize("side_px", [300.0, 520.0, 600.0, 780.0, 1100.0])
@pytest.mark.parametrize("angle_rad", [0.0, 0.2, -1.5])
def test_a_spot_is_where_the_cells_say(side_px: float, angle_rad: float) -> None:
    square = Square(430.0, 310.0, side_px, angle_rad)
    for cut in (
        square.cut(scene(), 256, cv2.BORDER_REPLICATE),
        square.smooth_cut(scene(), 256),
    ):
        assert cut.shape == (256, 256, 3)
        place = square.to_picture(256) @ (*middle(cut), 1.0)
        assert place == pytest.approx((420.0, 300.0), abs=0.6)


def test_fine_stripes_do_not_flicker_when_the_square_moves() -> None:
    """Stripes of one pixel are grey for a network whose cells are four pixels wide."""
    stripes = np.zeros((800, 800, 3), np.uint8)
    stripes[:, ::2] = 200
    squares = [Square(400.0 + 0.3 * k, 400.0, 4.1 * 128) for k in range(10)]
    plain = np.array([s.cut(stripes, 128, cv2.BORDER_REPLICATE)[64, 30:90, 0] for s in squares])
    smooth = np.array([s.smooth_cut(stripes, 128)[64, 30:90, 0] for s in squares])
    assert plain.astype(float).std(axis=0).mean() > 20.0
    assert smooth.astype(float).std(axis=0).mean() < 20.0


def test_a_square_beyond_the_picture_repeats_its_edge() -> None:
    image = np.full((100, 100, 3), 90, np.uint8)
    far = Square(900.0, 50.0, 600.0)
    assert (far.smooth_cut(image, 256) == 90).all()
    assert far.inner_box((100, 100)) == (100, 0, 100, 100)


def test_the_box_inside_a_turned_square_lies_in_it() -> None:
    left, top, right, bottom = Square(50.0, 50.0, 40.0, np.pi / 4).inner_box((100, 100))
    assert (left, top, right, bottom) == pytest.approx((36, 36, 64, 64), abs=1)


def test_a_square_around_a_body_has_room() -> None:
    square = around_body(np.array([10.0, 20.0]), np.array([10.0, 12.0]))
    assert square == Square(10.0, 20.0, 20.0, 0.0)
