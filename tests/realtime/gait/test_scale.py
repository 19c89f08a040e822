"""The runner's leg as the ruler of the picture and of the belt."""

from __future__ import annotations

import pytest

from hipcue.realtime.gait.belt_check import Foot
from hipcue.realtime.gait.belt_refuter import Refuter
from hipcue.realtime.gait.foot_speeds import Footfall
from hipcue.realtime.gait.scale import Scale
from hipcue.realtime.records import Side

LEG_PX = 256.0


def falls(px_per_s: float, leg_px: float = LEG_PX) -> dict[Side, Footfall]:
    """Both feet at that speed."""
    return {side: Footfall(side, 0.0, px_per_s, leg_px) for side in Side}


def taught(strides: int, mps: float = 3.0) -> Scale:
    """A scale that was taught by a belt of that speed while the feet went 960 px/s."""
    scale = Scale(None, None)
    scale.see_leg(LEG_PX)
    for k in range(strides):
        scale.learn(0.35 * k, falls(960.0), mps)
    return scale


def test_the_belt_is_the_ruler_and_then_the_camera_knows_the_speed() -> None:
    assert taught(3).px_per_m.value is None
    scale = taught(6)
    assert scale.px_per_m.value == pytest.approx(320.0)
    assert scale.seen_mps(falls(640.0)[Side.L]) == pytest.approx(2.0)


def test_a_camera_that_zooms_changes_the_pixels_and_not_the_leg() -> None:
    scale = taught(14)
    nearer = falls(1920.0, 2 * LEG_PX)[Side.R]
    scale.see_leg(nearer.leg_px)
    assert scale.px_per_m.value == pytest.approx(640.0)
    assert scale.seen_mps(nearer) == pytest.approx(3.0)
    assert scale.limits(nearer).low_mps < 3.0 < scale.limits(nearer).high_mps


def test_without_a_belt_the_runners_height_is_the_ruler() -> None:
    scale = Scale(None, 1.80)
    scale.add_standing_height(0.936 * 1.80 * 300.0)
    assert scale.px_per_m.value == pytest.approx(300.0)


def test_a_runner_who_never_stood_is_measured_by_the_leg() -> None:
    scale = Scale(None, 1.80)
    scale.see_leg(0.46 * 1.80 * 300.0)
    assert scale.px_per_m.value == pytest.approx(300.0)
    assert scale.seen_mps(Footfall(Side.L, 0.0, 900.0, 248.4)) == pytest.approx(3.0)


def test_metres_of_markers_are_exact_unless_no_leg_is_so_long() -> None:
    foot = Footfall(Side.L, 0.0, 2.5 * 1000.0, 850.0)
    limits = Scale(1000.0, None).limits(foot)
    assert (limits.low_mps, limits.high_mps) == pytest.approx((2.25, 2.75))
    # Centimetres taken for millimetres: a leg of 8.5 m is no ruler.
    assert Scale(100.0, None).limits(foot).high_mps < 5.0


def test_by_people_s_size_alone_no_unit_passes_for_another() -> None:
    """1.75 m tall at 3 m/s: 4.83 is km/h read as mph, 1.86 the other way round."""
    foot = Footfall(Side.L, 0.0, 3.0 * 300.0, 0.46 * 1.75 * 300.0)
    limits = Scale(None, None).limits(foot)
    assert limits.low_mps < 3.0 < limits.high_mps
    assert not limits.low_mps < 3.0 * 1.609 < limits.high_mps
    assert not limits.low_mps < 3.0 / 1.609 < limits.high_mps


def test_a_console_that_lies_for_ten_seconds_is_named_and_does_not_move_the_ruler() -> None:
    scale = taught(13)
    for k in range(30):
        scale.learn(10.0 + 0.35 * k, falls(960.0), 3.3)
    assert scale.disagreement(18.0) is not None
    assert scale.disagreement(21.0) == pytest.approx(3.0 / 3.3 - 1.0)
    assert scale.disagreement(60.0) is None  # Nobody has compared them since.
    assert scale.px_per_m.value == pytest.approx(320.0)


def test_a_console_that_creeps_away_does_not_take_the_ruler_along() -> None:
    scale = taught(14)
    for k in range(200):
        scale.learn(5.0 + 0.35 * k, falls(960.0), 3.0 * (1.0 + 0.001 * k))
    assert scale.px_per_m.value == pytest.approx(320.0, rel=0.05)


def test_a_camera_that_was_moved_before_a_new_neutral_is_measured_anew() -> None:
    scale = taught(14)
    scale.add_standing_height(540.0)
    scale.add_standing_height(530.0)  # They stand a little further back.
    assert scale.px_per_m.value == pytest.approx(320.0)
    scale.add_standing_height(430.0)
    assert not scale.px_per_m.known


def badly_taught(seconds: float, well_from_s: float) -> Scale:
    """A belt of 3 m/s; the right foot is seen up to twice as fast until it is seen well."""
    scale = Scale(None, None)
    scale.see_leg(LEG_PX)
    for k in range(int(seconds / 0.7)):
        t_s = 0.7 * k
        wild = 1.0 if t_s >= well_from_s else (1.0, 1.35, 1.45, 1.7, 1.55, 1.2)[k % 6]
        right = Footfall(Side.R, t_s, 960.0 * wild, LEG_PX)
        scale.learn(t_s, {Side.L: Footfall(Side.L, t_s, 960.0, LEG_PX), Side.R: right}, 3.0)
    return scale


def test_a_foot_that_was_seen_badly_makes_no_ruler_that_contradicts_the_console() -> None:
    scale = badly_taught(9.0, well_from_s=9.0)
    assert scale.is_taught
    assert not scale.is_exact
    feet = [Foot(side, 9.0, 3.75, scale.limits(fall)) for side, fall in falls(960.0).items()]
    assert Refuter().weigh(3.0, [], feet, scale) is None
    # Seen well for as long again, and longer, it is one.
    assert badly_taught(40.0, well_from_s=9.0).is_exact
