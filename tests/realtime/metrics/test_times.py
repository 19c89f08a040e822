"""How long things take: the stride, the foot on the belt, the flight, and the steps a minute."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.metrics import METRICS, measure_stride
from hipcue.realtime.records import Side
from tests.realtime.metrics.making import EVENT_SIGMA_S, NEUTRAL, missing, stride

BOTH_ENDS_S = math.sqrt(2) * EVENT_SIGMA_S


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("stride_time_s", 0.7), ("contact_time_s", 0.25), ("flight_time_s", 0.1)],
)
def test_a_time_lies_between_two_events_and_both_are_unsure(name: str, seconds: float) -> None:
    found = METRICS[name].of(stride())
    assert found.value == pytest.approx(seconds)
    assert found.sigma is not None and found.sigma >= BOTH_ENDS_S * (1 - 1e-9)
    assert METRICS[name].unit == "s"


@pytest.mark.parametrize(("markers", "shared_s"), [(False, 0.010), (True, 0.013)])
def test_what_all_events_of_a_body_are_off_by_cancels_in_a_stride_and_not_in_a_contact(
    markers: bool, shared_s: float
) -> None:
    neutral = replace(NEUTRAL, sigma_deg=0.3 if markers else 1.0)
    found = measure_stride(stride(neutral=neutral))
    assert found["stride_time_s"].sigma == pytest.approx(BOTH_ENDS_S)
    for name in ("contact_time_s", "flight_time_s"):
        assert found[name].sigma == pytest.approx(math.hypot(BOTH_ENDS_S, shared_s))


def test_three_strides_of_two_seconds_thirds_are_a_cadence_of_180() -> None:
    found = METRICS["cadence_spm"].of(stride(end_s=1.0 + 2 / 3))
    assert found.value == pytest.approx(180.0)
    # As unsure, in percent, as the time of the stride.
    assert found.sigma == pytest.approx(180.0 * BOTH_ENDS_S / (2 / 3))
    assert METRICS["cadence_spm"].unit == "spm"


def test_who_walks_has_the_other_foot_down_before_this_one_leaves() -> None:
    walking = stride(toe_off_s=1.45, other_contact_s=1.4)
    assert METRICS["flight_time_s"].of(walking).value == pytest.approx(-0.05)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("facing", [1, -1])
def test_times_do_not_ask_which_leg_it_is_or_where_the_runner_looks(
    side: Side, facing: int
) -> None:
    found = measure_stride(stride(side=side, facing=facing))
    times = [found[f"{name}_time_s"].value for name in ("stride", "contact", "flight")]
    assert times == pytest.approx([0.7, 0.25, 0.1])


def test_a_toe_off_that_was_not_seen_leaves_the_time_of_the_stride() -> None:
    found = measure_stride(stride(toe_off_s=None))
    assert found["contact_time_s"] == missing(ReasonCode.TOE_OFF_NOT_SEEN)
    assert found["flight_time_s"] == missing(ReasonCode.TOE_OFF_NOT_SEEN)
    assert found["stride_time_s"].value == pytest.approx(0.7)
    assert found["cadence_spm"].value == pytest.approx(120 / 0.7)


def test_the_other_foot_hidden_leaves_this_foots_contact() -> None:
    found = measure_stride(stride(other_contact_s=None))
    assert found["flight_time_s"] == missing(ReasonCode.OTHER_CONTACT_NOT_SEEN)
    assert found["contact_time_s"].value == pytest.approx(0.25)


def test_a_stance_unlike_the_others_is_as_unsure_as_it_is_unlike_them() -> None:
    usual, unlike = stride(), replace(stride(), unlike_stance_s=0.04)
    for name in ("contact_time_s", "flight_time_s"):
        before, after = METRICS[name].of(usual).sigma, METRICS[name].of(unlike).sigma
        assert before is not None
        assert after == pytest.approx(math.hypot(before, 0.04))


def test_an_uneven_step_makes_the_flight_unsure() -> None:
    even, uneven = stride(), stride(other_contact_s=1.39)
    before, after = (METRICS["flight_time_s"].of(one).sigma for one in (even, uneven))
    assert before is not None
    assert after == pytest.approx(math.hypot(before, 0.04 - 0.025 * 0.7))


def test_another_foot_that_lands_far_from_the_middle_of_the_stride_gives_no_flight() -> None:
    early = stride(other_contact_s=1.27)
    found = METRICS["flight_time_s"].of(early)
    assert found.value is None and found.reason is not None
    assert found.reason.code is ReasonCode.OTHER_CONTACT_NOT_SEEN
