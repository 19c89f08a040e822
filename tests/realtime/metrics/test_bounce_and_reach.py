"""What is seen in the picture's lengths: bounce, overstride, and the heel that comes up."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.metrics import METRICS, measure_stride
from hipcue.realtime.records import Measurement, Side
from tests.realtime.metrics.making import (
    CONTACT_S,
    END_S,
    PX_PER_M,
    TOE_OFF_S,
    missing,
    stride,
)

BOUNCE, REACH = METRICS["vertical_oscillation_m"], METRICS["overstride_m"]
HEEL = METRICS["heel_recovery"]


def bouncing(t_s: float) -> float:
    """A hip 8 cm up and down, once a step; outside of the stride it jumps over hurdles."""
    if not CONTACT_S <= t_s < END_S:
        return 2.0
    return 1.0 + 0.04 * float(np.cos(4 * np.pi * (t_s - CONTACT_S) / 0.7))


def up_to_40_cm(t_s: float) -> float:
    """A heel on the belt until toe-off, 40 cm up for two tenths, and down again."""
    return 0.4 if TOE_OFF_S + 0.1 <= t_s <= TOE_OFF_S + 0.3 else 0.0


def test_lengths_are_in_metres_and_a_share_has_no_unit() -> None:
    assert (BOUNCE.unit, REACH.unit, HEEL.unit) == ("m", "m", "")


@pytest.mark.parametrize("facing", [1, -1])
def test_bounce_is_from_trough_to_crest_within_the_stride(facing: int) -> None:
    found = BOUNCE.of(stride(hip_m=bouncing, facing=facing))
    assert found.value == pytest.approx(0.08, abs=0.001)
    # Eight millimetres, and what the scale does not know.
    assert found.sigma == pytest.approx(math.hypot(0.008, 0.08 * 2.0 / PX_PER_M), rel=1e-3)


def test_lengths_are_no_surer_than_the_scale_they_are_read_with() -> None:
    rough = Measurement(PX_PER_M, 0.1 * PX_PER_M)
    bounce = BOUNCE.of(stride(hip_m=bouncing, px_per_m=rough))
    assert bounce.sigma == pytest.approx(math.hypot(0.008, 0.1 * 0.08), rel=0.02)
    reach = REACH.of(stride(moved={"ankle": (-0.1, 0.05)}, px_per_m=rough))
    assert reach.sigma == pytest.approx(math.hypot(0.02, 0.1 * 0.1))


def test_a_known_scale_adds_no_doubt() -> None:
    marked = Measurement(PX_PER_M, None)
    reach = REACH.of(stride(moved={"ankle": (-0.1, 0.05)}, px_per_m=marked))
    assert reach.sigma == pytest.approx(0.02)


def test_one_frame_in_which_the_hip_jumped_is_no_bounce() -> None:
    jumped = stride(hip_m=lambda t: 1.3 if abs(t - 1.4) < 0.005 else bouncing(t))
    assert BOUNCE.of(jumped).value == pytest.approx(0.08, abs=0.002)


def test_bounce_and_reach_need_a_scale_and_say_why_there_is_none() -> None:
    unscaled = stride(px_per_m=Measurement.missing(ReasonCode.NO_SCALE))
    found = measure_stride(unscaled)
    assert found["vertical_oscillation_m"] == missing(ReasonCode.NO_SCALE)
    assert found["overstride_m"] == missing(ReasonCode.NO_SCALE)
    assert found["heel_recovery"].known  # A share needs none.


@pytest.mark.parametrize("joint", ["L_HIP", "R_HIP"])
def test_a_hip_that_is_not_seen_does_not_bounce(joint: str) -> None:
    assert BOUNCE.of(stride(hip_m=bouncing, hidden=[joint])) == missing(ReasonCode.HIPS_NOT_SEEN)


def test_a_fifth_of_a_stride_says_nothing_about_its_crest_and_trough() -> None:
    glimpse = stride(hip_m=bouncing, hidden=["R_HIP"], hidden_s=(1.0, 1.55))
    assert BOUNCE.of(glimpse) == missing(ReasonCode.HIPS_NOT_SEEN)


def test_a_hip_that_is_hidden_by_the_arm_now_and_then_still_bounces() -> None:
    found = BOUNCE.of(stride(hip_m=bouncing, hidden=["R_HIP"], hidden_s=(1.2, 1.4)))
    assert found.value == pytest.approx(0.08, abs=0.002)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("facing", [1, -1])
def test_a_foot_that_lands_10_cm_ahead_of_the_hip_overstrides_by_10_cm(
    side: Side, facing: int
) -> None:
    def ahead_m(t_s: float) -> float:
        return 0.1 if abs(t_s - CONTACT_S) < 0.05 else -0.3

    found = REACH.of(stride(side=side, facing=facing, moved={"ankle": (ahead_m, 0.05)}))
    assert found.value == pytest.approx(0.1)
    assert found.sigma == pytest.approx(math.hypot(0.02, 0.1 * 2.0 / PX_PER_M))


def test_the_reach_is_as_unsure_as_the_belt_goes_in_what_the_contact_is_off() -> None:
    def with_the_belt(t_s: float) -> float:
        return 0.1 - 5.0 * (t_s - CONTACT_S)

    found = REACH.of(stride(moved={"ankle": (with_the_belt, 0.05)}, event_sigma_s=0.01))
    assert found.value == pytest.approx(0.1)
    assert found.sigma == pytest.approx(math.hypot(0.02, 5.0 * math.hypot(0.01, 0.008), 0.001))


def test_a_foot_that_lands_behind_the_hip_is_negative_and_not_surer_for_it() -> None:
    found = REACH.of(stride(moved={"ankle": (-0.1, 0.05)}))
    assert found.value == pytest.approx(-0.1)
    assert found.sigma == pytest.approx(math.hypot(0.02, 0.1 * 2.0 / PX_PER_M))


def test_a_foot_that_sweeps_back_is_measured_at_the_instant_of_contact() -> None:
    sweeping = stride(moved={"ankle": (lambda t: 0.1 - 3.0 * (t - 1.005), 0.05)}, contact_s=1.005)
    assert REACH.of(sweeping).value == pytest.approx(0.1)


@pytest.mark.parametrize("joint", ["R_HIP", "R_ANKLE"])
def test_reach_needs_hip_and_ankle_at_contact(joint: str) -> None:
    unseen = stride(hidden=[joint], hidden_s=(CONTACT_S - 0.05, CONTACT_S + 0.05))
    assert REACH.of(unseen) == missing(ReasonCode.LEG_HIDDEN_AT_INSTANT)


@pytest.mark.parametrize("hidden_s", [(CONTACT_S - 0.015, 1.1), (0.9, CONTACT_S + 0.015)])
def test_where_the_foot_was_a_moment_before_or_after_is_not_where_it_landed(
    hidden_s: tuple[float, float],
) -> None:
    unseen = stride(
        moved={"ankle": (lambda t: 0.1 - 3.0 * (t - CONTACT_S), 0.05)},
        hidden=["R_ANKLE"],
        hidden_s=hidden_s,
    )
    assert REACH.of(unseen) == missing(ReasonCode.LEG_HIDDEN_AT_INSTANT)


def test_a_foot_that_was_hidden_in_the_very_frame_is_where_the_frames_around_put_it() -> None:
    blinked = stride(
        moved={"ankle": (lambda t: 0.1 - 3.0 * (t - CONTACT_S), 0.05)},
        hidden=["R_ANKLE"],
        hidden_s=(CONTACT_S - 0.025, CONTACT_S + 0.025),
    )
    assert REACH.of(blinked).value == pytest.approx(0.1)


@pytest.mark.parametrize("toe_off_s", [TOE_OFF_S, None])
@pytest.mark.parametrize("facing", [1, -1])
def test_a_heel_40_cm_up_under_a_hip_of_1_m_is_two_fifths(
    facing: int, toe_off_s: float | None
) -> None:
    found = HEEL.of(stride(moved={"heel": (0.0, up_to_40_cm)}, facing=facing, toe_off_s=toe_off_s))
    assert found.value == pytest.approx(0.4)
    assert found.sigma == pytest.approx(0.03)


def test_a_heel_that_was_elsewhere_in_a_few_pictures_is_as_unsure_as_that() -> None:
    def blips(t_s: float) -> float:
        after_s = t_s - TOE_OFF_S
        return 0.9 if any(0.0 <= after_s - at < 0.015 for at in (0.12, 0.18, 0.24)) else 0.0

    found = HEEL.of(stride(moved={"heel": (0.0, lambda t: max(up_to_40_cm(t), blips(t)))}))
    assert found.value is not None and found.sigma is not None
    assert abs(found.value - 0.4) < 2.0 * found.sigma
    assert found.sigma > 0.2


def test_a_heel_counts_from_where_it_stood_not_from_the_bottom_of_the_picture() -> None:
    raised = stride(moved={"heel": (0.0, lambda t: 0.1 + up_to_40_cm(t))}, hip_m=1.1)
    assert HEEL.of(raised).value == pytest.approx(0.4)


@pytest.mark.parametrize(
    "hidden_s",
    [(1.3, 1.7), (CONTACT_S, CONTACT_S + 0.12), (0.0, 2.0)],
    ids=["in swing", "on the belt", "throughout"],
)
def test_a_heel_needs_its_swing_and_its_stand(hidden_s: tuple[float, float]) -> None:
    unseen = stride(moved={"heel": (0.0, up_to_40_cm)}, hidden=["R_HEEL"], hidden_s=hidden_s)
    assert HEEL.of(unseen) == missing(ReasonCode.HEEL_HIDDEN_IN_SWING)


def test_a_heel_under_a_hidden_hip_is_a_share_of_nothing() -> None:
    unseen = stride(moved={"heel": (0.0, up_to_40_cm)}, hidden=["R_HIP"])
    assert HEEL.of(unseen) == missing(ReasonCode.HIP_HIDDEN_IN_SWING)


def test_a_heel_as_high_as_the_hip_is_no_stand() -> None:
    fallen = stride(moved={"heel": (0.0, 1.0)})
    assert HEEL.of(fallen) == missing(ReasonCode.HIP_NOT_ABOVE_HEEL)


def test_frames_lost_in_the_whole_swing_leave_no_heel() -> None:
    lost = stride(toe_off_s=END_S - 0.005)
    assert HEEL.of(lost) == missing(ReasonCode.HEEL_HIDDEN_IN_SWING)
