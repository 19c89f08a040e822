"""A film as a camera: it plays at its own pace and ends."""

from __future__ import annotations

import threading

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.camera.camera import FrameRate
from hipcue.devices.camera.film import CUT_OFF, Film
from hipcue.devices.camera.mailbox import Mailbox, RateMeter
from hipcue.devices.camera.repeats import RepeatDetector
from hipcue.devices.readings import Clock, DeviceStatus, Frame, LinkState


class PacedFilm:
    """A film as a camera: plays at its own pace, ends with its last frame.

    Times are those at which a camera would have taken the pictures: the start on the
    clock plus the container's stamp, whenever the decoding happened. Frames that are
    already late when they are decoded count as dropped; those that repeat the one before are
    left out.
    """

    def __init__(self, film: Film, clock: Clock) -> None:
        self._film = film
        self._clock = clock
        self._mailbox = Mailbox()
        self._rate = RateMeter()
        self._repeats = RepeatDetector()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to play."""
        if self._thread is None and not self._stop.is_set():
            self._thread = threading.Thread(target=self._run, name="film", daemon=True)
            self._thread.start()

    def latest(self, timeout_s: float) -> Frame | None:
        """Return the newest frame not yet returned, waiting up to `timeout_s` for one."""
        return self._mailbox.take(timeout_s)

    @property
    def ended(self) -> bool:
        """Whether the film is over and its last frame was taken."""
        return self._mailbox.ended

    def status(self) -> DeviceStatus:
        """Return ``film 60`` while it plays, then ``film over`` or where it was cut off."""
        if self._thread is None:
            return DeviceStatus("camera", LinkState.WAITING, Reason(ReasonCode.FILM))
        if self._mailbox.ended:
            cut_off = next((r for r in self._film.remarks() if r.code in CUT_OFF), None)
            over = cut_off or Reason(ReasonCode.FILM_OVER)
            return DeviceStatus("camera", LinkState.OFF, over)
        rate = self._rate.per_s or self._film.fps
        remark = self._repeats.light() or next(iter(self._film.remarks()), None)
        if remark is not None:
            return DeviceStatus("camera", LinkState.LIVE, remark)
        reason = Reason(ReasonCode.FILM_AT, fps=round(rate)) if rate else Reason(ReasonCode.FILM)
        return DeviceStatus("camera", LinkState.LIVE, reason)

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the pictures."""
        return self._film.size_px

    @property
    def fps(self) -> FrameRate:
        """Nominal and measured frames per second; nothing was asked for."""
        return FrameRate(None, self._film.fps, self._rate.per_s)

    def close(self) -> None:
        """Stop playing and give the file back."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2.0)
        else:
            self._film.close()
            self._mailbox.close()

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            self._play()
        except Exception as caught:
            error = caught
        finally:
            self._film.close()
            self._mailbox.close(error)

    def _play(self) -> None:
        begin_s = self._clock()
        late_after_s = 2.0 / (self._film.fps or 30.0)
        index = 0
        while not self._stop.is_set() and (t_s := self._film.grab()) is not None:
            due_s = begin_s + t_s
            while (wait_s := due_s - self._clock()) > 0 and not self._stop.is_set():
                self._stop.wait(min(wait_s, 0.1))
            image = self._film.picture() if -wait_s < late_after_s else None
            if image is None:
                self._mailbox.drop()
            elif not self._repeats.repeats(image, t_s):
                self._mailbox.put(Frame(due_s, index, image))
                self._rate.add_stamp(due_s)
            index += 1
