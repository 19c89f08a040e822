"""How fast the belt was, and how long the stride on it: belt and drift."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.metrics import METRICS, measure_stride
from hipcue.realtime.records import Measurement
from tests.realtime.metrics.making import CONTACT_S, EVENT_SIGMA_S, missing, stride

LENGTH, SPEED = METRICS["stride_length_m"], METRICS["belt_speed_mps"]
# A drift counts for so much: runners drift by 7 mm in a stride, readings err by 6.
WEIGHT = 49 / 85
# Three metres a second, at two contacts.
TIMING_M = 3.0 * math.sqrt(2) * EVENT_SIGMA_S
TRUNK = ("L_HIP", "R_HIP", "L_SHOULDER", "R_SHOULDER")


def ahead_by_2_cm(t_s: float) -> float:
    """The stride before at one place on the mat, this one 2 cm further forward."""
    return 0.02 if t_s >= CONTACT_S else 0.0


def test_the_belts_speed_is_handed_on_as_it_was_measured() -> None:
    assert SPEED.of(stride()) == Measurement(3.0, 0.02)
    assert SPEED.unit == "m/s"


def test_who_stays_in_place_strides_as_far_as_the_belt_runs() -> None:
    found = LENGTH.of(stride())
    assert found.value == pytest.approx(2.1)  # 3 m/s for 0.7 s.
    trunk_m = math.sqrt(WEIGHT) * 0.006
    assert found.sigma == pytest.approx(math.sqrt(0.012**2 + trunk_m**2 + TIMING_M**2))
    assert LENGTH.unit == "m"


@pytest.mark.parametrize("facing", [1, -1])
def test_drifting_forward_on_the_mat_makes_the_stride_longer(facing: int) -> None:
    found = LENGTH.of(stride(place_m=ahead_by_2_cm, facing=facing))
    assert found.value == pytest.approx(2.1 + WEIGHT * 0.02)


@pytest.mark.parametrize("facing", [1, -1])
def test_falling_back_on_the_mat_makes_it_shorter(facing: int) -> None:
    found = LENGTH.of(stride(place_m=lambda t: -ahead_by_2_cm(t), facing=facing))
    assert found.value == pytest.approx(2.1 - WEIGHT * 0.02)


def test_rocking_to_and_fro_within_the_stride_is_not_drift() -> None:
    rocking = stride(place_m=lambda t: 0.03 * np.sin(2 * np.pi * (t - CONTACT_S) / 0.7))
    assert LENGTH.of(rocking).value == pytest.approx(2.1, abs=1e-3)


def test_single_frames_without_a_shoulder_are_left_out() -> None:
    # Leaning by 30 degrees, a shoulder is 25 cm ahead of the hip: the mean would jump.
    found = LENGTH.of(stride(lean_deg=30.0, hidden=["R_SHOULDER"], hidden_s=(1.3, 1.4)))
    assert found.value == pytest.approx(2.1)


def test_without_a_belt_there_is_neither_speed_nor_length() -> None:
    none = Measurement.missing(ReasonCode.NO_TREADMILL)
    found = measure_stride(stride(belt_speed_mps=none, belt_distance_m=none))
    assert found["belt_speed_mps"] == missing(ReasonCode.NO_TREADMILL)
    assert found["stride_length_m"] == missing(ReasonCode.NO_TREADMILL)


@pytest.mark.parametrize(
    "unknown",
    [
        {"px_per_m": Measurement.missing(ReasonCode.NO_SCALE)},
        {"hidden": TRUNK},
        {"hidden": TRUNK, "hidden_s": (0.0, 0.99)},
        {"hidden": TRUNK, "hidden_s": (1.0, 1.7)},
    ],
)
def test_without_the_drift_the_belt_is_all_there_is_and_the_length_less_sure(
    unknown: dict[str, Any],
) -> None:
    found = LENGTH.of(stride(place_m=ahead_by_2_cm, **unknown))
    assert found.value == pytest.approx(2.1)
    # Three centimetres that nobody saw, and the contacts are as unsure as ever.
    assert found.sigma == pytest.approx(math.sqrt(0.012**2 + 0.03**2 + TIMING_M**2))


@pytest.mark.parametrize("event_sigma_s", [0.0, 0.003, 0.02])
def test_who_is_seen_less_is_never_surer(event_sigma_s: float) -> None:
    seen = LENGTH.of(stride(event_sigma_s=event_sigma_s)).sigma
    hidden = LENGTH.of(stride(event_sigma_s=event_sigma_s, hidden=TRUNK)).sigma
    assert seen is not None and hidden is not None
    assert seen < hidden
