"""Peak extension, on thighs that swing by a cosine."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.peak_extension import peak_extension_s

NAN = float("nan")
STRIDE_S, PEAK_S = 0.7, 1.25
NEVER = -np.inf


def frames(fps: float, until_s: float) -> np.ndarray:
    return np.arange(until_s - 1.2, until_s, 1.0 / fps)


def thigh(t: np.ndarray) -> np.ndarray:
    """From 30 degrees in front to 22 behind, furthest back at `PEAK_S`."""
    return -4.0 + 26.0 * np.cos(2 * np.pi * (t - PEAK_S) / STRIDE_S)


@pytest.mark.parametrize("fps", [25.0, 30.0, 50.0, 60.0, 120.0, 250.0])
def test_the_peak_lies_between_the_frames(fps: float) -> None:
    for offset in np.linspace(0.0, 1.0 / fps, 5):
        t = frames(fps, PEAK_S + 0.1 + offset)
        assert peak_extension_s(t, thigh(t), NEVER) == pytest.approx(PEAK_S, abs=0.001)


def test_it_is_told_once_45_ms_were_seen_after_it_and_not_before() -> None:
    for after_ms in range(0, 120, 3):
        t = np.arange(-70, 1) / 60.0 + PEAK_S + after_ms / 1e3
        told = peak_extension_s(t, thigh(t), NEVER) is not None
        # A cosine is not quite the parabola that is fitted to it.
        assert told is (after_ms > 45) or abs(after_ms - 45) <= 1


def test_a_peak_is_told_once() -> None:
    t = frames(60.0, PEAK_S + 0.1)
    assert peak_extension_s(t, thigh(t), PEAK_S - STRIDE_S) is not None
    assert peak_extension_s(t, thigh(t), PEAK_S) is None
    later = frames(60.0, PEAK_S + 0.35)
    assert peak_extension_s(later, thigh(later), PEAK_S) is None


def test_a_leg_that_stands_shifts_or_is_hidden_has_no_peak() -> None:
    t = frames(60.0, PEAK_S + 0.1)
    assert peak_extension_s(t, np.zeros(len(t)), NEVER) is None
    assert peak_extension_s(t, 0.25 * thigh(t), NEVER) is None  # 13 degrees in all.
    assert peak_extension_s(t, np.full(len(t), NAN), NEVER) is None


def test_a_knee_hidden_at_the_peak_leaves_it_where_it_is() -> None:
    t = frames(60.0, PEAK_S + 0.1)
    hidden = np.where(np.abs(t - PEAK_S) < 0.012, NAN, thigh(t))
    assert peak_extension_s(t, hidden, NEVER) == pytest.approx(PEAK_S, abs=0.001)


def test_a_knee_hidden_around_the_peak_leaves_none() -> None:
    t = frames(60.0, PEAK_S + 0.1)
    hidden = np.where(np.abs(t - PEAK_S) < 0.075, NAN, thigh(t))
    assert peak_extension_s(t, hidden, NEVER) is None


@pytest.mark.parametrize(("back_deg", "is_peak"), [(-5.0, False), (10.0, True)])
def test_a_thigh_that_goes_back_by_half_has_no_peak(back_deg: float, is_peak: bool) -> None:
    t = frames(60.0, PEAK_S + STRIDE_S + 0.1)
    half = -30.0 + (back_deg + 30.0) / 2 * (1 + np.cos(2 * np.pi * (t - PEAK_S) / STRIDE_S))
    angle = np.where(t < PEAK_S + STRIDE_S / 2, thigh(t), half)
    assert (peak_extension_s(t, angle, PEAK_S) is not None) is is_peak
