"""How many trackers this machine wants: measured on a drawn runner, with the engine behind."""

from __future__ import annotations

import os
import time
from collections import deque

from hipcue.config.settings import Settings, changed
from hipcue.devices.readings import Frame
from hipcue.devices.simulated import Scenario, SimulatedCamera
from hipcue.realtime.engine import Engine
from hipcue.realtime.run.low_jitter import undisturbed
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.vision.pipeline import VisionPipeline

# Seconds of running that are drawn; the last pictures are shown forth and back.
_DRAWN_S, _PICTURES = 1.5, 45
# Pictures that are looked at for each number of trackers: models start, the crop settles.
_WARM_UP, _COUNTED = 60, 150
# The screen and the recorder take their share too; our choice.
_ROOM = 1.2
_WAIT_S = 1.0


def tune(settings: Settings) -> str:
    """Measure and return a line with the setting to use.

    Parameters
    ----------
    settings : Settings
        ``camera.fps`` is what is to be followed, at the camera's size.
    """
    pictures = _pictures(settings)
    wanted = settings.camera.fps
    most = min(os.cpu_count() or 1, 4)
    found: dict[int, float] = {}
    for trackers in range(1, most + 1):
        found[trackers] = _rate(settings, trackers, pictures)
        if found[trackers] >= _ROOM * wanted:
            break
    told = ", ".join(f"{rate:.0f} with {trackers}" for trackers, rate in found.items())
    best = max(found, key=lambda trackers: found[trackers])
    enough = found[best] >= _ROOM * wanted
    verdict = f"enough for camera.fps = {wanted:g}" if enough else _too_slow(wanted)
    return f"set pose.trackers = {best} (pictures a second: {told}), {verdict}"


def _too_slow(wanted: float) -> str:
    return f"too few for camera.fps = {wanted:g}: set that lower"


def _rate(settings: Settings, trackers: int, pictures: list[Frame]) -> float:
    chosen = changed(settings, "pose.trackers", trackers)
    stepper = Stepper(Engine(chosen))
    pipeline = VisionPipeline(chosen, _ForthAndBack(pictures, settings.camera.fps))
    begun_s = last_s = 0.0
    try:
        pipeline.start()
        with undisturbed():
            while not pipeline.over:
                seen = pipeline.next(_WAIT_S)
                if seen is None:
                    continue
                stepper.step(seen[1])
                last_s = time.perf_counter()
                if seen[0].index == _WARM_UP:
                    begun_s = last_s
    finally:
        pipeline.close()
    return (_COUNTED - 1) / (last_s - begun_s)


def _pictures(settings: Settings) -> list[Frame]:
    """Some pictures of the simulated runner in full swing, at the camera's size."""
    scenario = Scenario(_DRAWN_S, belt=((0.2, 0.0), (0.5, 3.0)), tag=True)
    return list(deque(SimulatedCamera(scenario, settings.camera).frames(), maxlen=_PICTURES))


class _ForthAndBack:
    """Pictures that are there as soon as they are asked for, without a jump at the end."""

    def __init__(self, pictures: list[Frame], fps: float) -> None:
        self._pictures = [*pictures, *pictures[-2:0:-1]]
        self._fps = fps
        self._next = 0

    @property
    def ended(self) -> bool:
        """Whether all were shown."""
        return self._next >= _WARM_UP + _COUNTED

    def latest(self, timeout_s: float) -> Frame | None:
        """Return the next one."""
        if self.ended:
            return None
        picture = self._pictures[self._next % len(self._pictures)]
        frame = Frame(self._next / self._fps, self._next, picture.image_bgr)
        self._next += 1
        return frame
