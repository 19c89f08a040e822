"""`hipcue run` and `hipcue demo`: devices opened, threads started, a session folder left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from hipcue.config.cues import load_cues
from hipcue.config.errors import UserError
from hipcue.config.settings import Settings, changed
from hipcue.devices.camera import open_camera
from hipcue.devices.imu import open_imu
from hipcue.devices.simulated import SimulatedCamera, demo_scenario
from hipcue.devices.simulated.treadmill.simulated_treadmill import SimulatedTreadmill
from hipcue.devices.sound import Sound
from hipcue.devices.treadmill import open_treadmill
from hipcue.realtime.engine import Engine
from hipcue.realtime.library.finish import finish
from hipcue.realtime.library.runners import known_runners, next_in_programme
from hipcue.realtime.records import RunnerState, StepResult
from hipcue.realtime.run.device_set import DeviceSet
from hipcue.realtime.run.live_loop import open_screen, show
from hipcue.realtime.run.live_session import Listener, LiveSession
from hipcue.realtime.session import SessionHeader, SessionWriter, default_session_folder
from hipcue.realtime.session.folder import sessions_parent
from hipcue.realtime.session.summary import SessionSummary, list_sessions
from hipcue.realtime.session.video import VideoRecorder
from hipcue.realtime.view.live_view import LiveView

# A demo without a window has to end by itself.
_DEMO_SECONDS = 60.0


def run_live(
    settings: Settings,
    *,
    camera: str,
    treadmill: str,
    headless: bool,
    seconds: float | None,
    out: Path | None,
) -> None:
    """Measure a runner live until the film ends, the time is up or somebody quits.

    Raises
    ------
    UserError
        When the camera or the treadmill cannot be opened, or the folder not be written.
    """
    clock = time.monotonic
    belt = open_treadmill(treadmill, settings.treadmill, clock)
    eye = open_camera(camera, settings.camera, clock)
    pelvis = settings.pelvis
    imu = (
        None if pelvis.imu is None else open_imu(pelvis.imu, clock, latency_s=pelvis.imu_latency_s)
    )
    devices = DeviceSet(eye, belt, _sound(settings, clock), imu)
    plugged = {"camera": camera, "belt": treadmill}
    if pelvis.imu is not None:
        plugged["pelvis"] = pelvis.imu
    _run(
        settings,
        devices,
        plugged=plugged,
        headless=headless,
        seconds=seconds,
        folder=out or default_session_folder(settings),
    )


def run_demo(
    settings: Settings,
    *,
    headless: bool,
    seconds: float | None,
    out: Path | None,
    outline: bool = False,
) -> None:
    """Run the demo: simulated runner and treadmill, everything between them real.

    The runner wears the printed squares; with `outline` nothing, and the pelvis is read
    from the outline of the back.
    """
    clock = time.monotonic
    length_s = seconds or (_DEMO_SECONDS if headless else 3600.0)
    scenario = demo_scenario(length_s, tag=not outline)
    eye = SimulatedCamera(scenario, settings.camera, clock)
    machine = SimulatedTreadmill(
        "csafe", clock, speed_source=lambda: scenario.belt_speed_at(clock())
    )
    machine.start()
    folder = out or default_session_folder(settings, "demo")
    try:
        belt = open_treadmill(machine.address, settings.treadmill, clock)
        devices = DeviceSet(eye, belt, _sound(settings, clock))
        runner = Listener(on_cue=lambda cue: eye.hear(cue.event, clock()))
        tally = _run(
            settings,
            devices,
            plugged={"camera": "demo", "belt": "simulated csafe"},
            headless=headless,
            seconds=None,
            folder=folder,
            listeners=[runner],
        )
    finally:
        machine.close()
    eye.truth.write(folder)
    tally.tell_demo()


class Tally:
    """Counts what happened, for the lines at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.frames = self.seen = self.strides = self.cues = 0
        self.first_s: float | None = None
        self.changes: list[tuple[float, RunnerState]] = []

    def step(self, result: StepResult) -> None:
        """Take a step."""
        self.first_s = result.t_s if self.first_s is None else self.first_s
        self.frames += 1
        self.seen += result.raw_pose.seen
        self.strides += len(result.strides)
        self.cues += len(result.cues)
        if not self.changes or self.changes[-1][1] is not result.state:
            self.changes.append((result.t_s - self.first_s, result.state))

    def tell(self) -> None:
        """Say what the session was."""
        print(f"{self.strides} strides, {self.cues} cues in {self.frames} frames")
        print(f"session: {self.folder}")

    def tell_demo(self) -> None:
        """Say how the runner's state went."""
        told = ", ".join(f"{t:.0f} s {state.value}" for t, state in self.changes)
        print(f"states: {told}")


def _recorder(
    settings: Settings, devices: DeviceSet, folder: Path, writer: SessionWriter
) -> VideoRecorder:
    kept = settings.session
    rate = devices.camera.fps
    return VideoRecorder(
        folder,
        (kept.video_width, kept.video_height),
        rate.got or rate.asked or settings.camera.fps,
        blur_face=kept.blur_face,
        keep_free_bytes=kept.keep_free_mb * 1_000_000,
        tell=lambda why: writer.note_fault(time.monotonic(), why),
    )


def _sound(settings: Settings, clock: Callable[[], float]) -> Sound:
    language = settings.feedback.language
    sound = Sound(settings.sound, language, clock)
    sound.prepare(load_cues().all_phrases(language))
    return sound


def _run(
    settings: Settings,
    devices: DeviceSet,
    *,
    plugged: Mapping[str, str],
    headless: bool,
    seconds: float | None,
    folder: Path,
    listeners: Sequence[Listener] = (),
) -> Tally:
    tally = Tally(folder)
    source = plugged["camera"]
    counting = Listener(on_step=lambda frame, result: tally.step(result))
    screen, headless = open_screen(settings, headless)
    try:
        kept = list_sessions(sessions_parent(settings))
        settings = _with_programme(settings, kept)
        header = SessionHeader.now(settings, source, devices=plugged)
        # Strides go on in the last fifth of what the film leaves free.
        free_bytes = settings.session.keep_free_mb * 200_000
        writer = SessionWriter(folder, header, keep_free_bytes=free_bytes, finish=finish)
        filmed = settings.session.video
        recorder = _recorder(settings, devices, folder, writer) if filmed else None
        session = LiveSession(
            Engine(settings),
            devices,
            writer,
            LiveView(settings, known_runners(kept)),
            listeners=[*listeners, counting],
            recorder=recorder,
        )
        try:
            session.start()
            stopped = show(
                session,
                screen,
                headless=headless,
                seconds=seconds,
                pictures=folder / "screens",
                fps=settings.screen.fps,
            )
        finally:
            for line in session.stop():
                print(f"hipcue: {line}", file=sys.stderr)
    finally:
        screen.close()
    if session.error is not None:
        raise session.error
    if tally.frames == 0 and not stopped:
        light = devices.camera.status()
        raise UserError(
            f"no picture from camera {source}",
            light.advice or light.text,
            "hipcue devices lists what is plugged in",
        )
    if tally.seen == 0 and not stopped:
        raise UserError(
            f"nobody found by camera {source}",
            f"{tally.frames} frames, none with a person; the session is kept in {folder}",
            "stand side-on, whole body in the picture, enough light",
        )
    tally.tell()
    return tally


def _with_programme(settings: Settings, kept: Sequence[SessionSummary]) -> Settings:
    """Fill in which session of the programme it is, where nobody said."""
    if settings.feedback.programme_session is not None:
        return settings
    number = next_in_programme(kept, settings.runner.name)
    return changed(settings, "feedback.programme_session", number)
