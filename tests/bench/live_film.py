"""What is lost in real time: a film at a camera's pace through the live path, against `analyze`.

    python -m tests.bench.live_film [--only NAME] [--set a.b=c]

The film plays as a camera, with everything on (pose model, outline, squares, engine, store,
coach's screen on a dummy display). What the engine was given is then put on the film's own
clock and judged by the same truth as the same film looked at picture by picture.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

from hipcue.config.settings import PelvisSettings, Settings, load_settings
from hipcue.devices.camera.film import Film
from hipcue.devices.camera.paced import PacedFilm
from hipcue.devices.sound import Sound
from hipcue.devices.treadmill import open_treadmill
from hipcue.realtime.engine import Engine
from hipcue.realtime.hud import View
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import Pose, StepResult
from hipcue.realtime.run.device_set import DeviceSet
from hipcue.realtime.run.file_sources import open_source
from hipcue.realtime.run.live_loop import show
from hipcue.realtime.run.live_session import LiveSession
from hipcue.realtime.run.offline import BeltFeed, constant_belt
from hipcue.realtime.run.screen_opening import open_screen
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionHeader, SessionReader, SessionWriter
from hipcue.realtime.view.live_view import LiveView
from tests.bench.accuracy import judge
from tests.bench.samples import Truth, samples

_TOLD = ("strides found", "stride time", "stride length", "peak thigh", "contact,", "toe-off,")


def main() -> None:
    """Play every film and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="films whose name contains this")
    parser.add_argument("--set", action="append", default=[], dest="changes", metavar="KEY=VALUE")
    words = parser.parse_args()
    settings = load_settings(None, dict(change.split("=", 1) for change in words.changes))
    films = [one for one in samples() if one.kind == "clip" and words.only in one.name]
    if not films:
        print("live_film: no films found beside the project; nothing measured")
    for truth in films:
        _compare(truth, settings)


def _compare(truth: Truth, settings: Settings) -> None:
    live, given = _play(truth, settings)
    seen = sum(pose.seen for pose in live) / given
    followed = sum(pose.followed for pose in live) / given
    print(
        f"{truth.name}: {given} pictures, {len(live) / given:.3f} taken, {seen:.3f} with joints, "
        f"{followed:.2f} followed"
    )
    rows = judge(truth, _results(truth, live))
    calm = judge(
        truth, _results(truth, [pose for pose, _ in open_source(truth.path, settings).poses()])
    )
    for row, other in zip(rows, calm, strict=False):
        if row.quantity.startswith(_TOLD) and "decided" not in row.quantity:
            ratio = f"SD {row.sd / other.sd:.2f} times" if other.sd else ""
            print(
                f"  {row.quantity:28} live {row.count:4} {row.bias:7.2f} {row.sd:6.2f}   "
                f"analyzed {other.count:4} {other.bias:7.2f} {other.sd:6.2f} {row.unit:4} "
                f"{ratio} {row.note}"
            )


def _play(truth: Truth, settings: Settings) -> tuple[list[Pose], int]:
    """Run a film live; return the poses on the film's own clock, and how many pictures it has."""
    clock = time.monotonic
    film = Film(truth.path)
    sound = Sound(settings.sound, "en", clock)
    belt = open_treadmill(f"fixed:{truth.speed_mps or 3.0:.3f}", settings.treadmill, clock)
    with tempfile.TemporaryDirectory(prefix="hipcue-live-") as name:
        folder = Path(name) / "session"
        header = SessionHeader.now(settings, "bench", devices={})
        writer = SessionWriter(folder, header, finish=finish)
        session = LiveSession(
            Engine(settings), DeviceSet(PacedFilm(film, clock), belt, sound), writer,
            LiveView(settings),
        )  # fmt: skip
        window, _ = open_screen(settings, headless=True)
        window.view = View.COACH
        session.start()
        try:
            show(session, window, headless=False, seconds=None, pictures=None, fps=60)
        finally:
            session.stop()
            window.close()
        if session.error is not None:
            raise session.error
        with SessionReader(folder) as kept:
            poses = [chunk.pose(k) for chunk in kept.frames.chunks() for k in range(chunk.count)]
    fps = truth.fps
    begun_s = poses[0].t_capture_s - poses[0].index / fps
    return [_moved(pose, begun_s) for pose in poses], round(truth.t_s[-1] * fps) + 1


def _moved(pose: Pose, begun_s: float) -> Pose:
    pelvis = tuple(replace(one, t_s=one.t_s - begun_s) for one in pose.pelvis)
    return replace(pose, t_capture_s=pose.t_capture_s - begun_s, pelvis=pelvis)


def _results(truth: Truth, poses: list[Pose]) -> list[StepResult]:
    settings = Settings(pelvis=PelvisSettings(standing_tilt_deg=truth.standing_tilt_deg))
    stepper = Stepper(Engine(settings))
    feed = BeltFeed(constant_belt(truth.speed_mps))
    return [stepper.step(pose, feed.until(pose.t_capture_s)) for pose in poses]


if __name__ == "__main__":
    main()
