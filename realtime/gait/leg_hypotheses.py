"""Which leg is which: Kalman filters of the leg joints under competing hypotheses.

In every frame the pose model's legs are taken as they are named, or swapped. A *hypothesis*
is one such decision for each of the recent frames. It carries a constant-velocity **Kalman
filter** for each followed joint, fed with the measurement that its decisions assign to it; x
and y of a joint share one covariance, since noise is the same in both. The cost of a
hypothesis is the negative log-likelihood of its *innovations* (measured less predicted), so
legs that would have to jump cost much. A measurement outside the *gate* is an outlier: it
costs a fixed amount and the filter goes on without it.

Decisions are not final: this is a **multiple-hypothesis tracker**, decoded as by **Viterbi**
with a **beam**. Each hypothesis is extended both ways; of those with the same last five
decisions only the cheapest survives, since what comes can no longer tell them apart; of the
rest the best eight go on. A doubtful frame is so decided by those that follow it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.records import Joint, Side

BoolArray = NDArray[np.bool_]

# The joints whose path decides: hips are too close together to tell a swap. The left leg's,
# then the right leg's.
FOLLOWED = np.array(
    [Joint.of(side, name) for side in Side for name in ("knee", "ankle", "heel", "toe")]
)
_JOINTS = len(FOLLOWED)
_HALF = _JOINTS // 2
_ANKLES = (1, 1 + _HALF)
# Which measurement belongs to which joint: as named, and with the legs swapped.
_ASSIGNMENTS = np.stack([np.arange(_JOINTS), np.roll(np.arange(_JOINTS), _HALF)])

# Rows of the state: position and velocity in x and y, and the covariance matrix of one of
# them. The first column of that matrix, over the innovation's variance, is the Kalman gain.
_POSITION, _VELOCITY = slice(0, 2), slice(2, 4)
_VAR_POSITION, _COVARIANCE, _VAR_VELOCITY = 4, 5, 6
_FIRST_COLUMN = slice(_VAR_POSITION, _COVARIANCE + 1)
_ROWS = 7
_STAYS = np.eye(_ROWS)
_ONE_EACH = np.ones(_JOINTS)

# Our choices, tuned on the leg swaps of rendered runners at 30 and 60 fps. Lengths are
# in body heights (top of the head to the sole as far as seen), so they hold for any camera.
# Measurement noise, standard deviation.
_SEEN_SIGMA = 0.016
_SEEN_VAR = _SEEN_SIGMA**2
# Process noise, standard deviation of the acceleration, per s2. Feet are flicked off and
# caught again by about 100 m/s2. It lasts for so long, a frame of a 60 fps camera: were it
# drawn anew in every frame of a faster one, it would average out there, and a hard landing
# would throw the filter off (a marker file at 150 fps, a forefoot runner at 4.5 m/s: half of
# the contacts were lost).
_ACCELERATION, _ACCELERATION_LASTS_S = 35.0, 0.016
# Markers are named, and sharp: nothing is won by doubting a foot that is caught hard (the same
# runner at 50 and 30 fps: all contacts were lost with the other figure).
_ACCELERATION_MARKERS = 70.0
# Accelerations of a foot go with the square of its speed: above this mean speed of the
# ankles, per s, the process noise does, up to so many times. Our choices: a runner of 1.75 m
# at 3.9 m/s; the fastest rendered one, 4.2 m/s, is followed with and without.
_FAST, _MOST_HASTE = 2.2, 4.0
# A joint that was outside the gate in the frame before may have been caught harder than that:
# this many times the variance. Without, a filter that a landing threw off flies on straight
# for many frames. Our choice: strides missed in five rendered films at 30 fps, far and near,
# were 21 without, 17 with 4, 11 with 10.
_LOST_ITS_WAY = 10.0
# What is known of a joint at first: its position where it was seen, anywhere in the picture
# where not; its velocity that of a foot at rest or in full swing.
_VAR_UNSEEN, _VAR_FIRST_VELOCITY = 1.0, 4.0
# A joint whose innovation is larger than this (in variances) was not really seen, and costs
# so much, as does one that is not there.
_GATE = 12.0
_COST_OUTLIER = 6.0
# The model is right more often than not: the price of a second read as swapped; of the first
# frame.
_COST_SWAPPED_PER_S, _COST_SWAPPED_FIRST = 150.0, 1.0
_BEAM_WIDTH = 8
# Which measurement belongs to which joint of each hypothesis.
_TILED = np.tile(_ASSIGNMENTS, _BEAM_WIDTH)
# Hypotheses that agree in so many last decisions are merged.
_MERGED_FRAMES = 5
_MERGED_BITS = (1 << _MERGED_FRAMES) - 1


class _Look(NamedTuple):
    """One frame as each hypothesis that was alive after it took it (K of them)."""

    parents: list[int]
    swapped: list[bool]
    rejected: BoolArray


@dataclass(slots=True)
class Hypotheses:
    """The hypotheses that are alive, best first (arrays over them, K).

    Attributes
    ----------
    cost : ndarray, shape (K,)
        Negative log-likelihood above that of the best, which has 0.
    state : ndarray, shape (7, K, joints)
        Kalman states; the rows are named above.
    decisions : list of int
        The last five decisions of each as the bits of a number, the newest lowest; 1 swapped.
    looks : list of _Look
        All frames that are not settled yet, oldest first: what each hypothesis made of them,
        and which one of the frame before it goes on from.
    """

    cost: FloatArray
    state: FloatArray
    decisions: list[int]
    looks: list[_Look]

    @property
    def swapped(self) -> BoolArray:
        """All decisions that are not settled yet, oldest first; shape (K, frames)."""
        return np.array([[swapped for swapped, _ in self._way(k)] for k in range(len(self.cost))])

    @property
    def rejected(self) -> BoolArray:
        """Joints outside the gate or not there, in the same frames; shape (K, frames, joints)."""
        return np.array([[rejected for _, rejected in self._way(k)] for k in range(len(self.cost))])

    @property
    def newest_swapped(self) -> bool:
        """Whether the best hypothesis takes the newest frame as swapped."""
        return bool(self.decisions[0] & 1)

    @property
    def ankle_speed(self) -> float:
        """Mean speed of both ankles now, as the best hypothesis has it; body heights per s."""
        # Plain numbers: two joints are too few for NumPy to pay.
        forward, up = self.state[_VELOCITY, 0].tolist()
        return sum(math.hypot(forward[ankle], up[ankle]) for ankle in _ANKLES) / len(_ANKLES)

    def settle_oldest(self) -> tuple[bool, BoolArray]:
        """Decide the oldest frame as the best hypothesis has it, and drop it.

        Hypotheses that differ stay: when left and right were mixed up for good, the one
        that mends it starts with a jump and needs time to prove itself.

        Returns
        -------
        swapped : bool
            Whether the legs are swapped in that frame.
        rejected : ndarray of bool, shape (joints,)
            Which joints were not really seen, after the swap.
        """
        oldest = self._way(0)[0]
        del self.looks[0]
        return oldest

    def _way(self, k: int) -> list[tuple[bool, BoolArray]]:
        """What a hypothesis made of each frame that is not settled, oldest first."""
        way = []
        for look in reversed(self.looks):
            way.append((look.swapped[k], look.rejected[k]))
            k = look.parents[k]
        return way[::-1]


def first_hypotheses(measured: FloatArray) -> Hypotheses:
    """Begin with one frame, as it is named and swapped.

    Parameters
    ----------
    measured : ndarray, shape (joints, 2)
        The `FOLLOWED` joints, body heights; NaN where not seen.
    """
    position = measured.T[:, _ASSIGNMENTS]
    missing = np.isnan(position[0])
    state = np.zeros((_ROWS, *missing.shape))
    state[_POSITION] = np.nan_to_num(position)
    state[_VAR_POSITION] = np.where(missing, _VAR_UNSEEN, _SEEN_VAR)
    state[_VAR_VELOCITY] = _VAR_FIRST_VELOCITY
    return Hypotheses(
        cost=np.array([0.0, _COST_SWAPPED_FIRST]),
        state=state,
        decisions=[0, _MERGED_BITS],
        looks=[_Look([0, 1], [False, True], missing)],
    )


def haste_of(speed: float | None, markers: bool) -> float:
    """Standard deviation of a joint's acceleration, by the mean speed of the ankles.

    Body heights per s2, and per s.
    """
    if markers:
        return _ACCELERATION_MARKERS
    return _ACCELERATION * min(max((speed or 0.0) / _FAST, 1.0) ** 2, _MOST_HASTE)


def predicted(
    state: FloatArray, dt_s: float, acceleration: float, rejected: BoolArray
) -> FloatArray:
    """Kalman prediction: on with the same velocity, less sure of it."""
    onward = _STAYS.copy()
    onward[0, 2] = onward[1, 3] = onward[_COVARIANCE, _VAR_VELOCITY] = dt_s
    onward[_VAR_POSITION, _COVARIANCE:] = 2 * dt_s, dt_s**2
    ahead = (onward @ state.reshape(_ROWS, -1)).reshape(state.shape)
    usual = acceleration**2 * max(_ACCELERATION_LASTS_S / dt_s, 1.0)
    # Of a joint that was inside the gate, and of one that was not.
    noises = (usual, _LOST_ITS_WAY * usual)
    noise = np.array(
        [
            [noise * dt_s**4 / 4 for noise in noises],
            [noise * dt_s**3 / 2 for noise in noises],
            [noise * dt_s**2 for noise in noises],
        ]
    )
    ahead[_VAR_POSITION:] += noise.take(rejected, axis=1)
    return ahead


def extended(
    old: Hypotheses, measured: FloatArray, dt_s: float, acceleration: float = _ACCELERATION
) -> Hypotheses:
    """Take one more frame: extend every hypothesis both ways, keep the best, update them.

    Parameters
    ----------
    old : Hypotheses
        Up to the frame before.
    measured : ndarray, shape (joints, 2)
        As in `first_hypotheses`.
    dt_s : float
        Time since the frame before.
    acceleration : float
        As `haste_of` gives it.
    """
    ahead = predicted(old.state, dt_s, acceleration, old.looks[-1].rejected)
    alive = len(old.decisions)
    # NumPy is quick where the last axis is long: joints of all hypotheses in one row (K J).
    flat = ahead.reshape(_ROWS, -1)
    innovation_var = flat[_VAR_POSITION] + _SEEN_VAR

    # (2, 2 assignments, K J)
    innovation = measured.T.take(_TILED[:, : alive * _JOINTS], axis=1) - flat[_POSITION, None]
    squared = innovation * innovation
    cost = squared[0]
    cost += squared[1]
    cost *= 0.5 / innovation_var
    inside = cost < _GATE / 2  # NaN is not inside.
    cost += np.log(innovation_var / _SEEN_VAR)
    # What is outside the gate costs more than an outlier as it is; so does what is not there.
    cost = np.fmin(cost, _COST_OUTLIER).reshape(2, alive, _JOINTS)
    total = cost @ _ONE_EACH
    total += old.cost
    total[1] += _COST_SWAPPED_PER_S * dt_s

    totals = total.T.ravel()
    survivors, decisions = _survivors(totals.tolist(), old.decisions)
    parents = [number >> 1 for number in survivors]
    swapped = [bool(number & 1) for number in survivors]
    rows = [number // 2 + alive * (number & 1) for number in survivors]

    # Kalman update, with a gain of nothing where the joint is outside the gate.
    shape = (len(survivors), _JOINTS)
    use = inside.reshape(-1, _JOINTS).take(rows, axis=0)
    taken = np.where(use, innovation.reshape(2, -1, _JOINTS).take(rows, axis=1), 0.0)
    state = ahead.take(parents, axis=1)
    gain = state[_FIRST_COLUMN] / (state[_VAR_POSITION] + _SEEN_VAR)
    gain *= use
    state[:_VAR_POSITION].reshape(2, 2, *shape)[...] += gain[:, None] * taken
    state[_VAR_VELOCITY] -= gain[1] * state[_COVARIANCE]
    state[_FIRST_COLUMN] *= 1 - gain[0]
    return Hypotheses(
        cost=totals.take(survivors) - totals[survivors[0]],
        state=state,
        decisions=decisions,
        looks=[*old.looks, _Look(parents, swapped, ~use)],
    )


def _survivors(totals: list[float], before: list[int]) -> tuple[list[int], list[int]]:
    """Return which hypotheses go on, cheapest first, and the last decisions of each.

    Number 2 h extends hypothesis h as named, 2 h + 1 swapped. `before` are the decisions of
    each until now.
    """
    survivors: list[int] = []
    decisions: list[int] = []
    for number in sorted(range(len(totals)), key=totals.__getitem__):
        # Move the decisions before up by a bit, put the newest below, forget the sixth.
        last = (before[number >> 1] << 1 | number & 1) & _MERGED_BITS
        if last not in decisions:
            survivors.append(number)
            decisions.append(last)
            if len(decisions) == _BEAM_WIDTH:
                break
    return survivors, decisions
