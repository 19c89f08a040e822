"""Left stays left: undoes the leg swaps of a pose model in a side view.

A pose model that looks at every frame alone mixes up the legs when they pass each
other, and on the way in and out of a swap it draws joints half way between both.
Legs cannot jump. So every joint is followed by a small filter that expects it to go
on as it moved; of the two ways to read a frame, the one that agrees with what was
expected is right, and a joint that agrees with neither is not seen in that frame.
Several ways to read the recent past are kept side by side, so that a doubtful frame
is settled by those that follow it, at the price of a short fixed lag.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.gait.body_height import RULER_S
from hipcue.realtime.gait.pose_buffer import height_px
from hipcue.realtime.gait.smoothing import SlowMean
from hipcue.realtime.records import Joint, Pose, Side

_LEG = ("hip", "knee", "ankle", "heel", "toe")
_LEFT = np.array([Joint.of(Side.L, name) for name in _LEG])
_RIGHT = np.array([Joint.of(Side.R, name) for name in _LEG])
# The joints whose path decides: hips are too close together to tell a swap.
_FOLLOWED = np.array([Joint.of(s, n) for s in (Side.L, Side.R) for n in _LEG[1:]])
_HALF = len(_FOLLOWED) // 2
_CROSSED = np.r_[_HALF : 2 * _HALF, 0:_HALF]
_WAYS = np.stack([np.arange(2 * _HALF), _CROSSED])

# How long a frame waits for the ones that settle it: two frames at 60 fps.
LAG_S = 0.030
# Gaps longer than this say nothing about continuity.
_GAP_S = 0.25
# Our choices, tuned on the leg swaps of rendered runners at 30 and 60 fps. Lengths are
# in body heights (top of the head to the sole as far as seen), so they hold for any camera.
_SEEN_SIGMA = 0.016
# Feet are flicked off and caught again by accelerations of about 100 m/s2.
_ACCELERATION = 35.0
# A joint further off than this many sigmas (squared) was not really seen.
_GATE = 12.0
_COST_OUTLIER = 6.0
# The model is right more often than not: the price of a second read as swapped.
_COST_SWAPPED_PER_S = 150.0
_KEPT = 8
# The model mixes the legs up in a few frames at a time: in six rendered and one real film in
# at most a quarter of any half second. A reading that swaps most frames has itself lost its
# way, as it can where frames are missing, and would stay lost: then the model's word counts.
_MIXED_UP_S, _MIXED_UP = 0.6, 0.75


@dataclass(slots=True)
class _Readings:
    """Some ways to read the recent frames, best first (arrays over them)."""

    cost: NDArray[np.float64]  # (K,)
    # (7, K, joints): position, velocity; variance of position, both, velocity.
    state: NDArray[np.float64]
    tail: list[int]  # K numbers: the last five frames, a bit each, newest lowest
    swapped: NDArray[np.bool_]  # (K, waiting frames), oldest first
    rejected: NDArray[np.bool_]  # (K, waiting frames, joints)


@dataclass(frozen=True, slots=True)
class SettledPose:
    """A pose with the legs told apart; `swapped` tells whether they were exchanged for that."""

    pose: Pose
    swapped: bool


class LegTracker:
    """Hands on poses with the legs told apart, about `LAG_S` late.

    Use `push` for every pose in order; it returns the poses that are settled. Joints
    that were drawn where no leg can be come out missing (NaN, confidence 0).

    Attributes
    ----------
    swaps : int
        Swaps undone so far.
    restarts : int
        How often the legs were found mixed up for longer and told apart afresh; what was
        handed on in the last second is not to be trusted.
    """

    def __init__(self, lag_s: float = LAG_S) -> None:
        self.lag_s = lag_s
        self.swaps = 0
        self.restarts = 0
        self._waiting: deque[Pose] = deque()
        self._settled: deque[tuple[float, bool]] = deque()
        self._readings: _Readings | None = None
        self._t_s = 0.0
        self._height = SlowMean(RULER_S)
        self._was_swapped = False

    def push(self, pose: Pose) -> list[SettledPose]:
        """Take the newest pose; return those now settled, oldest first.

        A pose without a runner empties the memory: whoever comes back is read afresh.
        """
        settled: list[SettledPose] = []
        if not pose.seen:
            return [*self.flush(), SettledPose(pose, False)]
        dt_s = pose.t_capture_s - self._t_s
        if self._readings is not None and not 0 < dt_s <= _GAP_S:
            settled = self.flush()
        self._height.add(pose.t_capture_s, height_px(pose))
        self._read(pose)
        while self._waiting and (
            pose.t_capture_s - self._waiting[0].t_capture_s >= self.lag_s - 1e-6
        ):
            settled.append(self._settle_oldest())
        if self._mixed_up():
            self._begin_afresh()
        return settled

    def _read(self, pose: Pose) -> None:
        assert self._height.value is not None
        seen = pose.xy_px[_FOLLOWED] / self._height.value
        if self._readings is None:
            self._readings = _first(seen)
        else:
            self._readings = _grow(self._readings, seen, pose.t_capture_s - self._t_s)
        self._t_s = pose.t_capture_s
        self._waiting.append(pose)

    def _mixed_up(self) -> bool:
        """Whether most of the last frames, and the newest, were read as swapped."""
        settled = self._settled
        while settled and settled[-1][0] - settled[0][0] > _MIXED_UP_S:
            settled.popleft()
        if not settled or not settled[-1][1]:
            return False
        swapped = sum(swapped for _, swapped in settled)
        long_enough = settled[-1][0] - settled[0][0] > 0.8 * _MIXED_UP_S
        return long_enough and swapped > _MIXED_UP * len(settled)

    def _begin_afresh(self) -> None:
        self.restarts += 1
        waiting = list(self._waiting)
        self._waiting.clear()
        self._settled.clear()
        self._readings = None
        self._was_swapped = False
        for pose in waiting:
            self._read(pose)

    def preview(self) -> Pose | None:
        """Return the newest pose as it is read now, for the eye; None when nothing waits.

        It may still be read differently when it is settled.
        """
        if self._readings is None or not self._waiting:
            return None
        pose = self._waiting[-1]
        return swap_legs(pose) if self._readings.swapped[0, -1] else pose

    def flush(self) -> list[SettledPose]:
        """Settle everything that waits, e.g. at the end of a film."""
        settled = [self._settle_oldest() for _ in range(len(self._waiting))]
        self._readings = None
        self._settled.clear()
        return settled

    def _settle_oldest(self) -> SettledPose:
        """Read the oldest frame as the best reading has it.

        Readings that differ stay: when left and right were mixed up for good, the
        reading that mends it starts with a jump and needs time to prove itself.
        """
        readings = self._readings
        assert readings is not None
        pose = self._waiting.popleft()
        swapped = bool(readings.swapped[0, 0])
        rejected = readings.rejected[0, 0]
        readings.swapped = readings.swapped[:, 1:]
        readings.rejected = readings.rejected[:, 1:]
        if swapped and not self._was_swapped:
            self.swaps += 1
        self._was_swapped = swapped
        self._settled.append((pose.t_capture_s, swapped))
        if swapped:
            pose = swap_legs(pose)
        if rejected.any():
            xy, confidence = pose.xy_px.copy(), pose.confidence.copy()
            xy[_FOLLOWED[rejected]] = np.nan
            confidence[_FOLLOWED[rejected]] = 0.0
            pose = replace(pose, xy_px=xy, confidence=confidence)
        return SettledPose(pose, swapped)


def swap_legs(pose: Pose) -> Pose:
    """Return the pose with left and right leg exchanged."""
    xy, confidence = pose.xy_px.copy(), pose.confidence.copy()
    xy[_LEFT], xy[_RIGHT] = pose.xy_px[_RIGHT], pose.xy_px[_LEFT]
    confidence[_LEFT], confidence[_RIGHT] = pose.confidence[_RIGHT], pose.confidence[_LEFT]
    return replace(pose, xy_px=xy, confidence=confidence)


def _first(seen: NDArray[np.float64]) -> _Readings:
    both = seen.T[:, _WAYS]
    missing = np.isnan(both[0])
    state = np.zeros((7, *missing.shape))
    state[:2] = np.nan_to_num(both)
    state[4] = np.where(missing, 1.0, _SEEN_SIGMA**2)
    state[6] = 4.0  # body heights per second, squared: feet at rest or in full swing
    return _Readings(
        np.array([0.0, 1.0]),
        state,
        [0b00000, 0b11111],
        np.array([[False], [True]]),
        missing[:, None, :],
    )


def _after(state: NDArray[np.float64], dt_s: float) -> NDArray[np.float64]:
    """Where joints are expected after a while, going on as they moved."""
    expected = state.copy()
    expected[:2] += dt_s * state[2:4]
    expected[4] += 2 * dt_s * state[5] + dt_s**2 * state[6]
    expected[5] += dt_s * state[6]
    noise = _ACCELERATION**2
    expected[4] += noise * dt_s**4 / 4
    expected[5] += noise * dt_s**3 / 2
    expected[6] += noise * dt_s**2
    return expected


def _grow(old: _Readings, seen: NDArray[np.float64], dt_s: float) -> _Readings:
    """Read one more frame, straight and swapped, after each of the kept readings."""
    expected = _after(old.state, dt_s)
    innovation_var = expected[4] + _SEEN_SIGMA**2

    miss = seen.T[:, None, _WAYS] - expected[:2, :, None]  # (2, K, 2 ways, joints)
    squared = miss * miss
    distance = (squared[0] + squared[1]) / innovation_var[:, None]
    near = distance < _GATE  # NaN is not near.
    cost = distance / 2 + np.log(innovation_var / _SEEN_SIGMA**2)[:, None]
    cost = np.where(near, np.minimum(cost, _COST_OUTLIER), _COST_OUTLIER)
    total = np.add.reduce(cost, axis=-1) + old.cost[:, None]
    total[:, 1] += _COST_SWAPPED_PER_S * dt_s

    # Readings that agree on the last frames go on the same way: keep the best of them.
    totals = total.ravel().tolist()
    kept: list[int] = []
    tails: list[int] = []
    for k in sorted(range(len(totals)), key=totals.__getitem__):
        tail = (old.tail[k >> 1] << 1 | k & 1) & 0b11111
        if tail not in tails:
            kept.append(k)
            tails.append(tail)
            if len(tails) == _KEPT:
                break
    best = np.array(kept)
    parent, reading = best >> 1, best & 1

    use = near[parent, reading]  # (K', joints)
    state = expected[:, parent]
    # How much of the miss position and velocity take over; nothing of one that is far off.
    gain = np.where(use, state[4:6] / innovation_var[parent], 0.0)
    error = np.where(use, miss[:, parent, reading], 0.0)
    state[:2] += gain[0] * error
    state[2:4] += gain[1] * error
    state[6] -= gain[1] * state[5]
    state[4:6] *= 1 - gain[0]
    return _Readings(
        total.ravel()[best] - totals[kept[0]],
        state,
        tails,
        np.concatenate([old.swapped[parent], reading[:, None] == 1], axis=1),
        np.concatenate([old.rejected[parent], ~use[:, None, :]], axis=1),
    )
