"""Does it tire? Four hours of running in accelerated time, and twenty minutes in real time.

    python -m tests.bench.endurance [--hours 4] [--minutes 20] [--only hours|minutes]

*Hours*: the simulated runner's joints, at 60 frames a second, go through engine, store,
view and the coach's screen (drawn ten times a second of running) as fast as the machine
allows. What grows shows in the process's memory.

*Minutes*: all of `hipcue demo`, in this process, at its own pace: camera thread, pose model,
engine, wire, store, sound, screen at 60 Hz on a dummy display. Memory, threads and open
handles are read every second, the latency from picture to decision of every frame.

Prints what grew after the first minute; exit code 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

import numpy as np

from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample, DeviceStatus, Frame, LinkState
from hipcue.devices.simulated import SimulatedCamera, demo_scenario
from hipcue.devices.simulated.treadmill.simulated_treadmill import SimulatedTreadmill
from hipcue.devices.sound import Sound
from hipcue.devices.treadmill import open_treadmill
from hipcue.realtime.engine import Engine
from hipcue.realtime.hud import Screen, View
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import StepResult
from hipcue.realtime.run.device_set import DeviceSet
from hipcue.realtime.run.live_loop import show
from hipcue.realtime.run.live_session import Listener, LiveSession
from hipcue.realtime.run.screen_opening import open_screen
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionHeader, SessionWriter
from hipcue.realtime.view.live_view import LiveView, SessionState
from tests.realtime.test_engine import FPS, Treadmill

# Growth after the first minute that is allowed, and latency of the last minute by the first.
MOST_MB, MOST_RATIO = 20.0, 1.10
_DRAW_EVERY = 6
# A demo's loading is over after this; the first minute is counted from here.
_SETTLED_S = 10.0


@dataclass(slots=True)
class Watch:
    """Memory, threads and handles of this process, over time."""

    at_s: list[float] = field(default_factory=list)
    resident_mb: list[float] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    handles: list[int] = field(default_factory=list)

    def look(self, now_s: float) -> None:
        """Read them now."""
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        self.at_s.append(now_s)
        self.resident_mb.append(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)
        self.threads.append(len(os.listdir("/proc/self/task")))
        self.handles.append(len(os.listdir("/proc/self/fd")))

    def tell(self, first_s: float) -> bool:
        """Print what grew after the first minute; whether that is within the limit."""
        at = np.array(self.at_s)
        settled = int(np.searchsorted(at, first_s + 60.0))
        memory = np.array(self.resident_mb)
        early = float(np.median(memory[settled : settled + 10]))
        late = float(np.median(memory[-10:]))
        print(f"memory: {early:.0f} MB after the first minute, {late:.0f} MB at the end, "
              f"growth {late - early:+.1f} MB (limit {MOST_MB:.0f})")  # fmt: skip
        print(
            f"threads: {self.threads[settled]} then, {self.threads[-1]} at the end; "
            f"handles: {self.handles[settled]} then, {self.handles[-1]} at the end"
        )
        same = self.threads[-1] <= self.threads[settled] and (
            self.handles[-1] <= self.handles[settled]
        )
        return late - early < MOST_MB and same


def hours(length_h: float, folder: Path) -> bool:
    """Run for hours in accelerated time."""
    settings = Settings()
    track = Treadmill()
    writer = SessionWriter(folder, SessionHeader.now(settings, "simulated joints"), finish=finish)
    view = LiveView(settings)
    stepper = Stepper(track.engine, writer)
    screen = Screen(settings.screen, "en", headless=True)
    screen.open()
    screen.view = View.COACH
    lights = (DeviceStatus("camera", LinkState.LIVE, Reason(ReasonCode.CAMERA)),)
    picture = np.full((720, 1280, 3), 60, np.uint8)
    watch, frames = Watch(), round(length_h * 3600 * FPS)
    step_s: list[float] = []
    minute: list[float] = []
    begun_s = time.monotonic()
    for _ in range(frames):
        track.index += 1
        t_s = track.index / FPS
        if track.index % round(300 * FPS) == 0:
            track.runner.compensate()  # Every five minutes something to say.
        pose = track.pose(track.runner.advance(t_s, track.speed(t_s)))
        track.runner.truth.forget()
        belt = [BeltSample(t_s, track.speed(t_s))]
        asked_s = time.perf_counter()
        result = stepper.step(pose, belt)
        minute.append(time.perf_counter() - asked_s)
        for cue in result.cues:
            track.runner.hear(cue.event, t_s)
        view.add_step(Frame(t_s, track.index, picture), result, stepper.settings, t_s)
        if track.index % _DRAW_EVERY == 0:
            screen.show(view.snapshot(t_s, SessionState(lights, recording=True)))
        if track.index % round(FPS) == 0:
            watch.look(t_s)
            while writer.waiting > 60:  # Faster than any disk: let the store keep up.
                time.sleep(0.005)
        if track.index % round(60 * FPS) == 0:
            step_s.append(float(np.median(minute)))
            minute.clear()
    took_s = time.monotonic() - begun_s
    screen.close()
    writer.close()
    if writer.fault is not None:
        print(f"store: {in_words(writer.fault)}")
    folder_mb = sum(p.stat().st_size for p in folder.iterdir()) / 1e6
    print(
        f"\n{length_h:g} hours of running in {took_s / 60:.1f} minutes, folder {folder_mb:.0f} MB"
    )
    good = watch.tell(0.0)
    ratio = float(np.median(step_s[-10:]) / np.median(step_s[1:11]))
    print(
        f"engine step and hand-over to the store: median "
        f"{1e3 * np.median(step_s[1:11]):.3f} ms in the first ten minutes, "
        f"{1e3 * np.median(step_s[-10:]):.3f} ms in the last, ratio {ratio:.2f}"
    )
    return good and writer.fault is None


def minutes(length_min: float, folder: Path) -> bool:
    """Run the demo for minutes in real time."""
    clock, settings = time.monotonic, Settings()
    threads_before = set(threading.enumerate())
    scenario = demo_scenario(60.0 * length_min, tag=True)
    eye = SimulatedCamera(scenario, settings.camera, clock)
    machine = SimulatedTreadmill(
        "csafe", clock, speed_source=lambda: scenario.belt_speed_at(clock())
    )
    machine.start()
    watch, waits = Watch(), []

    def on_step(frame: Frame, result: StepResult) -> None:
        now_s = clock()
        waits.append((now_s - begun_s, now_s - frame.t_capture_s))

    belt = open_treadmill(machine.address, settings.treadmill, clock)
    devices = DeviceSet(eye, belt, Sound(settings.sound, "en", clock))
    listener = Listener(on_step=on_step, on_cue=lambda cue: eye.hear(cue.event, clock()))
    writer = SessionWriter(folder, SessionHeader.now(settings, "bench", devices={}), finish=finish)
    session = LiveSession(
        Engine(settings),
        devices,
        writer,
        LiveView(settings),
        clock=clock,
        listeners=[listener],
    )
    window, _ = open_screen(settings, headless=True)
    window.view = View.COACH
    begun_s = clock()
    session.start()
    stop = threading.Event()

    def keep_watch() -> None:
        while not stop.wait(1.0):
            watch.look(clock() - begun_s)

    watcher = threading.Thread(target=keep_watch)
    watcher.start()
    try:
        show(session, window, headless=False, seconds=60 * length_min, pictures=None, fps=60)
    finally:
        stop.set()
        watcher.join()
        session.stop()
        machine.close()
        window.close()
    if session.error is not None:
        raise session.error
    times = np.array(waits)
    print(
        f"\n{length_min:g} minutes in real time, "
        f"{len(times) / (60 * length_min):.1f} pictures a second"
    )
    good = watch.tell(_SETTLED_S)
    first = times[(times[:, 0] > _SETTLED_S) & (times[:, 0] < _SETTLED_S + 60), 1]
    last = times[times[:, 0] > times[-1, 0] - 60, 1]
    p99 = [1e3 * float(np.percentile(part, 99)) for part in (first, last)]
    p50 = [1e3 * float(np.percentile(part, 50)) for part in (first, last)]
    ratio = p99[1] / p99[0]
    print(f"picture to decision: first minute p50 {p50[0]:.1f} p99 {p99[0]:.1f} ms, "
          f"last p50 {p50[1]:.1f} p99 {p99[1]:.1f} ms, ratio of p99 {ratio:.2f} "
          f"(limit {MOST_RATIO})")  # fmt: skip
    gc.collect()
    left = [t.name for t in set(threading.enumerate()) - threads_before if t.is_alive()]
    print(f"threads left behind: {', '.join(left) or 'none'}")
    return good and ratio < MOST_RATIO and not left


def main() -> int:
    """Run both."""
    parser = argparse.ArgumentParser(description="Does hipcue tire?")
    parser.add_argument("--hours", type=float, default=4.0)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--only", choices=("hours", "minutes"), default=None)
    words = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as room:
        if words.only != "minutes":
            good &= hours(words.hours, Path(room) / "hours")
        if words.only != "hours":
            good &= minutes(words.minutes, Path(room) / "minutes")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
