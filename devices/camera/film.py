"""Films from disk: facts, time stamps, and frames as fast as they decode."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.devices.camera.silent_cv2 import cv2
from hipcue.devices.readings import Frame

_TRY_FILM = "a film that a video player opens, e.g. MP4, MOV, MKV or AVI"


class FilmClock:
    """Turns a container's time stamps into times that only ever grow, 0 at the first frame.

    Films of phones have a variable frame rate, so the stamps rule. Some containers have
    no stamps (all zero), some repeat one or start again after a cut: there, one nominal
    frame time is added instead.
    """

    def __init__(self, fps: float | None) -> None:
        self._fps = fps
        self._offset_s: float | None = None
        self._last_s = 0.0
        self._step_s: float | None = None

    def stamp(self, position_ms: float) -> float | None:
        """Return the time of the next frame in s; ``None`` when it cannot be known.

        Parameters
        ----------
        position_ms : float
            The container's presentation time of this frame.
        """
        raw_s = position_ms / 1000.0 if math.isfinite(position_ms) else 0.0
        if self._offset_s is None:
            self._offset_s = raw_s
            return 0.0
        t_s = raw_s - self._offset_s
        step_s = 1.0 / self._fps if self._fps else self._step_s
        if t_s <= self._last_s + 1e-6:
            if step_s is None:
                return None
            # A film that starts again (joined from pieces) goes on from here.
            if t_s < self._last_s - 1.0:
                self._offset_s = raw_s - self._last_s - step_s
            t_s = self._last_s + step_s
        else:
            self._step_s = t_s - self._last_s
        self._last_s = t_s
        return t_s


class Film:
    """An open film: its facts, and its frames one by one.

    Attributes
    ----------
    path : Path
    size_px : (width, height)
        As it is meant to be looked at: rotation in the container is honoured.
    fps : float or None
        Nominal frames per second; ``None`` when the container does not say.
    frames : int or None
        How many frames the container promises, for a progress bar; may be a little off.
    duration_s : float or None
        `frames` over `fps`.

    Raises
    ------
    UserError
        No such file, a folder, empty, no film, or a film without a picture.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._capture = _open(self.path)
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = rate if math.isfinite(rate) and 1.0 <= rate <= 1000.0 else None
        count = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
        self.frames = int(count) if math.isfinite(count) and 0 < count < 1e9 else None
        self.duration_s = self.frames / self.fps if self.frames and self.fps else None
        self._clock = FilmClock(self.fps)
        # The first frame is decoded here, to be sure that there is one, and handed out later.
        self._first: NDArray[np.uint8] | None = None
        self._at_first = False
        first = self.picture() if self._advance() is not None else None
        if first is None:
            self.close()
            raise UserError(f"cannot read film {self.path}", "there is no picture in it", _TRY_FILM)
        self._first, self._at_first = first, True
        self.size_px = (first.shape[1], first.shape[0])

    def grab(self) -> float | None:
        """Go on to the next frame; its time in s from the first, or ``None`` at the end."""
        if self._at_first:
            self._at_first = False
            return 0.0
        self._first = None
        return self._advance()

    def picture(self) -> NDArray[np.uint8] | None:
        """Decode the frame grabbed last; ``None`` when it is damaged."""
        if self._first is not None:
            return self._first
        ok, image = self._capture.retrieve()
        return as_bgr(image) if ok else None

    def _advance(self) -> float | None:
        if not self._capture.grab():
            return None
        t_s = self._clock.stamp(self._capture.get(cv2.CAP_PROP_POS_MSEC))
        if t_s is None:
            raise UserError(
                f"cannot time film {self.path}",
                "it has neither time stamps nor a frame rate",
                "convert it with its true frame rate, e.g. ffmpeg -r 60 -i FILM out.mp4",
            )
        return t_s

    def close(self) -> None:
        """Give the file back."""
        self._capture.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def film_frames(path: str | Path | Film) -> Iterator[Frame]:
    """Return the frames of a film as fast as they decode, none dropped.

    Parameters
    ----------
    path : str, Path or Film
        The file, or a film opened before (its `frames` feeds a progress bar); it is
        closed at the end either way.

    Returns
    -------
    iterator of Frame
        Times are the container's, counted from the first frame. A damaged picture is
        left out: its index is missing and `Frame.dropped` counts it.

    Raises
    ------
    UserError
        At once, when the film cannot be opened.
    """
    return _frames(path if isinstance(path, Film) else Film(path))


def _frames(film: Film) -> Iterator[Frame]:
    with film:
        index = dropped = 0
        while (t_s := film.grab()) is not None:
            image = film.picture()
            if image is None:
                dropped += 1
            else:
                yield Frame(t_s, index, image, dropped)
            index += 1


def as_bgr(decoded: Any) -> NDArray[np.uint8]:
    """Return the picture with three channels and locked against writing."""
    image = np.asarray(decoded, dtype=np.uint8)
    if image.ndim == 2:
        image = np.repeat(image[:, :, None], 3, axis=2)
    image.setflags(write=False)
    return image


def _open(path: Path) -> cv2.VideoCapture:
    """Open a film file, or say why not."""
    failed = f"cannot open film {path}"
    try:
        if path.is_dir():
            raise UserError(failed, "it is a folder", _TRY_FILM)
        with path.open("rb") as file:
            if not file.read(1):
                raise UserError(failed, "the file is empty", "record or copy the film again")
    except OSError as error:
        raise UserError(failed, error.strerror or str(error), "check the path") from error
    # Absolute, so that FFmpeg never takes "a:b.mp4" for a network address.
    capture = cv2.VideoCapture(str(path.absolute()), cv2.CAP_FFMPEG)
    if not capture.isOpened():
        capture.release()
        raise UserError(failed, "the file is no film, or it is cut off", _TRY_FILM)
    # Phones store portrait films lying down, with the turn written beside them.
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
    return capture
