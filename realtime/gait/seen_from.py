"""From where a runner is seen: upright or lying in the picture, from the side or from the front."""

from __future__ import annotations

import math
import statistics

import numpy as np

from hipcue.realtime.records import Joint, Pose

# A trunk that hangs further from the vertical is no runner's; our choice.
_LIES_DEG = 50.0
# Shoulders and hips that are so far apart in the picture, in trunk lengths, are seen from the
# front or from behind; shoulders of more than the third from somewhere between. Our choices: 0.08
# to 0.16 and 0.03 to 0.17 in nine films from the side, 0.70 and 0.34 in two from behind.
_FRONT_SHOULDERS, _FRONT_HIPS, _OBLIQUE_SHOULDERS = 0.5, 0.22, 0.35
# Every so many poses are looked at; so many looks are enough to say something. Our choices.
_EVERY, _LEAST = 10, 3


class SeenFrom:
    """Collects how the trunk lies in the picture, over all poses of a run."""

    def __init__(self, every: int = _EVERY) -> None:
        self._every = every
        self._seen = 0
        self._leans_deg: list[float] = []
        self._shoulders: list[float] = []
        self._hips: list[float] = []

    def add(self, pose: Pose) -> None:
        """Take the next pose."""
        if not pose.seen:
            return
        self._seen += 1
        if (self._seen - 1) % self._every:
            return
        shoulders = pose.xy_px[[Joint.L_SHOULDER, Joint.R_SHOULDER]]
        hips = pose.xy_px[[Joint.L_HIP, Joint.R_HIP]]
        x, y = (shoulders.mean(axis=0) - hips.mean(axis=0)).tolist()
        trunk_px = math.hypot(x, y)
        if not trunk_px > 0.0:
            return
        self._leans_deg.append(math.degrees(math.atan2(x, -y)))
        self._shoulders.append(float(np.hypot(*(shoulders[0] - shoulders[1]))) / trunk_px)
        self._hips.append(float(np.hypot(*(hips[0] - hips[1]))) / trunk_px)

    @property
    def lies(self) -> bool:
        """Whether the runner lies in the picture: what looks like strides is none."""
        return bool(self._leans_deg) and statistics.median(map(abs, self._leans_deg)) > _LIES_DEG

    @property
    def from_front(self) -> bool:
        """Whether the runner is filmed from the front or from behind."""
        return self._wide(_FRONT_SHOULDERS) and statistics.median(self._hips) > _FRONT_HIPS

    @property
    def obliquely(self) -> bool:
        """Whether the runner is filmed neither from the side nor from the front."""
        return self._wide(_OBLIQUE_SHOULDERS) and not self.from_front

    def _wide(self, least: float) -> bool:
        return len(self._shoulders) >= _LEAST and statistics.median(self._shoulders) > least

    @property
    def turns_to_stand(self) -> int:
        """By how many quarter turns to the left the picture stands, as most looks say; else 0."""
        votes = [round(lean / 90.0) % 4 for lean in self._leans_deg]
        if len(votes) < _LEAST:
            return 0
        most = statistics.mode(votes)
        return most if 3 * votes.count(most) >= 2 * len(votes) else 0
