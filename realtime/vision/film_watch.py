"""What only the pictures of a film tell of its poses: cuts, and a camera that moves.

Poses come out as they would if the film were one piece from a tripod; where it is not, the first
of a new piece is missing, with the reason.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import Frame
from hipcue.realtime.records import Pose
from hipcue.realtime.vision.camera_motion import CameraMotion, Grey, small_grey
from hipcue.realtime.vision.film_cuts import FilmCuts

# In so many pictures in a row the camera may be lost: less is a smear; our choice.
_LOST_IN_A_ROW = 3
# Another scene than before a moment, of a camera that stood for longer than that, was faded in.
_STOOD_S = 0.8


class FilmWatch:
    """Looks at the pictures of a film beside their poses."""

    def __init__(self) -> None:
        self._cuts = FilmCuts()
        self._motion = CameraMotion()
        self._waiting: deque[tuple[Grey, Pose]] = deque()
        self._lost = 0

    def watched(self, seen: Iterator[tuple[Frame, Pose]]) -> Iterator[Pose]:
        """Yield the poses of all pictures, a little later: a cut is known by what follows it."""
        for frame, pose in seen:
            grey = small_grey(frame.image_bgr)
            self._cuts.add(grey, frame.t_capture_s)
            self._waiting.append((grey, pose))
            yield from self._decided(last=False)
        yield from self._decided(last=True)

    def _decided(self, last: bool) -> Iterator[Pose]:
        while (decided := self._cuts.next_decided(last)) is not None:
            (cut,) = decided
            grey, pose = self._waiting.popleft()
            if cut is not None and cut.code is ReasonCode.FILM_CUT:
                self._motion.start_anew()
            pose = self._motion.steadied(grey, pose)
            if cut is None and self._cuts.faded and self._motion.stood_for_s > _STOOD_S:
                cut = self._cuts.take_fade(pose.t_capture_s)
                self._motion.start_anew()
            self._lost = self._lost + 1 if self._motion.lost else 0
            if cut is None and self._lost >= _LOST_IN_A_ROW:
                cut = Reason(ReasonCode.PICTURE_JUMPED)
            yield pose if cut is None else _without(pose, cut)

    def remarks(self) -> list[Reason]:
        """Return what is to be said of cuts and of the camera."""
        said = [Reason(ReasonCode.FILM_STEADIED)] if self._motion.moved else []
        cuts = self._cuts.found
        if len(cuts) == 1:
            said.append(Reason(ReasonCode.FILM_HAS_CUT, seconds=round(cuts[0], 1)))
        elif cuts:
            first_s = round(cuts[0], 1)
            said.append(Reason(ReasonCode.FILM_HAS_CUTS, cuts=len(cuts), seconds=first_s))
        return said


def _without(pose: Pose, reason: Reason) -> Pose:
    hidden, unsure = np.full_like(pose.xy_px, np.nan), np.zeros_like(pose.confidence)
    return replace(pose, xy_px=hidden, confidence=unsure, pelvis=(), reason=reason)
