"""Where up and forward are in a laboratory, told by the body itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.marker_file import Trajectory

# Laboratories lay their treadmill along an axis; within this angle the axis is believed.
_SNAP_DEG = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """The sagittal plane in the laboratory: unit vectors, shape (3,)."""

    forward: NDArray[np.float64]
    up: NDArray[np.float64]


def legs(joints: Mapping[Joint, Trajectory]) -> list[tuple[Trajectory, Trajectory, Trajectory]]:
    """Return hip, knee and ankle of each leg that was ever seen as a whole."""
    legs: list[tuple[Trajectory, Trajectory, Trajectory]] = []
    for side in Side:
        leg = [joints.get(Joint.of(side, name)) for name in ("hip", "knee", "ankle")]
        hip, knee, ankle = leg
        if hip is None or knee is None or ankle is None:
            continue
        if np.isfinite(hip + knee + ankle).all(axis=1).any():
            legs.append((hip, knee, ankle))
    return legs


def find_plane(joints: Mapping[Joint, Trajectory], failed: str) -> Plane:
    """Find up and forward from the body itself."""
    whole = legs(joints)
    rise_m = np.nanmean(np.concatenate([hip - ankle for hip, _, ankle in whole]), axis=0)
    vertical = int(np.argmax(np.abs(rise_m)))
    up = np.zeros(3)
    up[vertical] = np.sign(rise_m[vertical])
    level = [axis for axis in range(3) if axis != vertical]
    line = _swing_line([(ankle - hip)[:, level] for hip, _, ankle in whole])
    forward = np.zeros(3)
    forward[level] = line
    ahead = float(_ahead(joints) @ forward)
    # A foot is 0.15 m long and more; a knee lies some cm ahead of the line hip to ankle.
    if abs(ahead) < 0.005:
        raise UserError(
            failed, "nothing in it tells forward from backward", "a file with heels and toes"
        )
    return Plane(forward * np.sign(ahead), up)


def _swing_line(swings: list[Trajectory]) -> NDArray[np.float64]:
    """Return the level line (2,) along which the ankles swing about the hips, sign open."""
    points = np.concatenate([swing - np.nanmean(swing, axis=0) for swing in swings])
    points = points[np.isfinite(points).all(axis=1)]
    _, vectors = np.linalg.eigh(points.T @ points)
    main: NDArray[np.float64] = vectors[:, -1]
    axis = int(np.argmax(np.abs(main)))
    if np.degrees(np.arccos(min(1.0, float(abs(main[axis]))))) <= _SNAP_DEG:
        main = np.zeros(2)
        main[axis] = 1.0
    return main


def _ahead(joints: Mapping[Joint, Trajectory]) -> NDArray[np.float64]:
    """Return the mean vector (3,) from heel to toe; without feet, the side the knees bend to."""
    votes: list[Trajectory] = []
    for side in Side:
        heel, toe = joints.get(Joint.of(side, "heel")), joints.get(Joint.of(side, "toe"))
        if heel is not None and toe is not None and np.isfinite(toe - heel).any():
            votes.append(toe - heel)
    if not votes:
        votes = [knee - (hip + ankle) / 2 for hip, knee, ankle in legs(joints)]
    mean: NDArray[np.float64] = np.nanmean(np.concatenate(votes), axis=0)
    return mean
