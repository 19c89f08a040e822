"""The pure step: a pose and the belt in; strides, state and cues out.

    pose ──► legs told apart ──► events ──► strides ──► metrics ──► verdict ──► cues
    belt ──────────────────────────────────────┘

It reads no clock, sleeps never and opens nothing: the same inputs give the same outputs,
bit for bit, live, in a film, and years later from a recording.

May import: realtime.metrics, realtime.feedback, realtime.gait, realtime.records, devices,
config.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.feedback import Feedback
from hipcue.realtime.gait.belt_tracker import BeltNow, BeltTracker
from hipcue.realtime.gait.facing import Facing, FacingTracker
from hipcue.realtime.gait.frame_clock import FrameTime
from hipcue.realtime.gait.leg_tracker import LegTracker, SettledPose
from hipcue.realtime.gait.neutral import Neutral
from hipcue.realtime.gait.notices import notices
from hipcue.realtime.gait.runner import Runner
from hipcue.realtime.gait.runner_state import state_at
from hipcue.realtime.gait.standing_zero import StandingZero
from hipcue.realtime.gait.strides import StrideEvents
from hipcue.realtime.gait.transitions import Transition
from hipcue.realtime.metrics import StrideData, measure_stride
from hipcue.realtime.metrics.doubted import doubted
from hipcue.realtime.metrics.gather import gather
from hipcue.realtime.records import (
    Cue,
    CueResponse,
    EngineCommand,
    EventKind,
    GaitEvent,
    NewBaseline,
    NewRunner,
    PelvisSource,
    Pose,
    RunnerState,
    SayCueNow,
    SetBand,
    SetFocus,
    SetSchedule,
    SettledFrame,
    Side,
    StepResult,
    Stride,
    TakeNeutral,
    Verdict,
    apply_command,
)


class Engine:
    """Gait, metrics, verdict and cues of one runner.

    Parameters
    ----------
    settings : Settings
        Everything that can be set.
    markers : bool
        Whether poses come from markers rather than from a pose model.
    standing : StandingZero, optional
        What a standing trial of the same markers told.
    """

    def __init__(
        self, settings: Settings, markers: bool = False, standing: StandingZero | None = None
    ) -> None:
        self._settings = settings
        self._legs = LegTracker(markers=markers)
        self._facing = FacingTracker(to_right=markers)
        # Of the frames whose legs are not told apart yet.
        self._waiting: deque[tuple[Facing | None, FrameTime]] = deque()
        self._belt = BeltTracker(settings.treadmill.stale_after_s)
        self._feedback = Feedback(settings.feedback)
        self._runner = Runner(settings, markers, self._feedback.start_anew, standing)
        self._stride_count = 0
        self._newest: Pose | None = None

    @property
    def settings(self) -> Settings:
        """The settings in force, with what was chosen since the start."""
        return self._settings

    @property
    def neutral(self) -> Neutral:
        """The zero in force."""
        return self._runner.neutral

    def last_stance_px_per_s(self, side: Side) -> float | None:
        """Backward speed of a leg's planted heel in its newest stance; None before any."""
        return self._runner.last_stance_px_per_s(side)

    def step(
        self,
        pose: Pose,
        belt: Sequence[BeltSample] = (),
        commands: Sequence[EngineCommand] = (),
    ) -> StepResult:
        """Take the newest pose and what the belt said since the last one.

        Parameters
        ----------
        pose : Pose
            Times never run backwards.
        belt : sequence of BeltSample
            New samples since the last step, in time order.
        commands : sequence of EngineCommand
            What a person asked for since the last step, in order.
        """
        self._belt.add_samples(belt)
        for command in commands:
            self._obey(command)
        self._newest = pose
        # Decided on the pose as it came, as by the pelvis sources, and kept until its legs are
        # told apart: the two always agree which side of the body is the back.
        facing = self._facing.add_pose(pose)
        if self._runner.clock.repeats(pose):
            return self._go_without_picture(pose, commands)
        time = self._runner.clock.time_of(pose)
        retimed = time.retimed()
        self._runner.add_readings(retimed.pelvis)
        self._waiting.append((facing, time))
        events, settled = self._add_pose(retimed)
        return self._find_out(pose, events, settled, self._preview(pose), commands)

    def finish(self) -> StepResult | None:
        """Settle the frames that wait for further ones, when there will be none: a film's end.

        To be called once, after the last step. What is found out belongs to that step, beside
        what it said itself. None where no frame waits.
        """
        waiting, newest = self._legs.flush(), self._newest
        if not waiting or newest is None:
            return None
        events, settled = self._add_settled(waiting)
        self._runner.end()
        return self._find_out(newest, events, settled, waiting[-1].pose, ())

    def _go_without_picture(self, pose: Pose, commands: Sequence[EngineCommand]) -> StepResult:
        """Go on in time with a picture that shows what the one before did: it shows nothing."""
        sensed = tuple(one for one in pose.pelvis if one.source is PelvisSource.IMU)
        self._runner.add_readings(sensed)
        return self._find_out(pose, (), (), pose, commands)

    def _preview(self, pose: Pose) -> Pose:
        """The newest frame with its legs told apart as far as they are, and its stamp."""
        seen = self._legs.preview()
        if seen is None:
            return pose
        return self._waiting[-1][1].stamped(seen)

    def _find_out(
        self,
        pose: Pose,
        events: tuple[GaitEvent, ...],
        settled: tuple[SettledFrame, ...],
        preview: Pose,
        commands: Sequence[EngineCommand],
    ) -> StepResult:
        """Measure, judge and tell what new events and settled frames mean, as of a pose."""
        now, runner = pose.t_capture_s, self._runner
        belt_now = self._belt.step(now, runner.seen_belt_speed if runner.runs_at(now) else None)
        strides = tuple(
            self._measure(stride, now, belt_now) for stride in runner.take_closed_strides()
        )
        runner.stop_running(now)
        state, reason, count = state_at(runner, now)
        cues, responses = self._decide_cues(now, events, strides, state, commands, belt_now)
        return StepResult(
            t_s=now,
            raw_pose=pose,
            settled=runner.frame,
            settled_frames=settled,
            preview_pose=preview,
            events=events,
            strides=strides,
            cues=cues,
            responses=responses,
            state=state,
            state_reason=reason,
            strides_in_state=count,
            bands=runner.detector.bands(),
            belt_speed_mps=belt_now.speed_mps,
            belt_source=belt_now.source,
            grade_percent=belt_now.grade_percent,
            distance_m=belt_now.distance_m,
            neutral_progress=runner.standing.progress_at(now),
            notices=notices(runner, self._belt, now),
            swaps=self._legs.swaps,
            neutral_measured=runner.neutral.measured,
            planted_px_per_s=runner.planted_px_per_s,
        )

    def _obey(self, command: EngineCommand) -> None:
        match command:
            case TakeNeutral():
                self._runner.happens(Transition.NEUTRAL_ASKED)
            case NewBaseline():
                self._runner.happens(Transition.BASELINE_ASKED)
            case NewRunner(name):
                if name != self._settings.runner.name:
                    self._change_settings(apply_command(self._settings, command))
                    self._runner.happens(Transition.NEW_RUNNER)
            case SetBand() | SetSchedule() | SetFocus():
                self._change_settings(apply_command(self._settings, command))
            case SayCueNow():
                pass  # The feedback's.

    def _change_settings(self, settings: Settings) -> None:
        self._settings = settings
        self._runner.change_settings(settings)
        self._feedback.change_settings(settings.feedback)

    def _add_pose(self, pose: Pose) -> tuple[tuple[GaitEvent, ...], tuple[SettledFrame, ...]]:
        """Tell the legs apart; return the events of the frames settled with this one, and those."""
        self._runner.watch_camera(pose)
        restarts = self._legs.restarts
        found = self._add_settled(self._legs.add_pose(pose))
        if self._legs.restarts > restarts:
            self._runner.happens(Transition.LEGS_MIXED_UP)
        return found

    def _add_settled(
        self, settled: Sequence[SettledPose]
    ) -> tuple[tuple[GaitEvent, ...], tuple[SettledFrame, ...]]:
        """Take frames whose legs are told apart; return their events, and those with a runner."""
        events: list[GaitEvent] = []
        frames: list[SettledFrame] = []
        for one in settled:
            facing, time = self._waiting.popleft()
            events += self._runner.add_pose(one, facing, time)
            if self._runner.frame is not None:
                frames.append(self._runner.frame)
        return tuple(events), tuple(frames)

    def _measure(self, stride: StrideEvents, now: float, belt_now: BeltNow) -> Stride:
        """Measure and judge a stride that has just been closed."""
        runner = self._runner
        data = self._stride_data(stride, belt_now)
        runner.last_stride_s = stride.end_s
        self._stride_count += 1
        values = measure_stride(data)
        doubt = runner.moves.doubt(stride.contact_s, stride.end_s)
        if doubt is not None:
            values = doubted(values, doubt, data.pelvis.source)
        measured = Stride(
            index=self._stride_count,
            side=stride.side,
            near=data.near,
            contact_s=stride.contact_s,
            toe_off_s=stride.toe_off_s,
            end_s=stride.end_s,
            t_decided_s=now,
            belt_source=data.belt_source,
            pelvis_source=data.pelvis.source,
            values=values,
            verdict=Verdict.UNKNOWN,
            confidence=data.seen_share,
        )
        said = runner.detector.judge_stride(
            measured, belt_now.steady is not False, belt_now.grade_percent.value
        )
        return replace(measured, verdict=said.verdict, state=said.state, reason=said.reason)

    def _stride_data(self, stride: StrideEvents, belt_now: BeltNow) -> StrideData:
        """Gather what the metrics may look at."""
        runner = self._runner
        assert runner.scale is not None
        belt = self._belt.over_stride(stride, runner.feet, runner.scale)
        believed = belt.source is not BeltSource.CAMERA and belt.teaches
        if believed and belt_now.steady is not False:
            runner.learn_scale(stride, belt.speed_mps)
        return gather(runner, stride, belt)

    def _decide_cues(
        self,
        now: float,
        events: tuple[GaitEvent, ...],
        strides: tuple[Stride, ...],
        state: RunnerState,
        commands: Sequence[EngineCommand],
        belt_now: BeltNow,
    ) -> tuple[tuple[Cue, ...], tuple[CueResponse, ...]]:
        peaks = [event.t_s for event in events if event.kind is EventKind.MAX_EXTENSION]
        return self._feedback.step(
            now_s=now,
            events=events,
            strides=strides,
            state=state,
            bands=self._runner.detector.bands(),
            belt_steady=belt_now.steady is not False,
            commands=tuple(commands),
            tilt_at_peak=self._runner.pelvis.tilt_around(peaks[-1]) if peaks else None,
        )
