"""Which points of the body are followed, and how each belongs to the joints.

A point on a segment between two joints moves with both of them, as its place says: at a third
of the way it moves by two thirds as the first and by one third as the second. So every point
that was followed tells about two joints, and a joint that hides is held by its segments.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.records import JOINT_COUNT, Joint, Side

Floats = NDArray[np.float64]

# Segments from joint to joint, and how many points are followed between the ends. Our choice:
# more on what is long.
_OF_A_SIDE = (
    ("shoulder", "hip", 4),
    ("shoulder", "elbow", 2),
    ("elbow", "wrist", 2),
    ("hip", "knee", 4),
    ("knee", "ankle", 4),
    ("ankle", "heel", 1),
    ("ankle", "toe", 2),
    ("heel", "toe", 2),
)
_ACROSS = (
    (Joint.L_SHOULDER, Joint.R_SHOULDER, 1),
    (Joint.L_HIP, Joint.R_HIP, 1),
    (Joint.NOSE, Joint.L_EAR, 1),
    (Joint.NOSE, Joint.R_EAR, 1),
)

SEGMENTS: tuple[tuple[Joint, Joint, int], ...] = (
    *(
        (Joint.of(side, first), Joint.of(side, second), between)
        for side in Side
        for first, second, between in _OF_A_SIDE
    ),
    *_ACROSS,
)
"""First joint, second joint, points between."""

# How hard a joint is pushed about: standard deviation of its acceleration, body heights per s2.
# Our choices, near what constant velocity was off by in eight films of 30 to 60 fps: feet are
# flicked off and caught again by 60, the trunk rises and falls by 10 to 15.
_PUSHED = {"elbow": 25.0, "wrist": 40.0, "knee": 40.0, "ankle": 55.0, "heel": 60.0, "toe": 60.0}
_PUSHED_TRUNK = 15.0


def _weights() -> Floats:
    rows = [np.eye(JOINT_COUNT)]
    for first, second, between in SEGMENTS:
        for k in range(1, between + 1):
            row = np.zeros(JOINT_COUNT)
            row[second] = k / (between + 1)
            row[first] = 1.0 - row[second]
            rows.append(row[None])
    return np.vstack(rows)


POINTS: Floats = _weights()
"""How each point is mixed of the joints, shape (points, JOINT_COUNT); the joints come first."""


def _legs() -> dict[Side, list[Joint]]:
    names = ("hip", "knee", "ankle", "heel", "toe")
    return {side: [Joint.of(side, name) for name in names] for side in Side}


LEGS: dict[Side, list[Joint]] = _legs()
"""The joints of each leg, hip first."""

OF_LEG: dict[Side, NDArray[np.bool_]] = {
    side: (POINTS[:, joints[1:]] > 0.0).any(axis=1) for side, joints in LEGS.items()
}
"""Which points are on each leg, hips left out."""

LEG_SEGMENTS: dict[Side, NDArray[np.intp]] = {
    side: np.array([pair[:2] for pair in SEGMENTS if pair[0] in joints and pair[1] in joints])
    for side, joints in LEGS.items()
}
"""Pairs of joints between which each leg is."""

ACCELERATIONS: Floats = np.array(
    [_PUSHED.get(joint.name.lower().partition("_")[2], _PUSHED_TRUNK) for joint in Joint]
)
"""Standard deviation of each joint's acceleration, body heights per s2."""

BONES: NDArray[np.intp] = np.array([(first, second) for first, second, _ in SEGMENTS[:-4]])
"""Pairs of joints whose distance changes slowly, seen from the side."""
