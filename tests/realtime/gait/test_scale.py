from __future__ import annotations

import pytest

from hipcue.realtime.gait.scale import Scale
from hipcue.realtime.records import Measurement


def test_the_belt_is_the_ruler_and_then_the_camera_knows_the_speed() -> None:
    scale = Scale(None, None)
    assert scale.px_per_m.value is None
    for k in range(6):
        scale.add_step(0.7 * k, 960.0, Measurement(3.0))
    assert scale.px_per_m.value == pytest.approx(320.0)
    assert scale.belt_speed(640.0).value == pytest.approx(2.0)


def test_without_a_belt_the_runners_height_is_the_ruler() -> None:
    scale = Scale(None, 1.80)
    scale.add_standing_height(0.936 * 1.80 * 300.0)
    assert scale.px_per_m.value == pytest.approx(300.0)


def test_a_console_that_lies_for_ten_seconds_is_named() -> None:
    scale = Scale(None, None)
    for k in range(13):
        scale.add_step(0.7 * k, 960.0, Measurement(3.0))
    for k in range(12):
        scale.add_step(10.0 + 0.7 * k, 960.0, Measurement(3.4))
    assert scale.disagreement(18.0) is None
    for k in range(6):
        scale.add_step(20.0 + 0.7 * k, 960.0, Measurement(3.4))
    assert scale.disagreement(24.0) == pytest.approx(3.0 / 3.4 - 1.0)
    assert scale.disagreement(60.0) is None  # Nobody has compared them since.


def test_a_camera_that_was_moved_before_a_new_neutral_is_measured_anew() -> None:
    scale = Scale(None, None)
    scale.add_standing_height(540.0)
    for k in range(14):
        scale.add_step(0.7 * k, 960.0, Measurement(3.0))
    scale.add_standing_height(530.0)  # They stand a little further back.
    assert scale.px_per_m.value == pytest.approx(320.0)
    scale.add_standing_height(430.0)
    assert not scale.px_per_m.known
    for k in range(4):
        scale.add_step(30.0 + 0.7 * k, 768.0, Measurement(3.0))
    assert scale.px_per_m.value == pytest.approx(256.0)
