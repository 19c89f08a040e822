"""The engine on the simulated runner's own joints: no picture, no model, all of the gait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.devices.simulated import Body, RunnerPose, SimulatedRunner
from hipcue.realtime.engine import Engine
from hipcue.realtime.gait.leg_tracker import swap_legs
from hipcue.realtime.records import (
    JOINT_COUNT,
    CueKind,
    EngineCommand,
    Joint,
    PelvisReading,
    PelvisSource,
    Pose,
    RunnerState,
    Side,
    StepResult,
    Stride,
    Verdict,
)
from tests.realtime.model_hips import slipped

FPS = 60.0
PX_PER_M = 320.0
# What a pose model's joints jump by from frame to frame, m.
NOISE_M = 0.006

Speed = Callable[[float], float]


def steady(t_s: float) -> float:
    """Stand for 3 s, then 3 m/s within two seconds."""
    return float(np.clip((t_s - 3.0) / 2.0, 0.0, 1.0)) * 3.0


class Treadmill:
    """A runner's joints, a belt and an engine, one frame after the other."""

    def __init__(self, near: str = "R", speed: Speed = steady, wire: bool = True) -> None:
        self.runner = SimulatedRunner(Body(), "L" if near == "L" else "R", 5, True)
        self.engine = Engine(Settings())
        self.speed = speed
        self.wire = wire
        self.facing = 1 if near == "R" else -1
        self.chance = np.random.default_rng(2)
        self.index = 0
        self.commands: list[EngineCommand] = []
        self.change: Callable[[Pose], Pose | None] = lambda pose: pose
        self.results: list[StepResult] = []

    def run(self, until_s: float) -> list[StepResult]:
        """Run until an instant; return the results of these steps."""
        first = len(self.results)
        while self.index / FPS < until_s:
            self.index += 1
            t_s = self.index / FPS
            seen = self.change(self.look(t_s))
            if seen is None:
                continue
            belt = [BeltSample(t_s, self.speed(t_s))] if self.wire else []
            result = self.engine.step(seen, belt, self.commands)
            self.commands = []
            for cue in result.cues:
                self.runner.hear(cue.event, t_s)
            self.results.append(result)
        return self.results[first:]

    def look(self, t_s: float) -> Pose:
        """Let the runner run on until the next frame; return what is seen of them."""
        return self.pose(self.runner.advance(t_s, self.speed(t_s)))

    def pose(self, runner: RunnerPose) -> Pose:
        """Turn the runner's joints into what a pose model would see of them."""
        xy = np.full((JOINT_COUNT, 2), np.nan)
        for side in "LR":
            leg, arm = runner.legs[side], runner.arms[side]
            for name in ("hip", "knee", "ankle", "heel", "toe"):
                xy[Joint[f"{side}_{name.upper()}"]] = getattr(leg, name)
            for name, at in zip(("SHOULDER", "ELBOW", "WRIST"), arm, strict=True):
                xy[Joint[f"{side}_{name}"]] = at
        xy[Joint.NOSE] = (runner.hip[0] + 0.14, 1.65)
        xy[Joint.L_EAR] = xy[Joint.R_EAR] = (runner.hip[0] + 0.02, 1.67)
        xy = slipped(xy, Side(runner.near), runner.run)
        xy = xy + self.chance.normal(0.0, NOISE_M, xy.shape)
        xy = np.array([640.0, 690.0]) + xy * PX_PER_M * np.array([self.facing, -1.0])
        tilt = PelvisReading(
            runner.t_s, PelvisSource.TAG, runner.tilt_deg + self.chance.normal(0.0, 0.8), 0.8
        )
        return Pose(runner.t_s, self.index, xy, np.ones(JOINT_COUNT), (1280, 720), (tilt,))

    @property
    def strides(self) -> list[Stride]:
        """All strides so far."""
        return [stride for result in self.results for stride in result.strides]


class Filmed(Treadmill):
    """The usual run, 40 s long, seen again by another engine: the runner need not run again.

    They borrow nothing, so that no cue would change what they do.
    """

    def __init__(self) -> None:
        super().__init__()
        self.runner, self.film = film()

    def look(self, t_s: float) -> Pose:
        """Return the frame that was taken at that time."""
        return self.film[self.index - 1]


@cache
def film() -> tuple[SimulatedRunner, list[Pose]]:
    """The usual runner after 40 s, and every frame of them."""
    treadmill = Treadmill()
    return treadmill.runner, [treadmill.look(k / FPS) for k in range(1, round(40 * FPS) + 1)]


@cache
def usual() -> Treadmill:
    """The first 24 s of it, measured; several tests look at that and none goes on with it."""
    treadmill = Filmed()
    treadmill.run(24.0)
    return treadmill


def errors(treadmill: Treadmill, after_s: float = 6.5) -> tuple[list[float], list[float], int]:
    """Stride time errors in s, length errors as shares, and true strides that were missed."""
    times, lengths = [], []
    true = [s for s in treadmill.runner.truth.strides if s.contact_s > after_s]
    missed = 0
    for stride in true:
        found = [
            s
            for s in treadmill.strides
            if s.side.value == stride.side and abs(s.contact_s - stride.contact_s) < 0.12
        ]
        if not found:
            missed += stride.end_s < treadmill.index / FPS - 0.2
            continue
        assert len(found) == 1, "one stride was found twice"
        times.append(found[0].end_s - found[0].contact_s - stride.stride_time_s)
        length = found[0].measure("stride_length_m").value
        if length is not None:
            lengths.append(length / stride.stride_length_m - 1.0)
    return times, lengths, missed


@pytest.mark.parametrize("near", ["L", "R"])
def test_every_stride_is_found_with_its_time_and_length_whichever_way_they_run(near: str) -> None:
    treadmill = usual() if near == "R" else Treadmill(near)
    treadmill.run(24.0)
    times, lengths, missed = errors(treadmill)
    assert missed == 0
    assert np.std(times) < 0.008
    assert abs(np.mean(lengths)) < 0.005
    assert np.max(np.abs(lengths)) < 0.03
    assert {s.near for s in treadmill.strides if s.side.value == near} == {True}


def test_thigh_extension_is_what_the_runner_did() -> None:
    treadmill = usual()
    off = []
    for true in treadmill.runner.truth.strides:
        for stride in treadmill.strides:
            value = stride.measure("thigh_extension_deg").value
            same = stride.side.value == true.side and abs(stride.contact_s - true.contact_s) < 0.1
            if same and value is not None and true.contact_s > 7:
                off.append(value - true.thigh_extension_deg)
    assert len(off) > 20
    # The runner does not hang quite straight while standing; that is their zero.
    assert abs(np.mean(off)) < 2.0
    assert np.std(off) < 1.2


def test_strides_are_found_again_after_the_belt_has_slowed_down_fast() -> None:
    def speed(t_s: float) -> float:
        return float(np.interp(t_s, [3.0, 4.5, 8.0, 10.0], [0.0, 3.6, 3.6, 2.2]))

    treadmill = Treadmill(speed=speed)
    treadmill.run(16.0)
    late = [s for s in treadmill.strides if s.contact_s > 12.5]
    assert len(late) >= 6
    assert all(abs(s.end_s - s.contact_s - 0.734) < 0.03 for s in late)


def test_legs_that_the_model_swaps_are_told_apart_again() -> None:
    treadmill = Filmed()
    chance = np.random.default_rng(8)
    left = [0]

    def swap_now_and_then(pose: Pose) -> Pose:
        if left[0] == 0 and chance.random() < 0.02:
            left[0] = int(chance.integers(2, 8))
        if left[0] > 0:
            left[0] -= 1
            return swap_legs(pose)
        return pose

    treadmill.run(6.0)
    treadmill.change = swap_now_and_then
    treadmill.run(26.0)
    times, _, missed = errors(treadmill)
    assert treadmill.results[-1].swaps > 10
    assert missed == 0
    assert np.std(times) < 0.010


def test_a_settled_frame_says_which_it_is_and_whether_its_legs_were_exchanged() -> None:
    treadmill = Filmed()
    wrong: set[int] = set()

    def swap_four_of_forty(pose: Pose) -> Pose:
        pose = replace(pose, index=treadmill.index)
        if treadmill.index < 480 or treadmill.index % 40 >= 4:
            return pose
        wrong.add(pose.index)
        return swap_legs(pose)

    treadmill.change = swap_four_of_forty
    treadmill.run(14.0)
    raw = {r.raw_pose.index: r.raw_pose for r in treadmill.results}
    settled = [r.settled for r in treadmill.results[-300:] if r.settled is not None]
    assert len(settled) == 300
    for frame in settled:
        pose = raw[frame.index]
        assert frame.t_s == pose.t_capture_s
        assert frame.angles is not None
        assert frame.angles.t_s == frame.t_s
        was = swap_legs(pose) if frame.swapped else pose
        shown = np.isfinite(frame.pose.xy_px)
        assert (frame.pose.xy_px[shown] == was.xy_px[shown]).all()
    assert sum(f.swapped == (f.index in wrong) for f in settled) > 0.95 * len(settled)
    # At 60 fps a frame waits for the two that follow it.
    assert {r.raw_pose.index - r.settled.index for r in treadmill.results[-300:] if r.settled} == {
        2
    }


@pytest.mark.parametrize("fps", [25, 30])
def test_a_camera_of_few_pictures_a_second_misses_no_stride_and_no_push_off(fps: int) -> None:
    treadmill = Treadmill()
    strides = []
    for k in range(1, 24 * fps + 1):
        t_s = k / fps
        wire = [BeltSample(t_s, treadmill.speed(t_s))]
        strides += treadmill.engine.step(treadmill.look(t_s), wire).strides
    # While the belt still speeds up from a walk, a faster camera finds the first steps sooner.
    strides = [stride for stride in strides if stride.contact_s > 5.0]
    often = [stride for stride in usual().strides if stride.contact_s > 5.0]
    assert len(strides) == len(often)
    assert all(stride.toe_off_s is not None for stride in strides)
    for metric in ("thigh_extension_deg", "stride_length_m", "contact_time_s"):
        few, many = (
            np.array([s.values[metric].value for s in some], dtype=float)
            for some in (strides, often)
        )
        assert not np.isnan(few).any()
        sigma = np.median([s.values[metric].sigma for s in strides])
        assert np.mean(few) == pytest.approx(np.mean(many), abs=1.5 * sigma)


def test_lost_and_late_frames_cost_nothing_but_a_little_sharpness() -> None:
    treadmill = Filmed()
    chance = np.random.default_rng(4)
    treadmill.change = lambda pose: None if chance.random() < 0.1 else pose
    treadmill.run(24.0)
    times, lengths, missed = errors(treadmill)
    assert missed <= 1
    assert np.std(times) < 0.015
    assert abs(np.mean(lengths)) < 0.01


def test_a_camera_that_hangs_three_degrees_crooked_measures_the_same() -> None:
    straight, crooked = usual(), Filmed()
    turn = np.radians(3.0)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    centre = np.array([640.0, 360.0])
    crooked.change = lambda pose: replace(pose, xy_px=(pose.xy_px - centre) @ matrix.T + centre)
    crooked.run(24.0)
    for name, within in (("thigh_extension_deg", 0.5), ("stride_length_m", 0.02)):
        values = [
            np.median([v for s in t.strides[8:] if (v := s.measure(name).value) is not None])
            for t in (straight, crooked)
        ]
        assert abs(values[0] - values[1]) < within


def test_a_change_of_speed_is_followed_and_mutes_the_verdict() -> None:
    def faster(t_s: float) -> float:
        return steady(t_s) + float(np.clip((t_s - 18.0) / 2.0, 0.0, 1.0))

    treadmill = Treadmill(speed=faster)
    treadmill.run(36.0)
    lengths = [(s.contact_s, s.measure("stride_length_m").value or 0.0) for s in treadmill.strides]
    slow = np.mean([v for t, v in lengths if 10 < t < 17])
    fast = np.mean([v for t, v in lengths if t > 24])
    assert fast > slow * 1.15
    changing = [s for s in treadmill.strides if 18.5 < s.contact_s < 22.0]
    assert {s.verdict for s in changing} == {Verdict.UNKNOWN}
    assert treadmill.strides[-1].verdict is not Verdict.UNKNOWN


def test_a_runner_who_leaves_and_comes_back_gets_no_stride_in_between() -> None:
    treadmill = Filmed()
    treadmill.run(12.0)
    empty = np.full((JOINT_COUNT, 2), np.nan)
    treadmill.change = lambda pose: replace(
        pose,
        xy_px=empty,
        confidence=np.zeros(JOINT_COUNT),
        pelvis=(),
        reason=Reason(ReasonCode.NOBODY_IN_PICTURE),
    )
    gone = treadmill.run(16.0)
    assert not any(r.strides for r in gone if r.t_s > 12.2)
    assert gone[-1].state is RunnerState.WAITING
    treadmill.change = lambda pose: pose
    treadmill.run(24.0)
    spans = [s.end_s - s.contact_s for s in treadmill.strides]
    assert max(spans) < 1.2
    assert treadmill.strides[-1].contact_s > 22.0


def test_borrowed_extension_is_called_cued_corrected_and_cleared() -> None:
    treadmill = Treadmill()
    before = treadmill.run(20.0)
    assert RunnerState.COMPENSATING not in {r.state for r in before}
    treadmill.runner.compensate()
    treadmill.run(40.0)
    called = next(r for r in treadmill.results if r.state is RunnerState.COMPENSATING)
    strides = [s for s in treadmill.strides if 20.0 < s.contact_s < called.t_s]
    assert len(strides) <= 16  # both legs
    cues = [cue for r in treadmill.results for cue in r.cues]
    assert cues[0].t_capture_s > 20.0
    assert {CueKind.TONE, CueKind.SPEECH} <= {cue.kind for cue in cues}
    assert treadmill.results[-1].state is RunnerState.OK
    assert "tilt_back" in {cue.event for cue in cues}
    tilts = [s.measure("pelvic_tilt_deg").value or 0.0 for s in treadmill.strides[-8:]]
    usual = treadmill.results[-1].bands["pelvic_tilt_deg"]
    assert np.mean(tilts) == pytest.approx(usual.centre, abs=1.5)
    responses = {r.cue_number for result in treadmill.results for r in result.responses}
    assert {cue.number for cue in cues[:2]} <= responses


def test_without_a_wire_the_camera_learns_nothing_of_the_scale_and_says_so() -> None:
    treadmill = Filmed()
    treadmill.wire = False
    treadmill.run(12.0)
    last = treadmill.strides[-1]
    assert last.measure("stride_length_m").value is None
    assert last.belt_source is BeltSource.NONE
    assert last.measure("stride_time_s").known


def test_when_the_wire_goes_silent_the_camera_takes_over_and_is_named() -> None:
    treadmill = Filmed()
    treadmill.run(14.0)
    treadmill.wire = False
    treadmill.run(22.0)
    last = treadmill.strides[-1]
    assert last.belt_source is BeltSource.CAMERA
    assert last.measure("belt_speed_mps").value == pytest.approx(3.0, rel=0.04)


def test_the_same_inputs_give_the_same_results_bit_for_bit() -> None:
    one, two = usual(), Filmed()
    two.run(12.0)
    assert len(two.strides) > 15
    again = one.strides[: len(two.strides)]
    assert [s.values for s in again] == [s.values for s in two.strides]
    assert [s.contact_s for s in again] == [s.contact_s for s in two.strides]


def test_legs_mixed_up_for_good_are_told_apart_afresh_and_no_stride_is_the_other_legs() -> None:
    treadmill = Filmed()
    treadmill.run(10.0)
    treadmill.change = swap_legs  # As after a gap, when the first frames were read wrongly.
    treadmill.run(10.5)
    treadmill.change = lambda pose: pose
    treadmill.run(11.5)
    treadmill.change = swap_legs
    treadmill.run(20.0)
    names = {Side.L: Side.R, Side.R: Side.L}
    late = [s for s in treadmill.strides if s.contact_s > 13.0]
    assert len(late) > 12
    for stride in late:  # The model says "left" of the right leg and keeps to it: so do we.
        true = [s for s in treadmill.runner.truth.strides if s.side == names[stride.side].value]
        assert min(abs(s.contact_s - stride.contact_s) for s in true) < 0.05
    between = [s for s in treadmill.strides if 10.0 < s.contact_s < 13.0]
    assert all(0.6 < s.end_s - s.contact_s < 0.85 for s in between)


@pytest.mark.parametrize(("every_s", "least"), [(0.02, 10), (0.03, 10), (0.045, 2), (0.07, 0)])
def test_a_machine_too_slow_from_the_start_finds_fewer_strides_but_makes_none_up(
    every_s: float, least: int
) -> None:
    """The newest frame is taken whenever the machine is ready; now and then it is busy."""
    treadmill = Filmed()
    chance = np.random.default_rng(3)
    ready_s = 0.0

    def slow(pose: Pose) -> Pose | None:
        nonlocal ready_s
        if pose.t_capture_s < ready_s:
            return None
        busy_s = chance.uniform(0.05, 0.4) if chance.random() < 0.03 else 0.0
        ready_s = pose.t_capture_s + every_s * chance.lognormal(0.0, 0.5) + busy_s
        return pose

    treadmill.change = slow
    treadmill.run(20.0)
    assert len(treadmill.strides) >= least
    for stride in treadmill.strides:
        lasted = stride.measure("stride_time_s")
        near = [
            s.stride_time_s
            for s in treadmill.runner.truth.strides
            if s.side == stride.side.value and abs(s.contact_s - stride.contact_s) < 0.15
        ]
        assert near, f"nobody took the stride at {stride.contact_s:.2f} s"
        if lasted.value is None:  # The body had not told yet whether the stamps are true.
            assert lasted.reason is not None
            assert lasted.reason.code is ReasonCode.TIMES_UNSURE
            assert stride.index <= 6
            continue
        assert abs(lasted.value - near[0]) < 3 * (lasted.sigma or 0.0) + 0.05 * near[0]


@pytest.mark.parametrize("seed", range(4))
def test_pauses_of_a_busy_machine_cost_strides_but_make_none_up(seed: int) -> None:
    """One frame in five is lost, and every two seconds 150 ms of them."""
    treadmill = Filmed()
    chance = np.random.default_rng(seed)
    paused_until_s = 0.0

    def lossy(pose: Pose) -> Pose | None:
        nonlocal paused_until_s
        if chance.random() < 1 / 120:
            paused_until_s = pose.t_capture_s + 0.15
        return None if pose.t_capture_s < paused_until_s or chance.random() < 0.2 else pose

    treadmill.change = lossy
    treadmill.run(40.0)
    true = [s for s in treadmill.runner.truth.strides if s.contact_s > 6.5]
    found = [s for s in treadmill.strides if s.contact_s > 6.5]
    assert len(found) > 0.5 * len(true)
    for stride in found:
        same = [
            s
            for s in true
            if s.side == stride.side.value and abs(s.contact_s - stride.contact_s) < 0.1
        ]
        assert same, f"nobody took the stride at {stride.contact_s:.2f} s"
        off = (stride.end_s - stride.contact_s) / same[0].stride_time_s - 1.0
        assert abs(off) < 0.12, f"stride at {stride.contact_s:.2f} s is off by {100 * off:.0f} %"
