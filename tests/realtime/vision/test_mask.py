"""Cells of a silhouette, asked for in the picture's pixels: values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.vision.mask import Silhouette

# Four cells to the right, 10 px each; the middle of the first is at (105, 205).
ROW = Silhouette(
    np.array([[0.0, 0.2, 0.8, 1.0]] * 3, np.float32),
    np.array([[10.0, 0.0, 105.0], [0.0, 10.0, 205.0]]),
    (100, 200, 140, 230),
)
# The same cells, turned a quarter: what ran to the right runs down.
DOWN = Silhouette(ROW.cells, np.array([[0.0, -10.0, 305.0], [10.0, 0.0, 205.0]]), ROW.part)


def test_between_the_middles_of_two_cells_the_value_is_between() -> None:
    found = ROW.along(np.array([105.0]), np.array([215.0]), (5.0, 0.0), 7)
    assert found[0] == pytest.approx([0.0, 0.1, 0.2, 0.5, 0.8, 0.9, 1.0], abs=1e-6)


def test_lines_run_in_the_picture_however_the_cells_lie() -> None:
    found = DOWN.along(np.array([295.0, 290.0]), np.array([205.0, 215.0]), (0.0, 10.0), 3)
    assert found[0] == pytest.approx([0.0, 0.2, 0.8], abs=1e-6)
    assert found[1] == pytest.approx([0.2, 0.8, 1.0], abs=1e-6)


def test_a_line_to_the_left_runs_backwards() -> None:
    found = ROW.along(np.array([135.0]), np.array([210.0]), (-10.0, 0.0), 4)
    assert found[0] == pytest.approx([1.0, 0.8, 0.2, 0.0], abs=1e-6)


def test_outside_of_the_cells_nobody_is() -> None:
    found = ROW.along(np.array([300.0]), np.array([215.0]), (1.0, 0.0), 5)
    assert found.shape == (1, 5)
    assert not found.any()


def test_a_box_is_cut_pixel_for_pixel_and_only_where_it_was_looked_at() -> None:
    box = ROW.in_part((90, 210, 136, 500))
    assert box == (100, 210, 136, 230)
    cut = ROW.cut(box)
    assert cut.shape == (20, 36)
    lines = ROW.along(np.arange(100.0, 136.0), np.full(36, 215.0), (0.0, 0.0), 1)
    assert cut[5] == pytest.approx(lines[:, 0], abs=1e-6)
