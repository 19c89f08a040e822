"""Toe-off: when the foot leaves the belt, by the knee in running and by the toe in walking.

The knee is straightest at the end of push-off: within 5 ms of toe-off on motion capture
(Fellin 2010). Where markers show the toe sharply, the instant at which it rises with a fifth
of the belt speed is averaged in. In walking the knee bends long before toe-off; there the
toe's own departure from the belt decides.

Pure functions over the frames that are there; who decides is the phase machine.
"""

from __future__ import annotations

import numpy as np

from hipcue.realtime.gait.fits import (
    VERTEX_REACH_S,
    FloatArray,
    fit_parabola,
    interpolated,
    is_known,
    minimum_s,
    newest_slope,
)
from hipcue.realtime.gait.pose_buffer import Stretch
from hipcue.realtime.records import Side

# What is our choice here was tried as `hipcue.realtime.gait.events` says.

# At toe-off the ankle is behind the hip by more than this part of the body height. Our choice,
# and one that matters: at 0.068 14 events are lost, at 0.092 five.
BEHIND = 0.08

# Push-off is not looked for within so long of the contact: the knee is straight there, too.
# Our choice, the same from 0.025 to 0.1.
_AFTER_CONTACT_S = 0.05
_FEWEST_FRAMES = 4
# A toe that goes back with this share of the belt's speed, over so long, is still on it. Our
# choices, nearly the same from 0.9 up, and the same from 0.028 to 0.063.
_ON_BELT, _TOE_SPEED_OVER_S = 0.9, 0.055
# The knee's straightest instant is decided when so much was seen after it, and later where it
# has not clearly bent again since. Our choices: two frames at 60 fps, and nearly three.
_AHEAD_S, _AHEAD_UNCLEAR_S = 0.033, 0.045
# A knee that has bent by this much since has left its straightest instant for certain; our
# choice: more than a pose model's noise.
_BENDS_AGAIN_DEG = 5.0
# A knee that has been bending for so long already, with the toe leaving only now, walks. Our
# choice, the same to 0.18; at 0.136 running knees are taken for walking ones.
_WALKS_S = 0.16

# Instants by definition against instants by force plate, s: the knee is straightest 13 ms
# after the plate feels less than 50 N. RBDS subject 1 at 2.5 and 3.5 m/s (Fukuchi 2017).
# The faster the runner, the longer the knee goes on stretching after toe-off; contact time
# tells how fast: 7 ms with a contact of 0.28 s, 0.15 ms more for each ms less.
_KNEE_LAG_S, _LONG_CONTACT_S, _KNEE_LAG_PER_S = 0.007, 0.28, 0.15
_KNEE_LAG_LEAST_S, _KNEE_LAG_MOST_S = -0.003, 0.015
# The toe rises at toe-off with this share of the belt's speed. A parabola that points further
# away than this from where it was fitted is not followed; our choice, the same from 0.025 to
# 0.1.
_RISE, _RISE_SHIFT_S, _RISE_FITS = 0.2, 0.05, 2
# The toe has slowed down to this share of the belt's speed at toe-off (RBDS); over how long
# it is looked at, and how long ago it must have been: our choices, the latter the same from
# 0.01 to 0.04.
_LEFT, _LEFT_OVER_S, _LEFT_AGO_S = 0.75, 0.12, 0.02


def toe_off_s(
    frames: Stretch,
    side: Side,
    contact_s: float,
    belt_px_per_s: float,
    body_px: float,
    markers: bool,
) -> float | None:
    """Find the toe-off that follows a contact, once it is certain.

    Parameters
    ----------
    frames : Stretch
        The recent past, the newest frame last.
    side : Side
        Whose foot.
    contact_s : float
        When it landed.
    belt_px_per_s, body_px : float
        Speed of the belt and height of the body in the picture.
    markers : bool
        Whether the joints are markers (sharp) or landmarks of a pose model.

    Returns
    -------
    float or None
        None while the foot is on the belt, and until enough was seen afterwards.
    """
    t = frames.t
    now_s = float(t[-1])
    begin = _goes_behind(frames, side, contact_s + _AFTER_CONTACT_S, -BEHIND * body_px)
    if begin is None or len(t) - begin < _FEWEST_FRAMES:
        return None
    toe = frames.path(side, "toe")
    toe_px_per_s = newest_slope(t, toe[:, 0], _TOE_SPEED_OVER_S)
    if toe_px_per_s is None or toe_px_per_s <= -_ON_BELT * belt_px_per_s:
        return None
    knee = frames.knee_flexion_deg(side, begin)
    if markers and not is_known(knee).any():
        return _by_toe_s(t, toe, begin, belt_px_per_s)
    straightest_s = minimum_s(t[begin:], knee, now_s)
    if straightest_s is None:  # Still straightening.
        return None
    if now_s - straightest_s >= _WALKS_S:
        return leaves_belt_s(t[begin:], toe[begin:, 0], belt_px_per_s)
    # Where the knee is not seen in the newest frame it is not clear.
    clear = knee[-1] - interpolated(t[begin:], knee, straightest_s) > _BENDS_AGAIN_DEG
    if now_s - straightest_s < (_AHEAD_S if clear else _AHEAD_UNCLEAR_S) - 1e-6:
        return None
    t_s = straightest_s - _KNEE_LAG_S - more_knee_lag_s(straightest_s - _KNEE_LAG_S - contact_s)
    if not markers:
        return t_s
    rise_s = rises_s(t, toe[:, 1], t_s, _RISE * belt_px_per_s)
    return t_s if rise_s is None else (t_s + rise_s) / 2


def _by_toe_s(t: FloatArray, toe: FloatArray, begin: int, belt_px_per_s: float) -> float | None:
    """Find the toe-off by the toe alone, where a file of markers has no knee."""
    left_s = leaves_belt_s(t[begin:], toe[begin:, 0], belt_px_per_s)
    if left_s is None or t[-1] - left_s < _AHEAD_UNCLEAR_S:
        return None
    rise_s = rises_s(t, toe[:, 1], left_s, _RISE * belt_px_per_s)
    return left_s if rise_s is None else rise_s


def _goes_behind(frames: Stretch, side: Side, after_s: float, ahead_px: float) -> int | None:
    """First frame after an instant in which the ankle is less ahead of the hip than that."""
    first = int(frames.t.searchsorted(after_s, side="right"))
    paths = (frames.ankle_or_heel(side), frames.path(side, "hip"))
    ankle, hip = (path[first:, 0].tolist() for path in paths)
    for k, (ankle_px, hip_px) in enumerate(zip(ankle, hip, strict=True), first):
        if ankle_px - hip_px < ahead_px:  # False where one of them was not seen.
            return k
    return None


def more_knee_lag_s(contact_time_s: float) -> float:
    """How much longer than usual the knee goes on stretching after a contact of that time."""
    more_s = _KNEE_LAG_PER_S * (_LONG_CONTACT_S - contact_time_s)
    return min(max(more_s, _KNEE_LAG_LEAST_S), _KNEE_LAG_MOST_S)


def rises_s(t: FloatArray, y: FloatArray, around_s: float, px_per_s: float) -> float | None:
    """When a joint rises with a speed, by the slope of a parabola around an instant.

    None where it was hardly seen, or does not rise faster and faster near there.
    """
    for _ in range(_RISE_FITS):
        near = (np.abs(t - around_s) < VERTEX_REACH_S) & is_known(y)
        if np.count_nonzero(near) < _FEWEST_FRAMES:
            return None
        curve, slope, _ = fit_parabola(t[near] - around_s, y[near])
        if curve <= 0:
            return None
        shift_s = (px_per_s - slope) / (2 * curve)
        if abs(shift_s) > _RISE_SHIFT_S:
            return None
        around_s += shift_s
    return around_s


def leaves_belt_s(t: FloatArray, toe_x: FloatArray, belt_px_per_s: float) -> float | None:
    """When the toe had slowed down to three quarters of the belt's speed; None until it has."""
    known = is_known(toe_x)
    t, toe_x = t[known], toe_x[known]
    if len(t) == 0:
        return None
    newest = t > t[-1] - _LEFT_OVER_S
    if np.count_nonzero(newest) < _FEWEST_FRAMES:
        return None
    middle_s = float(t[newest].mean())
    curve, slope, _ = fit_parabola(t[newest] - middle_s, toe_x[newest])
    if curve <= 0:
        return None
    left_s = middle_s + (-_LEFT * belt_px_per_s - slope) / (2 * curve)
    return left_s if left_s <= t[-1] - _LEFT_AGO_S else None
