"""A camera that looks at the simulated runner, in real time or as fast as it can."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import CameraSettings
from hipcue.devices.camera import FrameRate, Mailbox, RateMeter
from hipcue.devices.readings import Clock, DeviceStatus, Frame, LinkState
from hipcue.devices.simulated.figure import Figure
from hipcue.devices.simulated.scenario import Scenario
from hipcue.devices.simulated.truth import Truth

# A scenario's last frame is the last one before its end.
_END_EPS_S = 1e-9


class SimulatedCamera:
    """Draws a scenario; a `hipcue.devices.camera.Camera` like every other.

    Parameters
    ----------
    scenario : Scenario
        Its `started_s` is set when the camera starts.
    settings : CameraSettings
        Size and frames per second.
    clock : callable
        The monotonic clock of the session.
    """

    def __init__(
        self, scenario: Scenario, settings: CameraSettings, clock: Clock = time.monotonic
    ) -> None:
        self.scenario = scenario
        self._settings = settings
        self._clock = clock
        self._figure = Figure(
            scenario.body,
            (settings.width, settings.height),
            scenario.near,
            scenario.tag,
            scenario.roll_deg,
            scenario.noise,
        )
        self._runner = scenario.runner()
        self._heard: deque[tuple[str, float]] = deque()
        self._mailbox = Mailbox()
        self._rate = RateMeter()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def truth(self) -> Truth:
        """What the runner really did; complete when the camera has ended."""
        return self._runner.truth

    def hear(self, event: str, t_s: float) -> None:
        """Tell the runner of a cue played at `t_s` of the clock; from any thread."""
        self._heard.append((event, t_s))

    def belt_speed_mps(self) -> float:
        """Return the belt's speed now, as a treadmill's `speed_source`; 0 before the start."""
        return self.scenario.belt_speed_at(self._clock())

    def frames(self) -> Iterator[Frame]:
        """Yield every frame at once, t = index / fps from 0, instead of `start`.

        A cue is heard before the next frame; its time counts from 0 too.
        """
        self.scenario.started_s = 0.0
        for index in range(self._count):
            yield self._take(index)

    def start(self) -> None:
        """Begin to film; t = 0 of the scenario is now."""
        if self._thread is None and not self._stop.is_set():
            self.scenario.started_s = self._clock()
            self._thread = threading.Thread(target=self._run, name="simulated", daemon=True)
            self._thread.start()

    def latest(self, timeout_s: float) -> Frame | None:
        """Return the newest frame not yet returned, waiting up to `timeout_s` for one."""
        return self._mailbox.take(timeout_s)

    @property
    def ended(self) -> bool:
        """Whether the scenario is over and its last frame was taken."""
        return self._mailbox.ended

    def status(self) -> DeviceStatus:
        """Return ``simulated 60`` while it films, ``simulated over`` after the end."""
        if self._mailbox.ended:
            return DeviceStatus("camera", LinkState.OFF, Reason(ReasonCode.SIMULATED_OVER))
        if self._thread is None:
            return DeviceStatus("camera", LinkState.WAITING, Reason(ReasonCode.SIMULATED))
        rate = self._rate.per_s or self._settings.fps
        reason = Reason(ReasonCode.SIMULATED_AT, fps=round(rate))
        return DeviceStatus("camera", LinkState.LIVE, reason)

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the pictures."""
        return self._figure.size_px

    @property
    def fps(self) -> FrameRate:
        """Frames per second asked for, which are given, and counted."""
        return FrameRate(self._settings.fps, self._settings.fps, self._rate.per_s)

    def close(self) -> None:
        """Stop filming; a second call does nothing."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2.0)
        self._mailbox.close()

    @property
    def _count(self) -> int:
        return int(self.scenario.seconds * self._settings.fps + _END_EPS_S)

    def _take(self, index: int) -> Frame:
        begin_s = self.scenario.started_s or 0.0
        t_s = index / self._settings.fps
        while self._heard:
            event, heard_s = self._heard.popleft()
            self._runner.hear(event, heard_s - begin_s)
        self.scenario.run_on(self._runner, t_s)
        pose = self._runner.advance(t_s, self.scenario.belt_speed_mps(t_s))
        image = self._figure.draw(pose)
        image.setflags(write=False)
        return Frame(begin_s + t_s, index, image)

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            self._film()
        except Exception as caught:
            error = caught
        finally:
            self._mailbox.close(error)

    def _film(self) -> None:
        begin_s = self.scenario.started_s or 0.0
        step_s = 1.0 / self._settings.fps
        index = 0
        while index < self._count and not self._stop.is_set():
            wait_s = begin_s + index * step_s - self._clock()
            if wait_s > 0:
                self._stop.wait(min(wait_s, 0.1))
                continue
            # Too late for some: a camera does not queue, it loses the pictures.
            for _ in range(min(int(-wait_s / step_s), self._count - 1 - index)):
                self._mailbox.drop()
                index += 1
            frame = self._take(index)
            self._mailbox.put(frame)
            self._rate.add_stamp(frame.t_capture_s)
            index += 1
