"""How fast each planted foot went in the picture, measured in the runner's own leg.

A speed in leg lengths per second stays the same when the camera zooms, is moved nearer, or
the runner drifts towards it: pixels cancel. So whoever knows the leg in metres knows the belt.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from hipcue.realtime.gait.fits import FloatArray, known_median
from hipcue.realtime.gait.pose_buffer import PoseBuffer, Stretch
from hipcue.realtime.records import Side

# The heel of a planted foot is followed about so long after contact (`planted_foot`).
_MIDDLE_S = 0.06
# The legs are measured in the pictures of the stance and so long before it; our choice.
_LEG_S = 0.1
_KEPT_S = 8.0
# A heel is not measured over a longer gap in the pictures of its stance: a busy machine that
# skipped some gave a quarter of the belt's speed. Our choice: two pictures of a camera of 30.
_WIDEST_GAP_S, _STANCE_S = 0.08, 0.15
# From a step to the next no belt doubles its speed or halves it. Our choices: an emergency stop
# takes a third off; a pose model makes one of a hundred heels a fifth or twice as fast.
_OUTLIER, _ALIKE = 1.8, 1.35


@dataclass(frozen=True, slots=True)
class Footfall:
    """One planted foot.

    Attributes
    ----------
    side : Side
        Whose.
    t_s : float
        When it was looked at.
    px_per_s : float
        Backwards.
    leg_px : float
        Thigh and shank in the same pictures, mean of both legs.
    """

    side: Side
    t_s: float
    px_per_s: float
    leg_px: float

    @property
    def legs_per_s(self) -> float:
        """Leg lengths per second."""
        return self.px_per_s / self.leg_px


class FootSpeeds:
    """The footfalls of the last seconds, in the order in which their stances ended.

    Attributes
    ----------
    leg_px : float or None
        Thigh and shank in the newest stance; None before any.
    """

    def __init__(self) -> None:
        self.leg_px: float | None = None
        self._falls: deque[Footfall] = deque()

    def clear(self) -> None:
        """Forget everything."""
        self.leg_px = None
        self._falls.clear()

    def add_stance(self, side: Side, contact_s: float, px_per_s: float, paths: PoseBuffer) -> None:
        """Take a stance that has just ended, and how fast its heel went backwards."""
        leg_px = leg_length_px(paths.stretch(contact_s - _LEG_S))
        if leg_px is not None and _is_dense(paths, contact_s):
            self.leg_px = leg_px
            self._falls.append(Footfall(side, contact_s + _MIDDLE_S, px_per_s, leg_px))
            while contact_s - self._falls[0].t_s > _KEPT_S:
                self._falls.popleft()

    def between(self, start_s: float, end_s: float) -> list[Footfall]:
        """Return the footfalls of a stretch of time, oldest first, without those seen badly."""
        falls = self._falls
        return [
            fall
            for k, fall in enumerate(falls)
            if start_s <= fall.t_s <= end_s
            and not _seen_badly(
                falls[k - 1] if k else None, fall, falls[k + 1] if k + 1 < len(falls) else None
            )
        ]


def _seen_badly(before: Footfall | None, fall: Footfall, after: Footfall | None) -> bool:
    """Whether a foot went at another speed than any belt, by those before and after it."""
    if before is None:
        return False
    share = fall.legs_per_s / before.legs_per_s
    if 1.0 / _OUTLIER < share < _OUTLIER:
        return False
    # Where the next one is fast or slow, too, it is the belt that changed.
    return after is None or 1.0 / _ALIKE < after.legs_per_s / before.legs_per_s < _ALIKE


def _is_dense(paths: PoseBuffer, contact_s: float) -> bool:
    """Whether no gap in the pictures of a stance is too wide to measure its heel over.

    Nor one that it begins or ends in: a landing that nobody saw is anywhen in its gap.
    """
    until_s = contact_s + _STANCE_S
    t = paths.stretch(contact_s - _WIDEST_GAP_S, until_s + _WIDEST_GAP_S).t
    if not (len(t) > 1 and t[0] <= contact_s and t[-1] >= until_s):
        return False
    return float(np.max(np.diff(t))) < _WIDEST_GAP_S


def leg_length_px(frames: Stretch) -> float | None:
    """Thigh and shank in the picture, mean of the legs that were seen; None where none was."""
    legs = [_leg_px(frames, side) for side in Side]
    seen = [leg for leg in legs if leg is not None]
    return float(np.mean(seen)) if seen else None


def _leg_px(frames: Stretch, side: Side) -> float | None:
    hip, knee, ankle = (frames.path(side, name) for name in ("hip", "knee", "ankle"))
    length: FloatArray = np.hypot(*(hip - knee).T) + np.hypot(*(knee - ankle).T)
    middle = known_median(length)
    if middle is None and not (knee == knee).any():  # A file of markers without knees.
        middle = known_median(np.hypot(*(hip - frames.ankle_or_heel(side)).T))
    return middle if middle else None
