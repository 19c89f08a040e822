"""The programs that the speed bench runs against each other."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from hipcue.config.settings import Settings
from hipcue.devices.readings import Frame
from hipcue.devices.sound import Sound
from hipcue.devices.treadmill import open_treadmill
from hipcue.realtime.engine import Engine
from hipcue.realtime.hud import View
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import StepResult
from hipcue.realtime.run.device_set import DeviceSet
from hipcue.realtime.run.live_loop import show
from hipcue.realtime.run.live_session import Listener, LiveSession
from hipcue.realtime.run.screen_opening import open_screen
from hipcue.realtime.session import SessionHeader, SessionWriter
from hipcue.realtime.view.live_view import LiveView
from tests.bench.speed_films import EagerFilm

# Frames at the start of a block that are not counted: models start, crops settle.
WARM_UP = 40


@dataclass(slots=True)
class Block:
    """What one block of one program took.

    `wait_s` are the waits of single frames: of the bare call, or from capture to decision;
    `looked_at` and `followed` count the pictures that carry joints, by where they are from;
    `others` is the share of the machine that other programs took meanwhile.
    """

    frames: int
    wall_s: float
    cpu_s: float
    wait_s: list[float] = field(default_factory=list)
    looked_at: int = 0
    followed: int = 0
    dropped: int = 0
    strides: int = 0
    screens_hz: float = 0.0
    given: int = 0
    others: float = 0.0

    @property
    def fps(self) -> float:
        """Frames per second."""
        return self.frames / self.wall_s

    @property
    def waits_ms(self) -> tuple[float, float, float]:
        """Waits of single frames: p50, p95 and p99."""
        p50, p95, p99 = np.percentile(self.wait_s or [0.0], (50, 95, 99))
        return 1e3 * float(p50), 1e3 * float(p95), 1e3 * float(p99)

    @property
    def cpu_ms(self) -> float:
        """Processor time per frame, all threads, ms."""
        return 1e3 * self.cpu_s / self.frames


def solution(mask: bool, **more: Any) -> Any:
    """MediaPipe as our settings have it."""
    from mediapipe.python.solutions.pose import Pose

    return Pose(model_complexity=1, enable_segmentation=mask, **more)


class Bare:
    """The floor: decode, call the model, nothing else."""

    def __init__(self, film: Path, mask: bool) -> None:
        self._model = solution(mask, smooth_landmarks=False, smooth_segmentation=False)
        self._film = cv2.VideoCapture(str(film))
        self.run(WARM_UP)

    def run(self, frames: int) -> Block:
        """Look at so many frames."""
        waits = []
        begun, used = time.perf_counter(), time.process_time()
        for _ in range(frames):
            image = _next(self._film)
            called = time.perf_counter()
            self._model.process(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
            waits.append(time.perf_counter() - called)
        took = time.perf_counter() - begun
        return Block(frames, took, time.process_time() - used, waits)

    def close(self) -> None:
        """Give the model back."""
        self._model.close()
        self._film.release()


class UsualScript:
    """What people write themselves: read, infer, three angles, draw, one after the other."""

    def __init__(self, film: Path) -> None:
        self._model = solution(mask=False)
        self._film = cv2.VideoCapture(str(film))
        self.run(WARM_UP)

    def run(self, frames: int) -> Block:
        """Look at so many frames."""
        from mediapipe.python.solutions import drawing_utils
        from mediapipe.python.solutions.pose import POSE_CONNECTIONS

        begun, used = time.perf_counter(), time.process_time()
        for _ in range(frames):
            image = _next(self._film)
            seen = self._model.process(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
            if seen.pose_landmarks is None:
                continue
            height, width = image.shape[:2]
            points = np.array(
                [(mark.x * width, mark.y * height) for mark in seen.pose_landmarks.landmark]
            )
            drawing_utils.draw_landmarks(image, seen.pose_landmarks, POSE_CONNECTIONS)
            for row, (a, b, c) in enumerate(((11, 23, 25), (23, 25, 27), (25, 27, 31))):
                u, v = points[a] - points[b], points[c] - points[b]
                share = u @ v / (np.linalg.norm(u) * np.linalg.norm(v))
                text = f"{np.degrees(np.arccos(np.clip(share, -1, 1))):.0f}"
                at = (10, 30 + 30 * row)
                cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1, (255, 255, 255), 2)
        return Block(frames, time.perf_counter() - begun, time.process_time() - used)

    def close(self) -> None:
        """Give the model back."""
        self._model.close()
        self._film.release()


def complete(
    film: Path,
    folder: Path,
    frames: int,
    *,
    models: Mapping[str, int | str] | None = None,
    silhouette: bool = True,
    screen: bool = True,
    fps: float | None = None,
) -> Block:
    """Run hipcue as `hipcue run` does, on a film as fast as the model can look at it.

    With `fps` the film comes at the pace of a camera instead, and pictures are followed where
    the model has no time. The first frames are not counted. `models` are settings of the pose
    model: trackers, threads, runtime.
    """
    pelvis = {} if silhouette else {"source": "tag"}
    follow = {"follow": fps is not None}
    settings = Settings.model_validate({"pose": {**(models or {}), **follow}, "pelvis": pelvis})
    eye = EagerFilm(film, frames + WARM_UP, fps)
    belt = open_treadmill("fixed:3.6", settings.treadmill, time.monotonic)
    sound = Sound(settings.sound, "en", time.monotonic)
    block = Block(frames, 0.0, 0.0)
    stamps: list[tuple[float, float]] = []
    lost_before = 0

    def on_step(frame: Frame, result: StepResult) -> None:
        nonlocal lost_before
        now_s = time.monotonic()
        block.strides += len(result.strides)
        if frame.index < WARM_UP:
            lost_before = frame.dropped
        else:
            block.dropped = frame.dropped - lost_before
            block.wait_s.append(now_s - eye.given_s[frame.index])
            block.followed += result.raw_pose.followed
            block.looked_at += result.raw_pose.seen and not result.raw_pose.followed
        stamps.append((now_s, time.process_time()))

    writer = SessionWriter(folder, SessionHeader.now(settings, "bench", devices={}), finish=finish)
    session = LiveSession(
        Engine(settings),
        DeviceSet(eye, belt, sound),
        writer,
        LiveView(settings),
        listeners=[Listener(on_step=on_step)],
    )
    drawn = 0
    if screen:
        window, _ = open_screen(settings, headless=True)
        window.view = View.COACH
        shown = window.show

        def counted(snapshot: Any) -> Any:
            nonlocal drawn
            drawn += 1
            return shown(snapshot)

        window.show = counted  # type: ignore[method-assign]
    session.start()
    begun_s = time.monotonic()
    try:
        if screen:
            # The dummy display counts as none, so `headless` is said to be false here.
            show(session, window, headless=False, seconds=None, pictures=None, fps=60)
        else:
            while session.running:
                time.sleep(0.02)
    finally:
        block.screens_hz = drawn / (time.monotonic() - begun_s)
        session.stop()
        if screen:
            window.close()
    if session.error is not None:
        raise session.error
    first, last = stamps[min(WARM_UP, len(stamps) - 2)], stamps[-1]
    block.frames = len(stamps) - 1 - min(WARM_UP, len(stamps) - 2)
    block.wall_s, block.cpu_s = last[0] - first[0], last[1] - first[1]
    block.given = len(eye.given_s)
    return block


def _next(film: cv2.VideoCapture) -> Any:
    good, image = film.read()
    if not good:
        film.set(cv2.CAP_PROP_POS_FRAMES, 0)
        good, image = film.read()
    assert good
    return image
