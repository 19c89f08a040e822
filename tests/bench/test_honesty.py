"""The honesty bench finds what it is there to find, and its faults do what they say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from hipcue.devices.readings import BeltSource
from hipcue.realtime.records import Joint, Side
from tests.bench.honesty import tables
from tests.bench.honesty.bodies import Body, trimmed
from tests.bench.honesty.faults import CALM, FAULTS, Source
from tests.bench.honesty.inputs import Inputs, noise_px
from tests.bench.honesty.judging import Judged, Said, compare, judge, run
from tests.bench.honesty.simulated import Simulation, simulate, with_belt


def speed(t_s: float) -> float:
    return 3.0 * float(np.clip((t_s - 3.0) / 1.5, 0.0, 1.0))


@cache
def body() -> Body:
    """A simulated runner, filmed for nine seconds."""
    who = Simulation("short", 1.78, Side.R, speed, lasts_s=9.0, seed=2)
    return with_belt(simulate(who), speed)


def faulty(name: str) -> Inputs:
    return FAULTS[name].change(body().inputs, np.random.default_rng(1))


def said(sigma: float, errors: np.ndarray, fault: str = CALM) -> Judged:
    """Values of 1.0 with these errors, all with the same uncertainty."""
    values = [
        Said("b", Source.FILM, fault, "m", "L", float(k), 1.0 + float(e), sigma, 1.0)
        for k, e in enumerate(errors)
    ]
    return Judged("b", Source.FILM, fault, said=values)


ERRORS = np.random.default_rng(3).normal(0.0, 0.1, 2000)


@pytest.mark.parametrize(
    ("sigma", "trouble"), [(0.1, ""), (0.07, "too narrow"), (0.2, "too wide"), (0.04, "far out")]
)
def test_a_sigma_is_called_what_it_is(sigma: float, trouble: str) -> None:
    rows = tables.by_metric([said(sigma, ERRORS)])
    found = tables.troubles(rows, [])
    assert bool(found) is bool(trouble)
    assert trouble in rows[0].calm.trouble


def test_single_values_far_out_are_counted_though_most_are_right() -> None:
    errors = ERRORS.copy()
    errors[:6] = 1.0
    rows = tables.by_fault([said(0.1, errors, "gale")])
    assert rows[0].all.trouble == "far out"
    assert rows[0].worst is not None and rows[0].worst.value == 2.0
    assert "m 2.000 ± 0.100 for 1.000 (10.0 sigma" in "\n".join(tables.lines([], rows))


def test_one_of_few_bodies_just_outside_proves_nothing() -> None:
    errors = np.repeat([0.17, 0.08, -0.05, 0.02, 0.1], 50)
    assert tables.by_metric([said(0.1, errors)])[0].calm.trouble == ""


def test_bodies_count_the_same_however_many_strides_they_took() -> None:
    many, few = said(0.1, np.zeros(300)), said(0.1, np.full(20, 0.3))
    few.said = [replace(one, body="other") for one in few.said]
    found = tables.by_metric([many, few])[0].calm
    assert found.within == pytest.approx(0.5) and found.count == 320


def test_of_an_exact_sample_only_too_narrow_a_sigma_shows() -> None:
    wide = said(0.3, ERRORS)
    wide.said = [replace(one, exact=True) for one in wide.said]
    assert tables.by_metric([wide])[0].calm.trouble == ""
    narrow = said(0.05, ERRORS)
    narrow.said = [replace(one, exact=True) for one in narrow.said]
    assert "too narrow" in tables.by_metric([narrow])[0].calm.trouble


def test_a_calm_run_is_kept_and_an_invented_stride_is_seen() -> None:
    results = run(body(), body().inputs)
    calm = compare(body(), CALM, body().inputs, results)
    assert calm.kept >= 8 and calm.invented == 0
    assert {"stride_time_s", "thigh_extension_deg", "belt_speed_mps"} <= {
        one.metric for one in calm.said
    }
    strides = [stride for result in results for stride in result.strides]
    moved = [replace(s, contact_s=s.contact_s + 0.3, end_s=s.end_s + 0.3) for s in strides]
    shifted = [replace(results[-1], strides=tuple(moved[:-1]))]
    wrong = compare(body(), CALM, body().inputs, shifted)
    assert wrong.invented >= 4 and wrong.kept < calm.kept


def test_missing_values_are_counted_with_their_reason() -> None:
    silent = replace(body(), inputs=replace(body().inputs, belt=()))
    judged = judge(trimmed(silent, 4.0), FAULTS[CALM])
    assert judged.missing["belt_speed_mps", "no_treadmill"] == judged.kept > 0


@pytest.mark.parametrize("name", list(FAULTS))
def test_a_fault_is_the_same_for_the_same_seed_and_leaves_its_input_alone(name: str) -> None:
    before = [pose.xy_px.copy() for pose in body().inputs.poses]
    one, two = faulty(name), faulty(name)
    assert [p.t_capture_s for p in one.poses] == [p.t_capture_s for p in two.poses]
    assert one.belt == two.belt
    for mine, yours in zip(one.poses, two.poses, strict=True):
        assert np.array_equal(mine.xy_px, yours.xy_px, equal_nan=True)
    for pose, xy in zip(body().inputs.poses, before, strict=True):
        assert np.array_equal(pose.xy_px, xy, equal_nan=True)
    assert (np.diff([p.t_capture_s for p in one.poses]) > 0).all()


def test_mirrored_twice_is_as_before() -> None:
    once = faulty("mirrored")
    assert once.near is Side.L and once.mirrored
    twice = FAULTS["mirrored"].change(once, np.random.default_rng(1))
    assert np.allclose(twice.poses[9].xy_px, body().inputs.poses[9].xy_px)


def test_what_was_cut_out_is_missing_from_the_stamps() -> None:
    cut = faulty("33 ms cut out")
    (first, lasted), (second, _) = cut.cuts[:2]
    assert cut.stamped(first - 0.1) == pytest.approx(first - 0.1)
    assert cut.stamped(first + 1.0) == pytest.approx(first + 1.0 - lasted)
    assert cut.stamped(second + 1.0) == pytest.approx(second + 1.0 - 2 * lasted)
    frames = {p.index: p for p in cut.poses}
    assert max(np.diff([p.t_capture_s for p in frames.values()])) < 0.03


def test_noise_is_doubled() -> None:
    before, after = (noise_px(i)[Joint.L_HIP, 0] for i in (body().inputs, faulty("noise doubled")))
    assert after / before == pytest.approx(2.0, rel=0.1)


def test_the_wire_says_what_it_is_made_to_say() -> None:
    spoken = {s.t_s: s.speed_mps for s in faulty("wire in km/h").belt}
    assert spoken[max(spoken)] == pytest.approx(10.8)
    step = faulty("speed file, rows").belt
    assert {s.source for s in step} == {BeltSource.FILE}
