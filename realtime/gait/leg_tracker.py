"""Left stays left: undoes the leg swaps of a pose model in a side view.

A pose model that looks at every frame alone mixes up the legs when they pass each other,
and on the way in and out of a swap it draws joints half way between both. Legs cannot jump:
a Kalman filter per joint, under several hypotheses about which leg is which
(`hipcue.realtime.gait.leg_hypotheses`), finds the swaps, and the joints that are where no
leg can be. A doubtful frame is decided by those that follow it, at the price of a short fixed
lag: this is a fixed-lag smoother of the decisions, not of the paths, which stay as measured.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from hipcue.realtime.gait.body_height import RULER_S
from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.gait.leg_hypotheses import (
    FOLLOWED,
    BoolArray,
    Hypotheses,
    extended,
    first_hypotheses,
    haste_of,
)
from hipcue.realtime.gait.pose_buffer import height_px
from hipcue.realtime.gait.smoothing import SlowMean
from hipcue.realtime.records import JOINT_COUNT, Joint, Pose, Side

_LEG = ("hip", "knee", "ankle", "heel", "toe")
_LEFT = np.array([Joint.of(Side.L, name) for name in _LEG])
_RIGHT = np.array([Joint.of(Side.R, name) for name in _LEG])
_SWAPPED = np.arange(JOINT_COUNT)
_SWAPPED[_LEFT], _SWAPPED[_RIGHT] = _RIGHT, _LEFT

# How long a frame waits for the ones that settle it: two frames at 60 fps.
LAG_S = 0.030
# The mean speed of the ankles is taken over so long; our choice: a few strides.
_PACE_S = 2.0
# Gaps longer than this say nothing about continuity; our choice: a third of a stride, in which
# legs pass each other.
_GAP_S = 0.25
# The model mixes the legs up in a few frames at a time: in six rendered and one real film in
# at most a quarter of any half second. A hypothesis that swaps most frames has itself lost its
# way, as it can where frames are missing, and would stay lost: then the model's word counts.
# At least this share of the time must have been seen.
_MIXED_UP_S, _MIXED_UP, _MIXED_UP_SEEN = 0.6, 0.75, 0.8


@dataclass(frozen=True, slots=True)
class SettledPose:
    """A pose with the legs told apart; `swapped` tells whether they were exchanged for that."""

    pose: Pose
    swapped: bool


class LegTracker:
    """Hands on poses with the legs told apart, about `LAG_S` late.

    Use `add_pose` for every pose in order; it returns the poses that are settled, and `flush`
    the last ones. Joints that were drawn where no leg can be come out missing (NaN,
    confidence 0).

    Parameters
    ----------
    lag_s : float
        How long a frame waits.
    markers : bool
        Whether the joints are markers, whose names are right and which move as they do.

    Attributes
    ----------
    swaps : int
        Swaps undone so far.
    restarts : int
        How often the legs were found mixed up for longer and told apart afresh; what was
        handed on in the last second is not to be trusted.
    """

    def __init__(self, lag_s: float = LAG_S, markers: bool = False) -> None:
        self.lag_s = lag_s
        self._markers = markers
        self.swaps = 0
        self.restarts = 0
        self._hypotheses: Hypotheses | None = None
        self._waiting: deque[Pose] = deque()
        self._height = SlowMean(RULER_S)
        self._ankle_speed = SlowMean(_PACE_S)
        self._newest_s = 0.0
        # When it was, and whether it was swapped, of the frames settled lately.
        self._settled: deque[tuple[float, bool]] = deque()
        self._was_swapped = False

    def add_pose(self, pose: Pose) -> list[SettledPose]:
        """Take the newest pose; return those now settled, oldest first.

        A pose without a runner empties the memory: whoever comes back is followed afresh.
        """
        settled: list[SettledPose] = []
        if not pose.seen:
            return [*self.flush(), SettledPose(pose, False)]
        dt_s = pose.t_capture_s - self._newest_s
        if self._hypotheses is not None and not 0 < dt_s <= _GAP_S:
            settled = self.flush()
        self._height.add(pose.t_capture_s, height_px(pose))
        self._follow(pose)
        while self._waiting and (
            pose.t_capture_s - self._waiting[0].t_capture_s >= self.lag_s - 1e-6
        ):
            settled.append(self._settle_oldest())
        if self._mixed_up():
            self._restart()
        return settled

    def preview(self) -> Pose | None:
        """Return the newest pose as the best hypothesis has it; None when nothing waits.

        For the eye: it may still be decided differently when it is settled.
        """
        if self._hypotheses is None or not self._waiting:
            return None
        pose = self._waiting[-1]
        return swap_legs(pose) if self._hypotheses.newest_swapped else pose

    def flush(self) -> list[SettledPose]:
        """Settle everything that waits, without what would follow, as at the end of a film."""
        settled = [self._settle_oldest() for _ in range(len(self._waiting))]
        self._hypotheses = None
        self._settled.clear()
        return settled

    def _follow(self, pose: Pose) -> None:
        """Extend the hypotheses by a pose that waits from now on."""
        assert self._height.value is not None
        measured = pose.xy_px.take(FOLLOWED, axis=0) / self._height.value
        if self._hypotheses is None:
            self._hypotheses = first_hypotheses(measured)
        else:
            dt_s = pose.t_capture_s - self._newest_s
            acceleration = haste_of(self._ankle_speed.value, self._markers)
            self._hypotheses = extended(self._hypotheses, measured, dt_s, acceleration)
            self._ankle_speed.add(pose.t_capture_s, self._hypotheses.ankle_speed)
        self._newest_s = pose.t_capture_s
        self._waiting.append(pose)

    def _settle_oldest(self) -> SettledPose:
        assert self._hypotheses is not None
        pose = self._waiting.popleft()
        swapped, rejected = self._hypotheses.settle_oldest()
        if swapped and not self._was_swapped:
            self.swaps += 1
        self._was_swapped = swapped
        self._settled.append((pose.t_capture_s, swapped))
        return SettledPose(told_apart(pose, swapped, rejected), swapped)

    def _mixed_up(self) -> bool:
        """Whether most of the last frames, and the newest, were taken as swapped."""
        settled = self._settled
        while settled and settled[-1][0] - settled[0][0] > _MIXED_UP_S:
            settled.popleft()
        if not settled or not settled[-1][1]:
            return False
        swapped = sum(swapped for _, swapped in settled)
        long_enough = settled[-1][0] - settled[0][0] > _MIXED_UP_SEEN * _MIXED_UP_S
        return long_enough and swapped > _MIXED_UP * len(settled)

    def _restart(self) -> None:
        """Give up every hypothesis; begin afresh with the frames that wait."""
        self.restarts += 1
        waiting = list(self._waiting)
        self._waiting.clear()
        self._settled.clear()
        self._hypotheses = None
        self._was_swapped = False
        for pose in waiting:
            self._follow(pose)


def swap_legs(pose: Pose) -> Pose:
    """Return the pose with left and right leg exchanged."""
    xy, confidence = legs_swapped(pose.xy_px), legs_swapped(pose.confidence)
    return replace(pose, xy_px=xy, confidence=confidence)


def legs_swapped(rows: FloatArray) -> FloatArray:
    """Return what a pose has of each joint, with that of left and right leg exchanged."""
    return rows.take(_SWAPPED, axis=0)


def told_apart(pose: Pose, swapped: bool, rejected: BoolArray) -> Pose:
    """Return a pose with its legs told apart.

    Parameters
    ----------
    pose : Pose
        As the pose source saw it.
    swapped : bool
        Whether left and right leg are exchanged.
    rejected : ndarray of bool, shape (len(FOLLOWED),)
        Followed joints that were not really seen; they become NaN with confidence 0.
    """
    if swapped:
        pose = swap_legs(pose)
    if True in rejected.tolist():  # Eight of them: quicker than NumPy.
        xy, confidence = pose.xy_px.copy(), pose.confidence.copy()
        xy[FOLLOWED[rejected]] = np.nan
        confidence[FOLLOWED[rejected]] = 0.0
        pose = replace(pose, xy_px=xy, confidence=confidence)
    return pose


def xy_told_apart(xy: FloatArray, swapped: BoolArray, rejected: BoolArray) -> FloatArray:
    """Return the positions of many poses with their legs told apart, as `told_apart` does one.

    Parameters
    ----------
    xy : ndarray of float, shape (n, JOINT_COUNT, 2)
        As the pose source saw them; left as it is.
    swapped : ndarray of bool, shape (n,)
        Whether left and right leg are exchanged.
    rejected : ndarray of bool, shape (n, len(FOLLOWED))
        Followed joints that were not really seen; they become NaN.
    """
    if not (swapped.any() or rejected.any()):
        return xy
    out = xy.copy()
    out[:, _LEFT] = np.where(swapped[:, None, None], xy[:, _RIGHT], xy[:, _LEFT])
    out[:, _RIGHT] = np.where(swapped[:, None, None], xy[:, _LEFT], xy[:, _RIGHT])
    out[:, FOLLOWED] = np.where(rejected[:, :, None], np.nan, out[:, FOLLOWED])
    return out
