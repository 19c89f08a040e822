"""How long a cue takes: from the decision to the mixer, and from the push-off to the tone.

    python -m tests.bench.sound [--seconds N] [--fps N]

A simulated runner who never gives in borrows for the whole run, and every stride is told: a
tone a step. Camera, pose model, engine, store, screen at 60 Hz (on a dummy display) and mixer
run as in `hipcue run`, in one process, so that they are in each other's way as they are in
use. What the system adds behind the mixer only a microphone hears: `hipcue devices
--sound-latency`. Without a sound server SDL's dummy driver takes the sound, at its true pace.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import numpy as np

from hipcue.config.reason_words import in_words
from hipcue.config.settings import load_settings
from hipcue.devices.simulated import Scenario, SimulatedCamera
from hipcue.devices.sound import Sound
from hipcue.devices.sound.outputs import inspect_outputs
from hipcue.devices.treadmill import open_treadmill
from hipcue.realtime.engine import Engine
from hipcue.realtime.hud import View
from hipcue.realtime.library.finish import finish
from hipcue.realtime.run.device_set import DeviceSet
from hipcue.realtime.run.live_loop import show
from hipcue.realtime.run.live_session import Listener, LiveSession
from hipcue.realtime.run.screen_opening import open_screen
from hipcue.realtime.session import SessionHeader, SessionReader, SessionWriter
from hipcue.realtime.view.live_view import LiveView

# Standing, ramp, baseline; then the borrowing begins.
_STANDING_S, _RAMP_S, _ONSET_S = 5.0, 2.0, 16.0


def run(seconds: float, folder: Path, fps: int = 60) -> None:
    """Record a session in which a cue comes with nearly every step."""
    overrides = {
        "feedback.schedule": "every_stride",
        "feedback.cooldown_s": 0.0,
        "camera.fps": fps,
    }
    settings = load_settings(None, overrides)
    clock = time.monotonic
    belt = ((_STANDING_S, 0.0), (_STANDING_S + _RAMP_S, 3.0))
    scenario = Scenario(seconds, responds=False, tag=True, belt=belt, onsets_s=(_ONSET_S,))
    eye = SimulatedCamera(scenario, settings.camera, clock)
    sound = Sound(settings.sound, "en", clock)
    devices = DeviceSet(eye, open_treadmill("fixed:3.0", settings.treadmill, clock), sound)
    writer = SessionWriter(folder, SessionHeader.now(settings, "bench", devices={}), finish=finish)
    seen: list[int] = []
    session = LiveSession(
        Engine(settings),
        devices,
        writer,
        LiveView(settings),
        clock=clock,
        listeners=[Listener(on_step=lambda frame, result: seen.append(frame.index))],
    )
    window, _ = open_screen(settings, headless=True)
    window.view = View.COACH
    session.start()
    try:
        show(session, window, headless=False, seconds=seconds, pictures=None, fps=60)
        how = in_words(sound.status().reason)
        print(f"sound: {how}; pictures: {len(seen) / seconds:.0f} a second")
    finally:
        session.stop()
        window.close()
    if session.error is not None:
        raise session.error


def tell(name: str, seconds: Sequence[float], target: str) -> None:
    """Print percentiles of a latency."""
    if not seconds:
        print(f"{name}: nothing was played")
        return
    p50, p95, p99 = 1e3 * np.percentile(seconds, (50, 95, 99))
    print(f"{name} ({len(seconds)}): p50 {p50:.0f}  p95 {p95:.0f}  p99 {p99:.0f} ms, {target}")


def main() -> None:
    """Run, and print what was stamped."""
    parser = argparse.ArgumentParser(description="How long a cue takes to be heard.")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--fps", type=int, default=60, help="pictures a second")
    words = parser.parse_args()
    if inspect_outputs().trouble:
        os.environ["SDL_AUDIODRIVER"] = "dummy"
    with tempfile.TemporaryDirectory() as room:
        run(words.seconds, Path(room) / "run", words.fps)
        with SessionReader(Path(room) / "run") as kept:
            cues = [c for c in kept.cues if c.event in ("tilt_out", "tilt_back")]
            played = {
                c.number: kept.played[c.number].stamps for c in cues if c.number in kept.played
            }
            print(f"{len(cues)} tones decided, {len(played)} played")
            tones = [(c, played[c.number]) for c in cues if c.number in played]
    tell("picture to pose", [s["pose_s"] - c.t_capture_s for c, s in tones], "no target")
    tell("pose to decision", [s["decision_s"] - s["pose_s"] for _, s in tones], "no target")
    tell("decision to mixer", [s["mixer_s"] - s["decision_s"] for _, s in tones], "p99 under 30")
    tell("picture to mixer", [s["mixer_s"] - c.t_capture_s for c, s in tones], "no target")
    tell("push-off to mixer", [s["mixer_s"] - c.t_event_s for c, s in tones], "p95 under 250")


if __name__ == "__main__":
    main()
