"""How fast each planted foot went in the picture, measured in the runner's own leg.

A speed in leg lengths per second stays the same when the camera zooms, is moved nearer, or
the runner drifts towards it: pixels cancel. So whoever knows the leg in metres knows the belt.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from hipcue.realtime.gait.fits import FloatArray, known_median
from hipcue.realtime.gait.planted_foot import speed_in_stance
from hipcue.realtime.gait.pose_buffer import PoseBuffer, Stretch
from hipcue.realtime.gait.strides import StrideEvents
from hipcue.realtime.records import Side

# So long after the contact the foot is at rest: 5 ms (pictures) to 17 ms (markers), see
# `hipcue.realtime.gait.events`; and a foot that was not seen to leave stays for so long.
_REST_S, _STANCE_S = 0.015, 0.2
# The middle of the part of the stance that is looked at.
_MIDDLE_S = 0.06
# Contacts of one foot that are nearer to each other than this are one; our choice.
_SAME_S = 0.15
_KEPT_S = 8.0


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
    """The footfalls of the last seconds, in time order.

    Attributes
    ----------
    leg_px : float or None
        Thigh and shank in the newest stride; None before any.
    """

    def __init__(self) -> None:
        self.leg_px: float | None = None
        self._falls: deque[Footfall] = deque()

    def clear(self) -> None:
        """Forget everything."""
        self.leg_px = None
        self._falls.clear()

    def add_stride(self, stride: StrideEvents, paths: PoseBuffer) -> None:
        """Look at the planted feet of a stride, its own and the other one's."""
        frames = paths.stretch(stride.contact_s - 0.02, stride.end_s)
        leg_px = leg_length_px(frames)
        if leg_px is None:
            return
        self.leg_px = leg_px
        own_s = _STANCE_S
        if stride.toe_off_s is not None:
            own_s = stride.toe_off_s - stride.contact_s
        for side, contact_s in (
            (stride.side, stride.contact_s),
            (stride.side.other, stride.other_contact_s),
        ):
            if contact_s is not None:
                heel_x = frames.path(side, "heel")[:, 0]
                px_per_s = speed_in_stance(frames.t, heel_x, contact_s + _REST_S, own_s)
                if px_per_s is not None:
                    self._add(Footfall(side, contact_s + _MIDDLE_S, px_per_s, leg_px))
        self._falls = deque(f for f in self._falls if stride.end_s - f.t_s < _KEPT_S)

    def between(self, start_s: float, end_s: float) -> list[Footfall]:
        """Return the footfalls of a stretch of time, oldest first."""
        return [f for f in self._falls if start_s <= f.t_s <= end_s]

    def _add(self, fall: Footfall) -> None:
        others = [
            f for f in self._falls if f.side is not fall.side or abs(f.t_s - fall.t_s) > _SAME_S
        ]
        self._falls = deque(sorted([*others, fall], key=lambda f: f.t_s))


def leg_length_px(frames: Stretch) -> float | None:
    """Thigh and shank in the picture, mean of the legs that were seen; None where none was."""
    legs = [_leg_px(frames, side) for side in Side]
    seen = [leg for leg in legs if leg is not None]
    return float(np.mean(seen)) if seen else None


def _leg_px(frames: Stretch, side: Side) -> float | None:
    hip, knee, ankle = (frames.path(side, name) for name in ("hip", "knee", "ankle"))
    length: FloatArray = np.hypot(*(hip - knee).T) + np.hypot(*(knee - ankle).T)
    middle = known_median(length)
    return middle if middle else None
