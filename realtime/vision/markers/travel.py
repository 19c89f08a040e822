"""A runner's way through the room: over ground or on a treadmill, told by the planted feet.

Over ground a planted foot stands and the pelvis goes; on a treadmill the foot goes back with
the belt and the pelvis stays. What both have is the speed of the pelvis against the foot. Over
ground the runner is measured against their own smoothed way, as if a camera rolled along, and
the speed of that way takes the place of the belt's: what the belt's speed and the runner's
drift add up to over a stride is then how far the runner went.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.body_axes import along, foot_lines
from hipcue.realtime.vision.markers.marker_file import Trajectory

FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]

GRID_S = 0.02
"""The way is smooth: it is worked out so often, whatever the file's rate."""
# Pelvis and trunk sway to and fro with every step of 0.3 to 0.5 s; the way does not. Our choice.
_SMOOTH_S = 0.3
# Feet and pelvis are compared over so long, about a stride and a half of slow runners, so often.
_WINDOW_S, _EVERY_S = 1.0, 0.25
# A foot is on the ground while its markers are this low, as a share of the window; feet of
# runners are on the ground for 0.25 to 0.45 of a stride.
_LOW_SHARE = 0.2
# Slower than this against the ground nobody runs or walks on; our choice.
_MOVES_MPS = 0.8
# The ground's share of the speed between foot and ground: 0 over ground, 1 on a treadmill. What
# lies between (a belt whose runner falls back) is nearer to one of them.
_HALF = 0.5
# A heading that changes faster than this is a turn, not a bend of a track: a bend of 5 m radius
# at 3 m/s turns by 34 degrees a second. Our choice.
_TURNS_DEG_S = 60.0
# Frames so near a turn belong to it; our choice, half a step.
_PAD_S = 0.15


class Ground(Enum):
    """What somebody runs on."""

    BELT = "belt"
    ROOM = "room"
    STANDS = "stands"


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """The way of the body through the room, per frame.

    Attributes
    ----------
    position_m : ndarray, shape (frames, 3)
        Smoothed and level: steps do not show in it.
    speed_mps : ndarray, shape (frames,)
        Along the heading.
    heading : ndarray, shape (frames, 3)
        Where the runner is bound for, unit vectors, level.
    ground : ndarray of object, shape (frames,)
        What is under the feet, a `Ground` each.
    turning : ndarray of bool, shape (frames,)
        Where the heading changes too fast for one sagittal plane.
    backwards : ndarray of bool, shape (frames,)
        Where the toes point against the way.
    """

    position_m: FloatArray
    speed_mps: FloatArray
    heading: FloatArray
    ground: NDArray[np.object_]
    turning: Mask
    backwards: Mask


def find_way(joints: Mapping[Joint, Trajectory], t_s: FloatArray, up: FloatArray) -> Way | None:
    """Return the way of a body; None where it is too short or too rarely seen to tell.

    Parameters
    ----------
    joints : mapping of Joint to ndarray, shape (frames, 3)
        Trajectories in the room, m; NaN where missing.
    t_s : ndarray, shape (frames,)
        Times, growing.
    up : ndarray, shape (3,)
        Unit vector.
    """
    body = _body(joints)
    seen = np.isfinite(body).all(axis=1)
    if seen.sum() < 3 or t_s[-1] - t_s[0] < _WINDOW_S:
        return None
    grid_s = np.arange(t_s[0], t_s[-1] + GRID_S, GRID_S)
    rough = _resampled(grid_s, t_s[seen], body[seen])
    position = _smooth(rough - np.outer(rough @ up, up))
    velocity = np.gradient(position, GRID_S, axis=0)
    ground = _ground(joints, t_s, grid_s, velocity, up)
    heading = _heading(joints, t_s, grid_s, velocity, ground, up)
    rate = _turning_rad_s(heading)
    turning = _wide(np.degrees(rate) > _TURNS_DEG_S, round(_PAD_S / GRID_S))
    # Smoothing cuts a bend short: a circle's radius shrinks by this.
    speed = along(velocity, heading) * np.exp(0.5 * (_SMOOTH_S * rate) ** 2)
    toes = _resampled_mean(foot_lines(joints), grid_s, t_s)
    backwards = (along(toes, heading) < 0.0) & (ground == Ground.ROOM)
    near = np.clip(np.rint((t_s - t_s[0]) / GRID_S).astype(int), 0, len(grid_s) - 1)
    towards = _resampled(t_s, grid_s, heading)
    return Way(
        _resampled(t_s, grid_s, position),
        np.interp(t_s, grid_s, speed),
        towards / np.linalg.norm(towards, axis=1, keepdims=True),
        ground[near],
        turning[near],
        backwards[near],
    )


def _body(joints: Mapping[Joint, Trajectory]) -> Trajectory:
    """Return the middle of the hips; where one is hidden, what it was from the other."""
    left, right = joints.get(Joint.L_HIP), joints.get(Joint.R_HIP)
    if left is None or right is None:
        only = left if right is None else right
        return next(iter(joints.values())) if only is None else only
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # Never seen both.
        half = np.nan_to_num(np.nanmedian((right - left) / 2, axis=0))
    middle = (left + right) / 2
    middle = np.where(np.isfinite(middle), middle, left + half)
    return np.where(np.isfinite(middle), middle, right - half)


def _ground(
    joints: Mapping[Joint, Trajectory],
    t_s: FloatArray,
    grid_s: FloatArray,
    velocity: FloatArray,
    up: FloatArray,
) -> NDArray[np.object_]:
    """What is under the feet at every instant of the grid."""
    feet = [
        path
        for side in Side
        for name in ("heel", "toe", "ankle")
        if (path := joints.get(Joint.of(side, name))) is not None
    ]
    centres = np.arange(t_s[0], t_s[-1] + _EVERY_S, _EVERY_S)
    found: list[Ground] = []
    for centre in centres:
        window = slice(*np.searchsorted(t_s, [centre - _WINDOW_S / 2, centre + _WINDOW_S / 2]))
        around = np.abs(grid_s - centre) <= _WINDOW_S / 2
        planted = _planted(feet, t_s, window, up)
        found.append(_what(velocity[around].mean(axis=0), planted, found))
    nearest = np.clip(np.rint((grid_s - t_s[0]) / _EVERY_S).astype(int), 0, len(centres) - 1)
    under: NDArray[np.object_] = np.array(found, dtype=object)[nearest]
    return under


def _what(body: FloatArray, planted: FloatArray | None, before: list[Ground]) -> Ground:
    if planted is None:
        return before[-1] if before else Ground.STANDS
    against = body - planted
    speed = float(np.linalg.norm(against))
    if speed < _MOVES_MPS:
        return Ground.STANDS
    share = -float(planted @ against) / speed**2
    return Ground.BELT if share > _HALF else Ground.ROOM


def _planted(
    feet: list[Trajectory], t_s: FloatArray, window: slice, up: FloatArray
) -> FloatArray | None:
    """Return the level velocity (3,) of what is low in a window; None without feet in it."""
    times = t_s[window]
    votes: list[FloatArray] = []
    for foot in feet:
        path = foot[window]
        seen = np.isfinite(path).all(axis=1)
        if seen.sum() < 5:
            continue
        path, when = path[seen], times[seen]
        moves = np.gradient(path, when, axis=0)
        height = path @ up
        low = height <= np.quantile(height, _LOW_SHARE)
        velocity = np.median(moves[low], axis=0)
        votes.append(velocity - (velocity @ up) * up)
    return np.median(votes, axis=0) if votes else None


def _heading(
    joints: Mapping[Joint, Trajectory],
    t_s: FloatArray,
    grid_s: FloatArray,
    velocity: FloatArray,
    ground: NDArray[np.object_],
    up: FloatArray,
) -> FloatArray:
    """Return where the runner is bound for: the way's direction, and of who stands the pelvis's."""
    left, right = joints.get(Joint.L_HIP), joints.get(Joint.R_HIP)
    if left is not None and right is not None:
        faces = np.cross(up, _resampled_mean([right - left], grid_s, t_s))
    else:
        lines = _resampled_mean(foot_lines(joints), grid_s, t_s)
        faces = lines - np.outer(lines @ up, up)
    faces = _unit(_smooth(faces))
    # Fading from one to the other, so that nothing jumps where somebody sets off.
    speed = np.linalg.norm(velocity, axis=1, keepdims=True)
    runs = np.clip(2.0 * speed / _MOVES_MPS - 1.0, 0.0, 1.0)
    runs = np.where((ground == Ground.BELT)[:, None], 0.0, runs)
    return _unit(runs * _unit(velocity) + (1.0 - runs) * faces)


def _turning_rad_s(heading: FloatArray) -> FloatArray:
    """Return how fast the heading turns at every instant of the grid."""
    change = np.gradient(heading, GRID_S, axis=0)
    rate: FloatArray = np.linalg.norm(np.cross(heading, change), axis=1)
    return np.minimum(rate, np.pi / _WINDOW_S)


def _unit(vectors: FloatArray) -> FloatArray:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: FloatArray = vectors / np.maximum(length, 1e-12)
    return unit


def _resampled(at_s: FloatArray, t_s: FloatArray, path: FloatArray) -> FloatArray:
    """Return a path at other times, in between on straight lines."""
    return np.stack([np.interp(at_s, t_s, path[:, axis]) for axis in range(3)], axis=1)


def _resampled_mean(paths: list[Trajectory], at_s: FloatArray, t_s: FloatArray) -> FloatArray:
    """Return the mean of paths at other times; gaps on straight lines, nothing is zero."""
    seen = [np.isfinite(path).all(axis=1) for path in paths]
    known = [
        _resampled(at_s, t_s[k], path[k]) for k, path in zip(seen, paths, strict=True) if k.any()
    ]
    return np.mean(known, axis=0) if known else np.zeros((len(at_s), 3))


def _smooth(path: FloatArray) -> FloatArray:
    """Return a path on the grid with steps taken off: a line fitted around each instant.

    Weighted by a bell curve; at the ends, where only one side is there, the line goes on.
    """
    reach = round(3 * _SMOOTH_S / GRID_S)
    lag = np.arange(-reach, reach + 1) * GRID_S
    bell = np.exp(-0.5 * (lag / _SMOOTH_S) ** 2)
    ones = np.ones(len(path))
    s0, s1, s2 = (_convolved(ones, bell * lag**power, reach) for power in range(3))
    fitted = np.empty_like(path)
    for axis in range(path.shape[1]):
        t0 = _convolved(path[:, axis], bell, reach)
        t1 = _convolved(path[:, axis], bell * lag, reach)
        fitted[:, axis] = (s2 * t0 - s1 * t1) / (s0 * s2 - s1**2)
    return fitted


def _convolved(values: FloatArray, kernel: FloatArray, reach: int) -> FloatArray:
    """Sum around each value, times a kernel over the lag to it."""
    padded = np.concatenate([np.zeros(reach), values, np.zeros(reach)])
    return np.correlate(padded, kernel, mode="valid")


def _wide(mask: Mask, by: int) -> Mask:
    """Let every True reach to both sides."""
    return np.asarray(np.convolve(mask, np.ones(2 * by + 1), mode="same") > 0.5)
