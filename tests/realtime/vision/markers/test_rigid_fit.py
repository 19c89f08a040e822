"""A rigid body is found wherever it is, and not where too little of it is seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcue.realtime.vision.markers.rigid_fit import fit_rigid, spreads

BODY = np.array([[0.0, 0.0, 0.0], [0.1, 0.0, 0.0], [0.0, 0.15, 0.0], [0.05, 0.02, 0.08]])
JOINT = np.array([0.02, -0.2, 0.03])


def turned(angles):
    """Rotation by three angles about z, y and x."""
    matrix = np.eye(3)
    for angle, (i, k) in zip(angles, ((0, 1), (0, 2), (1, 2)), strict=True):
        turn = np.eye(3)
        turn[[i, i, k, k], [i, k, i, k]] = (
            np.cos(angle),
            -np.sin(angle),
            np.sin(angle),
            np.cos(angle),
        )
        matrix = turn @ matrix
    return matrix


@given(
    angles=st.tuples(*[st.floats(-3.2, 3.2)] * 3),
    shift=st.tuples(*[st.floats(-9, 9)] * 3),
    hidden=st.integers(0, 3),
)
def test_a_point_is_carried_exactly(angles, shift, hidden):
    matrix = turned(angles)
    seen = (BODY @ matrix.T + shift)[None]
    seen[0, hidden] = np.nan
    fit = fit_rigid(BODY, seen)
    np.testing.assert_allclose(fit.carried(JOINT)[0], matrix @ JOINT + shift, atol=1e-9)
    assert fit.rms_m[0] == pytest.approx(0.0, abs=1e-9)


def test_two_markers_and_markers_in_a_line_tell_nothing():
    seen = np.stack([BODY, BODY, BODY])
    seen[1, :2] = np.nan
    seen[2] = np.nan
    carried = fit_rigid(BODY, seen).carried(JOINT)
    assert np.isfinite(carried[0]).all()
    assert np.isnan(carried[1:]).all()
    line = np.array([[0.0, 0, 0], [0.1, 0.001, 0], [0.2, 0, 0]])
    assert not spreads(line)
    assert np.isnan(fit_rigid(line, line[None]).carried(JOINT)).all()


def test_a_marker_that_was_taken_for_another_is_left_out_of_its_frames():
    seen = np.stack([BODY, BODY, BODY])
    seen[1, 2] += [0.3, 0.0, 0.0]
    fit = fit_rigid(BODY, seen)
    np.testing.assert_allclose(fit.carried(JOINT), np.tile(JOINT, (3, 1)), atol=1e-9)


def test_what_does_not_fit_is_missing():
    seen = BODY[None] * np.array([4.0, 1.0, 1.0])
    assert np.isnan(fit_rigid(BODY, seen).carried(JOINT)).all()


def test_a_mirrored_body_is_none():
    fit = fit_rigid(BODY, BODY[None] * np.array([1.0, 1.0, -1.0]))
    assert np.isnan(fit.turn[0]).all() or np.linalg.det(fit.turn[0]) == pytest.approx(1.0)
