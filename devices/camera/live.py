"""A live camera: its own grabber thread, stamps at the grab, goes on after an unplugging."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import CameraSettings
from hipcue.devices.camera.camera import FrameRate
from hipcue.devices.camera.film import as_bgr
from hipcue.devices.camera.freeze_detector import FreezeDetector
from hipcue.devices.camera.mailbox import Mailbox, RateMeter
from hipcue.devices.camera.repeats import RepeatDetector
from hipcue.devices.camera.silent_cv2 import cv2
from hipcue.devices.readings import Clock, DeviceStatus, Frame, LinkState

# The same picture for longer than this is a hung camera. Our choice: many frames of noise.
FROZEN_AFTER_S = 2.0
# No picture for longer than this shows as stale. Our choice: two strides.
SILENT_AFTER_S = 1.5
# Pauses between attempts to get a lost camera back; the last one repeats.
RETRY_PAUSES_S = (0.25, 0.5, 1.0, 2.0, 4.0)
# Damaged pictures in a row that count as a lost camera (a second at 30 fps).
_BAD_IN_A_ROW = 30


class Source(Protocol):
    """The part of ``cv2.VideoCapture`` that the grabber needs."""

    def grab(self) -> bool:
        """Wait for the next picture; ``False`` when there is none."""

    def retrieve(self) -> tuple[bool, Any]:
        """Decode the picture grabbed last."""

    def release(self) -> None:
        """Give the device back."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A source that opened, and what it promised.

    `complaints` are settings that the camera did not take.
    """

    source: Source
    size_px: tuple[int, int]
    fps: float | None
    complaints: tuple[Reason, ...] = ()


class LiveCamera:
    """Grabs from a source in a thread of its own until closed.

    Parameters
    ----------
    opened : Opened
        The camera, already open.
    reopen : callable
        Opens it again after it was lost; ``None`` when it is not there yet.
    settings : CameraSettings
        `latency_s` is taken off every stamp; `fps` is what was asked for.
    clock : callable
        Read right after every grab.
    retry_pauses_s : tuple of float
        Pauses between attempts to reopen; the last one repeats.
    """

    def __init__(
        self,
        opened: Opened,
        reopen: Callable[[], Opened | None],
        settings: CameraSettings,
        clock: Clock,
        retry_pauses_s: tuple[float, ...] = RETRY_PAUSES_S,
    ) -> None:
        self._opened: Opened | None = opened
        self._reopen = reopen
        self._settings = settings
        self._clock = clock
        self._pauses_s = retry_pauses_s
        self._promised = opened
        self._mailbox = Mailbox()
        self._rate = RateMeter()
        self._freeze = FreezeDetector()
        self._repeats = RepeatDetector()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._state = LinkState.WAITING
        self._trouble = ReasonCode.CAMERA_LOST
        self._last_s = clock()
        self._grabs = 0
        self._bad = 0
        self._attempts = 0

    def start(self) -> None:
        """Begin to grab."""
        if self._thread is None and not self._stop.is_set():
            self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
            self._thread.start()

    def latest(self, timeout_s: float) -> Frame | None:
        """Return the newest frame not yet returned, waiting up to `timeout_s` for one."""
        return self._mailbox.take(timeout_s)

    @property
    def ended(self) -> bool:
        """Whether it was closed; a live camera never ends by itself."""
        return self._mailbox.ended

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the pictures."""
        return self._promised.size_px

    @property
    def fps(self) -> FrameRate:
        """Frames per second asked for, promised and measured."""
        return FrameRate(self._settings.fps, self._promised.fps, self._rate.per_s)

    def status(self) -> DeviceStatus:
        """Return ``camera 60``, or what is wrong and what to do."""
        state = LinkState.OFF if self._stop.is_set() else self._state
        if state is LinkState.LIVE and self._clock() - self._last_s > SILENT_AFTER_S:
            return DeviceStatus("camera", LinkState.STALE, Reason(ReasonCode.CAMERA_SILENT))
        if state is LinkState.LIVE:
            return DeviceStatus("camera", state, self._how_it_gives())
        if state is LinkState.LOST:
            return DeviceStatus("camera", state, Reason(self._trouble))
        return DeviceStatus("camera", state, Reason(ReasonCode.CAMERA))

    def close(self) -> None:
        """Stop grabbing and give the device back."""
        self._stop.set()
        if self._thread is not None:
            # A grab may block for seconds; the thread gives the device back when it returns.
            self._thread.join(3.0)
        elif self._opened is not None:
            self._opened.source.release()
            self._mailbox.close()

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            while not self._stop.is_set():
                if self._opened is None:
                    self._reopen_after_pause()
                elif not self._grab(self._opened.source):
                    self._release()
        except Exception as caught:
            error = caught
        finally:
            self._release()
            self._mailbox.close(error)

    def _grab(self, source: Source) -> bool:
        """Take one picture; ``False`` when the camera is lost or hangs."""
        try:
            if not source.grab():
                return self._lost(ReasonCode.CAMERA_LOST)
            t_s = self._clock() - self._settings.latency_s
            ok, image = source.retrieve()
        except cv2.error:
            return self._lost(ReasonCode.CAMERA_LOST)
        index = self._grabs
        self._grabs += 1
        if not ok or image is None:
            self._mailbox.drop()
            self._bad += 1
            return self._bad < _BAD_IN_A_ROW or self._lost(ReasonCode.CAMERA_LOST)
        self._bad = 0
        image = as_bgr(image)
        still_s = self._freeze.add_picture(image, t_s)
        if still_s > FROZEN_AFTER_S:
            if not self._freeze.dark:
                return self._lost(ReasonCode.CAMERA_FROZEN)
            self._lost(ReasonCode.CAMERA_DARK)  # a covered lens needs no reopening
            return True
        if still_s == 0.0:
            self._state = LinkState.LIVE
            self._attempts = 0
        # One that shows the picture before once more is missing; the camera is there, though.
        self._last_s = t_s
        if not self._repeats.repeats(image, t_s):
            self._mailbox.put(Frame(t_s, index, image))
            self._rate.add_stamp(t_s)
        return True

    def _lost(self, trouble: ReasonCode) -> bool:
        self._trouble = trouble
        self._state = LinkState.LOST
        self._rate.reset()
        return False

    def _release(self) -> None:
        if self._opened is not None:
            self._opened.source.release()
            self._opened = None

    def _reopen_after_pause(self) -> None:
        """Wait a growing pause, then try to open the camera again."""
        pause_s = self._pauses_s[min(self._attempts, len(self._pauses_s) - 1)]
        self._attempts += 1
        if self._stop.wait(pause_s):
            return
        self._opened = self._reopen()
        if self._opened is not None:
            self._promised = self._opened
            if self._trouble is ReasonCode.CAMERA_LOST:
                self._state = LinkState.RECOVERING

    def _how_it_gives(self) -> Reason:
        """Say how many pictures come, and what is not as it was asked for."""
        rate, asked = self._rate.per_s or self._promised.fps, self._settings.fps
        if not rate:
            return Reason(ReasonCode.CAMERA)
        fps, complaints = round(rate), self._promised.complaints
        remark = self._repeats.light()
        if remark is not None:
            return remark
        if rate < 0.9 * asked:
            return Reason(ReasonCode.CAMERA_SLOW, fps=fps, asked=asked)
        if complaints:
            return Reason(ReasonCode.CAMERA_DIFFERS, fps=fps, why=Reason.all_of(complaints))
        return Reason(ReasonCode.CAMERA_AT, fps=fps)
