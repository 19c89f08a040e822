"""The runner on the belt: what is known of them from frame to frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.realtime.gait.angles import body_angles, without_vertical
from hipcue.realtime.gait.body_height import BodyHeight
from hipcue.realtime.gait.camera_moves import CameraMoves, forward_deg
from hipcue.realtime.gait.camera_watch import CameraMove, CameraWatch, MoveKind
from hipcue.realtime.gait.compensation import CompensationDetector
from hipcue.realtime.gait.events import LegEventDetector
from hipcue.realtime.gait.facing import Facing
from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.gait.foot_speeds import FootSpeeds
from hipcue.realtime.gait.frame_clock import FrameClock, FrameTime
from hipcue.realtime.gait.hip_centre import HipCentre, hip_centre
from hipcue.realtime.gait.leg_tracker import SettledPose
from hipcue.realtime.gait.neutral import (
    Neutral,
    NeutralRequest,
    NeutralTracker,
    assumed_neutral,
)
from hipcue.realtime.gait.pelvis import PelvisGauge
from hipcue.realtime.gait.pose_buffer import PoseBuffer
from hipcue.realtime.gait.scale import Scale
from hipcue.realtime.gait.seen_belt import by_side, seen_over
from hipcue.realtime.gait.stances import Stances
from hipcue.realtime.gait.standing_zero import StandingZero
from hipcue.realtime.gait.strides import IDLE_S, StrideBuilder, StrideEvents
from hipcue.realtime.gait.transitions import FORGETS, Part, Transition
from hipcue.realtime.records import (
    GaitEvent,
    Measurement,
    PelvisReading,
    Pose,
    SettledFrame,
    Side,
)

# The runner counts as gone after this; our choice: an arm across the camera is shorter.
_GONE_S = 1.0
_MOVED = {
    MoveKind.TURNED: Transition.CAMERA_MOVED,
    MoveKind.ZOOMED: Transition.PICTURE_ZOOMED,
    MoveKind.JUMPED: Transition.PICTURE_JUMPED,
}
# Why there is no pose in the first picture after a cut.
_CUTS = {
    ReasonCode.FILM_CUT: Transition.FILM_CUT,
    ReasonCode.FILM_JUMPS: Transition.FILM_JUMPS,
    ReasonCode.PICTURE_JUMPED: Transition.FILM_JUMPS,
}


class Runner:
    """Takes one frame after the other, and forgets what no longer holds.

    What each transition forgets is the table `hipcue.realtime.gait.transitions`.

    Parameters
    ----------
    settings : Settings
        Of the pelvis, the verdict and the runner.
    markers : bool
        Whether poses come from markers rather than from a pose model.
    forget_cues : callable
        Forgets the part `CUES`, which is kept elsewhere.
    standing : StandingZero or None
        Of a standing trial of the same markers.

    Attributes
    ----------
    clock : FrameClock
        When the pictures were really taken.
    paths : PoseBuffer
        The last seconds of the joints, legs told apart.
    facing : Facing or None
        Which way the runner faces in the picture; None before that is known.
    frame : SettledFrame or None
        The newest frame whose legs are told apart; None while nobody is in the picture.
    neutral : Neutral
        The zero in force.
    standing : NeutralTracker
        Whether a neutral is wanted, and how far it is.
    scale : Scale or None
        Pixels per metre; None before anybody was seen.
    stances : Stances
        Which feet stood, and how fast they went in the picture.
    body_height : BodyHeight
        In the picture.
    pelvis : PelvisGauge
        Tilt of the pelvis.
    detector : CompensationDetector
        Baselines and verdict.
    moves : CameraMoves
        Whether the camera was moved, and what that leaves of the strides.
    last_stride_s : float
        End of the newest stride; -inf before any.
    hip_centre : HipCentre or None
        Where the body carried its hips in it; None before any, and for markers.
    """

    def __init__(
        self,
        settings: Settings,
        markers: bool,
        forget_cues: Callable[[], None] = lambda: None,
        standing: StandingZero | None = None,
    ) -> None:
        self._settings = settings
        self._markers, self._standing = markers, standing
        self.clock = FrameClock()
        self.paths = PoseBuffer()
        self.facing: Facing | None = None
        self.frame: SettledFrame | None = None
        self.neutral: Neutral = assumed_neutral(markers, standing)
        self.standing = NeutralTracker()
        self.scale: Scale | None = None
        self.stances = Stances()
        self.body_height = BodyHeight()
        self.pelvis = PelvisGauge(settings.pelvis.standing_tilt_deg)
        self.detector = CompensationDetector(settings.verdict)
        self.moves = CameraMoves()
        self.last_stride_s = -math.inf
        self.hip_centre: HipCentre | None = None
        self._watch = CameraWatch()
        self._legs = {side: LegEventDetector(side, markers) for side in Side}
        self._strides = StrideBuilder()
        self._closed: list[StrideEvents] = []
        self._seen_s = -math.inf
        self._away = True
        self._size_px: tuple[int, int] | None = None
        self._px_per_m: float | None = None
        self._forget: dict[Part, Callable[[], None]] = {
            Part.PATHS: self._forget_paths,
            Part.STRIDE_TIMES: self._forget_stride_times,
            Part.SCALE: self._forget_scale,
            Part.BODY_HEIGHT: self._forget_body_height,
            Part.NEUTRAL: self._forget_neutral,
            Part.NEUTRAL_REQUEST: self.standing.ask,
            Part.STANDING: self.standing.forget_standing,
            Part.PELVIS: self.pelvis.forget_readings,
            Part.BASELINES: self.detector.forget_baselines,
            Part.VERDICT: self.detector.start_anew,
            Part.CUES: forget_cues,
        }

    def change_settings(self, settings: Settings) -> None:
        """Go on with other settings."""
        self._settings = settings
        self.detector.change_settings(settings.verdict)

    def happens(self, transition: Transition) -> None:
        """Forget what no longer holds."""
        for part in Part:
            if part in FORGETS[transition]:
                self._forget[part]()

    def add_readings(self, readings: tuple[PelvisReading, ...]) -> None:
        """Take what the pelvis sources saw since the last call."""
        self.pelvis.add_readings(readings)

    def watch_camera(self, pose: Pose) -> None:
        """Look whether the camera was moved, before the pose's legs are told apart."""
        if self._markers or not pose.seen or self.facing is None:
            return  # A laboratory does not lean: what leans there is the runner.
        runs = self.runs_at(pose.t_capture_s)
        self._take_move(self._watch.add_pose(pose, self._strides.usual_s if runs else None))

    def _take_move(self, move: CameraMove | None) -> None:
        if move is None or self.facing is None:
            return
        self.moves.add(move, self.facing.sign)
        if move.kind in _MOVED:
            self.happens(_MOVED[move.kind])
        if self.scale is None:  # Strides may wait to be measured.
            self.scale = Scale(self._px_per_m, self._settings.runner.height_m)
        if move.kind is MoveKind.MEASURED and move.counts:
            forward, sigma = forward_deg(move, self.facing.sign), move.sigma_deg
            self.neutral = self.neutral.turned(forward, sigma)
            self.pelvis.turn_neutral(move.until_s, forward, sigma)

    def add_pose(
        self, settled: SettledPose, facing: Facing | None, time: FrameTime | None = None
    ) -> list[GaitEvent]:
        """Take one frame whose legs are told apart; return the events it makes certain.

        `facing` is which way the runner faced in that frame; None while it is not known. Without
        a `time` the pose's own stamp is true.
        """
        pose = settled.pose
        now = pose.t_capture_s
        time = time or FrameTime(pose, (now, now), now, 0.0)
        if self.is_gone_at(now) and not self._away:
            self._away = True
            self.happens(Transition.STEPPED_OFF)
        if pose.reason is not None:
            self.frame = None
            if pose.reason.code in _CUTS:
                self._watch.forget()
                self.happens(_CUTS[pose.reason.code])
            return []
        self._seen_s, self._away = now, False
        if facing is None:
            self.frame = SettledFrame(time.stamped(pose), None, settled.swapped)
            return []
        self._notice_change(pose, facing)
        kept = self.paths.add_pose(pose, facing.sign)
        self._px_per_m = pose.px_per_m
        if self.scale is None:
            self.scale = Scale(pose.px_per_m, self._settings.runner.height_m)
        body_px = self.body_height.add_pose(pose)
        if not self._markers and kept:
            self._watch_standing(body_px)
        self.clock.add_settled(time, settled, body_px)
        events = self._find_events(pose, facing, body_px, time.sigma_s) if kept else []
        tilt, source = self.pelvis.tilt_now(now)
        hips = self.hip_centre if self.runs_at(now) else None
        angles = body_angles(time.stamp_s, self.paths, facing, self.neutral, hips, tilt, source)
        lost = self.moves.lost
        if lost is not None:
            angles = without_vertical(angles, lost)
        self.frame = SettledFrame(time.stamped(pose), angles, settled.swapped)
        return events

    def _find_events(
        self, pose: Pose, facing: Facing, body_px: float, clock_sigma_s: float
    ) -> list[GaitEvent]:
        """Look what both legs did; follow the feet and the strides."""
        events: list[GaitEvent] = []
        # A pose model sees either foot in its own way; markers are on one belt.
        stood = self._stood_px_per_s if self._markers else None
        for side, leg in self._legs.items():
            near, px_per_m = side is facing.near, pose.px_per_m
            events += leg.find_events(self.paths, body_px, near, clock_sigma_s, px_per_m, stood)
        for event in events:
            newest = self._legs[event.side].last_stance_px_per_s
            if self.stances.add_event(event, newest, self.paths) and self.scale is not None:
                self.scale.see_leg(self.feet.leg_px)
            self._closed += self._strides.add_event(event, self.paths)
        return events

    def end(self) -> None:
        """Close what can be closed of the strides, as there will be no further frame."""
        if self._markers:
            self._closed += self._strides.end()

    def take_closed_strides(self) -> list[StrideEvents]:
        """Return the strides that were closed since the last call."""
        closed, self._closed = self._closed, []
        if closed and not self.runs_at(closed[0].end_s) and self._strides.usual_s is not None:
            ran_from_s = min(stride.contact_s for stride in closed)
            self._take_move(self._watch.look_behind(self._strides.usual_s, ran_from_s))
        return closed

    def stop_running(self, now: float) -> None:
        """Notice that there has been no stride for a while."""
        if self.idles_at(now) and self.detector.judgement is not None:
            self.happens(Transition.STANDS_ABOUT)

    @property
    def feet(self) -> FootSpeeds:
        """How fast the planted feet went in the picture."""
        return self.stances.feet

    @property
    def wants_another_neutral(self) -> bool:
        """Whether a neutral was asked for, while another one is still in force."""
        return self.neutral.measured and self.standing.request is NeutralRequest.WAITING

    def find_hips(self, xy: FloatArray) -> HipCentre | None:
        """Find where the body carries its hips in the frames of a stride; None for markers."""
        if not self._markers and self.facing is not None:
            self.hip_centre = hip_centre(xy, self.facing.near)
        return self.hip_centre

    def is_gone_at(self, now: float) -> bool:
        """Whether nobody has been in the picture for a while."""
        return now - self._seen_s > _GONE_S

    def idles_at(self, now: float) -> bool:
        """Whether there has been no stride for a while."""
        return now - self.last_stride_s > IDLE_S

    def runs_at(self, now: float) -> bool:
        """Whether there was a stride lately."""
        return now - self.last_stride_s < IDLE_S

    def learn_scale(self, stride: StrideEvents, told: Measurement) -> None:
        """Learn the runner's leg from a stride on a belt whose speed nothing contradicts."""
        if told.value is not None and self.scale is not None:
            falls = by_side(self.feet.between(stride.contact_s, stride.end_s))
            self.scale.see_leg(self.feet.leg_px)
            self.scale.learn(stride.end_s, falls, told.value)

    def seen_belt_speed(self) -> Measurement:
        """Speed of the belt as the planted feet showed it last."""
        if self.scale is None:
            return Measurement.missing(Reason(ReasonCode.NOBODY_IN_PICTURE))
        now = self.paths.newest_s
        return seen_over(self.feet, self.scale, now - IDLE_S, now)

    @property
    def planted_px_per_s(self) -> float | None:
        """Speed of a planted foot: the legs err in opposite ways, their mean hardly."""
        return _mean_of_both(leg.planted_px_per_s for leg in self._legs.values())

    @property
    def _stood_px_per_s(self) -> float | None:
        """Speed of a planted foot by the legs that have stood; None before any."""
        speeds = [leg.planted_px_per_s for leg in self._legs.values()]
        known = [speed for speed in speeds if speed is not None]
        return sum(known) / len(known) if known else None

    def last_stance_px_per_s(self, side: Side) -> float | None:
        """Backward speed of a leg's planted heel in its newest stance; None before any."""
        return self._legs[side].last_stance_px_per_s

    def _notice_change(self, pose: Pose, facing: Facing) -> None:
        if self._size_px is not None and pose.size_px != self._size_px:
            self.happens(Transition.PICTURE_RESIZED)
            self._watch.forget()
        if self.facing is not None and facing != self.facing:
            self.happens(Transition.TURNED_ROUND)
            self._watch.forget()
        self._size_px, self.facing = pose.size_px, facing

    def _watch_standing(self, body_px: float) -> None:
        neutral = self.standing.add_frame(self.paths, body_px)
        if neutral is None:
            return
        self.happens(Transition.NEUTRAL_TAKEN)
        self.moves.forget_turns()
        self.neutral = neutral
        self.pelvis.take_neutral(neutral.since_s, neutral.t_s)
        if neutral.height_px is not None and self.scale is not None:
            self.scale.add_standing_height(neutral.height_px)

    def _forget_paths(self) -> None:
        for leg in self._legs.values():
            leg.reset()
        self._strides.forget_open_strides()
        self._closed.clear()
        self.stances.forget()
        self.paths.clear()
        self.hip_centre = None

    def _forget_stride_times(self) -> None:
        self._strides = StrideBuilder()
        self.last_stride_s = -math.inf

    def _forget_scale(self) -> None:
        self.scale = None

    def _forget_body_height(self) -> None:
        self.body_height = BodyHeight()

    def _forget_neutral(self) -> None:
        self.neutral = assumed_neutral(self._markers, self._standing)
        self._watch.forget()
        self.moves.forget()
        self.pelvis.forget_neutral(self._settings.pelvis.standing_tilt_deg)


def _mean_of_both(speeds: Iterable[float | None]) -> float | None:
    known = [speed for speed in speeds if speed is not None]
    return sum(known) / 2 if len(known) == 2 else None
