"""video.mp4: made from the raw recording, and read back by time."""

from __future__ import annotations

import itertools
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.session.folder import VIDEO, keep_private

# While it runs the film is an AVI, which needs no ending and survives a kill; an mp4
# without its ending is lost. Afterwards the compressed pictures are moved, untouched.
RAW = "video.avi"
TIMES = "video_times.csv"

Picture = NDArray[np.uint8]


def read_times(folder: Path) -> NDArray[np.float64]:
    """Return the capture time of every picture of a film; a torn last line is left out."""
    times: list[float] = []
    path = folder / TIMES
    if path.is_symlink() or not path.is_file():
        return np.empty(0)
    with path.open(encoding="ascii", errors="replace") as file:
        for line in itertools.islice(file, 1, None):
            try:
                if not line.endswith("\n"):
                    break
                times.append(float(line.partition(",")[2]))
            except ValueError:
                break
    return np.array(times, np.float64)


def finish_video(folder: Path) -> Reason | None:
    """Turn the raw recording into video.mp4.

    The compressed pictures are moved as they are, so an hour takes seconds. The film
    runs at the true mean rate; the true time of every picture is in video_times.csv. Returns why
    when that failed (the raw film then stays), ``None`` when all is well or there
    is no film.
    """
    raw = folder / RAW
    if raw.is_symlink() or not raw.is_file():
        return None
    times = read_times(folder)
    film = cv2.VideoCapture(str(raw), cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, -1])
    try:
        moved = _move(film, times, folder / (VIDEO + ".new.mp4"))
    finally:
        film.release()
    made = folder / (VIDEO + ".new.mp4")
    if not moved:
        made.unlink(missing_ok=True)
        code = ReasonCode.FILM_NOT_CONVERTED if len(times) else ReasonCode.FILM_EMPTY
        return Reason(code)
    keep_private(made)
    made.replace(folder / VIDEO)
    raw.unlink()
    return None


def _move(film: cv2.VideoCapture, times: NDArray[np.float64], made: Path) -> int:
    """Copy compressed pictures one by one; returns how many."""
    if not film.isOpened() or not len(times):
        return 0
    size = (
        int(film.get(cv2.CAP_PROP_FRAME_WIDTH)),
        int(film.get(cv2.CAP_PROP_FRAME_HEIGHT)),
    )
    span_s = float(times[-1] - times[0])
    fps = (len(times) - 1) / span_s if span_s > 0 else 30.0
    out = cv2.VideoWriter(
        str(made),
        cv2.CAP_FFMPEG,
        cv2.VideoWriter.fourcc(*"mp4v"),
        round(fps, 3),
        size,
        # Without an interval every picture would count as a key picture.
        [cv2.VIDEOWRITER_PROP_RAW_VIDEO, 1, cv2.VIDEOWRITER_PROP_KEY_INTERVAL, 1 << 30],
    )
    n = 0
    try:
        while out.isOpened() and n < len(times):
            found, packet = film.read()
            if not found:
                break
            key = int(film.get(cv2.CAP_PROP_LRF_HAS_KEY_FRAME))
            out.set(cv2.VIDEOWRITER_PROP_KEY_FLAG, key)
            out.write(np.ascontiguousarray(packet))
            n += 1
    finally:
        out.release()
    return n


class VideoFile:
    """A recorded film, by time on the session's clock.

    Parameters
    ----------
    folder : Path
        The session's folder. Without a readable film `ok` is False and `at` finds nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._times = read_times(folder)
        path = folder / VIDEO
        usable = path.is_file() and not path.is_symlink() and len(self._times) > 0
        self._film = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG) if usable else None
        self._next = 0
        self._last: tuple[int, Picture] | None = None

    @property
    def ok(self) -> bool:
        """Whether there is a film."""
        return self._film is not None and self._film.isOpened()

    def at(self, t_s: float, *, within_s: float = 0.1) -> Picture | None:
        """Return the picture nearest to a time, or ``None`` when none is near."""
        if self._film is None or not self.ok:
            return None
        wanted = int(np.argmin(np.abs(self._times - t_s)))
        if abs(self._times[wanted] - t_s) > within_s:
            return None
        if self._last is not None and self._last[0] == wanted:
            return self._last[1]
        # A short way ahead is faster walked than jumped: key pictures are 12 apart.
        if not 0 <= wanted - self._next < 24:
            self._film.set(cv2.CAP_PROP_POS_FRAMES, wanted)
            self._next = wanted
        while self._next < wanted:
            self._film.grab()
            self._next += 1
        found, picture = self._film.read()
        self._next += 1
        self._last = (wanted, np.asarray(picture, np.uint8)) if found else None
        return self._last[1] if self._last is not None else None

    def close(self) -> None:
        """Let go of the file."""
        if self._film is not None:
            self._film.release()
