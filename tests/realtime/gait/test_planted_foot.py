"""The speed of the belt in the picture, out of feet that do a known thing."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.planted_foot import speed_at_large, speed_in_stance

NAN = float("nan")
BELT = 900.0


def frames(fps: float, seconds: float) -> np.ndarray:
    return np.arange(0.0, seconds, 1.0 / fps)


@pytest.mark.parametrize("fps", [25.0, 30.0, 60.0, 150.0, 250.0])
def test_a_planted_heel_tells_the_belts_speed(fps: float) -> None:
    t = frames(fps, 1.0)
    # It lands at 0.4, and lifts with a whip forward 0.15 s later.
    path = np.where(t < 0.55, -BELT * t, -BELT * 0.55 + 2000.0 * (t - 0.55))
    assert speed_in_stance(t, path, 0.4, 0.3) == pytest.approx(BELT)


def test_a_heel_that_was_hidden_or_went_forward_tells_nothing() -> None:
    t = frames(60.0, 1.0)
    hidden = np.where((t > 0.4) & (t < 0.5), NAN, -BELT * t)
    assert speed_in_stance(t, hidden, 0.4, 0.25) is None
    assert speed_in_stance(t, BELT * t, 0.4, 0.25) is None


def test_a_short_stance_is_looked_at_for_70_ms_at_least() -> None:
    t = frames(60.0, 1.0)
    assert speed_in_stance(t, -BELT * t, 0.4, 0.01) == pytest.approx(BELT)


@pytest.mark.parametrize("fps", [30.0, 60.0, 250.0])
def test_before_any_stance_the_fastest_way_back_is_the_belts(fps: float) -> None:
    t = frames(fps, 1.6)
    phase = t % 0.7
    # On the belt for 0.3 s, then back to where it began.
    path = np.where(phase < 0.3, -BELT * phase, -BELT * 0.3 * (0.7 - phase) / 0.4)
    assert speed_at_large(t, path) == pytest.approx(BELT, rel=0.01)


def test_who_stood_until_now_is_measured_by_the_frames_on_the_belt() -> None:
    t = frames(60.0, 1.6)
    path = -BELT * np.maximum(t - 1.3, 0.0)
    assert speed_at_large(t, path) == pytest.approx(BELT, rel=0.01)


def test_a_foot_that_goes_back_slowly_is_not_on_the_belt() -> None:
    t = frames(60.0, 1.6)
    # A heel that is lifted slowly, for twice as long as it stood.
    path = -BELT * np.minimum(t, 0.5) - 0.4 * BELT * np.maximum(t - 0.5, 0.0)
    assert speed_at_large(t, path) == pytest.approx(BELT, rel=0.01)


def test_feet_that_stand_or_are_hidden_have_no_speed() -> None:
    t = frames(60.0, 1.6)
    assert speed_at_large(t, np.zeros(len(t))) is None
    assert speed_at_large(t, np.full(len(t), NAN)) is None
    assert speed_at_large(t[:9], -BELT * t[:9]) is None
    assert speed_at_large(t, BELT * t) is None
