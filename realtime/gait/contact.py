"""Initial contact: when the heel, slowing down in late swing, comes to move with the belt.

In late swing the heel slows down evenly until it moves with the belt; from then on it moves
exactly as the belt does. Its path is a parabola that turns into a straight line, and the
instant at which it turns is found by fitting both together, so single frames hardly matter.
How long that is after the ankle's most forward point is nearly the same in every stride, and
that point is known to a few milliseconds even when the leg is half hidden: so the usual
delay, added to it, is steadier than each fit (`hipcue.realtime.gait.events` keeps it).

Pure functions over the frames that are there; who decides is the phase machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hipcue.realtime.gait.fits import (
    VERTEX_REACH_S,
    FloatArray,
    frame_time_s,
    is_known,
    known_median,
    minimum_s,
)
from hipcue.realtime.gait.pose_buffer import Stretch
from hipcue.realtime.records import Side

# What is our choice here was tried as `hipcue.realtime.gait.events` says.

# A turn is decided when so much was seen after it; our choice: two frames at 60 fps.
CONTACT_AHEAD_S = 0.032
# A turn is kept in mind from so much seen after it on; our choice: one frame at 60 fps.
_HALF_SEEN_S = 0.012

# The heel's path is fitted from so long before its turn to so long after it, and a frame at
# 60 fps further. Our choices: it slows down evenly for 100 ms, and stays down for longer.
_FIT_BEFORE_S, _FIT_AFTER_S, _FIT_FRAME_S = 0.100, 0.045, 0.012
# Slow cameras: at least so many frames before the contact, one of which may be lost.
_FRAMES_BEFORE = 4.2
# The usual time between frames is that of the newest so many.
_RECENT_FRAMES = 12
# The turn is looked for in steps so far around where it is expected, and again around where
# it was found, so often. Between the steps a parabola through the errors says where. Our
# choices: with half the step one event in twenty moves by 0.1 ms, and none is lost.
_SEARCH_S, _STEP_S, _SEARCHES = 0.060, 0.004, 3
_CANDIDATES_S = np.arange(-_SEARCH_S, _SEARCH_S + 0.001, _STEP_S)[:, None]
_FEWEST_FRAMES = 4

# A heel that was seen last so long before its turn still tells when it turned: it slows
# down evenly. Our choice: one and a half frames at 60 fps, the same from 0.013 to 0.035.
_BLIND_S = 0.025
# Seen less often than this from so long before its turn on, the heel tells nothing; our
# choices, tuned on the rendered runners with frames left out: a camera of 30 fps may lose one.
# The gap is the same to 0.18.
_WIDEST_GAP_S, _SLOWING_S = 0.09, 0.08

# From so long before the turn of the heel to so long after it the ankle's most forward point is
# looked for; it lies 40 to 54 ms before it in eight trials. Our choices.
_FORWARD_BEFORE_S, _FORWARD_AFTER_S = 0.15, 0.01


# One stance tells the speed of the belt to this share of it by markers; a turn that would move by
# more than the other was another one. Our choices: what stances of one runner spread by, and more
# than the 10 to 70 ms that a guess is off by.
_STANCE_SHARE, _LATER_S = 0.02, 0.09


@dataclass(frozen=True, slots=True)
class BeltTurn:
    """A heel that came to move with the belt: when, and the rms of what the fit leaves, px."""

    t_s: float
    rms_px: float


def belt_turn(
    t: FloatArray, heel_x: FloatArray, around_s: float, belt_px_per_s: float
) -> BeltTurn | None:
    """Find the instant at which a heel's path turns from a parabola into the belt's line.

    Parameters
    ----------
    t, heel_x : ndarray of float, shape (n,)
        Times, and the heel's way forward, px; NaN where it was not seen.
    around_s : float
        Where the turn is expected.
    belt_px_per_s : float
        Speed of the belt in the picture, backwards positive: the line falls by it.

    Returns
    -------
    BeltTurn or None
        None where too few frames were seen, or no parabola that opens downwards fits.
    """
    before_s = max(_FIT_BEFORE_S, _FRAMES_BEFORE * frame_time_s(t[-_RECENT_FRAMES:]))
    turn: BeltTurn | None = None
    for _ in range(_SEARCHES):
        first = int(t.searchsorted(around_s - before_s, side="right"))
        last = int(t.searchsorted(around_s + _FIT_AFTER_S + _FIT_FRAME_S, side="left"))
        times, path = t[first:last], heel_x[first:last]
        seen = is_known(path)
        turn = _best_turn(times[seen], path[seen], around_s, belt_px_per_s)
        if turn is None or abs(turn.t_s - around_s) < _STEP_S:
            return turn
        around_s = turn.t_s
    return turn


def turn_by_stance(
    t: FloatArray, heel_x: FloatArray, turn_s: float, planted_px_per_s: float
) -> tuple[float, float] | None:
    """Return by how much a heel turned later than was found with a guess of the belt's speed.

    Parameters
    ----------
    t, heel_x : ndarray of float, shape (n,)
        As for `belt_turn`.
    turn_s : float
        The turn as it was found.
    planted_px_per_s : float
        Speed of the belt as the stance has told it since.

    Returns
    -------
    (float, float) or None
        Later by so much, and what that is unsure by as the stance tells the speed, s; None
        where no turn near it fits.
    """
    factors = (1.0, 1.0 - _STANCE_SHARE, 1.0 + _STANCE_SHARE)
    turns = [belt_turn(t, heel_x, turn_s, planted_px_per_s * factor) for factor in factors]
    known_s = [turn.t_s for turn in turns if turn is not None]
    if len(known_s) < len(factors) or abs(known_s[0] - turn_s) > _LATER_S:
        return None
    return known_s[0] - turn_s, max(abs(other_s - known_s[0]) for other_s in known_s[1:])


def _best_turn(
    t: FloatArray, x: FloatArray, around_s: float, belt_px_per_s: float
) -> BeltTurn | None:
    """Try every candidate around an instant; return the one of least squares.

    With u the time from a candidate, the path is level - belt u + gain min(u, 0)^2, the gain
    negative: straight after the candidate, a parabola before it, without a corner.
    """
    if len(t) < _FEWEST_FRAMES:
        return None
    candidates = around_s + _CANDIDATES_S
    after = t - candidates  # (candidates, frames)
    a: FloatArray = np.square(np.minimum(after, 0.0))
    a -= np.add.reduce(a, axis=1, keepdims=True) / len(t)
    y: FloatArray = x + belt_px_per_s * after
    y -= np.add.reduce(y, axis=1, keepdims=True) / len(t)
    aa, ay = _dot(a, a), _dot(a, y)
    # One frame before the turn fits any parabola, and tells nothing.
    usable = (np.add.reduce(after < 0.0, axis=1) >= 2) & (aa > 1e-12)
    gain = np.where(usable, ay, np.inf) / np.where(usable, aa, 1.0)
    # The heel slows down on its way: the parabola opens downwards.
    rest = y - np.minimum(gain, 0.0)[:, None] * a
    error = np.where(gain > 0.0, np.inf, _dot(rest, rest))
    k = int(error.argmin())
    errors = error[max(k - 1, 0) : k + 2].tolist()
    least = errors[min(k, 1)]
    if not math.isfinite(least):
        return None
    t_s = float(candidates[k, 0])
    if len(errors) == 3 and math.isfinite(sum(errors)):
        before, at, behind = errors
        bend = before - 2 * at + behind
        if bend > 0:
            t_s += _STEP_S * min(max(0.5 * (before - behind) / bend, -0.5), 0.5)
    return BeltTurn(t_s, math.sqrt(least / len(t)))


def _dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """Sum of the products along the rows."""
    return np.asarray(np.einsum("ij,ij->i", a, b))


def was_seen_around(t: FloatArray, heel_x: FloatArray, turn_s: float) -> bool:
    """Tell whether a heel was seen well enough around an instant to say when it turned."""
    seen = t[is_known(heel_x)]
    if len(seen) == 0 or turn_s - seen[-1] > _BLIND_S:
        return False
    around = seen[(seen > turn_s - _SLOWING_S) & (seen < turn_s + CONTACT_AHEAD_S)]
    return len(around) > 1 and float(np.max(np.diff(around))) < _WIDEST_GAP_S


def settled_turn(
    newest: BeltTurn | None, early: BeltTurn | None, now_s: float
) -> tuple[BeltTurn | None, BeltTurn | None]:
    """Tell whether a turn is certain by now.

    Where frames are lost just after the turn, the next fits run away from it or fail; then
    the one that was made early counts.

    Parameters
    ----------
    newest : BeltTurn or None
        As it looks now.
    early : BeltTurn or None
        As it looked before, when it was not certain yet.
    now_s : float
        Time of the newest frame.

    Returns
    -------
    settled, early : BeltTurn or None
        The turn when it is certain, else None; and what to hand in as `early` next time.
    """
    if newest is not None and _seen_enough(newest, now_s):
        return newest, early
    if newest is not None and now_s - newest.t_s >= _HALF_SEEN_S:
        return None, newest
    if early is not None and _seen_enough(early, now_s):
        return early, early
    return None, early


def _seen_enough(turn: BeltTurn, now_s: float) -> bool:
    return now_s - turn.t_s >= CONTACT_AHEAD_S - 1e-6


def foot_ahead_px(frames: Stretch, side: Side, around_s: float) -> float | None:
    """How far a foot is ahead of the hips around an instant, px; None where it was not seen.

    Ankle or heel, whichever is further ahead, against the hip that is.
    """
    around = np.abs(frames.t - around_s) < VERTEX_REACH_S
    hips = np.fmax(*(frames.path(any_side, "hip")[around, 0] for any_side in Side))
    ankle, heel = (frames.path(side, name)[around, 0] for name in ("ankle", "heel"))
    return known_median(np.fmax(ankle, heel) - hips)


def most_forward_s(t: FloatArray, ankle_x: FloatArray, turn_s: float) -> float | None:
    """When the ankle was furthest forward before the heel turned; None where not seen."""
    swing = (t > turn_s - _FORWARD_BEFORE_S) & (t < turn_s + _FORWARD_AFTER_S)
    return minimum_s(t[swing], -ankle_x[swing], turn_s)
