"""Where up and forward are in a laboratory, told by the body itself."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.marker_file import Trajectory

# Laboratories lay their treadmill along an axis; within this angle the axis is believed.
_SNAP_DEG = 10.0
# A foot is 0.15 m long and more; a knee lies some cm ahead of the line hip to ankle.
_AHEAD_M = 0.005
# No foot swings further from where it mostly is, m; our choice, longer than a leg.
_SWINGS_M = 1.3
# What swings below the hip, and what a foot is there by, best first.
_LOW = ("ankle", "heel", "toe")


@dataclass(frozen=True, slots=True, eq=False)
class BodyFrame:
    """The runner's sagittal plane, which may go through the room with the runner.

    Attributes
    ----------
    up : ndarray, shape (3,)
        Unit vector.
    forward : ndarray, shape (3,) or (frames, 3)
        Unit vector of the running direction.
    origin_m : ndarray, shape (3,) or (frames, 3)
        What forward is counted from.
    """

    up: NDArray[np.float64]
    forward: NDArray[np.float64]
    origin_m: NDArray[np.float64]

    def in_plane(self, path: Trajectory) -> NDArray[np.float64]:
        """Return a trajectory in the plane, shape (frames, 2): forward and up, m."""
        return np.stack([along(path - self.origin_m, self.forward), path @ self.up], axis=1)

    def tilted_deg(self, line: Trajectory) -> NDArray[np.float64]:
        """Return by how much a line that points forward dips, degrees, shape (frames,)."""
        dips: NDArray[np.float64] = np.arctan2(-(line @ self.up), along(line, self.forward))
        return np.degrees(dips)


def along(path: Trajectory, direction: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the part (frames,) of a trajectory along a unit vector, one or one a frame."""
    part: NDArray[np.float64] = (path * direction).sum(axis=1)
    return part


def find_up(joints: Mapping[Joint, Trajectory], failed: str) -> NDArray[np.float64]:
    """Return the axis (3,) on which the hips are above the feet.

    Raises
    ------
    UserError
        Neither hips nor feet.
    """
    rises = [hip - low for hip, low in _swinging(joints)]
    if not rises:
        raise UserError(failed, "hips and feet are never seen together", "a file with both")
    rise_m = middle_over_time(rises)
    vertical = int(np.argmax(np.abs(rise_m)))
    up = np.zeros(3)
    up[vertical] = np.sign(rise_m[vertical])
    return up


def find_room_frame(
    joints: Mapping[Joint, Trajectory], up: NDArray[np.float64], failed: str
) -> BodyFrame:
    """Return the plane of somebody who stays where a treadmill stands.

    Raises
    ------
    UserError
        Forward and backward alike.
    """
    level = [axis for axis in range(3) if up[axis] == 0.0]
    line = _swing_line([(low - hip)[:, level] for hip, low in _swinging(joints)])
    forward = np.zeros(3)
    forward[level] = line
    ahead = float(middle_over_time(foot_lines(joints)) @ forward)
    if not abs(ahead) >= _AHEAD_M:
        raise UserError(
            failed, "nothing in it tells forward from backward", "a file with heels and toes"
        )
    return BodyFrame(up, forward * np.sign(ahead), np.zeros(3))


def foot_lines(joints: Mapping[Joint, Trajectory]) -> list[Trajectory]:
    """Return what points forward: heel to toe; without feet, the side the knees bend to."""
    lines = heels_to_toes(joints)
    if lines:
        return lines
    for side in Side:
        parts = [joints.get(Joint.of(side, name)) for name in ("hip", "knee", "ankle")]
        hip, knee, ankle = parts
        if hip is not None and knee is not None and ankle is not None:
            lines.append(knee - (hip + ankle) / 2)
    return lines


def heels_to_toes(joints: Mapping[Joint, Trajectory]) -> list[Trajectory]:
    """Return the line from heel to toe of each foot that has both."""
    lines: list[Trajectory] = []
    for side in Side:
        heel, toe = joints.get(Joint.of(side, "heel")), joints.get(Joint.of(side, "toe"))
        if heel is not None and toe is not None and np.isfinite(toe - heel).any():
            lines.append(toe - heel)
    return lines


def middle_over_time(paths: Iterable[Trajectory]) -> NDArray[np.float64]:
    """Return the median vector (3,) of trajectories, NaN where there is none."""
    every = [path for path in paths if len(path)]
    if not every:
        return np.full(3, np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # Nothing in it.
        middle: NDArray[np.float64] = np.nanmedian(np.concatenate(every), axis=0)
    return middle


def _swinging(joints: Mapping[Joint, Trajectory]) -> list[tuple[Trajectory, Trajectory]]:
    """Return the hip of each side with the best of its foot, where both are seen at once."""
    pairs: list[tuple[Trajectory, Trajectory]] = []
    for side in Side:
        hip = joints.get(Joint.of(side, "hip"))
        if hip is None:
            continue
        lows = (joints.get(Joint.of(side, name)) for name in _LOW)
        seen = (low for low in lows if low is not None and np.isfinite(low + hip).any())
        pairs += [(hip, low) for low in [next(seen, None)] if low is not None]
    return pairs


def _about_mean(swing: Trajectory) -> Trajectory:
    """Return the points of a swing about their mean, without those that no foot can be at."""
    seen = swing[np.isfinite(swing).all(axis=1)]
    # One marker in the wrong place would outweigh a thousand.
    seen = seen[np.linalg.norm(seen - np.median(seen, axis=0), axis=1) < _SWINGS_M]
    about: Trajectory = seen - seen.mean(axis=0)
    return about


def _swing_line(swings: list[Trajectory]) -> NDArray[np.float64]:
    """Return the level line (2,) along which the feet swing about the hips, sign open."""
    points = np.concatenate([_about_mean(swing) for swing in swings])
    _, vectors = np.linalg.eigh(points.T @ points)
    main: NDArray[np.float64] = vectors[:, -1]
    axis = int(np.argmax(np.abs(main)))
    if np.degrees(np.arccos(min(1.0, float(abs(main[axis]))))) <= _SNAP_DEG:
        main = np.zeros(2)
        main[axis] = 1.0
    return main
