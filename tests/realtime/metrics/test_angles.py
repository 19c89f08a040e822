"""The leg: thigh and hip at the end of push-off, knee and ankle at contact and toe-off."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.gait.neutral import assumed_neutral
from hipcue.realtime.metrics import METRICS, Metric, measure_stride
from hipcue.realtime.records import Side
from tests.realtime.metrics.making import (
    CONTACT_S,
    NEUTRAL,
    PEAK_S,
    TOE_OFF_S,
    RecordedTimeline,
    missing,
    pelvis,
    stride,
    thigh_back_to,
)

THIGH, HIP = METRICS["thigh_extension_deg"], METRICS["hip_extension_deg"]
KNEE_CONTACT, KNEE_TOE_OFF = METRICS["knee_contact_deg"], METRICS["knee_toe_off_deg"]
ANKLE, TRIPLE = METRICS["ankle_toe_off_deg"], METRICS["triple_extension_deg"]
# What a camera's pose model may be wrong by, and what markers may, degrees.
MODEL_DEG, MARKERS_DEG = 5.0, 1.0
ALL = (THIGH, HIP, KNEE_CONTACT, KNEE_TOE_OFF, ANKLE, TRIPLE)


def bent_at(t_s: float, deg: float, else_deg: float) -> RecordedTimeline:
    """An angle that is `deg` for 50 ms to each side of an instant and another at other times."""
    return lambda now_s: deg if abs(now_s - t_s) < 0.05 else else_deg


def test_angles_are_in_degrees() -> None:
    assert {metric.unit for metric in ALL} == {"°"}


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("facing", [1, -1])
def test_a_thigh_20_degrees_behind_is_20_of_extension_whichever_way_the_runner_looks(
    side: Side, facing: int
) -> None:
    found = THIGH.of(stride(side=side, facing=facing))
    assert found.value == pytest.approx(20.0, abs=0.01)


def test_a_thigh_that_never_comes_behind_the_vertical_is_flexed() -> None:
    sitting = stride(thigh_deg=thigh_back_to(-8.0))
    assert THIGH.of(sitting).value == pytest.approx(-8.0, abs=0.01)


def test_what_the_thigh_reads_in_standing_is_taken_off() -> None:
    neutral = replace(NEUTRAL, thigh_deg={Side.L: 3.0, Side.R: 5.0})
    assert THIGH.of(stride(neutral=neutral)).value == pytest.approx(15.0, abs=0.01)
    left = stride(neutral=neutral, side=Side.L)
    assert THIGH.of(left).value == pytest.approx(17.0, abs=0.01)


def test_the_far_thigh_is_less_sure_than_the_near_one() -> None:
    near, far = THIGH.of(stride()), THIGH.of(stride(side=Side.L))
    # A clean parabola fits without rest: the zero and what stays after it.
    assert near.sigma == pytest.approx(math.hypot(1.0, 1.0), abs=0.01)
    assert far.sigma == pytest.approx(math.hypot(1.0, 1.5), abs=0.01)


def test_the_hip_has_what_the_pelvis_did_not_give() -> None:
    found = HIP.of(stride(pelvis=pelvis(5.0, sigma_deg=1.2)))
    assert found.value == pytest.approx(20.0 - 5.0, abs=0.01)
    thigh = THIGH.of(stride()).sigma
    assert thigh is not None
    assert found.sigma == pytest.approx(math.hypot(thigh, 1.2))


def test_a_pelvis_tilted_backwards_leaves_more_to_the_hip() -> None:
    assert HIP.of(stride(pelvis=pelvis(-4.0))).value == pytest.approx(24.0, abs=0.01)


def test_a_hidden_pelvis_takes_the_hip_along_and_leaves_the_thigh() -> None:
    found = measure_stride(stride(pelvis=pelvis(None, reason=ReasonCode.LOOSE_CLOTHING)))
    assert found["hip_extension_deg"] == missing(ReasonCode.LOOSE_CLOTHING)
    assert found["triple_extension_deg"] == missing(ReasonCode.LOOSE_CLOTHING)
    assert found["thigh_extension_deg"].value == pytest.approx(20.0, abs=0.01)


@pytest.mark.parametrize(
    "unseen",
    [
        {"peak_s": None},
        {"hidden": ["R_KNEE"], "hidden_s": (PEAK_S - 0.1, PEAK_S + 0.1)},
        {"hidden": ["R_HIP"], "hidden_s": (PEAK_S - 0.1, PEAK_S + 0.1)},
    ],
)
def test_a_leg_hidden_at_its_peak_has_no_extension(unseen: dict[str, Any]) -> None:
    found = measure_stride(stride(**unseen))
    assert found["thigh_extension_deg"] == missing(ReasonCode.LEG_HIDDEN_AT_PEAK)
    assert found["hip_extension_deg"] == missing(ReasonCode.LEG_HIDDEN_AT_PEAK)


def test_a_thigh_that_is_much_further_back_elsewhere_was_not_at_its_peak() -> None:
    def mistaken(seconds: float) -> RecordedTimeline:
        """At the peak it is the other leg; the right one is seen 30 degrees back for so long."""
        swing = thigh_back_to(20.0)
        return lambda t_s: 30.0 if 1.355 < t_s < 1.355 + seconds else swing(t_s)

    found = measure_stride(stride(thigh_deg=mistaken(0.04)))
    assert found["thigh_extension_deg"] == missing(ReasonCode.LEG_HIDDEN_AT_PEAK)
    assert found["hip_extension_deg"] == missing(ReasonCode.LEG_HIDDEN_AT_PEAK)
    # One frame may jump.
    assert THIGH.of(stride(thigh_deg=mistaken(0.01))).value == pytest.approx(20.0, abs=0.01)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("facing", [1, -1])
def test_a_knee_bends_by_as_much_whichever_way_the_runner_looks(side: Side, facing: int) -> None:
    landing = stride(side=side, facing=facing, knee_deg=bent_at(CONTACT_S, 12.0, 60.0))
    assert KNEE_CONTACT.of(landing).value == pytest.approx(12.0)
    leaving = stride(side=side, facing=facing, knee_deg=bent_at(TOE_OFF_S, 25.0, 60.0))
    assert KNEE_TOE_OFF.of(leaving).value == pytest.approx(25.0)


def test_a_knee_pushed_through_is_negative() -> None:
    assert KNEE_CONTACT.of(stride(knee_deg=-4.0)).value == pytest.approx(-4.0)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("facing", [1, -1])
def test_a_stretched_foot_is_positive_and_a_pulled_up_one_negative(side: Side, facing: int) -> None:
    pointed = stride(side=side, facing=facing, ankle_deg=bent_at(TOE_OFF_S, -18.0, 5.0))
    # Ankle and heel in one place: the foot's line starts there.
    assert ANKLE.of(pointed).value == pytest.approx(18.0)
    pulled = stride(side=side, facing=facing, ankle_deg=bent_at(TOE_OFF_S, 7.0, -5.0))
    assert ANKLE.of(pulled).value == pytest.approx(-7.0)


def test_what_knee_and_ankle_read_in_standing_is_taken_off() -> None:
    neutral = replace(
        NEUTRAL, knee_deg={Side.L: 0.0, Side.R: 4.0}, ankle_deg={Side.L: 0.0, Side.R: 6.0}
    )
    bent = stride(knee_deg=30.0, ankle_deg=-14.0, neutral=neutral)
    assert KNEE_CONTACT.of(bent).value == pytest.approx(26.0)
    assert KNEE_TOE_OFF.of(bent).value == pytest.approx(26.0)
    # Standing, the foot read 6 degrees pulled up: 14 stretched is 20 from there.
    assert ANKLE.of(bent).value == pytest.approx(20.0)


@pytest.mark.parametrize("metric", [KNEE_CONTACT, KNEE_TOE_OFF, ANKLE])
def test_markers_are_surer_of_knee_and_ankle_than_a_camera(metric: Metric) -> None:
    markers = replace(NEUTRAL, sigma_deg=0.3)
    assert metric.of(stride()).sigma == pytest.approx(MODEL_DEG)
    assert metric.of(stride(neutral=markers)).sigma == pytest.approx(MARKERS_DEG)


@pytest.mark.parametrize(("metric", "at_s"), [(KNEE_CONTACT, CONTACT_S), (KNEE_TOE_OFF, TOE_OFF_S)])
def test_a_joint_that_turns_fast_is_as_unsure_as_the_instant(metric: Metric, at_s: float) -> None:
    turning = stride(knee_deg=lambda t_s: 30.0 + 400.0 * (t_s - at_s), event_sigma_s=0.01)
    assert metric.of(turning).value == pytest.approx(30.0)
    assert metric.of(turning).sigma == pytest.approx(math.hypot(MODEL_DEG, 4.0))


def test_a_toe_off_that_was_not_seen_has_no_angles_but_the_contact_keeps_its_own() -> None:
    found = measure_stride(stride(toe_off_s=None, knee_deg=12.0))
    for name in ("knee_toe_off_deg", "ankle_toe_off_deg", "triple_extension_deg"):
        assert found[name] == missing(ReasonCode.TOE_OFF_NOT_SEEN)
    assert found["knee_contact_deg"].value == pytest.approx(12.0)


@pytest.mark.parametrize("joint", ["R_HIP", "R_KNEE", "R_ANKLE"])
def test_a_knee_needs_hip_knee_and_ankle(joint: str) -> None:
    at_contact = stride(hidden=[joint], hidden_s=(CONTACT_S - 0.05, CONTACT_S + 0.05))
    assert KNEE_CONTACT.of(at_contact) == missing(ReasonCode.LEG_HIDDEN_AT_INSTANT)
    at_toe_off = stride(hidden=[joint], hidden_s=(TOE_OFF_S - 0.05, TOE_OFF_S + 0.05))
    assert KNEE_TOE_OFF.of(at_toe_off) == missing(ReasonCode.LEG_HIDDEN_AT_INSTANT)
    assert KNEE_CONTACT.of(at_toe_off).known


@pytest.mark.parametrize("joint", ["R_KNEE", "R_ANKLE", "R_HEEL", "R_TOE"])
def test_an_ankle_needs_shank_and_foot(joint: str) -> None:
    unseen = stride(hidden=[joint], hidden_s=(TOE_OFF_S - 0.05, TOE_OFF_S + 0.05))
    assert ANKLE.of(unseen) == missing(ReasonCode.LEG_HIDDEN_AT_INSTANT)


def test_an_ankle_has_no_zero_until_somebody_stood() -> None:
    found = measure_stride(stride(neutral=assumed_neutral(markers=False)))
    assert found["ankle_toe_off_deg"] == missing(ReasonCode.NO_NEUTRAL_FOR_ANKLE)
    assert found["triple_extension_deg"] == missing(ReasonCode.NO_NEUTRAL_FOR_ANKLE)


def test_the_leg_as_a_whole_is_hip_and_ankle_less_the_bend_that_is_left() -> None:
    found = TRIPLE.of(stride(knee_deg=25.0, ankle_deg=-18.0, pelvis=pelvis(5.0)))
    assert found.value == pytest.approx(15.0 - 25.0 + 18.0, abs=0.01)
    hip = HIP.of(stride(pelvis=pelvis(5.0))).sigma
    assert hip is not None
    assert found.sigma == pytest.approx(math.sqrt(hip**2 + 2 * MODEL_DEG**2), abs=0.01)


def test_a_stride_told_again_with_less_keeps_no_old_number() -> None:
    seen = stride()
    assert THIGH.of(seen).known and HIP.of(seen).known
    unseen = replace(seen, peak_s=None)
    assert THIGH.of(unseen) == missing(ReasonCode.LEG_HIDDEN_AT_PEAK)
    assert HIP.of(unseen) == missing(ReasonCode.LEG_HIDDEN_AT_PEAK)
