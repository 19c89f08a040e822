"""What the screens say of a snapshot, before anything is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import LinkState
from hipcue.realtime.hud.facts.budget import budget
from hipcue.realtime.hud.facts.devices import camera_lost, devices_that_need_help
from hipcue.realtime.hud.facts.legs import near_side, newest_stride
from hipcue.realtime.hud.facts.mood import Mood
from hipcue.realtime.hud.facts.readings import reading, trend
from hipcue.realtime.hud.facts.rounding import rounded
from hipcue.realtime.hud.facts.state import state
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.records import Band, Measurement, PelvisSource, RunnerState, Side
from hipcue.realtime.view.snapshot import Snapshot
from tests.realtime.hud.sample_snapshots import NOW_S, snapshot, statuses

ENGLISH = Texts("en")


def with_values(shown: Snapshot, count: int = 12, **values: float | None) -> Snapshot:
    """The last `count` strides of the left leg with other values."""
    changed = []
    left = [stride for stride in shown.strides if stride.side is Side.L]
    last = {stride.index for stride in left[-count:]}
    for stride in shown.strides:
        if stride.index in last:
            new = {
                name: Measurement.missing(ReasonCode.LOOSE_CLOTHING)
                if value is None
                else Measurement(value, 0.5)
                for name, value in values.items()
            }
            stride = replace(stride, values={**stride.values, **new})
        changed.append(stride)
    newest = {stride.side: stride for stride in changed}
    return replace(shown, strides=tuple(changed), last_stride=newest)


def in_state(shown: Snapshot, now: RunnerState) -> Snapshot:
    assert shown.result is not None
    return replace(shown, result=replace(shown.result, state=now))


def read(shown: Snapshot, metric: str, side: Side = Side.L) -> object:
    return reading(shown, metric, side, ENGLISH, 7.0)


def test_a_value_inside_the_band_is_calm() -> None:
    shown = with_values(snapshot("good", pelvis=PelvisSource.TAG), pelvic_tilt_deg=3.4)
    tile = reading(shown, "pelvic_tilt_deg", Side.L, ENGLISH, 7.0)
    assert (tile.value, tile.mood) == ("+3.4", Mood.CALM)
    assert tile.status == "in band +1.4…+5.4"
    assert tile.sigma == "±0.5"


def test_one_stride_outside_is_said_but_not_coloured() -> None:
    shown = with_values(snapshot("good", pelvis=PelvisSource.TAG), pelvic_tilt_deg=3.4)
    shown = with_values(shown, 1, pelvic_tilt_deg=6.0)
    tile = reading(shown, "pelvic_tilt_deg", Side.L, ENGLISH, 7.0)
    assert tile.status == "0.6 over +1.4…+5.4"
    assert tile.mood is Mood.CALM


def test_three_strides_outside_are_coloured_and_compensating_is_coloured_most() -> None:
    shown = with_values(snapshot("good"), 3, pelvic_tilt_deg=8.0)
    assert reading(shown, "pelvic_tilt_deg", Side.L, ENGLISH, 7.0).mood is Mood.WATCH
    borrowed = in_state(shown, RunnerState.COMPENSATING)
    assert reading(borrowed, "pelvic_tilt_deg", Side.L, ENGLISH, 7.0).mood is Mood.ACT


def test_a_pelvis_tipped_back_is_no_borrowing() -> None:
    shown = in_state(
        with_values(snapshot("good"), 3, pelvic_tilt_deg=-4.0), RunnerState.COMPENSATING
    )
    assert reading(shown, "pelvic_tilt_deg", Side.L, ENGLISH, 7.0).mood is Mood.WATCH


def test_a_faster_cadence_is_said_but_is_no_fault() -> None:
    tile = reading(
        with_values(snapshot("good"), cadence_spm=180.0), "cadence_spm", Side.L, ENGLISH, 7.0
    )
    assert tile.status == "9 over 165…171"
    assert tile.mood is Mood.CALM


def test_an_uncertain_value_has_no_decimals() -> None:
    sure = reading(
        snapshot("good", pelvis=PelvisSource.TAG), "pelvic_tilt_deg", Side.L, ENGLISH, 7.0
    )
    unsure = reading(snapshot("good"), "pelvic_tilt_deg", Side.L, ENGLISH, 7.0)
    assert "." in sure.value
    assert "." not in unsure.value


def test_units_for_eyes() -> None:
    shown = with_values(
        snapshot("good"), contact_time_s=0.2481, vertical_oscillation_m=0.0812, stride_length_m=2.4
    )
    assert reading(shown, "contact_time_s", Side.L, ENGLISH, 7.0).value == "248"
    assert reading(shown, "stride_length_m", Side.L, ENGLISH, 7.0).value == "2.40"
    bounce = reading(shown, "vertical_oscillation_m", Side.L, ENGLISH, 7.0)
    assert (bounce.value, bounce.unit) == ("8", "cm")  # 0.5 m uncertainty deserves no decimal


def test_missing_is_a_dash_with_the_reason_and_nothing_else() -> None:
    shown = with_values(snapshot("good"), 1, pelvic_tilt_deg=None)
    tile = reading(shown, "pelvic_tilt_deg", Side.L, ENGLISH, 7.0)
    assert (tile.value, tile.reason, tile.mood) == ("–", "loose clothing", Mood.MISSING)
    assert (tile.status, tile.sigma, tile.trend, tile.number) == ("", "", None, None)


def test_before_there_is_a_baseline_only_the_tilt_has_a_band() -> None:
    shown = snapshot("good")
    assert shown.result is not None
    fresh = replace(shown, result=replace(shown.result, bands={}))
    tilt = reading(fresh, "pelvic_tilt_deg", Side.L, ENGLISH, 7.0)
    assert tilt.status == "in band −7…+7"
    assert reading(fresh, "cadence_spm", Side.L, ENGLISH, 7.0).status == "no usual yet"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5.0] * 4 + [3.0] * 8, 1),
        ([1.0] * 4 + [3.0] * 8, -1),
        ([3.2] * 4 + [3.0] * 8, 0),
        ([3.0] * 7, None),
    ],
)
def test_the_arrow_needs_half_a_half_band(values: list[float], expected: int | None) -> None:
    assert trend(values, Band(3.0, 1.0, 5.0)) == expected


def test_without_a_band_the_arrow_needs_a_standard_deviation() -> None:
    old = [2.0, 4.0] * 4  # mean 3, standard deviation 1
    assert trend([4.1] * 4 + old, None) == 1
    assert trend([3.9] * 4 + old, None) == 0


def test_a_stride_of_three_seconds_ago_is_not_shown() -> None:
    shown = snapshot("good")
    newest = shown.last_stride[Side.L]
    later = replace(shown, t_s=newest.end_s + 2.9, frame=None)
    assert newest_stride(later, Side.L)[0] is newest
    gone = replace(shown, t_s=newest.end_s + 3.1, frame=None)
    assert newest_stride(gone, Side.L) == (None, Reason(ReasonCode.NO_STRIDE_LATELY))


def test_whoever_stands_has_no_strides() -> None:
    good = snapshot("good")
    assert newest_stride(in_state(good, RunnerState.NEUTRAL), Side.L) == (
        None,
        Reason(ReasonCode.STANDING_STILL),
    )


def test_near_is_the_leg_that_the_strides_say() -> None:
    shown = snapshot("good")
    assert near_side(shown) is Side.L
    other = tuple(replace(stride, near=not stride.near) for stride in shown.strides)
    assert near_side(replace(shown, strides=other)) is Side.R


def test_a_film_that_is_over_is_not_a_lost_camera() -> None:
    over = replace(
        snapshot("good"),
        t_s=NOW_S + 9.0,
        devices=statuses(camera=(LinkState.OFF, Reason(ReasonCode.FILM_OVER))),
    )
    assert not camera_lost(over)
    assert camera_lost(replace(over, devices=statuses()))


def test_the_worst_status_comes_first() -> None:
    shown = replace(
        snapshot("good"),
        devices=statuses(
            sound=(LinkState.STALE, Reason(ReasonCode.SOUND_LOST, why="gone")),
            belt=(LinkState.LOST, Reason(ReasonCode.BELT_NOT_HEARD, where="COM3", spoken="X")),
        ),
    )
    assert [device.name for device in devices_that_need_help(shown)] == ["belt", "sound"]


def test_the_state_counts_its_strides() -> None:
    assert state(snapshot("compensating"), ENGLISH).word == "compensating for 11 strides"


def test_what_is_well_needs_no_reason() -> None:
    assert state(snapshot("good"), ENGLISH).detail == ""


def test_the_budget_is_the_newest_stride_of_each_leg() -> None:
    shown = snapshot("compensating")
    for side in Side:
        leg = budget(shown, side, ENGLISH)
        stride = shown.last_stride[side]
        assert leg.thigh == rounded(stride, "thigh_extension_deg")
        assert leg.hip == rounded(stride, "hip_extension_deg")
        assert leg.tilt == rounded(stride, "pelvic_tilt_deg")
    assert budget(shown, Side.L, ENGLISH).usual_hip == pytest.approx(19.2)
    assert budget(shown, Side.R, ENGLISH).usual_hip == pytest.approx(20.1)


def test_a_budget_that_cannot_be_split_keeps_its_whole_and_says_why() -> None:
    leg = budget(snapshot("unknown"), Side.L, ENGLISH)
    assert leg.thigh is not None
    assert (leg.hip, leg.tilt, leg.reason) == (None, None, "loose clothing")
