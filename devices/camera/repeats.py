"""Notices pictures that show the one before once more.

A film of 15 pictures a second in a container of 60 holds each of them four times; a webcam, a
driver or a network that falls behind hands on its last picture again. Encoded anew, the copies
differ by the noise of the encoder. Such a picture shows nothing new: it is one that is missing.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.camera.silent_cv2 import cv2

# Pictures are compared in blocks of so many pixels, which averages noise out; the smallest
# side has so many blocks at least. Our choices.
_BLOCK_PX, _FEWEST_BLOCKS = 8, 40
# What moves is a small part of the picture: this share of the blocks, those that differ most.
_MOVING = 0.01
# The scene moves as much as in the third most moved of so many pictures: a cut or a flash is
# not the scene, and one picture in eight may be real. Our choices.
_RECENT, _THIRD = 32, 3
# A picture that differs by less than this share of that is the one before. Our choice: in a
# real and seven rendered films of 25 to 60 fps a runner's pictures differ by 0.3 and more of
# it, copies that were encoded anew by 0.08 and less.
_SAME = 0.15
# A scene that has not moved for so long stands still: its pictures are pictures. Our choice, as
# in `hipcue.realtime.gait.frame_clock`: longer than what hangs, shorter than a neutral.
_STILL_S = 0.5
# A scene whose most different blocks differ by less, in grey levels, does not move: noise. Our
# choice: standing people and noise give 4 at the most, runners 48 and more.
_MOVES = 6.0
# Fewer repeated pictures than this share are not worth a word; our choice.
_FEW = 0.02


class RepeatDetector:
    """Looks at every picture of a camera or a film, in order.

    Attributes
    ----------
    repeated, shown : int
        Pictures that repeated the one before, and all, while something moved.
    """

    def __init__(self) -> None:
        self.repeated = self.shown = 0
        self._blocks: NDArray[np.uint8] | None = None
        self._changed_s = float("-inf")
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._moved_s = 0.0
        self._last_s: float | None = None

    def repeats(self, image: NDArray[np.uint8], t_s: float) -> bool:
        """Take the next picture; return whether it is the one before once more."""
        blocks = _in_blocks(image)
        before, self._blocks = self._blocks, blocks
        gone_s = 0.0 if self._last_s is None else t_s - self._last_s
        self._last_s = t_s
        if before is None or before.shape != blocks.shape:
            self._recent.clear()
            return False
        differs = _difference(before, blocks)
        self._recent.append(differs)
        usual = sorted(self._recent)[-min(_THIRD, len(self._recent))]
        same = differs <= _SAME * usual
        if not same:
            self._changed_s = t_s
        if usual < _MOVES or t_s - self._changed_s >= _STILL_S:
            return False  # Nothing moves: a repeated picture is as good as a new one.
        self.shown += 1
        self.repeated += same
        self._moved_s += max(gone_s, 0.0)
        return same

    def remark(self) -> Reason | None:
        """Say of a file what was found; None where hardly a picture repeats."""
        rates = self._rates()
        if rates is None:
            return None
        return Reason(ReasonCode.PICTURES_REPEAT, real=rates[0], shown=rates[1])

    def light(self) -> Reason | None:
        """Say the same in as few words as a camera's light takes."""
        rates = self._rates()
        if rates is None:
            return None
        return Reason(ReasonCode.CAMERA_REPEATS, real=rates[0], shown=rates[1])

    def _rates(self) -> tuple[int, int] | None:
        real, shown = self.real_per_s, self.shown_per_s
        if real is None or shown is None or self.repeated < _FEW * self.shown:
            return None
        return round(real), round(shown)

    @property
    def real_per_s(self) -> float | None:
        """Real pictures a second while something moved; None before there were many."""
        if self.shown < _RECENT or self._moved_s <= 0.0:
            return None
        return (self.shown - self.repeated) / self._moved_s

    @property
    def shown_per_s(self) -> float | None:
        """Pictures a second, repeated ones among them, while something moved."""
        if self.shown < _RECENT or self._moved_s <= 0.0:
            return None
        return self.shown / self._moved_s


def _in_blocks(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    size = max(min(_BLOCK_PX, height // _FEWEST_BLOCKS, width // _FEWEST_BLOCKS), 1)
    # Of a large picture every fourth row is enough.
    rows = image[:: max(size // 2, 1)]
    small = cv2.resize(rows, (width // size, height // size), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def _difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """How much the blocks that differ most differ, in grey levels."""
    differs = np.asarray(cv2.absdiff(one, other), np.uint8).ravel()
    most = max(int(_MOVING * len(differs)), 1)
    # Of whole numbers up to 255: counted, which is faster than sorted.
    counts = np.bincount(differs, minlength=256)[::-1]
    above = np.minimum(np.cumsum(counts), most)
    taken = np.diff(above, prepend=0)
    return float(taken @ np.arange(255, -1, -1)) / most
