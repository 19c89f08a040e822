"""Every screen in every state at every size as a picture, and how long drawing takes.

    python -m tests.bench.screens [--out FOLDER] [--only STATE] [--time]

The pictures are to be looked at; they stay out of the project. With --time nothing is
written: the coach's screen is drawn at 1920x1080 as a session would draw it, with a new
picture every frame and a new stride every third of a second.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray

from hipcue.config.settings import ScreenSettings
from hipcue.devices.readings import Frame
from hipcue.realtime.hud import Screen, View
from hipcue.realtime.records import Measurement
from hipcue.realtime.view.latency import Latency
from hipcue.realtime.view.snapshot import Choices, Snapshot
from tests.realtime.hud.opened import SIZES, opened, press, settle
from tests.realtime.hud.replayed import replayed
from tests.realtime.hud.sample_snapshots import NOW_S, STATES, snapshot, strides
from tests.realtime.hud.setup_stories import stories

SHARED = Path(__file__).parents[2] / ".." / "shared"
_DIALOGS = {
    "mark": pygame.K_SPACE,
    "cues": pygame.K_c,
    "name": pygame.K_r,
    "help": pygame.K_F1,
    "latency": pygame.K_l,
    "quit": pygame.K_q,
}
_FRAMES = 600


def real_picture() -> NDArray[np.uint8] | None:
    """A frame of a film of a runner, where there is one beside the project."""
    film = cv2.VideoCapture(str(SHARED / "clips" / "dev_right_3p0.mp4"))
    film.set(cv2.CAP_PROP_POS_FRAMES, 300)
    good, image = film.read()
    film.release()
    return np.asarray(image, np.uint8) if good else None


def draw_all(folder: Path, only: str = "") -> list[Path]:
    """Write a picture of every view and dialog; return the files.

    Each state gets a screen of its own, so that nothing of another one is in its picture.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for size in SIZES:
        for language in ("en", "de"):
            tail = f"{size[0]}x{size[1]}-{language}.png"
            for view in View:
                for state in STATES:
                    if only in state:
                        path = folder / f"{view}-{state.replace(' ', '-')}-{tail}"
                        written.append(_draw(told(state, language), path, size, language, view))
            for story, shown in stories().items():
                if only in story:
                    path = folder / f"setup_{story.replace(' ', '-').replace(',', '')}-{tail}"
                    written.append(_draw(shown, path, size, language, View.SETUP))
            for state in STATES:
                if only in state or only == "replay":
                    path = folder / f"replay-{state.replace(' ', '-')}-{tail}"
                    shown = replayed(state, language, playing=False)
                    written.append(_draw(shown, path, size, language, View.COACH))
            for name, key in _DIALOGS.items():
                if only in "dialogs":
                    path = folder / f"dialog-{name}-{tail}"
                    shown = told("compensating", language)
                    written.append(_draw(shown, path, size, language, View.COACH, key))
    for language in ("en", "de"):
        for state in STATES:
            if only in state:
                path = folder / f"runner_window-{state.replace(' ', '-')}-{language}.png"
                written.append(_draw_runner_window(told(state, language), path, language))
    return written


def told(state: str, language: str) -> Snapshot:
    """A snapshot with what the dialogs offer."""
    shown = snapshot(state, language=language)
    chosen = Choices("faded", "external", 4.0)
    return replace(shown, choices=chosen, known_runners=("Ada", "Ben", "Cleo"))


def _draw(
    shown: Snapshot,
    path: Path,
    size: tuple[int, int],
    language: str,
    view: View,
    key: int | None = None,
) -> Path:
    with opened(size, language, view) as screen:
        settle(screen, shown)
        if key is not None:
            press(key)
            settle(screen, shown)
        screen.screenshot(path)
    return path


def _draw_runner_window(shown: Snapshot, path: Path, language: str) -> Path:
    """What the runner's own window shows beside the coach's."""
    with opened((1024, 600), language) as screen:
        screen.show(replace(shown, t_s=shown.t_s - 2.0))
        press(pygame.K_F4)
        settle(screen, shown)
        screen.runner_window.screenshot(path)
    return path


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds per frame."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Timing:
        """Percentiles of frame times."""
        return cls(*(float(v) for v in 1e3 * np.percentile(np.array(seconds), (50, 95, 99))))


def a_run(moving_picture: bool) -> list[Snapshot]:
    """Ten seconds at sixty frames a second, in which all moves that moves in a run."""
    base = snapshot("compensating")
    every = strides("compensating")
    assert base.frame is not None and base.result is not None
    still = base.frame.image_bgr
    images = [np.roll(still, 7 * k, axis=1) for k in range(8)] if moving_picture else [still]
    run = []
    for number in range(_FRAMES):
        t_s = NOW_S - 10.0 + number / 60.0
        shown = tuple(s for s in every if t_s - 180.0 < s.end_s <= t_s)
        frame = Frame(t_s - 0.01, number, images[number % len(images)])
        swing = 12.0 * np.sin(2 * np.pi * 1.4 * t_s)
        pose = replace(
            base.result.preview_pose,
            xy_px=base.result.preview_pose.xy_px + np.array((swing, 0.2 * swing)),
        )
        result = replace(
            base.result,
            preview_pose=pose,
            belt_speed_mps=Measurement(3.44 + 0.02 * np.sin(t_s), 0.02),
            distance_m=3861.0 + 3.44 * number / 60.0,
            strides_in_state=number // 42,
        )
        latency = Latency(34.0 + number % 3, 48.0 + number % 5, 61.0 + number % 7)
        run.append(
            replace(
                base,
                t_s=t_s,
                elapsed_s=t_s,
                frame=frame,
                result=result,
                latency=latency,
                strides=shown,
                last_stride={s.side: s for s in shown[-4:]},
            )
        )
    return run


def time_coach(size: tuple[int, int] = (1920, 1080)) -> dict[str, Timing]:
    """Measure drawing with a new picture every frame, and with one that stays.

    Wall time and processor time are both told: on a busy machine the first one also
    holds what others did.
    """
    found = {}
    for name, moving in (("with picture upload", True), ("without", False)):
        with closing(
            Screen(ScreenSettings(width=size[0], height=size[1]), headless=True)
        ) as screen:
            screen.open()
            screen.view = View.COACH
            run = a_run(moving)
            wall, processor = [], []
            for number, shown in enumerate(run):
                began, used = time.perf_counter(), time.thread_time()
                screen.show(shown)
                if number >= 30:
                    wall.append(time.perf_counter() - began)
                    processor.append(time.thread_time() - used)
            found[f"{name}, wall"] = Timing.of(wall)
            found[f"{name}, processor"] = Timing.of(processor)
    return found


def main() -> None:
    """Draw them all, or measure."""
    parser = argparse.ArgumentParser(description="Draw every screen in every state.")
    parser.add_argument("--out", type=Path, default=None, help="a new folder elsewhere if unset")
    parser.add_argument("--only", default="", help="states whose name contains this")
    parser.add_argument("--time", action="store_true", help="measure instead of writing")
    words = parser.parse_args()
    if words.time:
        for name, timing in time_coach().items():
            print(f"{name:32} p50 {timing.p50:.2f}  p95 {timing.p95:.2f}  p99 {timing.p99:.2f} ms")
        return
    folder = words.out or Path(tempfile.mkdtemp(prefix="hipcue-screens-"))
    print(f"{len(draw_all(folder, words.only))} pictures in {folder}")


if __name__ == "__main__":
    main()
