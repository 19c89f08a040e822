"""The pure step: a pose and the belt in; strides, state and cues out.

    pose ──► legs told apart ──► events ──► strides ──► metrics ──► verdict ──► cues
    belt ──────────────────────────────────────┘

It reads no clock, sleeps never and opens nothing: the same inputs give the same outputs,
bit for bit, live, in a film, and years later from a recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.feedback import Feedback
from hipcue.realtime.gait.angles import body_angles
from hipcue.realtime.gait.belt_tracker import BeltNow, BeltTracker
from hipcue.realtime.gait.body_height import BodyHeight
from hipcue.realtime.gait.compensation import CompensationDetector, Judgement
from hipcue.realtime.gait.events import LegEventDetector
from hipcue.realtime.gait.facing import FacingTracker, View
from hipcue.realtime.gait.fits import frame_time_s
from hipcue.realtime.gait.leg_tracker import LegTracker, SettledPose
from hipcue.realtime.gait.neutral import (
    Neutral,
    NeutralRequest,
    NeutralTracker,
    assumed_neutral,
)
from hipcue.realtime.gait.pelvis import PelvisGauge
from hipcue.realtime.gait.pose_buffer import PoseBuffer
from hipcue.realtime.gait.scale import Scale
from hipcue.realtime.gait.strides import IDLE_S, StrideBuilder, StrideEvents
from hipcue.realtime.metrics import StrideData, measure_stride
from hipcue.realtime.records import (
    Cue,
    CueResponse,
    EngineCommand,
    EventKind,
    GaitEvent,
    Joint,
    Measurement,
    NewBaseline,
    NewRunner,
    Notice,
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

# The runner counts as gone after this; our choice: an arm across the camera is shorter.
_GONE_S = 1.0


class Engine:
    """Gait, metrics, verdict and cues of one runner.

    Parameters
    ----------
    settings : Settings
        Everything that can be set.
    markers : bool
        Whether poses come from markers rather than from a pose model.
    """

    def __init__(self, settings: Settings, markers: bool = False) -> None:
        self._settings = settings
        self._markers = markers
        self._legs = LegTracker()
        self._view = FacingTracker()
        self._memory = PoseBuffer()
        self._belt = BeltTracker(settings.treadmill.stale_after_s)
        self._scale: Scale | None = None
        self._events = {side: LegEventDetector(side, markers) for side in Side}
        self._strides = StrideBuilder()
        self._standing = NeutralTracker()
        self._neutral: Neutral = assumed_neutral(markers)
        self._request = NeutralRequest.WAITING
        self._pelvis = PelvisGauge(settings.pelvis)
        self._judge = CompensationDetector(settings.verdict)
        self._feedback = Feedback(settings.feedback)
        self._body_height = BodyHeight()
        self._seen_s = -np.inf
        self._last_stride_s = -np.inf
        self._stride_count = 0
        self._judgement: Judgement | None = None
        self._settled: SettledFrame | None = None
        self._now_view: View | None = None

    @property
    def settings(self) -> Settings:
        """The settings in force, with what was chosen since the start."""
        return self._settings

    @property
    def neutral(self) -> Neutral:
        """The zero in force."""
        return self._neutral

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
        now = pose.t_capture_s
        self._belt.add_samples(belt)
        for command in commands:
            self._obey(command)
        events: list[GaitEvent] = []
        closed: list[StrideEvents] = []
        self._pelvis.push(pose.pelvis)
        restarts = self._legs.restarts
        for settled in self._legs.add_pose(pose):
            found = self._take(settled)
            events.extend(found)
            for event in found:
                closed += self._strides.push(event, self._memory)
        if self._legs.restarts > restarts:
            self._forget_legs()
        runs = self._scale is not None and now - self._last_stride_s < IDLE_S
        belt_now = self._belt.step(now, self._seen_belt_speed if runs else None)
        strides = tuple(self._finish(stride, now, belt_now) for stride in closed)
        state, reason, count = self._state(now)
        cues, responses = self._tell(now, events, strides, state, commands, belt_now)
        return StepResult(
            t_s=now,
            raw_pose=pose,
            settled=self._settled,
            preview_pose=self._legs.preview() or pose,
            events=tuple(events),
            strides=strides,
            cues=cues,
            responses=responses,
            state=state,
            state_reason=reason,
            strides_in_state=count,
            bands=self._judge.bands(),
            belt_speed_mps=belt_now.speed_mps,
            belt_source=belt_now.source,
            grade_percent=belt_now.grade_percent,
            distance_m=belt_now.distance_m,
            neutral_progress=self._standing.progress(now) if self._neutral_wanted else None,
            notices=self._notices(now),
            swaps=self._legs.swaps,
            neutral_measured=self._neutral.measured,
            planted_px_per_s=self._planted_px_per_s(),
        )

    def last_stance_px_per_s(self, side: Side) -> float | None:
        """Backward speed of a leg's planted heel in its newest stance; None before any."""
        return self._events[side].last_stance_px_per_s

    def _obey(self, command: EngineCommand) -> None:
        match command:
            case TakeNeutral():
                self._request = NeutralRequest.WAITING
                self._standing.since_s = None
            case NewBaseline():
                self._judge.new_baseline()
            case SetBand() | SetSchedule() | SetFocus():
                self._settings = apply_command(self._settings, command)
                self._judge.use(self._settings.verdict)
                self._feedback.use(self._settings.feedback)
            case SayCueNow() | NewRunner():
                pass  # The first is the feedback's; a name is the session's.

    def _take(self, settled: SettledPose) -> list[GaitEvent]:
        """Take one frame whose legs are told apart."""
        pose = settled.pose
        if not pose.seen:
            if pose.t_capture_s - self._seen_s > _GONE_S:
                self._gone()
            self._settled = None
            return []
        if pose.t_capture_s - self._seen_s > _GONE_S:
            self._gone()
        self._seen_s = pose.t_capture_s
        view = self._view.push(pose)
        if view is None:
            self._settled = SettledFrame(pose, None, settled.swapped)
            return []
        if self._now_view is not None and view.facing != self._now_view.facing:
            self._gone()
        self._now_view = view
        self._memory.add_pose(pose, view.facing)
        if self._scale is None:
            self._scale = Scale(pose.px_per_m, self._settings.runner.height_m)
        body_px = self._body_height.add_pose(pose)
        self._stand(body_px)
        found: list[GaitEvent] = []
        for side, leg in self._events.items():
            found.extend(leg.find_events(self._memory, body_px, side is view.near))
        tilt = self._pelvis.now(pose.t_capture_s)
        angles = body_angles(
            pose.t_capture_s, self._memory, view, self._neutral, tilt, self._pelvis.source
        )
        self._settled = SettledFrame(pose, angles, settled.swapped)
        return found

    def _stand(self, body_px: float) -> None:
        """Notice a runner who stands still; the first time, or when asked, it is the neutral."""
        if not self._neutral_wanted or self._markers:
            return
        neutral = self._standing.step(self._memory, body_px)
        if neutral is not None:
            self._request = NeutralRequest.STANDING
            self._take_neutral(neutral)
        elif self._request is NeutralRequest.STANDING and self._standing.since_s is None:
            self._request = NeutralRequest.DONE

    @property
    def _neutral_wanted(self) -> bool:
        return self._request is not NeutralRequest.DONE

    def _take_neutral(self, neutral: Neutral) -> None:
        """Measure against a new zero from here on."""
        self._neutral = neutral
        self._pelvis.stood(neutral.since_s, neutral.t_s)
        self._judge.new_neutral()
        self._judgement = None
        if neutral.height_px is not None and self._scale is not None:
            self._scale.add_standing_height(neutral.height_px)

    def _forget_legs(self) -> None:
        for leg in self._events.values():
            leg.reset()
        self._strides.clear()
        self._memory.clear()

    def _gone(self) -> None:
        self._forget_legs()
        self._judge.stepped_off()
        self._judgement = None
        self._standing.since_s = None

    def _finish(self, stride: StrideEvents, now: float, belt_now: BeltNow) -> Stride:
        """Measure and judge a stride that has just been closed."""
        view, scale = self._now_view, self._scale
        assert view is not None and scale is not None
        belt = self._belt.speed_over(stride.contact_s, stride.end_s, self._seen_belt_speed)
        if belt.source is not BeltSource.CAMERA and belt_now.steady is not False:
            self._measure_scale(stride.end_s, belt.speed_mps)
        lasted_s = stride.end_s - stride.contact_s
        t, xy, _ = self._memory.stretch(stride.contact_s - lasted_s - 0.05)
        neutral = self._neutral
        data = StrideData(
            side=stride.side,
            near=stride.side is view.near,
            contact_s=stride.contact_s,
            toe_off_s=stride.toe_off_s,
            end_s=stride.end_s,
            event_sigma_s=stride.sigma_s,
            peak_s=stride.peak_s,
            other_contact_s=stride.other_contact_s,
            other_toe_off_s=stride.other_toe_off_s,
            t=t,
            xy=xy,
            neutral=neutral,
            px_per_m=scale.px_per_m,
            belt_speed_mps=belt.speed_mps,
            belt_distance_m=belt.distance_m,
            belt_source=belt.source,
            pelvis=self._pelvis.over(stride.contact_s, stride.end_s, stride.peak_s),
            frame_s=frame_time_s(t),
        )
        values = measure_stride(data)
        self._last_stride_s = stride.end_s
        self._stride_count += 1
        plain = Stride(
            index=self._stride_count,
            side=stride.side,
            near=data.near,
            contact_s=stride.contact_s,
            toe_off_s=stride.toe_off_s,
            end_s=stride.end_s,
            t_decided_s=now,
            belt_source=belt.source,
            pelvis_source=data.pelvis.source,
            values=values,
            verdict=Verdict.UNKNOWN,
            confidence=_confidence(data),
        )
        steady, grade = belt_now.steady is not False, belt_now.grade_percent.value
        judgement = self._judge.judge(plain, steady, grade)
        self._judgement = judgement
        return _judged(plain, judgement)

    def _measure_scale(self, t_s: float, belt_speed: Measurement) -> None:
        """Learn the picture's scale from the newest step on a belt of known speed."""
        newest = _mean_of_both(leg.last_stance_px_per_s for leg in self._events.values())
        if newest is not None and self._scale is not None:
            self._scale.add_step(t_s, newest, belt_speed)

    def _seen_belt_speed(self) -> Measurement:
        """Speed of the belt as the planted feet show it."""
        assert self._scale is not None
        return self._scale.belt_speed(self._planted_px_per_s())

    def _planted_px_per_s(self) -> float | None:
        """Speed of a planted foot: the legs err in opposite ways, their mean hardly."""
        return _mean_of_both(leg.planted_px_per_s for leg in self._events.values())

    def _state(self, now: float) -> tuple[RunnerState, Reason, int]:
        if now - self._seen_s > _GONE_S:
            return RunnerState.WAITING, Reason(ReasonCode.NOBODY_IN_PICTURE), 0
        if now - self._last_stride_s > IDLE_S:
            if self._judgement is not None:
                self._judge.stepped_off()
                self._judgement = None
            if self._neutral_wanted and self._standing.since_s is not None:
                return RunnerState.NEUTRAL, Reason(ReasonCode.STANDING_STILL), 0
            trouble = self._standing.trouble
            if trouble and self._request is NeutralRequest.WAITING:
                return RunnerState.WAITING, trouble, 0
            return RunnerState.WAITING, Reason(ReasonCode.WAITING_FOR_FIRST_STRIDES), 0
        if self._judgement is None:
            return RunnerState.WARMING_UP, Reason(ReasonCode.FIRST_STRIDES), 0
        said = self._judgement
        return said.state, said.reason, said.strides_in_state

    def _tell(
        self,
        now: float,
        events: Sequence[GaitEvent],
        strides: tuple[Stride, ...],
        state: RunnerState,
        commands: Sequence[EngineCommand],
        belt: BeltNow,
    ) -> tuple[tuple[Cue, ...], tuple[CueResponse, ...]]:
        peaks = [event.t_s for event in events if event.kind is EventKind.MAX_EXTENSION]
        return self._feedback.step(
            now_s=now,
            events=tuple(events),
            strides=strides,
            state=state,
            bands=self._judge.bands(),
            belt_steady=belt.steady is not False,
            commands=tuple(commands),
            tilt_at_peak=self._pelvis.at(peaks[-1]) if peaks else None,
        )

    def _notices(self, now: float) -> tuple[Notice, ...]:
        notices = []
        off = self._scale.disagreement(now) if self._scale is not None else None
        if off is not None:
            notices.append(
                Notice(
                    "belt_disagrees",
                    f"camera sees the belt {100 * off:+.0f} % against the console",
                    "check the treadmill's calibration, or whether the camera was moved",
                )
            )
        said = self._judgement
        # Where the pelvis does make up for it, that is the finding.
        if said is not None and said.restricted and said.verdict is Verdict.OK:
            notices.append(
                Notice(
                    "restricted",
                    "hip extension is short",
                    "a finding of its own: the pelvis does not make up for it",
                )
            )
        return tuple(notices)


def _mean_of_both(speeds: Iterable[float | None]) -> float | None:
    known = [speed for speed in speeds if speed is not None]
    return sum(known) / 2 if len(known) == 2 else None


def _judged(stride: Stride, judgement: Judgement) -> Stride:
    return replace(
        stride, verdict=judgement.verdict, state=judgement.state, reason=judgement.reason
    )


def _confidence(data: StrideData) -> float:
    """Share of the stride in which hip, knee, ankle and heel of the leg were seen."""
    inside = data.inside()
    if not inside.any():
        return 0.0
    joints = [Joint.of(data.side, name) for name in ("hip", "knee", "ankle", "heel")]
    return float(np.mean(~np.isnan(data.xy[inside][:, joints, 0])))
