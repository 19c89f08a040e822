"""What each part of a frame's way takes, one after the other in one thread."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from hipcue.config.settings import Settings
from hipcue.devices.camera import Film, film_frames
from hipcue.devices.readings import BeltSample
from hipcue.realtime.engine import Engine
from hipcue.realtime.gait.facing import FacingTracker
from hipcue.realtime.library.finish import finish
from hipcue.realtime.session import SessionHeader, SessionWriter
from hipcue.realtime.view.live_view import LiveView
from hipcue.realtime.vision.back_outline.reader import BackOutlineReader
from hipcue.realtime.vision.pose import open_pose_models
from hipcue.realtime.vision.tag.reader import TagReader

T = TypeVar("T")

_FRAMES, _FIRST = 700, 300


class _Watch:
    """Notes how long calls take."""

    def __init__(self) -> None:
        self.took_s: dict[str, list[float]] = defaultdict(list)
        self._begun_s = 0.0

    def begin(self) -> None:
        self._begun_s = time.perf_counter()

    def end(self, stage: str, result: T) -> T:
        self.took_s[stage].append(time.perf_counter() - self._begun_s)
        return result


def stages(film: Path, folder: Path) -> str:
    """Return a table: per stage mean, median and 99th percentile in ms."""
    settings = Settings()
    model, tag, contour = open_pose_models(settings.pose)[0], TagReader(), BackOutlineReader()
    tracker = FacingTracker()
    engine, view, watch = Engine(settings), LiveView(settings), _Watch()
    writer = SessionWriter(folder, SessionHeader.now(settings, "bench", devices={}), finish=finish)
    frames = film_frames(Film(film))
    for _ in range(_FRAMES):
        watch.begin()
        frame = watch.end("decode", next(frames, None))
        if frame is None:
            break
        watch.begin()
        detection = watch.end("pose", model.detect(frame))
        pose = detection.pose
        if pose.seen:
            facing = tracker.add_pose(pose)
            watch.begin()
            square = watch.end("tag", tag.read(frame.image_bgr, pose, facing))
            watch.begin()
            seen = contour.read(frame.image_bgr, detection.silhouette, pose, facing)
            watch.end("contour", None)
            pose = replace(pose, pelvis=(seen,) if square is None else (square, seen))
        # Not through a `Stepper`: engine and writer are timed one by one.
        belt = [BeltSample(pose.t_capture_s, 3.6)] if frame.index % 8 == 0 else []
        watch.begin()
        result = watch.end("engine step", engine.step(pose, belt))
        watch.begin()
        watch.end("writer hand-over", writer.step(result))
        watch.begin()
        watch.end("view", view.add_step(frame, result, settings, frame.t_capture_s))
    writer.close()
    model.close()
    lines = [f"{'stage, ms a frame':26}{'mean':>7}{'p50':>7}{'p99':>7}"]
    for stage, took in watch.took_s.items():
        ms = 1e3 * np.array(took[min(_FIRST, len(took) // 2) :])
        p50, p99 = np.percentile(ms, (50, 99))
        lines.append(f"{stage:26}{ms.mean():7.2f}{p50:7.2f}{p99:7.2f}")
    return "\n".join(lines) + "\n"
