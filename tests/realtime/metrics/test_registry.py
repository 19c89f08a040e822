from __future__ import annotations

import re
from pathlib import Path

import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.metrics import METRICS, asymmetry_percent, register
from hipcue.realtime.records import Measurement
from hipcue.realtime.session.stride_table import COLUMNS


def test_every_metric_says_what_it_is() -> None:
    for metric in METRICS.values():
        assert metric.definition.endswith(".")
        assert metric.reference
        assert metric.name.replace("_", "").isalnum()


def test_the_definition_ends_with_the_sign_of_the_value() -> None:
    ankle = METRICS["ankle_toe_off_deg"]
    assert ankle.definition == (
        "Plantarflexion at toe-off against standing; plantarflexion positive."
    )
    for metric in METRICS.values():
        # The sign is said once: by the word that every sentence about it is made of.
        assert "positive" not in metric.meaning, metric.name


def test_the_readme_gives_every_metric_the_sign_that_it_has() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]*; (\w+) \+ \|$", readme, re.MULTILINE)
    assert len(rows) >= 4
    for name, positive in rows:
        assert positive == METRICS[name].positive, name


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
    found = asymmetry_percent(
        Measurement(11.0, 0.1), Measurement.missing(ReasonCode.FAR_LEG_HIDDEN)
    )
    assert found.value is None
    assert found.reason == Reason(ReasonCode.RIGHT_MISSING, why=Reason(ReasonCode.FAR_LEG_HIDDEN))
