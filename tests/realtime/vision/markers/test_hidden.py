"""Numbers that stand for a marker which no camera saw."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcue.config.settings import Settings
from hipcue.realtime.records import Side
from hipcue.realtime.run.file_sources import open_source
from hipcue.realtime.vision.markers.file_clock import find_clock
from hipcue.realtime.vision.markers.hidden import hidden_markers
from hipcue.realtime.vision.markers.hip_regression import hip_centres
from tests.realtime.vision.walker import body, write_trc

WAYS = np.stack(list(body(frames=60).values()), axis=1)


@given(
    value=st.sampled_from([9999999.0, -9.99999, 9999.99, -1.0, 1e37, 1.7e308, np.inf, np.nan, 0.0]),
    per_m=st.sampled_from([1.0, 100.0, 1000.0]),
    share=st.floats(0.05, 0.6),
    seed=st.integers(0, 99),
)
@settings(max_examples=60, deadline=None)
def test_what_stands_for_a_hidden_marker_is_found_and_nothing_else(value, per_m, share, seed):
    hidden = np.random.default_rng(seed).random(WAYS.shape[:2]) < share
    xyz = np.where(hidden[:, :, None], value, WAYS * per_m)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = hidden_markers(xyz)
    assert (found == hidden).all()


def test_one_that_is_further_than_any_room_is_hidden_whatever_its_axes():
    xyz = WAYS.copy()
    xyz[7, 2] = (1.0, 5000.0, -3.0)
    assert np.argwhere(hidden_markers(xyz)).tolist() == [[7, 2]]


def test_a_run_over_ground_is_no_hidden_marker():
    far = WAYS + np.linspace(0.0, 90.0, len(WAYS))[:, None, None] * (1.0, 0.0, 0.0)
    assert not hidden_markers(far).any()


@pytest.mark.parametrize("value", [9999.999, -9.99999, 1e37])
def test_poses_of_a_file_with_such_numbers(tmp_path: Path, value: float):
    ways = body(frames=60)
    write_trc(tmp_path / "plain.trc", ways)
    name = next(iter(ways))
    ways[name][20:30] = value
    ways[name][40] = value
    write_trc(tmp_path / "some.trc", ways)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plain, some = (
            [pose for pose, _ in open_source(tmp_path / f, Settings()).poses()]
            for f in ("plain.trc", "some.trc")
        )
    for k, (one, other) in enumerate(zip(plain, some, strict=True)):
        same = np.isclose(one.xy_px, other.xy_px, atol=1.5, equal_nan=True).all(axis=1)
        assert same.all() or k in range(20, 30) or k == 40


def test_markers_at_one_place_and_odd_times_warn_nobody():
    there = np.random.default_rng(1).normal(size=(20, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        centres, _ = hip_centres(there, there, there - 0.1)
        assert np.isnan(centres[Side.L]).all()
        steps = np.full(20, 1e9) + np.arange(20)
        clock = find_clock(steps * 1e-12, steps, 100.0, "cannot read x")
    assert len(clock.t_s) == 20
