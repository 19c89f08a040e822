"""Finds where a film was cut: from one picture to the next everything is elsewhere, or later.

Two pictures in a row differ by what moved between them. At a cut they differ by more than any
other two around it: by far where another scene begins, and by a little where the same scene
goes on later, or earlier, because the runner is at another point of the stride. What lasts is no
cut: who begins to run, and a camera that begins to swing, goes on moving.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode

# Pictures are compared at this size of their longer side, which averages noise out; our choice.
_SIDE_PX = 160
# Against the largest difference of the second before, and of so long after. Our choices.
_BEFORE_S, AFTER_S = 1.0, 0.3
# So many times as large is another moment. Our choice: in five films of 30 to 60 fps two pictures
# in a row differ by 1.08 of that at the most; with 100 ms and more cut out by 1.2 and more in
# nine of ten, unless whole strides are missing.
_JUMPS = 1.2
# Less than this, in grey levels, is the noise of the encoder; our choice: runners make 6 to 14.
# Where nothing moved before, no stride is under way.
_LEAST = 2.0
# Pictures that are less alike than this (correlation), and of which less than this share is the
# same within so many grey levels, are of different scenes. Our choices: any two of one film
# are alike by 0.72 and more and the same in 0.83, any of two films by 0.53 and in 0.48 at most.
_UNLIKE, _SAME, _LEVELS = 0.7, 0.65, 8.0
# One scene fades into another within this; our choice.
_FADES_S = 0.7
# A film that jumps again within this stutters: pictures are missing everywhere, which is told by
# the body (`hipcue.realtime.gait.body_clock`). Our choice.
_STUTTERS_S = 3.0
# Between pictures that are further apart than this many usual ones more can happen; our choice.
_APART = 1.5


@dataclass(slots=True)
class _Step:
    """From one picture to the next."""

    t_s: float
    after_s: float
    differs: float
    elsewhere: bool
    small: NDArray[np.float32]


class FilmCuts:
    """Takes the pictures of a film in order, and says of each, a little later, what it begins.

    Attributes
    ----------
    found : list of float
        When the pictures were that begin after a cut.
    faded : bool
        Whether the picture decided last is of another scene than one a while before, with no
        cut between them: one scene was faded into another, or the camera moved.
    """

    def __init__(self) -> None:
        self.found: list[float] = []
        self.faded = False
        self._small: NDArray[np.float32] | None = None
        self._steps: deque[_Step] = deque()
        self._undecided = 0
        self._jumped_s = float("-inf")

    def add(self, grey: NDArray[np.uint8], t_s: float) -> None:
        """Take the next picture, in grey and of any size."""
        before, self._small = self._small, _small(grey)
        after_s = t_s - self._steps[-1].t_s if self._steps else 0.0
        if before is None or before.shape != self._small.shape:
            step = _Step(t_s, after_s, 0.0, False, self._small)
        else:
            step = _Step(t_s, after_s, *_compared(before, self._small), self._small)
        self._steps.append(step)
        self._undecided += 1
        while self._steps[0].t_s < t_s - _BEFORE_S - 2 * AFTER_S:
            if len(self._steps) <= self._undecided:
                break
            self._steps.popleft()

    def next_decided(self, last: bool = False) -> tuple[Reason | None] | None:
        """Say of the oldest picture that was not asked about what it begins.

        None while later pictures are waited for; with `last` there are none. Otherwise the
        reason alone in a tuple: a cut, or None.
        """
        if not self._undecided:
            return None
        steps = list(self._steps)
        at = len(steps) - self._undecided
        if not last and steps[-1].t_s - steps[at].t_s < AFTER_S:
            return None
        self._undecided -= 1
        reason = self._cut_at(steps, at)
        self.faded = reason is None and self._faded_at(steps, at)
        if reason is not None:
            self.found.append(steps[at].t_s)
        return (reason,)

    def take_fade(self, t_s: float) -> Reason:
        """Count a fade as the cut that it is, and return that."""
        self.found.append(t_s)
        return Reason(ReasonCode.FILM_CUT)

    def _faded_at(self, steps: list[_Step], at: int) -> bool:
        since_s = steps[at].t_s - _FADES_S
        before = next((s for s in reversed(steps[:at]) if s.t_s <= since_s), None)
        if before is None or (self.found and self.found[-1] > before.t_s):
            return False
        one, other = before.small, steps[at].small
        return one.shape == other.shape and _compared(one, other)[1]

    def _cut_at(self, steps: list[_Step], at: int) -> Reason | None:
        step = steps[at]
        before = [s.differs for s in steps[:at] if s.t_s >= step.t_s - _BEFORE_S]
        after = [s.differs for s in steps[at + 1 :] if s.t_s <= step.t_s + AFTER_S]
        if step.differs < _LEAST or not before or not after:
            return None
        jumps = step.differs > _JUMPS * max(*before, *after)
        if jumps and step.elsewhere:
            return Reason(ReasonCode.FILM_CUT)
        usual_s = float(np.median([other.after_s for other in steps]))
        moved = max(before) >= _LEAST and max(after) >= _LEAST
        if not jumps or not moved or step.after_s > _APART * usual_s:
            return None
        stutters = step.t_s - self._jumped_s < _STUTTERS_S
        self._jumped_s = step.t_s
        return None if stutters else Reason(ReasonCode.FILM_JUMPS)


def _small(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    height, width = grey.shape
    block = max(round(max(height, width) / _SIDE_PX), 1)  # Whole blocks are much faster.
    size = (max(width // block, 1), max(height // block, 1))
    whole = grey[: size[1] * block, : size[0] * block]
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.float32)


def _compared(one: NDArray[np.float32], other: NDArray[np.float32]) -> tuple[float, bool]:
    """By how much two pictures differ, in grey levels, and whether they are of different scenes.

    Their brightness and contrast do not count: lamps flicker and cameras adapt.
    """
    one, other = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((one**2).mean() * (other**2).mean()))
    like = float((one * other).mean()) / spread if spread > 1.0 else 1.0
    apart = np.abs(one - other)
    differs = float(np.sqrt((apart**2).mean()))
    return differs, like < _UNLIKE and float((apart < _LEVELS).mean()) < _SAME
