"""Whose extension it is: tilt of the pelvis, lean of the trunk, arch of the lower back."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.metrics import METRICS, measure_stride
from hipcue.realtime.records import Measurement, Side
from tests.realtime.metrics.making import (
    CONTACT_S,
    END_S,
    NEUTRAL,
    PEAK_S,
    missing,
    pelvis,
    stride,
)

TILT, TILT_MEAN = METRICS["pelvic_tilt_deg"], METRICS["pelvic_tilt_mean_deg"]
TILT_SD, LEAN = METRICS["pelvic_tilt_sd_deg"], METRICS["trunk_lean_deg"]
LUMBAR = METRICS["lumbar_extension_deg"]
LEAN_SIGMA_DEG = 1.5
SHOULDERS = ("L_SHOULDER", "R_SHOULDER")


def test_angles_are_in_degrees() -> None:
    assert {metric.unit for metric in (TILT, TILT_MEAN, TILT_SD, LEAN, LUMBAR)} == {"°"}


def test_tilt_at_the_peak_its_mean_and_its_swing_are_not_mixed_up() -> None:
    tilted = stride(pelvis=pelvis(9.0, mean_deg=6.0, sd_deg=2.5, sigma_deg=1.2))
    assert TILT.of(tilted) == Measurement(9.0, 1.2)
    assert TILT_MEAN.of(tilted) == Measurement(6.0, 0.8)
    assert TILT_SD.of(tilted) == Measurement(2.5, 0.5)


def test_loose_clothing_hides_the_pelvis_and_the_back_but_not_the_trunk() -> None:
    found = measure_stride(
        stride(pelvis=pelvis(None, reason=ReasonCode.LOOSE_CLOTHING), lean_deg=8.0)
    )
    for name in ("pelvic_tilt_deg", "pelvic_tilt_mean_deg", "pelvic_tilt_sd_deg"):
        assert found[name] == missing(ReasonCode.LOOSE_CLOTHING)
    assert found["lumbar_extension_deg"] == missing(ReasonCode.LOOSE_CLOTHING)
    assert found["trunk_lean_deg"].value == pytest.approx(8.0)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("facing", [1, -1])
def test_leaning_forward_is_positive_whichever_way_the_runner_looks(
    side: Side, facing: int
) -> None:
    found = LEAN.of(stride(side=side, facing=facing, lean_deg=8.0))
    assert found.value == pytest.approx(8.0)
    assert found.sigma == pytest.approx(LEAN_SIGMA_DEG)
    back = LEAN.of(stride(side=side, facing=facing, lean_deg=-3.0))
    assert back.value == pytest.approx(-3.0)


def test_lean_is_the_mean_of_the_stride_and_of_nothing_before_or_after_it() -> None:
    def lean_deg(t_s: float) -> float:
        if not CONTACT_S <= t_s < END_S:
            return 40.0
        return 6.0 if t_s < (CONTACT_S + END_S) / 2 else 10.0

    assert LEAN.of(stride(lean_deg=lean_deg)).value == pytest.approx(8.0)


def test_the_lean_of_standing_is_taken_off() -> None:
    neutral = replace(NEUTRAL, trunk_deg=2.0)
    assert LEAN.of(stride(lean_deg=8.0, neutral=neutral)).value == pytest.approx(6.0)


def test_without_standing_there_is_no_lean_and_no_arch() -> None:
    found = measure_stride(stride(lean_deg=8.0, neutral=replace(NEUTRAL, trunk_deg=None)))
    assert found["trunk_lean_deg"] == missing(ReasonCode.NO_NEUTRAL_FOR_TRUNK)
    assert found["lumbar_extension_deg"] == missing(ReasonCode.NO_NEUTRAL_FOR_TRUNK)


@pytest.mark.parametrize("joint", ["L_SHOULDER", "R_SHOULDER"])
def test_shoulders_hidden_for_most_of_the_stride_give_no_lean(joint: str) -> None:
    found = measure_stride(stride(lean_deg=8.0, hidden=[joint], hidden_s=(1.2, 1.7)))
    assert found["trunk_lean_deg"] == missing(ReasonCode.SHOULDERS_NOT_SEEN)
    assert found["lumbar_extension_deg"] == missing(ReasonCode.SHOULDERS_NOT_SEEN)


def test_shoulders_hidden_for_a_moment_do_not_matter_to_the_lean() -> None:
    found = LEAN.of(stride(lean_deg=8.0, hidden=SHOULDERS, hidden_s=(1.2, 1.3)))
    assert found.value == pytest.approx(8.0)


def test_who_tilts_with_an_upright_trunk_arches_the_back() -> None:
    found = LUMBAR.of(stride(pelvis=pelvis(9.0, sigma_deg=1.2), lean_deg=0.0))
    assert found.value == pytest.approx(9.0)
    assert found.sigma == pytest.approx(math.hypot(1.2, LEAN_SIGMA_DEG))


@pytest.mark.parametrize("facing", [1, -1])
def test_who_leans_as_far_as_the_pelvis_tilts_does_not(facing: int) -> None:
    as_one = stride(facing=facing, pelvis=pelvis(9.0), lean_deg=9.0)
    assert LUMBAR.of(as_one).value == pytest.approx(0.0, abs=1e-9)
    rounded = stride(facing=facing, pelvis=pelvis(2.0), lean_deg=9.0)
    assert LUMBAR.of(rounded).value == pytest.approx(-7.0)


def test_the_arch_is_that_of_the_peak_not_of_the_stride() -> None:
    bowing = stride(pelvis=pelvis(9.0), lean_deg=lambda t: 4.0 if abs(t - PEAK_S) < 0.05 else 12.0)
    assert LUMBAR.of(bowing).value == pytest.approx(9.0 - 4.0)


def test_standing_is_the_zero_of_the_arch_too() -> None:
    neutral = replace(NEUTRAL, trunk_deg=2.0)
    found = LUMBAR.of(stride(pelvis=pelvis(9.0), lean_deg=5.0, neutral=neutral))
    assert found.value == pytest.approx(9.0 - (5.0 - 2.0))


def test_shoulders_hidden_at_the_peak_leave_the_lean_and_take_the_arch() -> None:
    hidden_s = (PEAK_S - 0.05, PEAK_S + 0.05)
    found = measure_stride(stride(lean_deg=8.0, hidden=SHOULDERS, hidden_s=hidden_s))
    assert found["lumbar_extension_deg"] == missing(ReasonCode.SHOULDERS_NOT_SEEN)
    assert found["trunk_lean_deg"].value == pytest.approx(8.0)


def test_a_leg_hidden_at_its_peak_has_no_instant_at_which_to_arch() -> None:
    assert LUMBAR.of(stride(peak_s=None)) == missing(ReasonCode.LEG_HIDDEN_AT_PEAK)


def test_a_square_on_the_ribs_knows_the_arch_better_than_the_shoulders() -> None:
    ribs = Measurement(6.0, 1.9)
    found = LUMBAR.of(stride(pelvis=pelvis(9.0, lumbar=ribs), lean_deg=9.0))
    assert found == ribs
