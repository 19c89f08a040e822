"""The threads of a live session.

    camera thread ─► one-slot mailbox ─► perceive thread ─► engine ─► sound, store, screen
    treadmill thread ─► samples ────────────┘                 (each takes what it can)

The perceive thread is the hot path: nothing in it waits for a disk, a window or a
loudspeaker. The screen belongs to the main thread, as window systems want it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hipcue.config.reason_words import in_words
from hipcue.config.settings import Settings
from hipcue.devices.camera import Camera
from hipcue.devices.imu import ImuLink
from hipcue.devices.readings import DeviceStatus, Frame, LinkState
from hipcue.devices.sound import Sound, SoundOrder
from hipcue.devices.treadmill import Treadmill
from hipcue.realtime.engine import Engine
from hipcue.realtime.feedback.schedule import programme
from hipcue.realtime.gait.pelvis import imu_readings
from hipcue.realtime.records import (
    Cue,
    CueKind,
    EngineCommand,
    Mark,
    NewRunner,
    Notice,
    Pose,
    RunnerState,
    SettingCommand,
    Side,
    StepResult,
    apply_command,
)
from hipcue.realtime.run.load_shedding import LoadShedder
from hipcue.realtime.run.low_jitter import undisturbed
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionWriter
from hipcue.realtime.session.video import VideoRecorder
from hipcue.realtime.view.latency import CueTimes, Latency
from hipcue.realtime.view.live_view import LiveView
from hipcue.realtime.view.snapshot import Choices
from hipcue.realtime.vision.pipeline import VisionPipeline

# The camera is asked again after this; short enough to end promptly.
_WAIT_S = 0.1
# A session ends when its film does and the last sounds are out.
_LAST_SOUND_S = 0.5
# A line about what was just asked for stays this long.
_SAID_S = 6.0
# What a sensor said before the pictures began belongs to no stride.
_SENSOR_AGE_S = 1.0

# Metronome and hum belong to running.
_NOT_RUNNING = (RunnerState.WAITING, RunnerState.NEUTRAL)
# Without pictures nobody knows what would measure the pelvis in them.
_NO_PICTURES = (LinkState.LOST, LinkState.STALE, LinkState.RECOVERING)
# A cue that the loudspeaker has not told of by so long after it expired was not played.
_FORGOTTEN_S = 10.0
# The screen waits this long for a picture that is being worked on: three times what outline,
# squares, engine and hand-over take on a slow machine; our choice.
_LONGEST_TURN_S = 0.03
# A tone about one leg is heard in that ear.
_EAR = {Side.L: -1.0, Side.R: 1.0}


@dataclass(slots=True)
class Devices:
    """What is plugged in."""

    camera: Camera
    treadmill: Treadmill
    sound: Sound
    imu: ImuLink | None = None


@dataclass(slots=True)
class Hooks:
    """Who else listens; used by the simulated runner, who hears the cues."""

    on_cue: Callable[[Cue], None] = lambda cue: None
    on_step: Callable[[Frame, StepResult], None] = lambda frame, result: None


@dataclass(frozen=True, slots=True)
class _Told:
    """A cue on its way to the loudspeaker, and when it was understood and decided."""

    cue: Cue
    pose_s: float
    decision_s: float


@dataclass(slots=True)
class _CommandQueue:
    """What a person asked of the engine since the last step."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[EngineCommand] = field(default_factory=list)

    def put(self, command: EngineCommand) -> None:
        with self.lock:
            self.waiting.append(command)

    def take(self) -> tuple[EngineCommand, ...]:
        with self.lock:
            taken = tuple(self.waiting)
            self.waiting.clear()
        return taken


class _Turn:
    """Whose turn it is: the picture's that is being worked on, or the screen's."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._working = False
        self._through = 0

    def begin(self) -> None:
        with self._changed:
            self._working = True

    def end(self) -> None:
        with self._changed:
            self._working = False
            self._through += 1
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        with self._changed:
            before = self._through
            if not self._changed.wait_for(lambda: self._through > before, seconds):
                self._changed.wait_for(lambda: not self._working, _LONGEST_TURN_S)


class LiveSession:
    """Runs the perceive thread and lends the main thread what it needs to draw.

    Parameters
    ----------
    settings : Settings
        As used.
    devices : Devices
        Opened, not yet started.
    writer : SessionWriter or None
        Where the session is kept; None keeps nothing.
    chronicle : LiveView
        What the screen shows.
    engine : Engine
        As new, with `settings`.
    clock : callable
        The clock the cameras stamp with.
    hooks : Hooks, optional
        Who else listens.
    recorder : VideoRecorder, optional
        Keeps the film, when it was asked for.
    """

    def __init__(
        self,
        settings: Settings,
        devices: Devices,
        writer: SessionWriter | None,
        chronicle: LiveView,
        *,
        engine: Engine,
        clock: Callable[[], float] = time.monotonic,
        hooks: Hooks | None = None,
        recorder: VideoRecorder | None = None,
    ) -> None:
        self._recorder = recorder
        self.load = LoadShedder(filming=recorder is not None)
        self.settings = settings
        self.devices = devices
        self.chronicle = chronicle
        self.muted = False
        self._said: tuple[Notice, float] | None = None
        self.error: BaseException | None = None
        self._writer = writer
        self._clock = clock
        self._hooks = hooks or Hooks()
        self._stepper = Stepper(engine, writer)
        self._commands = _CommandQueue()
        self._stop = threading.Event()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="perceive", daemon=True)
        self._lights: dict[str, tuple[LinkState, str]] = {}
        self._cues: dict[int, _Told] = {}
        self._turn = _Turn()
        self.frames = 0

    def start(self) -> None:
        """Start every device and the perceive thread."""
        self.devices.treadmill.start()
        self.devices.sound.start()
        if self.devices.imu is not None:
            self.devices.imu.start()
        self._thread.start()

    @property
    def running(self) -> bool:
        """False once the pictures have ended or something broke."""
        return not self._done.is_set()

    def ask(self, command: EngineCommand) -> None:
        """Hand a command to the engine with the next frame."""
        if isinstance(command, NewRunner):
            self._rename(command.name)
        if isinstance(command, SettingCommand):
            self.settings = apply_command(self.settings, command)
            self._show_choices()
        self._commands.put(command)

    def _show_choices(self) -> None:
        """Tell the screen which choices are in force, and how far the programme is."""
        feedback, first_s = self.settings.feedback, self.chronicle.first_stride_s
        self.chronicle.choices = Choices.of(self.settings)
        elapsed_s = 0.0 if first_s is None else self._clock() - first_s
        self.chronicle.programme = programme(feedback, elapsed_s)

    def mark(self, note: str = "", t_s: float | None = None) -> None:
        """Mark this moment, or the one in which somebody began to note it."""
        mark = Mark(self._clock() if t_s is None else t_s, note)
        self.chronicle.mark(mark)
        if self._writer is not None:
            self._writer.mark(mark)

    def _rename(self, runner: str) -> None:
        self.chronicle.runner = runner
        if self._writer is not None:
            self._writer.learned("runner", runner)

    def say(self, text: str) -> None:
        """Show a line for a while."""
        self._said = (Notice("said", text), self._clock() + _SAID_S)

    def mute(self) -> None:
        """Turn the sound off, or on again."""
        self.muted = not self.muted
        self.devices.sound.set_muted(self.muted)

    def statuses(self) -> tuple[DeviceStatus, ...]:
        """The lights, camera first; changes are kept with the session."""
        lights = [self.devices.camera.status(), self.devices.treadmill.status()]
        imu = self.devices.imu
        lights.append(self._pelvis_light() if imu is None else imu.status())
        lights.append(self.devices.sound.status())
        for light in lights:
            state = (light.state, light.text)
            if self._lights.get(light.name) != state:
                self._lights[light.name] = state
                if self._writer is not None:
                    self._writer.device(self._clock(), light)
        return tuple(lights)

    def notices(self) -> tuple[Notice, ...]:
        """Lines about the session itself, e.g. a full disk."""
        keepers = (self._writer, self._recorder)
        faults = [keeper.fault for keeper in keepers if keeper is not None]
        notices = [Notice("store", fault) for fault in faults if fault]
        slow = self.load.notice
        if slow is not None:
            notices.append(slow)
        self._show_choices()
        if self._said is not None and self._clock() < self._said[1]:
            notices.append(self._said[0])
        return tuple(notices)

    @property
    def recording(self) -> bool:
        """Whether the session is being kept."""
        return self._writer is not None and self._writer.fault is None

    def stop(self) -> list[str]:
        """End the session: let the last sounds out, stop the devices, finish the folder.

        Returns lines about devices that were not as they should be.
        """
        self._stop.set()
        self._thread.join(timeout=10.0)
        trouble = [
            f"{light.text}: {light.advice}"
            for light in self.statuses()
            if light.name != "pelvis" and light.advice and light.state is not LinkState.OFF
        ]
        self._note_sounds()
        self.devices.camera.close()
        self.devices.treadmill.close()
        if self.devices.imu is not None:
            self.devices.imu.close()
        self.devices.sound.close()
        if self._recorder is not None:
            self._recorder.close()  # Before the folder is finished: the report shows the film.
        if self._writer is not None:
            self._writer.learned("latency_ms", _three(self.chronicle.latency()))
            stages = self.chronicle.cue_latencies()
            self._writer.learned(
                "cue_latency_ms",
                {stage.removesuffix("_ms"): _three(latency) for stage, latency in stages.items()},
            )
            self._writer.close()
            if self._writer.fault is not None:
                trouble.append(self._writer.fault)
        return trouble

    def _pelvis_light(self) -> DeviceStatus:
        snapshot = self.chronicle.snapshot(0.0, (), recording=False, muted=False)
        result = snapshot.result
        settled = result.settled if result is not None else None
        if settled is None or settled.angles is None:
            return DeviceStatus("pelvis", LinkState.WAITING, "pelvis", "waiting for the runner")
        if self.devices.camera.status().state in _NO_PICTURES:
            return DeviceStatus("pelvis", LinkState.WAITING, "pelvis", "camera lost")
        why, source = settled.angles.pelvic_tilt_deg.reason, settled.angles.pelvis_source
        if why is not None and not any(
            stride.measure("pelvic_tilt_deg").known for stride in snapshot.strides[-4:]
        ):
            return DeviceStatus("pelvis", LinkState.STALE, "pelvis", in_words(why))
        return DeviceStatus("pelvis", LinkState.LIVE, f"pelvis {source.value}")

    def _run(self) -> None:
        try:
            perceiver = VisionPipeline(self.settings, self.devices.camera)
            try:
                self.devices.camera.start()
                perceiver.start()
                with undisturbed():
                    self._perceive(perceiver)
            finally:
                perceiver.close()
                self._stepper.finish()
        except BaseException as error:
            self.error = error
        finally:
            self._done.set()
            self._turn.end()

    def rest(self, seconds: float) -> None:
        """Let the screen wait for as long, or until a picture is through if that is sooner.

        Right after a picture is the time to draw: the model looks at the next one meanwhile
        and leaves the interpreter alone. While a picture is being worked on, a drawing thread
        would hold it up.
        """
        self._turn.wait(seconds)

    def _perceive(self, perceiver: VisionPipeline) -> None:
        size: tuple[int, int] | None = None
        ended_s: float | None = None
        while not self._stop.is_set():
            seen = perceiver.wait(_WAIT_S)
            self._note_sounds()
            if seen is None:
                if perceiver.over:
                    ended_s = self._clock() if ended_s is None else ended_s
                    if self._clock() - ended_s > _LAST_SOUND_S:
                        return
                    self._stop.wait(_WAIT_S)
                continue
            self._turn.begin()
            frame, pose = seen[0], self._with_sensor(perceiver.read(*seen))
            pose_s = self._clock()
            if size is None and self._writer is not None:
                size = pose.size_px
                self._writer.learned("size_px", list(size))
            if self.load.step(frame):
                self._ease(perceiver)
            self._step(frame, pose, pose_s)
            self._turn.end()

    def _ease(self, perceiver: VisionPipeline) -> None:
        """Let go of what a slow machine cannot do, or take it up again; the session says so."""
        perceiver.outline_every = self.load.outline_every
        if self._writer is not None:
            notice = self.load.notice
            light = DeviceStatus("machine", LinkState.LIVE, "fast enough again")
            if notice is not None:
                light = DeviceStatus("machine", LinkState.STALE, notice.text, notice.advice)
            self._writer.device(self._clock(), light)

    def _step(self, frame: Frame, pose: Pose, pose_s: float) -> None:
        belt = self.devices.treadmill.drain()
        result = self._stepper.step(pose, belt, self._commands.take())
        decided_s = self._clock()
        if result.cues:
            # What was muted or came too late is never heard of again.
            now_s = decided_s - _FORGOTTEN_S
            self._cues = {n: told for n, told in self._cues.items() if told.cue.expires_s > now_s}
        for cue in result.cues:
            self._cues[cue.number] = _Told(cue, pose_s, decided_s)
            self.devices.sound.play(_order(cue))
            self._hooks.on_cue(cue)
        if self._recorder is not None and self.load.films:
            self._recorder.add(frame, pose)
        self._tell_sound(result)
        self.chronicle.take(frame, result, decided_s)
        self.frames += 1
        self._hooks.on_step(frame, result)

    def _tell_sound(self, result: StepResult) -> None:
        """Feed the metronome with the runner's usual cadence, the hum with the pelvis."""
        sound, settled = self.devices.sound, result.settled
        angles = settled.angles if settled is not None else None
        quiet = self.settings.feedback.schedule == "retention" or result.state in _NOT_RUNNING
        usual = result.bands.get("cadence_spm")
        sound.set_cadence(None if quiet or usual is None else usual.centre)
        sound.set_pelvis(None if quiet or angles is None else angles.pelvic_tilt_deg.value)

    def _with_sensor(self, pose: Pose) -> Pose:
        """Add what the sacral sensor said since the last frame; what is old is left out."""
        if self.devices.imu is None:
            return pose
        samples = [
            sample
            for sample in self.devices.imu.drain()
            if pose.t_capture_s - sample.t_s < _SENSOR_AGE_S
        ]
        return replace(pose, pelvis=(*pose.pelvis, *imu_readings(samples)))

    def _note_sounds(self) -> None:
        heard: dict[int, CueTimes] = {}
        for played in self.devices.sound.drain_played():
            told = self._cues.pop(played.cue_number, None)
            if told is None:
                continue
            cue = told.cue
            stamps = {
                "capture_s": cue.t_capture_s,
                "pose_s": told.pose_s,
                "decision_s": told.decision_s,
                "request_s": played.t_request_s,
                "mixer_s": played.t_mixer_s,
            }
            if self._writer is not None:
                self._writer.cue_played(cue.number, stamps)
            times = CueTimes.of(cue.t_capture_s, stamps)
            if times is not None:
                heard[cue.number] = times
        if heard:
            self.chronicle.played(heard)


def _three(latency: Latency) -> dict[str, float | None]:
    return {"p50": latency.p50_ms, "p95": latency.p95_ms, "p99": latency.p99_ms}


def _order(cue: Cue) -> SoundOrder:
    return SoundOrder(
        cue.number,
        cue.kind is CueKind.SPEECH,
        cue.sound,
        cue.priority,
        cue.expires_s,
        balance=0.0 if cue.side is None else _EAR[cue.side],
    )
