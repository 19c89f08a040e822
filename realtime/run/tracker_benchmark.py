"""How this machine sees most: measured on a drawn runner at the camera's pace, engine behind."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

import numpy as np

from hipcue.config.settings import Settings, changed
from hipcue.devices.readings import Frame
from hipcue.devices.simulated import Scenario, SimulatedCamera
from hipcue.realtime.engine import Engine
from hipcue.realtime.run.load_shedding import counted
from hipcue.realtime.run.low_jitter import undisturbed
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.vision.cores import cores
from hipcue.realtime.vision.pipeline import VisionPipeline

# Seconds of running that are drawn; the last pictures are shown forth and back.
_DRAWN_S, _PICTURES = 1.5, 45
# Models start and find the runner, and then it counts, seconds. Our choices: all that is tried
# on two cores takes ten seconds.
_WARM_UP_S, _COUNTED_S = 0.8, 2.0
# The screen and the recorder take their share too, so pictures come so much faster; our choice.
_ROOM = 1.2
# Enough of the pictures count; our choice: 1 % is lost by cameras themselves.
_ENOUGH = 0.98
_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """What one way to look achieved.

    Attributes
    ----------
    trackers, threads : int
        The settings.
    looked_at, followed : float
        Shares of the pictures that carry joints: the model looked, or they were followed.
    wait_s : float
        From the picture to the engine's answer, of 95 in 100.
    """

    trackers: int
    threads: int
    looked_at: float
    followed: float
    wait_s: float

    @property
    def counted(self) -> float:
        """Share of the pictures that count as seen."""
        return counted(self.looked_at, self.followed)


def tune(settings: Settings) -> str:
    """Measure and return a line with the settings to use.

    Parameters
    ----------
    settings : Settings
        ``camera.fps`` is what is to be followed, at the camera's size.
    """
    pictures = _pictures(settings)
    found = [_measure(settings, *way, pictures) for way in _ways(cores())]
    best = choose(found)
    wanted = settings.camera.fps
    enough = best.counted >= _ENOUGH
    verdict = "enough for" if enough else "too few, try a lower"
    return (
        f"set pose.trackers = {best.trackers}, pose.threads = {best.threads}; "
        f"of {wanted:g} pictures a second {best.looked_at * wanted:.0f} are looked at and "
        f"{best.followed * wanted:.0f} followed, known within {1e3 * best.wait_s:.0f} ms: "
        f"{verdict} camera.fps{' =' if enough else ' than'} {wanted:g}"
    )


def choose(found: list[Found]) -> Found:
    """Return the quickest of the ways that see enough; where none does, that which sees most."""
    enough = [one for one in found if one.counted >= _ENOUGH]
    if enough:
        return min(enough, key=lambda one: one.wait_s)
    return max(found, key=lambda one: one.counted)


def _ways(cores: int) -> list[tuple[int, int]]:
    """Trackers and threads to try: as many as there are cores, and no more than help."""
    ways = [(1, 1), (2, 1), (1, 2), (3, 1), (2, 2)]
    return [way for way in ways if way[0] * way[1] <= max(cores, 1)]


def _measure(settings: Settings, trackers: int, threads: int, pictures: list[Frame]) -> Found:
    chosen = changed(changed(settings, "pose.trackers", trackers), "pose.threads", threads)
    stepper = Stepper(Engine(chosen))
    source = _Paced(pictures, _ROOM * settings.camera.fps)
    pipeline = VisionPipeline(chosen, source)
    waits: list[float] = []
    looked_at = followed = 0
    try:
        source.start()
        pipeline.start()
        with undisturbed():
            while not pipeline.over:
                seen = pipeline.next(_WAIT_S)
                if seen is None:
                    continue
                frame, pose = seen
                stepper.step(pose)
                if frame.index >= source.counted_from and pose.seen:
                    waits.append(time.monotonic() - frame.t_capture_s)
                    looked_at += not pose.followed
                    followed += pose.followed
    finally:
        pipeline.close()
    given = source.count - source.counted_from
    wait_s = float(np.percentile(waits, 95)) if waits else float("inf")
    return Found(trackers, threads, looked_at / given, followed / given, wait_s)


def _pictures(settings: Settings) -> list[Frame]:
    """Some pictures of the simulated runner in full swing, at the camera's size."""
    scenario = Scenario(_DRAWN_S, belt=((0.2, 0.0), (0.5, 3.0)), tag=True)
    return list(deque(SimulatedCamera(scenario, settings.camera).frames(), maxlen=_PICTURES))


class _Paced:
    """A camera that shows pictures forth and back at its pace, and loses those nobody takes."""

    def __init__(self, pictures: list[Frame], fps: float) -> None:
        self._pictures = [*pictures, *pictures[-2:0:-1]]
        self._fps = fps
        self._next = self._lost = 0
        self._begun_s = 0.0
        self.counted_from = round(_WARM_UP_S * fps)
        self.count = self.counted_from + round(_COUNTED_S * fps)

    def start(self) -> None:
        """Begin."""
        self._begun_s = time.monotonic()

    @property
    def ended(self) -> bool:
        """Whether all were shown."""
        return self._next >= self.count

    def latest(self, timeout_s: float) -> Frame | None:
        """Return the newest one, once it is due."""
        if self.ended:
            return None
        due_s = self._begun_s + self._next / self._fps
        wait_s = due_s - time.monotonic()
        if wait_s > 0:
            time.sleep(min(wait_s, timeout_s))
            if wait_s > timeout_s:
                return None
        newest = min(int((time.monotonic() - self._begun_s) * self._fps), self.count - 1)
        self._lost += newest - self._next
        self._next = newest + 1
        image = self._pictures[newest % len(self._pictures)].image_bgr
        return Frame(self._begun_s + newest / self._fps, newest, image, self._lost)
