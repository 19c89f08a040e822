"""Several trackers side by side: the order holds, nothing piles up, errors come through."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from hipcue.config.settings import CameraSettings, Settings
from hipcue.devices.readings import Frame
from hipcue.devices.simulated import Scenario, SimulatedCamera
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import Stride
from hipcue.realtime.run.file_sources import open_source
from hipcue.realtime.run.offline import BeltFeed, constant_belt
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.vision.film_pool import FilmPool
from tests.pose_model import needs_pose_model

PICTURE = np.zeros((4, 4, 3), np.uint8)


class Film:
    """Pictures that wait until they are asked for."""

    def __init__(self, count: int) -> None:
        self._left = iter(range(count))
        self.ended = False

    def latest(self, timeout_s: float) -> Frame | None:
        index = next(self._left, None)
        self.ended = index is None
        return None if index is None else Frame(float(index), index, PICTURE)


def everything(pool: FilmPool[int]) -> list[tuple[int, int]]:
    """Take every result: number of the picture, and what the worker returned."""
    found = []
    while not pool.over:
        seen = pool.next(1.0)
        if seen is not None:
            found.append((seen[0].index, seen[1]))
    pool.close()
    return found


def tracker_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("tracker")]


def test_a_slow_worker_does_not_get_overtaken():
    def slow(frame: Frame) -> int:
        time.sleep(0.02)
        return 1

    def quick(frame: Frame) -> int:
        return 2

    pool = FilmPool([slow, quick], Film(60))
    pool.start()
    found = everything(pool)
    assert [index for index, _ in found] == list(range(60))
    assert {worker for _, worker in found} == {1, 2}
    assert not tracker_threads()


def test_pictures_go_round_so_that_films_come_out_the_same():
    def slow(frame: Frame) -> int:
        time.sleep(0.005)
        return 0

    workers = [slow, lambda frame: 1, lambda frame: 2]
    pool = FilmPool(workers, Film(31))
    pool.start()
    assert everything(pool) == [(index, index % 3) for index in range(31)]


def test_no_more_than_one_result_waits_when_nobody_takes_them():
    begun = threading.Semaphore(0)
    seen: list[int] = []

    def worker(frame: Frame) -> int:
        seen.append(frame.index)
        begun.release()
        return frame.index

    pool = FilmPool([worker], Film(50))
    pool.start()
    # The first result lies there, the second one is ready and must wait behind it.
    assert begun.acquire(timeout=5) and begun.acquire(timeout=5)
    assert not begun.acquire(timeout=0.3)
    assert seen == [0, 1]
    taken = pool.next(5.0)
    assert taken is not None and taken[1] == 0
    assert begun.acquire(timeout=5)
    assert not begun.acquire(timeout=0.3)
    assert seen == [0, 1, 2]
    pool.close()
    assert not tracker_threads()


def test_a_worker_that_breaks_ends_the_run_with_its_error():
    def breaks(frame: Frame) -> int:
        if frame.index == 5:
            raise RuntimeError("the model is gone")
        return frame.index

    pool = FilmPool([breaks, breaks], Film(1000))
    pool.start()
    with pytest.raises(RuntimeError, match="the model is gone"):
        everything(pool)
    pool.close()
    assert not tracker_threads()


def test_a_camera_that_breaks_ends_the_run_with_its_error():
    class Broken:
        ended = False

        def latest(self, timeout_s: float) -> Frame | None:
            raise OSError("no such device")

    pool = FilmPool([lambda frame: frame.index], Broken())
    pool.start()
    with pytest.raises(OSError, match="no such device"):
        pool.next(5.0)
    pool.close()
    assert not tracker_threads()


def test_closing_lets_everybody_go_home_while_no_picture_comes():
    class Dark:
        ended = False

        def latest(self, timeout_s: float) -> Frame | None:
            time.sleep(timeout_s)
            return None

    pool = FilmPool([lambda frame: 0] * 3, Dark())
    pool.start()
    assert pool.next(0.05) is None
    assert not pool.over
    pool.close()
    pool.close()
    assert not tracker_threads()


def film_of_a_runner(path: Path) -> list[float]:
    """Stand for 2 s, then run at 3 m/s, at 60 pictures a second; return the true contacts."""
    scenario = Scenario(7.0, seed=1, belt=((2.0, 0.0), (3.5, 3.0)), noise=0.0)
    camera = SimulatedCamera(scenario, CameraSettings(fps=60, width=640, height=480))
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 60, (640, 480))
    for frame in camera.frames():
        writer.write(np.ascontiguousarray(frame.image_bgr))
    writer.release()
    return [stride.contact_s for stride in camera.truth.strides]


def strides_of(film: Path, trackers: int) -> list[Stride]:
    settings = Settings.model_validate({"pose": {"trackers": trackers}})
    stepper, belt = Stepper(Engine(settings)), BeltFeed(constant_belt(3.0))
    found: list[Stride] = []
    for pose, _ in open_source(film, settings).poses():
        found.extend(stepper.step(pose, belt.until(pose.t_capture_s)).strides)
    return found


@needs_pose_model
def test_two_trackers_find_the_strides_that_one_finds(tmp_path: Path):
    film = tmp_path / "runner.mp4"
    true_s = film_of_a_runner(film)
    # While the belt speeds up every picture counts: one more or less finds a stride.
    one, two = (
        [stride for stride in strides_of(film, trackers) if stride.contact_s > 4.0]
        for trackers in (1, 2)
    )
    assert len(one) >= 6
    assert [stride.side for stride in one] == [stride.side for stride in two]
    # Each as right as the other: to a frame and a half.
    for stride in (*one, *two):
        assert min(abs(stride.contact_s - contact_s) for contact_s in true_s) < 1.5 / 60
