"""What is known of a runner, and what happens to it when something else begins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.records import NewRunner, Pose, RunnerState, TakeNeutral, Verdict
from tests.realtime.test_engine import FPS, Filmed, Treadmill, steady


def run_stand_run(t_s: float) -> float:
    """Stand for 3 s, run at 3 m/s, stand from 24 to 34 s, and run again."""
    up = np.clip((t_s - 3.0) / 2.0, 0.0, 1.0) - np.clip((t_s - 23.0) / 1.0, 0.0, 1.0)
    return 3.0 * float(up + np.clip((t_s - 34.0) / 2.0, 0.0, 1.0))


def test_a_neutral_asked_for_while_they_run_is_taken_when_they_stand() -> None:
    treadmill = Treadmill(speed=run_stand_run)
    treadmill.run(20.0)
    first = treadmill.engine.neutral
    assert first.measured
    treadmill.commands = [TakeNeutral()]
    running = treadmill.run(23.0)
    assert {result.neutral_progress for result in running} == {None}
    assert treadmill.engine.neutral == first
    wanted = Reason(ReasonCode.NEUTRAL_WANTED)
    assert all(wanted in result.notices for result in running)
    standing = treadmill.run(33.5)
    assert RunnerState.NEUTRAL in {result.state for result in standing}
    assert max(result.neutral_progress or 0.0 for result in standing) == 1.0
    assert treadmill.engine.neutral.since_s > 23.0
    treadmill.run(36.0)
    taken = treadmill.engine.neutral
    later = treadmill.run(45.0)
    assert treadmill.engine.neutral == taken
    assert later[-1].neutral_progress is None
    assert wanted not in later[-1].notices


def test_a_neutral_that_is_asked_for_twice_is_taken_twice() -> None:
    treadmill = Treadmill(speed=lambda t_s: 0.0)
    treadmill.run(6.0)
    before = treadmill.engine.neutral
    treadmill.commands = [TakeNeutral()]
    treadmill.run(6.5)
    assert treadmill.engine.neutral == before  # Not from what was seen before it was asked for.
    treadmill.run(10.0)
    assert treadmill.engine.neutral.since_s > 6.0


def leaning_at_first(pose: Pose) -> Pose:
    """The pelvis is tipped by 6 degrees in the first standing trial, and only there."""
    if pose.t_capture_s > 3.0:
        return pose
    tipped = tuple(
        replace(reading, angle_deg=(reading.angle_deg or 0.0) + 6.0) for reading in pose.pelvis
    )
    return replace(pose, pelvis=tipped)


def test_a_new_neutral_does_not_make_an_unchanged_runner_compensate() -> None:
    treadmill = Treadmill(speed=run_stand_run)
    treadmill.change = leaning_at_first
    treadmill.run(22.0)
    wrong = treadmill.results[-1].bands["pelvic_tilt_deg"].centre
    treadmill.commands = [TakeNeutral()]
    treadmill.run(60.0)
    right = treadmill.results[-1].bands["pelvic_tilt_deg"].centre
    assert right == pytest.approx(wrong + 6.0, abs=1.0)
    after = [stride for stride in treadmill.strides if stride.contact_s > 34.0]
    judged = [stride.verdict for stride in after if stride.verdict is not Verdict.UNKNOWN]
    assert len(judged) > 25
    assert Verdict.COMPENSATING not in judged
    assert not [cue for result in treadmill.results for cue in result.cues]


def test_the_grade_is_forgotten_with_the_speed_when_the_wire_falls_silent() -> None:
    treadmill = Filmed()
    treadmill.wire = False
    told = [BeltSample(t / 10, steady(t / 10), grade_percent=4.0) for t in range(1, 141)]
    treadmill.engine.step(treadmill.film[0], told[:1])
    for pose in treadmill.film[1 : 20 * 60]:
        samples = [sample for sample in told if sample.t_s <= pose.t_capture_s]
        told = told[len(samples) :]
        result = treadmill.engine.step(pose, samples)
        if pose.t_capture_s == 14.0:
            assert result.grade_percent.value == 4.0
    assert result.belt_source is BeltSource.CAMERA
    assert result.grade_percent.value is None


def test_another_runner_begins_as_in_a_session_of_their_own() -> None:
    ours, alone = Filmed(), Filmed()
    first = ours.run(20.0)
    assert ours.results[-1].bands
    ours.commands = [NewRunner("Ben", 3)]
    # Ben is filmed from the beginning of the film, 20 s later.
    for index in range(round(20 * FPS)):
        for treadmill, shift_s in ((ours, 20.0), (alone, 0.0)):
            pose = later(treadmill.film[index], shift_s)
            belt = [BeltSample(pose.t_capture_s, steady(pose.t_capture_s - shift_s))]
            result = treadmill.engine.step(pose, belt, treadmill.commands)
            treadmill.commands = []
            treadmill.results.append(result)
    again = ours.results[len(first) :]
    assert again[0].state is RunnerState.WAITING
    assert not again[0].neutral_measured
    assert not again[0].bands
    assert ours.engine.neutral.since_s > 20.0
    bens = [stride for result in again for stride in result.strides]
    assert bens[0].index == len(ours.strides) - len(bens) + 1
    assert [s.verdict for s in bens] == [s.verdict for s in alone.strides]
    assert [s.state for s in bens] == [s.state for s in alone.strides]
    for name in ("thigh_extension_deg", "pelvic_tilt_deg", "vertical_oscillation_m"):
        both = [[s.measure(name).value for s in some] for some in (bens, alone.strides)]
        assert both[0] == pytest.approx(both[1], abs=0.02)
    assert ours.engine.settings.runner.name == "Ben"
    assert ours.engine.settings.feedback.programme_session == 3


def later(pose: Pose, shift_s: float) -> Pose:
    """The same picture, taken later."""
    readings = tuple(replace(reading, t_s=reading.t_s + shift_s) for reading in pose.pelvis)
    return replace(pose, t_capture_s=pose.t_capture_s + shift_s, pelvis=readings)


def test_naming_the_runner_who_runs_already_changes_nothing() -> None:
    treadmill = Filmed()
    treadmill.commands = [NewRunner("Ada")]
    treadmill.run(14.0)
    neutral, strides = treadmill.engine.neutral, len(treadmill.strides)
    assert neutral.measured
    treadmill.commands = [NewRunner("Ada")]
    treadmill.run(16.0)
    assert treadmill.engine.neutral == neutral
    assert treadmill.results[-1].bands
    assert len(treadmill.strides) > strides


def test_a_picture_of_another_size_has_another_scale() -> None:
    treadmill = Filmed()
    treadmill.run(14.0)
    before = treadmill.strides[-1].measure("vertical_oscillation_m")

    def smaller(pose: Pose) -> Pose:
        return replace(pose, xy_px=pose.xy_px / 2, size_px=(640, 360))

    treadmill.change = smaller
    treadmill.run(24.0)
    assert treadmill.strides[-1].end_s > 22.0  # The feet are as fast as those pictures show.
    after = treadmill.strides[-1].measure("vertical_oscillation_m")
    assert after.value == pytest.approx(before.value, rel=0.1)
    assert treadmill.strides[-1].measure("stride_length_m").value == pytest.approx(2.1, abs=0.1)
    assert ReasonCode.BELT_DISAGREES not in {n.code for n in treadmill.results[-1].notices}
