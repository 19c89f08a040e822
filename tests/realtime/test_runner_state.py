"""What is known of a runner, and what happens to it when something else begins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.records import Pose, RunnerState, TakeNeutral, Verdict
from tests.realtime.test_engine import Filmed, Treadmill, steady


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
    standing = treadmill.run(33.5)
    assert RunnerState.NEUTRAL in {result.state for result in standing}
    assert max(result.neutral_progress or 0.0 for result in standing) == 1.0
    assert treadmill.engine.neutral.since_s > 23.0
    treadmill.run(36.0)
    taken = treadmill.engine.neutral
    later = treadmill.run(45.0)
    assert treadmill.engine.neutral == taken
    assert later[-1].neutral_progress is None


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
