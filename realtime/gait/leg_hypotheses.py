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

# Our choices, tuned on the leg swaps of rendered runners at 30 and 60 fps. Lengths are
# in body heights (top of the head to the sole as far as seen), so they hold for any camera.
# Measurement noise, standard deviation.
_SEEN_SIGMA = 0.016
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
# Hypotheses that agree in so many last decisions are merged.
_MERGED_FRAMES = 5
_MERGED_BITS = (1 << _MERGED_FRAMES) - 1


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
    swapped : ndarray of bool, shape (K, frames)
        All decisions that are not settled yet, oldest first.
    rejected : ndarray of bool, shape (K, frames, joints)
        Joints that were outside the gate or not there, in the same frames.
    rejected_before : ndarray of bool, shape (K, joints)
        The same in the newest frame, settled or not.
    """

    cost: FloatArray
    state: FloatArray
    decisions: list[int]
    swapped: BoolArray
    rejected: BoolArray
    rejected_before: BoolArray

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
        swapped, rejected = bool(self.swapped[0, 0]), self.rejected[0, 0]
        self.swapped = self.swapped[:, 1:]
        self.rejected = self.rejected[:, 1:]
        return swapped, rejected


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
    state[_VAR_POSITION] = np.where(missing, _VAR_UNSEEN, _SEEN_SIGMA**2)
    state[_VAR_VELOCITY] = _VAR_FIRST_VELOCITY
    return Hypotheses(
        cost=np.array([0.0, _COST_SWAPPED_FIRST]),
        state=state,
        decisions=[0, _MERGED_BITS],
        swapped=np.array([[False], [True]]),
        rejected=missing[:, None, :],
        rejected_before=missing,
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
    ahead = state.copy()
    ahead[_POSITION] += dt_s * state[_VELOCITY]
    ahead[_VAR_POSITION] += 2 * dt_s * state[_COVARIANCE] + dt_s**2 * state[_VAR_VELOCITY]
    ahead[_COVARIANCE] += dt_s * state[_VAR_VELOCITY]
    usual = acceleration**2 * max(_ACCELERATION_LASTS_S / dt_s, 1.0)
    process_noise = np.where(rejected, _LOST_ITS_WAY * usual, usual)
    ahead[_VAR_POSITION] += process_noise * dt_s**4 / 4
    ahead[_COVARIANCE] += process_noise * dt_s**3 / 2
    ahead[_VAR_VELOCITY] += process_noise * dt_s**2
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
    ahead = predicted(old.state, dt_s, acceleration, old.rejected_before)
    innovation_var = ahead[_VAR_POSITION] + _SEEN_SIGMA**2

    # (2, K, 2 assignments, joints)
    innovation = measured.T[:, None, _ASSIGNMENTS] - ahead[_POSITION, :, None]
    squared = innovation * innovation
    distance = (squared[0] + squared[1]) / innovation_var[:, None]
    inside = distance < _GATE  # NaN is not inside.
    cost = distance / 2 + np.log(innovation_var / _SEEN_SIGMA**2)[:, None]
    cost = np.where(inside, np.minimum(cost, _COST_OUTLIER), _COST_OUTLIER)
    total = np.add.reduce(cost, axis=-1) + old.cost[:, None]
    total[:, 1] += _COST_SWAPPED_PER_S * dt_s

    # Number 2 h extends hypothesis h as named, 2 h + 1 swapped.
    totals = total.ravel().tolist()
    survivors: list[int] = []
    decisions: list[int] = []
    for number in sorted(range(len(totals)), key=totals.__getitem__):
        # Move the decisions before up by a bit, put the newest below, forget the sixth.
        last = (old.decisions[number >> 1] << 1 | number & 1) & _MERGED_BITS
        if last not in decisions:
            survivors.append(number)
            decisions.append(last)
            if len(decisions) == _BEAM_WIDTH:
                break
    best = np.array(survivors)
    parent, swapped = best >> 1, best & 1

    # Kalman update, with a gain of nothing where the joint is outside the gate.
    use = inside[parent, swapped]  # (K', joints)
    state = ahead[:, parent]
    gain = np.where(use, state[_FIRST_COLUMN] / innovation_var[parent], 0.0)
    taken = np.where(use, innovation[:, parent, swapped], 0.0)
    state[_POSITION] += gain[0] * taken
    state[_VELOCITY] += gain[1] * taken
    state[_VAR_VELOCITY] -= gain[1] * state[_COVARIANCE]
    state[_FIRST_COLUMN] *= 1 - gain[0]
    return Hypotheses(
        cost=total.ravel()[best] - totals[survivors[0]],
        state=state,
        decisions=decisions,
        swapped=np.concatenate([old.swapped[parent], swapped[:, None] == 1], axis=1),
        rejected=np.concatenate([old.rejected[parent], ~use[:, None, :]], axis=1),
        rejected_before=~use,
    )
