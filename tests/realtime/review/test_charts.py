"""What charts are made of: round axes, lines that break, medians, elements that are safe."""

from __future__ import annotations

import numpy as np
import pytest
from markupsafe import Markup

from hipcue.realtime.review.charts import svg
from hipcue.realtime.review.charts.svg import Axis, area, path, ticks
from hipcue.realtime.review.smoothing import percentiles_over_time, running_median, with_pauses
from hipcue.realtime.review.texts import Texts

BAD = "</text><script>'\"&"
SAFE = "&lt;/text&gt;&lt;script&gt;&#39;&#34;&amp;"


def test_axes_are_round_and_lines_break_where_nothing_is_known():
    assert ticks(0.3, 9.9) == [2.5, 5.0, 7.5]
    assert ticks(-12.0, 12.0, 5) == [-10.0, -5.0, 0.0, 5.0, 10.0]
    assert Texts("en").axis_number(-2.5) == "−2.5"
    assert Axis(0, 10, 100, 0).px(2.5) == 75.0
    x, y = np.arange(5.0), np.array([1.0, 2.0, np.nan, 4.0, 5.0])
    assert path(x, y) == "M0.0 1.0L1.0 2.0M3.0 4.0L4.0 5.0"
    assert area(x, y - 1, y).count("Z") == 2


def test_a_running_median_ignores_one_wild_stride_and_keeps_gaps():
    v = np.array([5.0] * 10 + [90.0] + [5.0] * 10 + [np.nan] * 9)
    out = running_median(v)
    assert np.nanmax(out) == 5.0
    assert np.isnan(out[-5:]).all()
    t = np.arange(1000.0)
    at, low, mid, high = percentiles_over_time(t, np.tile([1.0, 2.0, 3.0, 4.0, 5.0], 200), 10)
    assert (mid == 3.0).all()
    assert (low == 1.0).all()
    assert (high == 5.0).all()
    assert at[0] == pytest.approx(49.95)


def test_a_pause_in_the_strides_is_a_gap_in_the_curve():
    t = np.array([0.0, 0.7, 1.4, 2.1, 2.8, 12.8, 13.5, 14.2, 14.9])
    v = np.array([5.0, 5.0, 5.0, 5.0, 5.0, 9.0, 9.0, 9.0, 9.0])
    at, line = with_pauses(t, v)
    calm = running_median(line)
    assert set(at) == set(t)
    assert set(calm[at < 5.0][np.isfinite(calm[at < 5.0])]) == {5.0}
    assert set(calm[at > 5.0][np.isfinite(calm[at > 5.0])]) == {9.0}
    drawn = path(at, calm)
    assert drawn.count("M") == 2
    assert path(*(with_pauses(t[:5], v[:5]))).count("M") == 1


def test_a_running_median_is_that_of_what_is_known():
    chance = np.random.default_rng(4)
    values = np.where(chance.random(300) < 0.4, np.nan, chance.normal(size=300))
    padded = np.concatenate([np.full(3, np.nan), values, np.full(3, np.nan)])
    for i, found in enumerate(running_median(values)):
        known = padded[i : i + 7][np.isfinite(padded[i : i + 7])]
        assert np.isnan(found) if len(known) < 3 else found == np.median(known)


def test_whatever_is_drawn_is_safe_for_any_words():
    assert svg.text(1.0, 2.0, BAD) == (
        f'<text x="1.0" y="2.0" class="tick" text-anchor="start">{SAFE}</text>'
    )
    assert svg.picture((0.0, 0.0, 9.0, 9.5), [], BAD, data_end=BAD) == (
        f'<svg viewBox="0 0 9 9.5" role="img" aria-label="{SAFE}" data-end="{SAFE}"></svg>'
    )
    # What was not made by an element is a text, and elements are not escaped twice.
    line = svg.line(0, 0, 1, 1, "grid")
    assert svg.element("g", [line, BAD]) == f"<g>{line}{SAFE}</g>"
    assert isinstance(line, Markup)
