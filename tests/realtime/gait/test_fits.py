"""Medians, lines, parabolas and vertices whose answer is plain arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.fits import (
    fit_line,
    fit_parabola,
    fit_reach_s,
    frame_time_s,
    interpolated,
    known_median,
    minimum_s,
    newest_slope,
)

NAN = float("nan")
LOWEST_S = 0.5123


def frames(fps: float, begin_s: float = 0.0, end_s: float = 1.0) -> np.ndarray:
    return np.arange(begin_s, end_s, 1.0 / fps)


def valley(t: np.ndarray) -> np.ndarray:
    """Three at its lowest, by a parabola."""
    return 3.0 + 400.0 * (t - LOWEST_S) ** 2


def test_what_is_not_known_has_no_part_in_a_median() -> None:
    assert known_median(np.array([NAN, 7.0, NAN, 5.0, 6.0])) == 6.0
    assert known_median(np.array([4.0, NAN, 1.0, 3.0, 2.0])) == 2.5
    assert known_median(np.array([NAN, NAN])) is None


def test_a_line_through_its_own_points() -> None:
    x = np.array([-1.0, 0.5, 2.0, 7.0])
    assert fit_line(x, 4.0 * x - 3.0) == pytest.approx((4.0, -3.0))
    assert fit_line(np.array([2.0, 2.0]), np.array([1.0, 5.0])) == (0.0, 3.0)
    assert fit_line(np.array([]), np.array([])) == (0.0, 0.0)


def test_a_parabola_through_its_own_points() -> None:
    x = np.array([-0.05, -0.02, 0.0, 0.03, 0.04])
    curve, slope, level = fit_parabola(x, 40.0 * x**2 - 3.0 * x + 7.0)
    assert (curve, slope, level) == pytest.approx((40.0, -3.0, 7.0))


def test_fits_among_noise_are_those_of_least_squares() -> None:
    chance = np.random.default_rng(4)
    for count in (3, 5, 9, 15):
        x = np.sort(chance.uniform(-0.05, 0.05, count))
        y = chance.normal(size=count)
        assert fit_parabola(x, y) == pytest.approx(tuple(np.polyfit(x, y, 2)), rel=1e-6, abs=1e-6)
        assert fit_line(x, y) == pytest.approx(tuple(np.polyfit(x, y, 1)), rel=1e-6, abs=1e-6)


def test_two_places_make_no_parabola() -> None:
    assert fit_parabola(np.array([0.0, 0.0, 1.0]), np.array([1.0, 3.0, 5.0]))[0] == 0.0
    assert fit_parabola(np.array([]), np.array([])) == (0.0, 0.0, 0.0)


def test_the_usual_time_between_frames_does_not_mind_lost_ones() -> None:
    t = frames(50.0)
    assert frame_time_s(np.delete(t, [7, 8, 20])) == pytest.approx(0.02)
    assert frame_time_s(t[:1]) == 0.0


def test_a_fit_reaches_for_four_frames_of_a_slow_camera() -> None:
    assert fit_reach_s(1 / 60.0, 0.075) == 0.075
    assert fit_reach_s(1 / 25.0, 0.075) == pytest.approx(2.2 / 25.0)


@pytest.mark.parametrize("fps", [25.0, 30.0, 60.0, 250.0])
def test_the_newest_slope_is_that_of_a_line(fps: float) -> None:
    t = frames(fps)
    assert newest_slope(t, 5.0 - 12.0 * t, 0.045) == pytest.approx(-12.0)


def test_only_the_newest_part_has_a_slope() -> None:
    t = frames(100.0)
    assert newest_slope(t, np.where(t < 0.9, 0.0, t - 0.9), 0.045) == pytest.approx(1.0)


def test_a_slope_needs_two_of_the_newest_three_frames() -> None:
    t = frames(60.0)
    y = 2.0 * t
    y[-2] = NAN
    assert newest_slope(t, y, 0.045) == pytest.approx(2.0)
    y[-1] = NAN
    assert newest_slope(t, y, 0.045) is None


@pytest.mark.parametrize("fps", [25.0, 30.0, 50.0, 60.0, 120.0, 250.0])
def test_a_vertex_lies_between_the_frames(fps: float) -> None:
    for begin in np.linspace(0.0, 1.0 / fps, 5):
        t = frames(fps, begin)
        assert minimum_s(t, valley(t), 1.0) == pytest.approx(LOWEST_S, abs=1e-6)


def test_a_vertex_stands_where_frames_are_missing_around_it() -> None:
    t = frames(60.0)
    y = valley(t)
    y[np.argmin(np.abs(t - LOWEST_S))] = NAN
    assert minimum_s(t, y, 1.0) == pytest.approx(LOWEST_S, abs=1e-6)
    assert minimum_s(t, np.full(len(t), NAN), 1.0) is None


def test_who_has_not_turned_yet_has_no_vertex() -> None:
    t = frames(60.0, 0.0, LOWEST_S - 0.06)
    assert minimum_s(t, valley(t), float(t[-1])) is None
    t = frames(60.0, LOWEST_S + 0.06, 1.0)
    assert minimum_s(t, valley(t), 1.0) is None


def test_a_vertex_that_is_still_to_come_does_not_count() -> None:
    t = frames(60.0, 0.0, LOWEST_S - 0.005)
    assert minimum_s(t, valley(t), LOWEST_S - 0.005) is None
    assert minimum_s(t, valley(t), LOWEST_S + 0.005) == pytest.approx(LOWEST_S, abs=1e-6)


def test_in_a_wide_gap_no_vertex_is_guessed() -> None:
    t = frames(60.0)
    t = t[np.abs(t - LOWEST_S) > 0.07]
    assert minimum_s(t, valley(t), 1.0) is None


def test_between_known_samples_goes_a_straight_line() -> None:
    t, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, NAN, 4.0, NAN])
    assert interpolated(t, y, 1.5) == 3.0
    assert interpolated(t, y, 3.0) == 4.0
