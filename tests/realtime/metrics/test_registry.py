from __future__ import annotations

import pytest

from hipcue.realtime.metrics import METRICS, asymmetry_percent, register
from hipcue.realtime.records import Measurement
from hipcue.realtime.session.strides_csv import COLUMNS


def test_every_metric_says_what_it_is() -> None:
    for metric in METRICS.values():
        assert metric.definition.endswith(".")
        assert metric.reference
        assert metric.name.replace("_", "").isalnum()


def test_every_measured_column_of_strides_csv_has_a_metric() -> None:
    measured = [c for c in COLUMNS if c.endswith(("_deg", "_m", "_mps", "_spm"))]
    assert set(measured) <= set(METRICS)


def test_a_name_cannot_be_taken_twice() -> None:
    metric = METRICS["stride_time_s"]
    with pytest.raises(ValueError, match="twice"):
        register((metric, metric))


def test_legs_are_compared_against_their_mean() -> None:
    found = asymmetry_percent(Measurement(11.0, 0.1), Measurement(9.0, 0.1))
    assert found.value == pytest.approx(20.0)


def test_a_hidden_leg_is_not_compared() -> None:
    found = asymmetry_percent(Measurement(11.0, 0.1), Measurement.missing("far leg hidden"))
    assert found.value is None
    assert found.reason == "right: far leg hidden"
