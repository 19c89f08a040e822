"""Which way the runner faces, and which leg is near.

Facing is +1 when the runner runs to the right of the picture. The camera looks at the
runner's right side then, so the right leg is near.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hipcue.realtime.records import Joint, Pose, Side

# Time constant of the vote; our choice: a second of doubt is shorter than the neutral.
_VOTE_S = 0.5
# Feet or face must point one way by this part of the body height to vote.
_CLEAR = 0.01


@dataclass(frozen=True, slots=True)
class View:
    """How the camera sees the runner."""

    facing: int
    near: Side
    certainty: float


class FacingTracker:
    """Lets toes and nose vote; changes its mind only when the vote turns."""

    def __init__(self) -> None:
        self._vote = 0.0
        self._facing = 0
        self._t_s: float | None = None

    def push(self, pose: Pose) -> View | None:
        """Take a pose; return the view, or None until anything has voted."""
        if pose.seen:
            ballot = _ballot(pose)
            dt_s = 1 / 60 if self._t_s is None else max(pose.t_capture_s - self._t_s, 0.0)
            self._t_s = pose.t_capture_s
            share = 1.0 if self._facing == 0 else min(dt_s / _VOTE_S, 1.0)
            self._vote += (ballot - self._vote) * share
            if (self._facing == 0 and self._vote != 0) or abs(self._vote) > 0.3:
                self._facing = 1 if self._vote > 0 else -1
        if self._facing == 0:
            return None
        near = Side.R if self._facing > 0 else Side.L
        return View(self._facing, near, abs(self._vote))


def _ballot(pose: Pose) -> float:
    x, y = pose.xy_px[:, 0].tolist(), pose.xy_px[:, 1]
    clear_px = _CLEAR * float(np.fmax.reduce(y) - np.fmin.reduce(y))
    ahead_px = (
        x[Joint.L_TOE] - x[Joint.L_HEEL],
        x[Joint.R_TOE] - x[Joint.R_HEEL],
        x[Joint.NOSE] - (x[Joint.L_EAR] + x[Joint.R_EAR]) / 2,
    )
    # A missing joint does not vote: nothing is larger, or smaller, than NaN.
    votes = [(ahead > clear_px) - (ahead < -clear_px) for ahead in ahead_px]
    return float(sum(votes) / len(votes))
