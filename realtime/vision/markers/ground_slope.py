"""How much the ground rises in a file's axes: uphill, or a laboratory whose axes are not level."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.marker_file import Trajectory

FloatArray = NDArray[np.float64]

# Toes are looked at in this share of the frames, the lowest; the ground goes under them as most
# of those do, give or take this share of its speed. Our choices: toes of runners are down for a
# third of a stride, and five files of three laboratories then rise by -0.6 to 2.2 degrees.
_LOW_SHARE, _ALIKE = 0.35, 0.2
_FEWEST_FRAMES, _ROUNDS = 20, 4
# Velocities are taken over so long; our choice, a quarter of a stance.
_OVER_S = 0.06


def belt_rises_deg(
    joints: Mapping[Joint, Trajectory], t_s: FloatArray, up: FloatArray
) -> float | None:
    """Return the slope of the belt under the toes, uphill positive; None where it is not told."""
    slopes = []
    for side in Side:
        toe = joints.get(Joint.of(side, "toe"))
        slope = None if toe is None else _under(toe, t_s, up)
        slopes += [] if slope is None else [slope]
    return sum(slopes) / len(slopes) if slopes else None


def way_rises_deg(body: Trajectory, up: FloatArray) -> float | None:
    """Return the slope of a way over ground by how the body rises along it, uphill positive."""
    path = body[np.isfinite(body).all(axis=1)]
    if len(path) < _FEWEST_FRAMES:
        return None
    height = path @ up
    level = path - np.outer(height, up)
    far = np.linalg.norm(level - level[0], axis=1)
    rise, _ = np.polyfit(far, height, 1) if np.ptp(far) > 1.0 else (0.0, 0.0)
    return math.degrees(math.atan(float(rise)))


def _under(toe: Trajectory, t_s: FloatArray, up: FloatArray) -> float | None:
    if len(toe) < _FEWEST_FRAMES:
        return None
    lag = max(1, round(_OVER_S / 2 / float(np.median(np.diff(t_s)))))
    if len(toe) <= 2 * lag:
        return None
    # Over less, what markers tremble by is more than what they go.
    moves = np.full(toe.shape, np.nan)
    moves[lag:-lag] = (toe[2 * lag :] - toe[: -2 * lag]) / (t_s[2 * lag :] - t_s[: -2 * lag])[
        :, None
    ]
    seen = np.isfinite(moves + toe).all(axis=1)
    if seen.sum() < _FEWEST_FRAMES:
        return None
    toe, moves = toe[seen], moves[seen]
    height = toe @ up
    rise = 0.0
    # What is low on a slope is known only with its slope.
    for _ in range(_ROUNDS):
        level = moves - np.outer(moves @ up, up)
        low = height <= np.quantile(height, _LOW_SHARE)
        back = np.median(level[low], axis=0)
        speed = float(np.linalg.norm(back))
        down = np.linalg.norm(level - back, axis=1) < _ALIKE * speed
        if down.sum() < _FEWEST_FRAMES:  # Nothing goes back: nobody runs here.
            return None
        goes = float(np.median(level[down] @ back)) / speed
        rise = -float(np.median(moves[down] @ up)) / goes
        height = toe @ up + rise * (toe @ back) / speed
    return math.degrees(math.atan(rise))
