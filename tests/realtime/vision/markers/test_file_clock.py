"""Times of a file: its column, its rate, its frame numbers, and the body that falls."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.vision.markers.file_clock import find_clock
from hipcue.realtime.vision.markers.marker_body import find_body
from hipcue.realtime.vision.markers.time_base import at_rate, settled
from hipcue.realtime.vision.markers.trc_file import read_trc
from tests.realtime.vision.runner import running
from tests.realtime.vision.walker import body, write_trc

NUMBERS = np.arange(1.0, 901.0)


def clock(column_s, stated_hz=math.nan, numbers=None):
    column_s = np.asarray(column_s, dtype=float)
    numbers = np.arange(1.0, len(column_s) + 1) if numbers is None else numbers
    return find_clock(column_s, numbers, stated_hz, "cannot read markers x.trc")


@given(
    rate=st.sampled_from(
        [25.0, 30.0, 50.0, 59.94, 60.0, 100.0, 119.88, 120.0, 150.0, 240.0, 250.0]
    ),
    digits=st.sampled_from([2, 3, 4, 6]),
    start_s=st.floats(0, 1e4).map(lambda s: round(s, 2)),
    stated=st.booleans(),
)
def test_rounded_times_do_not_jitter_and_start_where_they_do(rate, digits, start_s, stated):
    """Times with 2 digits at 150 frames a second repeat; the rate tells what they were."""
    true_s = start_s + np.arange(900) / rate
    found = clock(np.round(true_s, digits), rate if stated else math.nan)
    off_s = found.t_s - true_s
    assert np.ptp(off_s) < (1e-6 if stated else 2.5 * 10.0**-digits)
    assert np.ptp(np.diff(found.t_s)) < 1e-9
    assert found.t_s[0] == pytest.approx(start_s, abs=1e-9)
    assert found.stated_hz is None and found.remarks == ()


@pytest.mark.parametrize("digits", [2, 3, 6])
@pytest.mark.parametrize("numbered", [True, False])
def test_frames_that_were_left_out_leave_a_gap(digits, numbered):
    keep = np.r_[0:300, 340:600, 601:900]
    column_s = np.round(12.0 + NUMBERS / 100.0, digits)[keep]
    found = clock(column_s, 100.0, NUMBERS[keep] if numbered else None)
    np.testing.assert_allclose(found.t_s, 12.0 + NUMBERS[keep] / 100.0, atol=0.006)
    assert set(np.round(np.diff(found.t_s), 6)) == {0.01, 0.41, 0.02}


def test_a_few_damaged_times_are_mended_and_said():
    column_s = NUMBERS / 100.0
    column_s[100:104] = [9.9, 0.0, math.nan, 1.0]
    found = clock(column_s, 100.0)
    np.testing.assert_allclose(found.t_s, NUMBERS / 100.0, atol=1e-9)
    assert found.remarks == (Reason(ReasonCode.FILE_TIMES_MENDED, count=4),)


def test_times_at_no_even_pace_are_believed():
    """A phone's film: what its frames say is true."""
    column_s = np.cumsum(np.random.default_rng(1).uniform(0.02, 0.05, 300))
    found = clock(np.round(column_s, 6), 30.0)
    np.testing.assert_allclose(found.t_s, column_s, atol=1e-6)


@pytest.mark.parametrize("column", [np.zeros(900), np.full(900, math.nan)])
def test_without_times_frames_are_counted_and_that_is_said(column):
    found = clock(column, 150.0)
    np.testing.assert_allclose(found.t_s, (NUMBERS - 1) / 150.0)
    assert found.remarks == (Reason(ReasonCode.FILE_TIMES_COUNTED, fps=150),)
    with pytest.raises(UserError, match="--rate"):
        clock(column)


def test_milliseconds_are_told_by_the_rate():
    found = clock(600_000 + np.arange(900) * 10.0, 100.0)
    np.testing.assert_allclose(found.t_s, 600 + np.arange(900) / 100.0, atol=1e-9)


def test_two_recordings_in_one_file_are_refused():
    twice_s = np.concatenate([NUMBERS / 100.0, NUMBERS / 100.0])
    with pytest.raises(UserError, match="goes back at frame 901"):
        clock(twice_s, 100.0)


def test_a_column_that_contradicts_the_rate_is_told():
    found = clock(NUMBERS / 100.0, 150.0)
    assert (found.rate_hz, found.stated_hz) == (100.0, 150.0)
    assert clock(NUMBERS / 59.94, 60.0).stated_hz is None


def contradicting(path, ways, told_hz, stated_hz):
    write_trc(path, ways, rate_hz=told_hz)
    lines = path.read_text().split("\n")
    lines[2] = lines[2].replace(f"{told_hz:.2f}", f"{stated_hz:.2f}")
    path.write_text("\n".join(lines))
    return read_trc(path)


@pytest.mark.parametrize(
    ("told", "stated"), [(100.0, 150.0), (150.0, 100.0), (50.0, 100.0), (100.0, 80.0)]
)
def test_the_body_falls_at_one_of_two_rates(tmp_path, told, stated):
    file = contradicting(tmp_path / "run.trc", running(rate_hz=100.0), told, stated)
    found = settled(find_body(file), file)
    assert np.median(np.diff(found.t_s)) == pytest.approx(0.01)
    assert found.t_s[0] == file.t_s[0]
    assert found.remarks == (
        Reason(ReasonCode.FILE_RATE_BY_BODY, stated=stated, column=told, fps=100),
    )


def test_a_body_that_falls_too_fast_is_doubted(tmp_path):
    """Whatever says so: nobody's file contradicts itself here."""
    path = write_trc(tmp_path / "run.trc", running(rate_hz=100.0), rate_hz=150.0)
    file = read_trc(path)
    (remark,) = settled(find_body(file), file).remarks
    assert remark.code is ReasonCode.FILE_FALLS_TOO_FAST
    assert remark.value("times") == pytest.approx(1.4, abs=0.1)
    path = write_trc(tmp_path / "run.trc", running(rate_hz=100.0), rate_hz=100.0)
    file = read_trc(path)
    assert settled(find_body(file), file).remarks == ()


def test_markers_that_jitter_do_not_tell(tmp_path):
    """Noise falls too: at the slower of the two rates it would look like gravity."""
    chance = np.random.default_rng(1)
    ways = {n: w + chance.normal(0, 0.004, w.shape) for n, w in running(rate_hz=100.0).items()}
    file = contradicting(tmp_path / "run.trc", ways, 50.0, 100.0)
    with pytest.raises(UserError, match=r"DataRate \(100\) and Time \(50 Hz\) disagree"):
        settled(find_body(file), file)


def test_where_nobody_runs_somebody_must_say(tmp_path):
    """A stick that swings its legs about hips that stand still falls nowhere."""
    file = contradicting(tmp_path / "run.trc", body(300), 60.0, 90.0)
    with pytest.raises(UserError, match=r"DataRate \(90\) and Time \(60 Hz\) disagree.*--rate 90"):
        settled(find_body(file), file)
    said = at_rate(file, 90.0)
    assert settled(find_body(said), said).t_s[1] == pytest.approx(1 / 90)
    assert said.remarks == (Reason(ReasonCode.FILE_RATE_GIVEN, column=60, fps=90),)
    agreed = at_rate(file, 60.0)
    assert agreed.remarks == () and settled(find_body(agreed), agreed).t_s[1] == 1 / 60
