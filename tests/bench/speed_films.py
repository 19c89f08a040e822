"""A film as a camera that is as fast as whoever looks, and a film to use where there is none."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import cv2

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import CameraSettings
from hipcue.devices.camera import Film, FrameRate, Mailbox
from hipcue.devices.readings import DeviceStatus, Frame, LinkState
from hipcue.devices.simulated import SimulatedCamera, demo_scenario
from tests.bench.samples import SHARED

# With tags, so that every part has work to do.
_CLIP = "dev_left_3p6_tag.mp4"
# It begins with 4 s of standing: a second of them is enough.
_STANDING_S = 3.0


def material(folder: Path, seconds: float = 20.0) -> Path:
    """Return the clip beside the project, or draw the simulated runner into a film."""
    clip = SHARED / "clips" / _CLIP
    if clip.exists():
        return clip
    path = folder / "runner.mp4"
    camera = CameraSettings()
    source = SimulatedCamera(demo_scenario(seconds, tag=True), camera)
    writer = cv2.VideoWriter(
        str(path), cv2.VideoWriter.fourcc(*"mp4v"), camera.fps, (camera.width, camera.height)
    )
    for frame in source.frames():
        writer.write(frame.image_bgr)
    writer.release()
    return path


class EagerFilm:
    """A film whose next picture lies ready as soon as the last one was taken.

    Parameters
    ----------
    path : Path
        The film; it begins again at its end until `frames` were taken.
    frames : int
        How many it gives.
    fps : float, optional
        Pace of a real camera instead: pictures nobody took in time are dropped, stamps are
        those of the clock. Without it nothing is dropped and stamps are the film's own.
    """

    def __init__(self, path: Path, frames: int, fps: float | None = None) -> None:
        self._path = path
        self._frames = frames
        self._pace = fps
        with Film(path) as film:
            self._size, self._rate = film.size_px, film.fps or 30.0
        self._mailbox = Mailbox()
        self._taken = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.given_s: dict[int, float] = {}
        self.dropped = 0

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="film", daemon=True)
        self._thread.start()

    def latest(self, timeout_s: float) -> Frame | None:
        """Return the next picture."""
        frame = self._mailbox.take(timeout_s)
        if frame is not None:
            self.dropped = frame.dropped
            self._taken.set()
        return frame

    @property
    def ended(self) -> bool:
        """Whether all were taken."""
        return self._mailbox.ended

    def status(self) -> DeviceStatus:
        """Return its light."""
        return DeviceStatus("camera", LinkState.LIVE, Reason(ReasonCode.FILM))

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return self._size

    @property
    def fps(self) -> FrameRate:
        """Of the film."""
        return FrameRate(None, self._rate, None)

    def close(self) -> None:
        """Stop."""
        self._stop.set()
        self._taken.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            self._give()
        except Exception as caught:
            error = caught
        finally:
            self._mailbox.close(error)

    def _give(self) -> None:
        index = 0
        # Faster than life: strides on the screen shall not lie in its future.
        begin_s = time.monotonic() - self._frames / self._rate / 2
        due_s = time.monotonic()
        while True:
            with Film(self._path) as film:
                skip = 0 if index else round(_STANDING_S * self._rate)
                for _ in range(skip):
                    film.grab()
                while film.grab() is not None:
                    image = film.picture()
                    assert image is not None
                    if self._pace is None:
                        if index:
                            self._taken.wait()
                        self._taken.clear()
                        stamp_s = begin_s + index / self._rate
                    else:
                        due_s += 1.0 / self._pace
                        time.sleep(max(0.0, due_s - time.monotonic()))
                        stamp_s = time.monotonic()
                    if self._stop.is_set() or index >= self._frames:
                        return
                    self.given_s[index] = time.monotonic()
                    self._mailbox.put(Frame(stamp_s, index, image))
                    index += 1
