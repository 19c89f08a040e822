"""A thigh's swings are counted, whatever frames are lost, unless too many are."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.swing_count import swings_back

STRIDE_S = 0.7


def thigh(fps: float, seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """From a contact on: 30 degrees in front, 22 behind half a stride later."""
    t = np.arange(0.0, seconds, 1.0 / fps)
    return t, -4.0 - 26.0 * np.cos(2 * np.pi * t / STRIDE_S)


@pytest.mark.parametrize("fps", [12.0, 30.0, 60.0, 150.0])
@pytest.mark.parametrize("strides", [1, 2, 3])
def test_one_swing_back_in_every_stride_at_any_rate(fps: float, strides: int) -> None:
    assert swings_back(*thigh(fps, strides * STRIDE_S)) == strides


def test_two_strides_with_the_contact_between_them_lost_are_still_two() -> None:
    t, angle = thigh(60.0, 2 * STRIDE_S)
    kept = abs(t - STRIDE_S) > 0.1  # 200 ms around the contact that nobody saw.
    assert swings_back(t[kept], angle[kept]) == 2


def test_a_thigh_out_of_sight_for_a_third_of_a_stride_is_not_counted() -> None:
    t, angle = thigh(60.0, 2 * STRIDE_S)
    angle[abs(t - STRIDE_S) < 0.14] = np.nan
    assert swings_back(t, angle) is None
    assert swings_back(t, np.full(len(t), np.nan)) is None
    assert swings_back(t[:0], angle[:0]) is None


def test_hidden_at_the_beginning_or_the_end_counts_as_out_of_sight() -> None:
    for where in (slice(None, 20), slice(-20, None)):
        t, angle = thigh(60.0, STRIDE_S)
        angle[where] = np.nan
        assert swings_back(t, angle) is None


def test_legs_mixed_up_for_two_frames_make_no_second_swing() -> None:
    t, angle = thigh(60.0, STRIDE_S)
    behind = int(np.argmax(angle))
    angle[behind : behind + 2] = -30.0
    assert swings_back(t, angle) == 1


def test_who_stands_and_shifts_their_weight_does_not_swing() -> None:
    t = np.arange(0.0, 2.0, 1 / 60)
    assert swings_back(t, 5.0 * np.sin(2 * np.pi * t)) == 0
