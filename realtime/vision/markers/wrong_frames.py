"""Takes off frames in which a marker is where its joint cannot be.

Markers are hidden, exchanged and found again somewhere else for a few frames. Two things of a
body do not change from frame to frame: the distance of two joints of one segment, and that no
joint is faster than a sprinter's.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.marker_file import Trajectory

_SEGMENTS = (
    ("hip", "knee"),
    ("knee", "ankle"),
    ("ankle", "heel"),
    ("ankle", "toe"),
    ("heel", "toe"),
)
# A segment that is longer or shorter than usual by more than this has a joint in the wrong
# place. Our choice: hip centres by regression move by 7.5 cm against a thigh of 47 (RBDS
# subject 41 at 4.5 m/s), feet bend by 1.6 cm.
_SHARE, _LEAST_M = 0.15, 0.02
# No joint is faster than this against the room, m/s; our choices: a sprinter's foot swings
# forward with 20 m/s, a knee with 12, and trunk and hips go with the belt or the room.
_FASTEST_MPS = {"knee": 16.0, "ankle": 25.0, "heel": 25.0, "toe": 25.0}
_FASTEST_ELSE_MPS = 13.0
# What a marker jitters by from frame to frame, m.
_JITTER_M = 0.02
# One that is elsewhere for longer is not taken back by this: our choice, a third of a stride.
_LONGEST_S = 0.2

Mask = NDArray[np.bool_]


def without_wrong_frames(
    joints: Mapping[Joint, Trajectory], t_s: NDArray[np.float64]
) -> dict[Joint, Trajectory]:
    """Return the joints with NaN where a marker was in the wrong place.

    Parameters
    ----------
    joints : mapping of Joint to ndarray, shape (frames, 3)
        Trajectories, m; left as they are.
    t_s : ndarray, shape (frames,)
        Times of the frames.
    """
    wrong = {
        joint: _elsewhere(path, t_s, _FASTEST_MPS.get(_name(joint), _FASTEST_ELSE_MPS))
        for joint, path in joints.items()
    }
    for side in Side:
        for joint, off in _off_segment(joints, side).items():
            wrong[joint] |= off
    return {joint: np.where(wrong[joint][:, None], np.nan, path) for joint, path in joints.items()}


def without_jumps(path: Trajectory, t_s: NDArray[np.float64]) -> Trajectory:
    """Return a point of the pelvis with NaN where it was elsewhere for some frames."""
    wrong = _elsewhere(path, t_s, _FASTEST_ELSE_MPS)
    return np.where(wrong[:, None], np.nan, path)


def _name(joint: Joint) -> str:
    return joint.name.split("_")[-1].lower()


def _off_segment(joints: Mapping[Joint, Trajectory], side: Side) -> dict[Joint, Mask]:
    """Per joint of a leg: the frames in which most of its segments have the wrong length."""
    of: dict[Joint, list[Mask]] = {}
    pairs: list[tuple[Joint, Joint, Mask]] = []
    for names in _SEGMENTS:
        one, two = (Joint.of(side, name) for name in names)
        if one not in joints or two not in joints:
            continue
        length_m = np.linalg.norm(joints[one] - joints[two], axis=1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # Never seen both.
            usual_m = float(np.nanmedian(length_m))
        off = np.abs(length_m - usual_m) > _SHARE * usual_m + _LEAST_M
        pairs.append((one, two, off))
        of.setdefault(one, []).append(off)
        of.setdefault(two, []).append(off)
    share = {joint: np.mean(masks, axis=0) for joint, masks in of.items()}
    found = {joint: np.zeros(len(part), dtype=bool) for joint, part in share.items()}
    for one, two, off in pairs:
        found[one] |= off & (share[one] >= share[two])
        found[two] |= off & (share[two] >= share[one])
    return found


def _elsewhere(path: Trajectory, t_s: NDArray[np.float64], fastest_mps: float) -> Mask:
    """The frames between a jump and the next: there and back, or there for good."""
    known = np.flatnonzero(np.isfinite(path).all(axis=1))
    wrong = np.zeros(len(path), dtype=bool)
    if len(known) < 2:
        return wrong
    way_m = np.linalg.norm(np.diff(path[known], axis=0), axis=1)
    jumps = np.flatnonzero(way_m > fastest_mps * np.diff(t_s[known]) + _JITTER_M)
    if len(jumps) > len(known) / 4:
        return wrong  # Times that are wrong, not markers.
    last = -1
    for k, jump in enumerate(jumps):
        if jump <= last or k + 1 == len(jumps):
            continue
        there, back = known[jump + 1], known[jumps[k + 1]]
        if t_s[back] - t_s[there] < _LONGEST_S:
            wrong[there : back + 1] = True
            last = jumps[k + 1]
    return wrong
