"""A run whose camera and wire can be broken at will; everything after them is hipcue's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.config.reason_words import advice_on, in_words
from hipcue.config.settings import CameraSettings, Settings, load_settings
from hipcue.devices.camera import LiveCamera
from hipcue.devices.camera.live import Opened
from hipcue.devices.simulated import Scenario, SimulatedCamera
from hipcue.devices.sound import Sound
from hipcue.devices.treadmill import open_treadmill
from hipcue.realtime.engine import Engine
from hipcue.realtime.hud import View
from hipcue.realtime.library.finish import finish
from hipcue.realtime.run.device_set import DeviceSet
from hipcue.realtime.run.live_loop import show
from hipcue.realtime.run.live_session import LiveSession
from hipcue.realtime.run.screen_opening import open_screen
from hipcue.realtime.session import SessionHeader, SessionReader, SessionWriter
from hipcue.realtime.view.live_view import LiveView
from hipcue.realtime.view.snapshot import Snapshot

HOUSE = Path(__file__).parents[2]
Image = NDArray[np.uint8]

# The story of every run: stand, run, then the fault for a while, then time to recover.
FPS, LENGTH_S, BREAK_S, MEND_S = 30, 32.0, 16.0, 21.0
BELT = ((3.0, 0.0), (4.5, 3.0))


def render(folder: Path) -> Path:
    """Film the simulated runner once, with the truth beside the film."""
    path = folder / "runner.mp4"
    scenario = Scenario(LENGTH_S, belt=BELT, tag=True)
    camera = SimulatedCamera(scenario, CameraSettings(fps=FPS, width=960, height=540))
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, (960, 540))
    for frame in camera.frames():
        writer.write(np.ascontiguousarray(frame.image_bgr))
    writer.release()
    camera.truth.write(folder)
    return path


class Eye:
    """A camera driver that plays the film at its pace, until somebody breaks it.

    `change` is what is done to every picture; None for a picture that never comes.
    """

    def __init__(self, film: Path) -> None:
        self._film = cv2.VideoCapture(str(film))
        self._begun_s: float | None = None
        self._at = -1
        self._image: Any = None
        self.plugged = True
        self.every = 1
        self.change: Callable[[Image], Image] = lambda image: image

    @property
    def now_s(self) -> float:
        """Time of the film."""
        return 0.0 if self._begun_s is None else time.monotonic() - self._begun_s

    def zero_s(self) -> float:
        """The film's start on the session's clock."""
        return self._begun_s or 0.0

    def grab(self) -> bool:
        """Wait for the next picture's time; False when unplugged or over."""
        if not self.plugged:
            return False
        if self._begun_s is None:
            self._begun_s = time.monotonic()
        goal = max(self._at + self.every, int(self.now_s * FPS))
        time.sleep(max(self._begun_s + goal / FPS - time.monotonic(), 0.0))
        while self._at < goal:
            if not self._film.grab():
                return False
            self._at += 1
        return True

    def retrieve(self) -> tuple[bool, Any]:
        """Decode it."""
        good, image = self._film.retrieve()
        return good, self.change(image) if good else None

    def release(self) -> None:
        """A driver that is let go; the film stays open for the next one."""


@dataclass
class Told:
    """What a run said and left."""

    folder: Path
    lines: list[tuple[float, str]] = field(default_factory=list)
    zero_s: float = 0.0
    error: str = ""
    before: set[str] = field(default_factory=set)

    def say(self, t_s: float, snapshot: Snapshot) -> None:
        """Keep what the screen says, once each time it is new."""
        told = [(in_words(d.reason), advice_on(d.reason)) for d in snapshot.devices]
        words = [f"{what}: {advice}" for what, advice in told if advice]
        words += [in_words(n) for n in snapshot.notices]
        if snapshot.result is not None:
            words.append(
                f"{snapshot.result.state.value} ({in_words(snapshot.result.state_reason)})"
            )
            words.append(f"belt {snapshot.result.belt_source.value}")
        self.lines += [(t_s, word) for word in words if word not in self.before]
        self.before = set(words)

    def between(self, start_s: float, end_s: float) -> list[str]:
        """What was new in a stretch of the film."""
        return [line for t_s, line in self.lines if start_s <= t_s < end_s]


def run(
    film: Path,
    folder: Path,
    *,
    belt: str = "fixed:3.0",
    at: dict[float, Callable[[Eye], None]] | None = None,
    overrides: dict[str, Any] | None = None,
) -> Told:
    """Run a session on the film's pictures; at given times of the film something happens."""
    base = {"camera.fps": FPS, "camera.width": 960, "camera.height": 540, "sound.speech": False}
    settings: Settings = load_settings(None, {**base, **(overrides or {})})
    eye = Eye(film)
    clock = time.monotonic
    opened = Opened(eye, (960, 540), float(FPS))
    camera = LiveCamera(opened, lambda: opened if eye.plugged else None, settings.camera, clock)
    treadmill = open_treadmill(belt, settings.treadmill, clock)
    devices = DeviceSet(camera, treadmill, Sound(settings.sound, "en", clock))
    writer = SessionWriter(folder, SessionHeader.now(settings, "faults", devices={}), finish=finish)
    session = LiveSession(Engine(settings), devices, writer, LiveView(settings), clock=clock)
    window, _ = open_screen(settings, headless=True)
    window.view = View.COACH
    shown, told = window.show, Told(folder)
    waiting = sorted((at or {}).items())

    def watched(snapshot: Snapshot) -> Any:
        while waiting and eye.now_s >= waiting[0][0]:
            waiting.pop(0)[1](eye)
        told.say(eye.now_s, snapshot)
        return shown(snapshot)

    window.show = watched  # type: ignore[method-assign]
    session.start()
    try:
        show(session, window, headless=False, seconds=LENGTH_S - 0.5, pictures=None, fps=20)
    finally:
        told.lines += [(LENGTH_S, line) for line in session.stop()]
        window.close()
    told.zero_s = eye.zero_s()
    told.error = "" if session.error is None else repr(session.error)
    return told


@dataclass(frozen=True)
class Found:
    """Strides against the truth of the film."""

    strides: int
    missed: int
    wrong: list[str]
    back_s: float | None


def compare(told: Told, film: Path, speed: bool = True) -> Found:
    """Compare what was kept with what the runner did.

    A stride is wrong when nobody took it, or when its time or length is further off than
    three of its own standard uncertainties and a twentieth.
    """
    truth = json.loads((film.parent / "truth.json").read_text())["strides"]
    true = [s for s in truth if s["contact_s"] > 7.0 and s["end_s"] < LENGTH_S - 1.5]
    with SessionReader(told.folder) as kept:
        mine = [s for s in kept.strides if s.contact_s - told.zero_s > 7.0]
    wrong, met = [], set()
    for stride in mine:
        at_s = stride.contact_s - told.zero_s
        same = [
            s for s in truth if s["side"] == stride.side.value and abs(s["contact_s"] - at_s) < 0.15
        ]
        if not same:
            wrong.append(f"{stride.side} at {at_s:.1f} s: nobody took it")
            continue
        met.add((same[0]["side"], same[0]["contact_s"]))
        for name, value in (
            ("stride_time_s", same[0]["stride_time_s"]),
            ("stride_length_m", same[0]["stride_length_m"]),
        ):
            found = stride.measure(name)
            if found.value is not None and abs(found.value - value) > (
                3 * (found.sigma or 0.0) + 0.05 * value
            ):
                wrong.append(
                    f"{stride.side} at {at_s:.1f} s: {name} {found.value:.2f} for {value:.2f}"
                )
    missed = sum((s["side"], s["contact_s"]) not in met for s in true)
    after = [s.contact_s - told.zero_s for s in mine if s.contact_s - told.zero_s > MEND_S]
    back_s = min(after) - MEND_S if after else None
    return Found(len(mine), missed, wrong, back_s)


def hipcue(*words: str, cwd: Path | None = None) -> subprocess.Popen[str]:
    """Start hipcue as a program of its own, without a display."""
    return subprocess.Popen(
        [sys.executable, "-m", "hipcue.realtime.commands.cli", *words],
        cwd=cwd or HOUSE,
        env={**os.environ, "SDL_AUDIODRIVER": "dummy", "SDL_VIDEODRIVER": "dummy"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
