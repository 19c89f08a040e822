"""The threads of a live session, and what they hand over to one another.

    camera thread ─► one-slot mailbox ─► perceive thread ─► engine ─► sound, store, screen
    treadmill thread ─► samples ────────────┘                 (each takes what it can)

The perceive thread is the hot path: nothing in it waits for a disk, a window or a
loudspeaker. The screen belongs to the main thread, as window systems want it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import DeviceStatus, Frame, LinkState
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import (
    Cue,
    EngineCommand,
    Mark,
    NewRunner,
    Pose,
    SettingCommand,
    StepResult,
    apply_command,
)
from hipcue.realtime.run.closing import close_recording
from hipcue.realtime.run.command_inbox import CommandInbox
from hipcue.realtime.run.cue_timing import CueTiming
from hipcue.realtime.run.device_set import DeviceSet
from hipcue.realtime.run.load_shedding import LoadShedder, Relief
from hipcue.realtime.run.low_jitter import ScreenTurn, undisturbed
from hipcue.realtime.run.sound_feed import follow_runner, play_cue
from hipcue.realtime.run.status_log import StatusLog
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionWriter
from hipcue.realtime.session.video import VideoRecorder
from hipcue.realtime.view.live_view import LiveView, SessionState
from hipcue.realtime.view.snapshot import Snapshot
from hipcue.realtime.vision.pipeline import VisionPipeline

# The camera is asked again after this; short enough to end promptly.
_WAIT_S = 0.1
# A session ends when its film does and the last sounds are out.
_LAST_SOUND_S = 0.5


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody else who is told, on the perceive thread, what happens.

    `on_cue` hears each cue when it is decided, as a simulated runner does; `on_step` each
    picture and what was found out in it.
    """

    on_cue: Callable[[Cue], None] = lambda cue: None
    on_step: Callable[[Frame, StepResult], None] = lambda frame, result: None


@dataclass(frozen=True, slots=True)
class _Shed:
    """What has given way to load, as the perceive thread last told."""

    screen_share: float = 1.0
    notice: Reason | None = None


class LiveSession:
    """Runs the perceive thread and lends the main thread what it needs to draw.

    Parameters
    ----------
    engine : Engine
        As new; its settings are those of the session.
    devices : DeviceSet
        Opened, not yet started.
    writer : SessionWriter or None
        Where the session is kept; None keeps nothing.
    view : LiveView
        What the screen shows.
    clock : callable
        The clock the cameras stamp with.
    listeners : sequence of Listener
        Who else is told.
    recorder : VideoRecorder, optional
        Keeps the film, when it was asked for.
    next_session : callable, optional
        Returns which session of the programme is a runner's next, by their name.
    """

    def __init__(
        self,
        engine: Engine,
        devices: DeviceSet,
        writer: SessionWriter | None,
        view: LiveView,
        *,
        clock: Callable[[], float] = time.monotonic,
        listeners: Sequence[Listener] = (),
        recorder: VideoRecorder | None = None,
        next_session: Callable[[str], int | None] = lambda runner: None,
    ) -> None:
        self._devices = devices
        self._writer = writer
        self._recorder = recorder
        self._view = view
        self._clock = clock
        self._listeners = tuple(listeners)
        self._next_session = next_session
        self._stepper = Stepper(engine, writer)
        self._commands = CommandInbox()
        self._status_log = StatusLog(devices, writer, clock)
        self._cue_timing = CueTiming(writer)
        self._load = LoadShedder(filming=recorder is not None)
        self._shed = _Shed()
        self._turn = ScreenTurn()
        self._error: BaseException | None = None
        self._stop = threading.Event()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="perceive", daemon=True)

    # What the main thread uses.

    def start(self) -> None:
        """Start every device and the perceive thread."""
        self._devices.start_all_but_the_camera()
        self._thread.start()

    @property
    def running(self) -> bool:
        """False once the pictures have ended or something broke."""
        return not self._done.is_set()

    @property
    def error(self) -> BaseException | None:
        """What broke; None while all is well."""
        return self._error

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._stepper.settings

    @property
    def slow(self) -> Reason | None:
        """Why the machine does not keep up with the camera; None while it does."""
        return self._shed.notice

    @property
    def screen_share(self) -> float:
        """How often the screen is to be drawn, share of its usual rate."""
        return self._shed.screen_share

    def command(self, command: EngineCommand) -> None:
        """Hand a command to the engine with the next frame.

        Raises
        ------
        UserError
            For a setting outside its range.
        """
        if isinstance(command, SettingCommand):
            apply_command(self.settings, command)  # Refused here rather than in the engine.
        if isinstance(command, NewRunner):
            number = command.programme_session or self._next_session(command.name)
            command = replace(command, programme_session=number)
            if self._writer is not None:
                self._writer.learned("runner", command.name)
        self._commands.put(command)

    def mark(self, note: str = "", t_s: float | None = None) -> None:
        """Mark this moment, or the one in which somebody began to note it."""
        mark = Mark(self._clock() if t_s is None else t_s, note)
        self._view.add_mark(mark)
        if self._writer is not None:
            self._writer.mark(mark)

    def toggle_mute(self) -> None:
        """Turn the sound off, or on again."""
        sound = self._devices.sound
        sound.set_muted(not sound.muted)

    def snapshot(self) -> Snapshot:
        """Return what is to be drawn now."""
        return self._view.snapshot(
            self._clock(),
            SessionState(
                devices=self._status_log.statuses(),
                recording=self._writer is not None and self._writer.fault is None,
                muted=self._devices.sound.muted,
                notices=self._notices(),
            ),
        )

    def wait_for_turn(self, seconds: float) -> None:
        """Let the screen wait for as long, or until a picture is finished if that is sooner."""
        self._turn.wait(seconds)

    def stop(self) -> list[str]:
        """End the session, begun or not: stop the devices, finish the folder.

        Returns lines about devices that were not as they should be.
        """
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=10.0)
        trouble = self._status_log.troubles()
        self._status_log.record_changes()
        self._take_played()
        self._devices.close()
        latencies = self._view.latency(), self._cue_timing.latencies()
        return trouble + close_recording(self._writer, self._recorder, *latencies)

    def _notices(self) -> tuple[Reason, ...]:
        """Lines about the session itself, e.g. a full disk."""
        keepers = (self._writer, self._recorder)
        faults = [keeper.fault for keeper in keepers if keeper is not None]
        notices = [fault for fault in faults if fault is not None]
        return (*notices, *([] if self.slow is None else [self.slow]))

    # What runs on the perceive thread.

    def _run(self) -> None:
        try:
            pipeline = VisionPipeline(self._stepper.settings, self._devices.camera)
            try:
                self._devices.camera.start()
                pipeline.start()
                with undisturbed():
                    self._perceive(pipeline)
            finally:
                pipeline.close()
                self._stepper.record_neutral()
        except BaseException as error:
            self._error = error
        finally:
            self._done.set()
            self._turn.end_picture()

    def _perceive(self, pipeline: VisionPipeline) -> None:
        size: tuple[int, int] | None = None
        ended_s: float | None = None
        while not self._stop.is_set():
            seen = pipeline.wait(_WAIT_S)
            self._take_played()
            self._status_log.look()
            if seen is None:
                if pipeline.over:
                    ended_s = self._clock() if ended_s is None else ended_s
                    if self._clock() - ended_s > _LAST_SOUND_S:
                        return
                    self._stop.wait(_WAIT_S)
                continue
            self._turn.begin_picture()
            frame, detection = seen
            readings = self._devices.sensor_readings(frame.t_capture_s)
            pose = pipeline.read(frame, detection, readings)
            pose_s = self._clock()
            if size is None and self._writer is not None:
                size = pose.size_px
                self._writer.learned("size_px", list(size))
            self._shed_load(frame, pose, pipeline)
            self._step(frame, pose, pose_s)
            self._turn.end_picture()

    def _step(self, frame: Frame, pose: Pose, pose_s: float) -> None:
        belt = self._devices.treadmill.drain()
        result = self._stepper.step(pose, belt, self._commands.take_all())
        decided_s = self._clock()
        settings, sound = self._stepper.settings, self._devices.sound
        self._cue_timing.add_cues(result.cues, pose_s, decided_s)
        for cue in result.cues:
            play_cue(sound, cue)
            for listener in self._listeners:
                listener.on_cue(cue)
        if self._recorder is not None and self._load.films:
            self._recorder.add(frame, pose)
        follow_runner(sound, result, settings)
        self._status_log.add_step(result)
        self._view.add_step(frame, result, settings, decided_s)
        for listener in self._listeners:
            listener.on_step(frame, result)

    def _shed_load(self, frame: Frame, pose: Pose, pipeline: VisionPipeline) -> None:
        """Let go of what a slow machine cannot do, or take it up again; the session says so."""
        changed = self._load.step(frame, followed=pose.followed)
        if self._load.relief is Relief.NONE and not changed:
            return
        notice = self._load.notice
        self._shed = _Shed(self._load.screen_share, notice)
        if not changed:
            return
        pipeline.outline_every = self._load.outline_every
        fast = Reason(ReasonCode.FAST_ENOUGH_AGAIN)
        status = DeviceStatus("machine", LinkState.LIVE, fast)
        if notice is not None:
            status = DeviceStatus("machine", LinkState.STALE, notice)
        self._status_log.record(status)

    def _take_played(self) -> None:
        """Take what the loudspeaker has played since the last time."""
        heard = self._cue_timing.add_played(self._devices.sound.drain_played())
        if heard:
            self._view.add_cue_times(heard)
