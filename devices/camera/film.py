"""Films from disk: facts, time stamps, and frames as fast as they decode."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.camera.film_opening import no_film, open_film
from hipcue.devices.camera.film_pace import find_pace
from hipcue.devices.camera.film_pixels import pixel_aspect, square_size
from hipcue.devices.camera.film_pixels import remark as pixels_remark
from hipcue.devices.camera.silent_cv2 import cv2
from hipcue.devices.readings import Frame

# A film that ends within this of its promised length, s and share of it, is whole: containers
# round, and count the sound that goes on for longer. Our choices.
_ENDS_S, _ENDS_SHARE = 0.2, 0.01

CUT_OFF = frozenset({ReasonCode.FILM_CUT_OFF, ReasonCode.FILM_BREAKS_OFF})
"""What is said of a film that ends too early."""


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

    Pictures stand the way they are meant to be looked at and have square pixels; times are
    those of the life that was filmed, also where the film plays more slowly.

    Parameters
    ----------
    path : str or Path
        The file.
    slow_motion : float or None
        How many times slower than life it plays; None takes the film's own word for it.

    Attributes
    ----------
    path : Path
    fps : float or None
        Nominal frames per second of life; ``None`` when the container does not say.
    frames : int or None
        How many frames the container promises, for a progress bar; may be a little off.
    duration_s : float or None
        `frames` over `fps`.
    tagged_times : float
        How many times slower than life it plays by its own word, if its times rest on that.
    turned : int
        By how many quarter turns to the left pictures are turned beside what the container
        says; set before the first picture is taken.

    Raises
    ------
    UserError
        No such file, a folder, empty, no film, or a film without two pictures.
    """

    def __init__(self, path: str | Path, slow_motion: float | None = None) -> None:
        self.path = Path(path)
        self._capture, self._container = open_film(self.path)
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        played_fps = rate if math.isfinite(rate) and 1.0 <= rate <= 1000.0 else None
        self._pace = find_pace(self._container, played_fps, slow_motion)
        self.tagged_times = self._pace.times if slow_motion is None else 1.0
        self.fps = played_fps * self._pace.times if played_fps else None
        count = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
        self.frames = int(count) if math.isfinite(count) and 0 < count < 1e9 else None
        self.duration_s = self.frames / self.fps if self.frames and self.fps else None
        self.turned = 0
        self._clock = FilmClock(played_fps)
        self._grabbed, self._last_s = 0, 0.0
        self._over = False
        # The first two frames are found here, to be sure that there are some, and handed out
        # later.
        self._first: NDArray[np.uint8] | None = None
        self._ahead: deque[float] = deque()
        first = self._decoded() if self._advance() is not None else None
        second_s = self._advance() if first is not None else None
        if first is None or second_s is None:
            self.close()
            raise no_film(self.path, self._container, pictures=int(first is not None))
        self._first, self._ahead = first, deque((0.0, second_s))
        self._aspect = pixel_aspect(self._capture)
        self._square_px = square_size(first.shape[1], first.shape[0], self._aspect)

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the pictures."""
        width, height = self._square_px
        return (height, width) if self.turned % 2 else (width, height)

    def grab(self) -> float | None:
        """Go on to the next frame; its time in s from the first, or ``None`` at the end."""
        if not self._ahead:
            return self._advance()
        if len(self._ahead) == 1:
            self._first = None
        return self._ahead.popleft()

    def picture(self) -> NDArray[np.uint8] | None:
        """Decode the frame grabbed last; ``None`` when it is damaged."""
        return self._shaped(self._decoded() if self._first is None else self._first)

    def _shaped(self, image: NDArray[np.uint8] | None) -> NDArray[np.uint8] | None:
        """Return a picture with square pixels, and turned."""
        if image is None:
            return None
        if self._aspect != 1:
            image = np.asarray(cv2.resize(image, self._square_px), np.uint8)
        if self.turned:
            image = np.ascontiguousarray(np.rot90(image, self.turned))
        return _locked(image)

    def pictures_across(self, count: int) -> Iterator[NDArray[np.uint8]]:
        """Yield pictures from all over the film, or from its beginning if it tells no length.

        Nothing else can be had of the film afterwards.
        """
        step = max((self.frames or 0) // count, 1) if self.frames else round(self.fps or 30.0)
        for number in range(count):
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, number * step + step // 2)
            image = self._shaped(self._decoded()) if self._capture.grab() else None
            if image is not None:
                yield image

    def remarks(self) -> tuple[Reason, ...]:
        """Return what is the matter with the film, as far as it was read."""
        said = (self._pace.remark, pixels_remark(self._aspect), self._cut_off())
        return tuple(reason for reason in said if reason is not None)

    def _cut_off(self) -> Reason | None:
        """Whether the film ended before the end that its container promised."""
        if not self._over:
            return None
        container, times = self._container, self._pace.times
        end_s = self._last_s + (1.0 / self.fps if self.fps else 0.0)
        length_s = container.length_s / times if container.length_s else self.duration_s
        if length_s is not None and end_s > length_s - _ENDS_S / times - _ENDS_SHARE * length_s:
            return None
        lost = container.pictures is not None and self._grabbed < 0.98 * container.pictures
        if container.whole and not lost:
            return None
        if length_s is None:
            return Reason(ReasonCode.FILM_BREAKS_OFF, seconds=round(end_s, 1))
        return Reason(ReasonCode.FILM_CUT_OFF, seconds=round(end_s, 1), length=round(length_s, 1))

    def _decoded(self) -> NDArray[np.uint8] | None:
        ok, image = self._capture.retrieve()
        return as_bgr(image) if ok else None

    def _advance(self) -> float | None:
        if not self._capture.grab():
            self._over = True
            return None
        t_s = self._clock.stamp(self._capture.get(cv2.CAP_PROP_POS_MSEC))
        if t_s is None:
            raise UserError(
                f"cannot time film {self.path}",
                "it has neither time stamps nor a frame rate",
                "convert it with its true frame rate, e.g. ffmpeg -r 60 -i FILM out.mp4",
            )
        self._grabbed += 1
        self._last_s = t_s / self._pace.times
        return self._last_s

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
    return _locked(image)


def _locked(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    image.setflags(write=False)
    return image
