"""Shares: how much of the push is the calf's, and one leg against the other."""

from __future__ import annotations

import math
from typing import Any

import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.neutral import assumed_neutral
from hipcue.realtime.metrics import METRICS, asymmetry_percent
from hipcue.realtime.records import Measurement
from tests.realtime.metrics.making import missing, pelvis, stride, thigh_back_to

CALF, HIP, ANKLE = (
    METRICS[name] for name in ("calf_share", "hip_extension_deg", "ankle_toe_off_deg")
)


def test_15_degrees_of_hip_and_5_of_ankle_are_a_quarter_from_the_calf() -> None:
    found = CALF.of(stride(pelvis=pelvis(5.0), ankle_deg=-5.0))
    assert found.value == pytest.approx(5 / 20, abs=0.001)
    assert CALF.unit == ""


def test_a_share_is_as_unsure_as_its_parts_make_it() -> None:
    pushed = stride(pelvis=pelvis(5.0), ankle_deg=-5.0)
    hip, ankle = HIP.of(pushed).sigma, ANKLE.of(pushed).sigma
    assert hip is not None and ankle is not None
    assert CALF.of(pushed).sigma == pytest.approx(
        math.hypot(5.0 * hip, 15.0 * ankle) / 20.0**2, rel=0.001
    )


def test_a_foot_that_is_not_stretched_gives_nothing_and_takes_nothing_away() -> None:
    found = CALF.of(stride(ankle_deg=10.0))
    assert found.value == 0.0


def test_a_hip_that_does_not_extend_leaves_all_of_it_to_the_calf() -> None:
    found = CALF.of(stride(thigh_deg=thigh_back_to(0.0), pelvis=pelvis(5.0), ankle_deg=-18.0))
    assert found.value == 1.0


def test_without_a_push_there_is_nothing_to_share() -> None:
    found = CALF.of(stride(thigh_deg=thigh_back_to(8.0), pelvis=pelvis(5.0), ankle_deg=-4.0))
    assert found == missing(ReasonCode.LITTLE_PUSH_OFF)


@pytest.mark.parametrize(
    ("unknown", "reason"),
    [
        ({"pelvis": pelvis(None, reason=ReasonCode.LOOSE_CLOTHING)}, ReasonCode.LOOSE_CLOTHING),
        ({"peak_s": None}, ReasonCode.LEG_HIDDEN_AT_PEAK),
        ({"toe_off_s": None}, ReasonCode.TOE_OFF_NOT_SEEN),
        ({"hidden": ["R_TOE"]}, ReasonCode.LEG_HIDDEN_AT_INSTANT),
        (
            {"neutral": assumed_neutral(markers=False)},
            ReasonCode.NO_NEUTRAL_FOR_ANKLE,
        ),
    ],
)
def test_a_part_that_is_missing_is_not_taken_for_nothing(
    unknown: dict[str, Any], reason: ReasonCode
) -> None:
    assert CALF.of(stride(ankle_deg=-10.0, **unknown)) == missing(reason)


def test_more_on_the_left_is_positive_and_more_on_the_right_negative() -> None:
    long, short = Measurement(11.0, 0.3), Measurement(9.0, 0.4)
    assert asymmetry_percent(long, short).value == pytest.approx(20.0)
    assert asymmetry_percent(short, long).value == pytest.approx(-20.0)
    # 0.5 of 10, as 3, 4 and 5 have it.
    assert asymmetry_percent(long, short).sigma == pytest.approx(5.0)


def test_two_legs_alike_do_not_differ() -> None:
    assert asymmetry_percent(Measurement(10.0, 0.3), Measurement(10.0, 0.4)).value == 0.0


def test_a_leg_that_is_hidden_is_named() -> None:
    seen, hidden = Measurement(11.0, 0.3), Measurement.missing(ReasonCode.LEG_HIDDEN_AT_PEAK)
    assert asymmetry_percent(hidden, seen) == missing(
        ReasonCode.LEFT_MISSING, why=Reason(ReasonCode.LEG_HIDDEN_AT_PEAK)
    )
    assert asymmetry_percent(seen, hidden) == missing(
        ReasonCode.RIGHT_MISSING, why=Reason(ReasonCode.LEG_HIDDEN_AT_PEAK)
    )


def test_what_is_near_zero_has_no_percentage() -> None:
    around = asymmetry_percent(Measurement(0.3, 0.3), Measurement(-0.3, 0.4))
    assert around == missing(ReasonCode.SIDES_NEAR_ZERO)
