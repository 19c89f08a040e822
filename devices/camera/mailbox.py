"""Room for one frame: the newest wins, and what was lost is counted."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace

from hipcue.devices.readings import Frame


class Mailbox:
    """Hands frames from a camera's thread to one consumer."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._dropped = 0
        self._closed = False
        self._error: BaseException | None = None

    def put(self, frame: Frame) -> None:
        """Leave a frame; one that nobody took is thrown away and counted."""
        with self._changed:
            if self._frame is not None:
                self._dropped += 1
            self._frame = frame
            self._changed.notify_all()

    def drop(self) -> None:
        """Count a frame that was lost before it could be put here."""
        with self._changed:
            self._dropped += 1

    def take(self, timeout_s: float) -> Frame | None:
        """Take the frame out, waiting up to `timeout_s` for one; ``None`` if none came."""
        with self._changed:
            self._changed.wait_for(lambda: self._frame is not None or self._closed, timeout_s)
            frame, self._frame = self._frame, None
            if frame is not None:
                return replace(frame, dropped=self._dropped)
            if self._error is not None:
                error, self._error = self._error, None
                raise error
            return None

    def close(self, error: BaseException | None = None) -> None:
        """Say that nothing more will come; the last frame may still be taken."""
        with self._changed:
            self._closed = True
            self._error = error
            self._changed.notify_all()

    @property
    def ended(self) -> bool:
        """Whether it is closed and empty."""
        with self._changed:
            return self._closed and self._frame is None and self._error is None


class RateMeter:
    """Frames per second from the last 2 s of time stamps."""

    def __init__(self, window_s: float = 2.0) -> None:
        self._window_s = window_s
        self._stamps_s: deque[float] = deque()
        self._lock = threading.Lock()

    def add_stamp(self, t_s: float) -> None:
        """Count one frame, taken at `t_s`."""
        with self._lock:
            self._stamps_s.append(t_s)
            while t_s - self._stamps_s[0] > self._window_s:
                self._stamps_s.popleft()

    def reset(self) -> None:
        """Forget everything, after an interruption."""
        with self._lock:
            self._stamps_s.clear()

    @property
    def per_s(self) -> float | None:
        """Frames per second; ``None`` with fewer than 5 frames."""
        with self._lock:
            if len(self._stamps_s) < 5:
                return None
            span_s = self._stamps_s[-1] - self._stamps_s[0]
            return (len(self._stamps_s) - 1) / span_s if span_s > 0 else None
