"""A median that slides gives what sorting the whole window gives."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.fits import known_median
from hipcue.realtime.gait.sliding_median import SlidingMedian


@pytest.mark.parametrize("missing", [0.0, 0.3, 1.0])
def test_a_window_that_slides_has_the_median_of_its_values(missing: float) -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=400).round(1)  # With equal ones among them.
    values[rng.random(400) < missing] = np.nan
    slides, first, last = SlidingMedian(), 0, 0
    for _ in range(150):
        first = min(first + int(rng.integers(0, 4)), 400)
        last = min(max(last + int(rng.integers(0, 5)), first), 400)
        assert slides.of(values, first, last) == known_median(values[first:last])


def test_a_window_that_goes_back_or_jumps_is_right_too() -> None:
    values = np.arange(100.0)
    slides = SlidingMedian()
    assert slides.of(values, 40, 61) == 50.0
    assert slides.of(values, 10, 31) == 20.0
    assert slides.of(values, 41, 62) == 51.0
    assert slides.of(values, 20, 63) == 41.0
    assert slides.of(values, 80, 91) == 85.0
    assert slides.of(values, 91, 91) is None


def test_values_that_were_changed_count_as_they_are_now() -> None:
    values = np.arange(20.0)
    slides = SlidingMedian()
    assert slides.of(values, 0, 11) == 5.0
    values += 3.0
    slides.forget()
    assert slides.of(values, 1, 12) == 9.0
