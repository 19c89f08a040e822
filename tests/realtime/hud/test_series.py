"""Three minutes as curves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.hud.facts.series import (
    Curves,
    Line,
    axis_for,
    cue_times,
    running_median,
    settled_times,
)
from hipcue.realtime.records import Band, Measurement, Side
from tests.realtime.hud.sample_snapshots import NOW_S, snapshot


def line(*values: float) -> Line:
    return Line.of(np.arange(len(values), dtype=float), np.array(values))


def test_a_curve_has_a_point_for_every_stride_of_its_leg() -> None:
    shown = snapshot("good")
    left = [stride for stride in shown.strides if stride.side is Side.L]
    (curve,) = Curves().lines(shown, "hip_extension_deg", Side.L)
    assert len(curve.values) == len(left)
    assert curve.values[-1] == left[-1].values["hip_extension_deg"].value


def test_a_missing_stride_is_a_gap_not_a_bridge() -> None:
    shown = snapshot("good")
    strides = [stride for stride in shown.strides if stride.side is Side.L]
    middle = len(strides) // 2
    hole = strides[middle]
    values = {**hole.values, "stride_length_m": Measurement.missing(ReasonCode.TRUNK_NOT_SEEN)}
    strides[middle] = replace(hole, values=values)
    curves = Curves().lines(replace(shown, strides=tuple(strides)), "stride_length_m", Side.L)
    assert [len(c.values) for c in curves] == [middle, len(strides) - middle - 1]


def test_a_pause_is_a_gap_too() -> None:
    shown = snapshot("good")
    strides = tuple(s for s in shown.strides if not NOW_S - 90 < s.end_s < NOW_S - 80)
    assert len(Curves().lines(replace(shown, strides=strides), "cadence_spm", Side.L)) == 2


def test_the_axis_ends_at_round_values_with_a_round_middle() -> None:
    axis = axis_for([line(13.2, 18.9, 16.0)], Band(16.0, 14.0, 18.0), 1.0, 5.0)
    assert (axis.low, axis.high) == (10.0, 20.0)
    odd = axis_for([line(3.0, 12.0)], None, 1.0, 5.0)
    assert (odd.high - odd.low) / 5.0 % 2 == 0


def test_an_empty_chart_has_an_axis() -> None:
    axis = axis_for([], None, 1.0, 0.1)
    assert axis.high > axis.low


def test_a_first_step_onto_the_belt_does_not_flatten_the_rest() -> None:
    band = Band(2.46, 2.42, 2.50)
    axis = axis_for([line(*([0.4] * 20 + [2.45] * 20))], band, 1.0, 0.1)
    assert axis.low > 1.9


def test_the_median_of_five_looks_back_only() -> None:
    values = np.array([1.0, 9.0, 2.0, 3.0, 4.0, 100.0, 5.0])
    smooth = running_median(values)
    assert smooth == pytest.approx([1.0, 5.0, 2.0, 2.5, 3.0, 4.0, 4.0])
    assert running_median(values[:3]) == pytest.approx(smooth[:3])
    assert len(running_median(np.array([]))) == 0


def test_a_ramp_of_the_belt_is_one_change() -> None:
    assert settled_times((10.0, 11.0, 12.0, 13.0, 60.0)) == [13.0, 60.0]


def test_a_tone_with_its_words_is_one_cue() -> None:
    shown = snapshot("compensating")
    twice = tuple(c for cue in shown.cues for c in (cue, replace(cue, number=cue.number + 10)))
    assert cue_times(replace(shown, cues=twice)) == cue_times(shown)
    assert len(cue_times(shown)) == 3


def test_curves_are_worked_out_again_with_other_strides_only() -> None:
    curves, shown = Curves(), snapshot("good")
    first = curves.lines(shown, "cadence_spm", Side.R)
    assert curves.lines(replace(shown, t_s=NOW_S + 0.3), "cadence_spm", Side.R) is first
    assert curves.lines(shown, "cadence_spm", Side.L) is not first
    for strides in (
        shown.strides[:-1],
        shown.strides[1:],
        (*shown.strides[:5], *shown.strides[9:]),
    ):
        (fewer,) = curves.lines(replace(shown, strides=strides), "cadence_spm", Side.R)
        assert len(fewer.values) == sum(stride.side is Side.R for stride in strides)
    # Strides of another run that are like these, number by number, are others.
    other = snapshot("compensating")
    (tilt,) = curves.lines(other, "pelvic_tilt_deg", Side.L)
    assert tilt.values[-1] == other.last_stride[Side.L].values["pelvic_tilt_deg"].value
    assert curves.lines(replace(shown, strides=()), "cadence_spm", Side.R) == []
