"""A belt is believed only as far as it makes sense: faults of its word, and no faults."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.reason_words import advice_on
from hipcue.config.reasons import ReasonCode
from hipcue.config.settings import RunnerSettings, Settings
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.commands.analyze import run_analysis
from hipcue.realtime.engine import Engine
from hipcue.realtime.gait.belt_doubt import BELT_DOUBTS, what_is_wrong
from hipcue.realtime.records import Joint, Pose, Side, StepResult, Stride
from tests.realtime.test_engine import FPS, PX_PER_M, Treadmill, film, steady
from tests.realtime.vision.walker import write_trc

HZ = 10
# Of the simulated body, as `hipcue.devices.simulated.Body` has it.
HEIGHT_M = 1.75
UNTIL_S = 18.0
MILE = 1.609

Told = Callable[[float], float | None]


def run(
    told: Told,
    *,
    source: BeltSource = BeltSource.WIRE,
    settings: Settings | None = None,
    px_per_m: float | None = None,
    poses: list[Pose] | None = None,
) -> list[StepResult]:
    """Let the usual runner, 3 m/s from the fifth second on, be told of another belt."""
    engine = Engine(settings or Settings(), markers=px_per_m is not None)
    results, due = [], 0.0
    for pose in poses or film()[1][: round(UNTIL_S * FPS)]:
        belt = []
        while due <= pose.t_capture_s:
            belt += [BeltSample(due, told(due), source=source)]
            due += 1.0 / HZ
        results.append(engine.step(replace(pose, px_per_m=px_per_m), belt))
    return results


def at_full_speed() -> list[Pose]:
    """The usual runner from the time on at which the belt has its speed."""
    return film()[1][round(5.0 * FPS) : round(UNTIL_S * FPS)]


def strides(results: list[StepResult]) -> list[Stride]:
    found = [stride for result in results for stride in result.strides]
    assert len(found) > 25
    return found


def wrong(
    results: list[StepResult], speed: Callable[[float], float] = steady
) -> list[tuple[float, float | None, float | None]]:
    """Strides whose length is further from the truth than four of its standard uncertainties."""
    out = []
    for stride in strides(results):
        steps = [stride.contact_s + (stride.end_s - stride.contact_s) * k / 20 for k in range(21)]
        true_m = (stride.end_s - stride.contact_s) * sum(map(speed, steps)) / len(steps)
        said = stride.measure("stride_length_m")
        if said.value is not None and abs(said.value - true_m) > 4 * (said.sigma or 0.0):
            out.append((stride.contact_s, said.value, true_m))
    return out


def lengths(results: list[StepResult]) -> list[float]:
    said = [stride.measure("stride_length_m").value for stride in strides(results)]
    return [length for length in said if length is not None]


def doubts(results: list[StepResult]) -> set[ReasonCode]:
    return {n.code for result in results for n in result.notices} & BELT_DOUBTS


@cache
def healthy() -> list[StepResult]:
    return run(steady)


def test_a_belt_that_tells_the_truth_is_not_doubted() -> None:
    results = healthy()
    assert not doubts(results)
    assert not wrong(results)
    assert len(lengths(results)) == len(strides(results))


@pytest.mark.parametrize("mps", [0.0, 0.1])
def test_a_console_that_says_the_belt_stands_gives_no_length(mps: float) -> None:
    results = run(lambda t_s: mps)
    assert lengths(results) == []
    assert doubts(results) == {ReasonCode.BELT_SAYS_STANDS}
    reasons = {stride.measure("stride_length_m").reason for stride in strides(results)}
    assert {reason.code for reason in reasons if reason} == {ReasonCode.BELT_SAYS_STANDS}


def random_units(seed: int) -> Told:
    chance = random.Random(seed)
    return lambda t_s: steady(t_s) * (MILE if chance.random() < 0.3 else 1.0)


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        (lambda t: 0.0 if t % 5 < 1 else steady(t), {ReasonCode.BELT_SAYS_STANDS}),
        (lambda t: steady(t) * (MILE if t > 12 else 1), {ReasonCode.BELT_IN_WRONG_UNIT}),
        (lambda t: steady(t) / (MILE if t > 12 else 1), {ReasonCode.BELT_IN_WRONG_UNIT}),
        (random_units(3), {ReasonCode.BELT_IN_WRONG_UNIT}),
        (lambda t: steady(t) * (1.5 if t % 2 < 0.2 else 1), set()),
        (lambda t: steady(t) * (1.2 if t % 2 < 0.2 else 1), {ReasonCode.BELT_JUMPS}),
    ],
    ids=["zero", "flip up", "flip down", "random flips", "spikes", "small spikes"],
)
def test_a_word_that_is_wrong_at_times_costs_no_stride_and_makes_none_wrong(
    told: Told, codes: set[ReasonCode]
) -> None:
    results = run(told)
    assert wrong(results) == []
    assert len(lengths(results)) > 0.9 * len(strides(results))
    assert doubts(results) >= codes
    assert doubts(results)


@pytest.mark.parametrize(
    ("source", "factor"),
    [
        *((BeltSource.WIRE, factor) for factor in (MILE, 1 / MILE, 3.6, 1 / 3.6, 2.237)),
        *((BeltSource.FIXED, factor) for factor in (1 / MILE, 3.6)),
        *((BeltSource.FILE, factor) for factor in (MILE, 3.6)),
    ],
)
def test_a_wrong_unit_from_the_start_is_refused_by_the_size_of_people(
    source: BeltSource, factor: float
) -> None:
    # A speed that is typed in is not true while the belt starts.
    results = run(lambda t_s: factor * 3.0, source=source, poses=at_full_speed())
    assert lengths(results) == []
    assert ReasonCode.BELT_IN_WRONG_UNIT in doubts(results)


@pytest.mark.parametrize("factor", [MILE, 1 / MILE, 3.6])
def test_with_metres_of_its_own_the_picture_measures_the_stride(factor: float) -> None:
    for settings, px_per_m in (
        (Settings(), PX_PER_M),
        (Settings(runner=RunnerSettings(height_m=HEIGHT_M)), None),
    ):
        results = run(
            lambda t_s: factor * 3.0,
            settings=settings,
            px_per_m=px_per_m,
            poses=at_full_speed(),
        )
        assert wrong(results) == []
        assert len(lengths(results)) == len(strides(results))
        assert {stride.belt_source for stride in strides(results)} == {BeltSource.CAMERA}


@pytest.mark.parametrize("factor", [0.96, 1.04])
def test_a_small_error_that_metres_show_is_in_the_uncertainty(factor: float) -> None:
    results = run(
        lambda t_s: factor * 3.0,
        source=BeltSource.FIXED,
        px_per_m=PX_PER_M,
        poses=at_full_speed(),
    )
    assert doubts(results) == set()
    late = strides(results)[6:]
    for stride in late:
        speed = stride.measure("belt_speed_mps")
        assert speed.value == pytest.approx(factor * 3.0)
        assert abs(factor - 1.0) * 3.0 < 2.0 * (speed.sigma or 0.0)


def test_what_agrees_again_is_believed_again() -> None:
    results = run(lambda t_s: steady(t_s) * (MILE if 10.0 < t_s < 13.0 else 1.0))
    assert wrong(results) == []
    late = [stride for stride in strides(results) if stride.contact_s > 14.0]
    assert {stride.belt_source for stride in late} == {BeltSource.WIRE}
    assert results[-1].belt_source is BeltSource.WIRE


def ramp_and_stop(t_s: float) -> float:
    """3 m/s; to 4 within 2 s from 9 s on; the red button at 15 s: 2.5 m/s2."""
    up = min(max((t_s - 9.0) / 2.0, 0.0), 1.0)
    return max(steady(t_s) + up - max(t_s - 15.0, 0.0) * 2.5, 0.0)


def test_a_quick_change_and_the_red_button_are_no_contradiction() -> None:
    treadmill = Treadmill(speed=ramp_and_stop)
    results = treadmill.run(UNTIL_S)
    assert not doubts(results)
    assert wrong(results, ramp_and_stop) == []
    assert len(lengths(results)) == len(strides(results))
    assert results[-1].belt_speed_mps.value == 0.0


def test_a_camera_that_zooms_is_not_the_belt() -> None:
    def zoomed(pose: Pose) -> Pose:
        return replace(pose, xy_px=640.0 + 1.3 * (pose.xy_px - 640.0))

    poses = [p if p.t_capture_s < 11.0 else zoomed(p) for p in film()[1][: round(UNTIL_S * FPS)]]
    results = run(steady, poses=poses)
    assert not doubts(results)
    assert wrong(results) == []


def test_slow_motion_is_named_with_the_factor_to_try() -> None:
    poses = [
        replace(p, t_capture_s=2.0 * p.t_capture_s, pelvis=()) for p in film()[1][: round(10 * FPS)]
    ]
    results = run(lambda t_s: 3.0, source=BeltSource.FIXED, poses=poses)
    found = [stride for result in results for stride in result.strides]
    assert found
    assert all(stride.measure("stride_length_m").value is None for stride in found)
    assert ReasonCode.LOOKS_SLOW_MOTION in doubts(results)
    said = next(
        notice
        for result in results
        for notice in result.notices
        if notice.code is ReasonCode.LOOKS_SLOW_MOTION
    )
    assert "--slow-motion 2;" in advice_on(said)


def test_a_cadence_that_no_human_has_leaves_no_length() -> None:
    """Pictures whose times run twice too fast: 340 steps a minute."""
    poses = [replace(p, t_capture_s=0.5 * p.t_capture_s) for p in film()[1][: round(16 * FPS)]]
    results = run(lambda t_s: 3.0, source=BeltSource.FIXED, poses=poses)
    found = [stride for result in results for stride in result.strides]
    assert found
    assert all(stride.measure("stride_length_m").value is None for stride in found)
    reason = next(n for r in results for n in r.notices if n.code is ReasonCode.LOOKS_FAST_MOTION)
    assert reason.value("factor") == 0.5


def test_the_unit_is_named_by_the_factor() -> None:
    said = what_is_wrong(9.0, 2.5, exact=True)
    assert (said.value("unit"), said.value("taken")) == ("km/h", "m/s")
    assert what_is_wrong(4.0, 3.0, exact=True).code is ReasonCode.BELT_CONTRADICTED


def test_the_summary_of_an_analysis_says_it_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """9 km/h that were typed as m/s, the unit of the markers being metres."""
    xy = np.array([pose.xy_px for pose in at_full_speed()[: round(8 * FPS)]]) / PX_PER_M
    names = {"SHOULDER": "Shoulder", "HIP": "Hip", "KNEE": "Knee", "ANKLE": "Ankle"}
    names |= {"HEEL": "Heel", "TOE": "BigToe"}
    ways = {
        f"{side.value}{marker}": np.insert(
            xy[:, Joint[f"{side.value}_{name}"]] * (1.0, -1.0) + (0.0, 3.0),
            2,
            0.1 if side is Side.R else -0.1,
            axis=1,
        )
        for side in Side
        for name, marker in names.items()
    }
    trc = write_trc(tmp_path / "run.trc", ways, rate_hz=FPS)
    run_analysis([trc], Settings(), speed=10.8, speed_csv=None, out=tmp_path / "out")
    said = [line for line in capsys.readouterr().out.splitlines() if "doubted" in line]
    assert len(said) == 1
    assert "looks like km/h read as m/s; check the unit" in said[0]
