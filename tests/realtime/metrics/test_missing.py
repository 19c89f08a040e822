"""Missing is missing: a whole number with its uncertainty, or none and the reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.metrics import METRICS, measure_stride
from hipcue.realtime.records import Joint, Measurement
from tests.realtime.metrics.making import missing, pelvis, stride

NONE = Measurement.missing(ReasonCode.NO_TREADMILL)
UNKNOWN: dict[str, dict[str, Any]] = {
    "toe-off": {"toe_off_s": None},
    "peak": {"peak_s": None},
    "other contact": {"other_contact_s": None},
    "scale": {"px_per_m": Measurement.missing(ReasonCode.NO_SCALE)},
    "belt": {"belt_speed_mps": NONE, "belt_distance_m": NONE},
    "pelvis": {"pelvis": pelvis(None)},
    "ribs": {"pelvis": pelvis(5.0, lumbar=Measurement.missing(ReasonCode.TAG_HIDDEN))},
}


def is_honest(found: Measurement) -> bool:
    """Whether it is a number that can be trusted, or says why there is none."""
    if found.value is None:
        return found.sigma is None and bool(found.reason)
    sure = found.sigma is not None and math.isfinite(found.sigma) and found.sigma > 0.0
    return math.isfinite(found.value) and sure and found.reason is None


def dishonest(values: Mapping[str, Measurement]) -> dict[str, Measurement]:
    return {name: found for name, found in values.items() if not is_honest(found)}


def test_a_stride_that_was_seen_whole_has_every_number() -> None:
    values = measure_stride(stride())
    assert list(values) == list(METRICS)
    assert [name for name, found in values.items() if not found.known] == []
    assert dishonest(values) == {}


@pytest.mark.parametrize("what", UNKNOWN)
def test_what_is_not_known_is_told_and_never_filled_in(what: str) -> None:
    values = measure_stride(stride(**UNKNOWN[what]))
    assert dishonest(values) == {}
    assert any(not found.known for found in values.values())


@pytest.mark.parametrize("hidden_s", [(0.0, 2.0), (1.15, 1.3)])
@pytest.mark.parametrize("joint", [j.name for j in Joint])
def test_a_hidden_joint_never_becomes_half_a_number(
    joint: str, hidden_s: tuple[float, float]
) -> None:
    values = measure_stride(stride(hidden=[joint], hidden_s=hidden_s, knee_deg=10.0))
    assert dishonest(values) == {}


def test_a_body_that_was_not_seen_has_its_times_its_belt_and_its_pelvis() -> None:
    values = measure_stride(stride(hidden=[j.name for j in Joint]))
    assert dishonest(values) == {}
    assert {name for name, found in values.items() if found.known} == {
        *("stride_time_s", "cadence_spm", "contact_time_s", "flight_time_s"),
        *("belt_speed_mps", "stride_length_m"),
        *("pelvic_tilt_deg", "pelvic_tilt_mean_deg", "pelvic_tilt_sd_deg"),
    }


def test_the_reason_of_the_source_reaches_the_screen_in_its_own_words() -> None:
    values = measure_stride(stride(**UNKNOWN["ribs"]))
    assert values["lumbar_extension_deg"] == missing(ReasonCode.TAG_HIDDEN)
