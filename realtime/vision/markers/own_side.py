"""Whether left and right markers are of the side that they say."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from hipcue.config.errors import UserError
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.body_axes import find_up, heels_to_toes
from hipcue.realtime.vision.markers.marker_file import Trajectory

# Neighbours on one leg, from the hip down.
_CHAIN = (("hip", "knee"), ("knee", "ankle"), ("ankle", "heel"), ("ankle", "toe"), ("heel", "toe"))
# A joint is as far from its neighbour as it always is, and from the other leg's now more, now
# less: distances to the right neighbour vary by a tenth of those to the wrong one. Our choice.
_STEADIER = 3.0


def check_sides(joints: Mapping[Joint, Trajectory], failed: str) -> None:
    """Make sure that no joint of one leg goes along with the other leg.

    Raises
    ------
    UserError
        When left and right are exchanged between two neighbours.
    """
    for upper, lower in _CHAIN:
        ways = [joints.get(Joint.of(side, name)) for name in (upper, lower) for side in Side]
        one, two, three, four = ways
        if one is None or two is None or three is None or four is None:
            continue
        own = [_varies(one, three), _varies(two, four)]
        crossed = [_varies(one, four), _varies(two, three)]
        if min(own) > _STEADIER * max(crossed):
            raise UserError(
                failed,
                f"the left {lower} goes along with the right {upper}: their sides are exchanged",
                "the right names, in the file or with --names NAMES.toml",
            )


def check_legs_apart(joints: Mapping[Joint, Trajectory], failed: str) -> None:
    """Make sure that nobody stands with crossed legs: the names of one pair are exchanged.

    Raises
    ------
    UserError
        When the left one of a pair is on the right of the other.
    """
    left, right = joints.get(Joint.L_HIP), joints.get(Joint.R_HIP)
    if left is None or right is None:
        return
    across = (right - left)[0]
    for name in ("knee", "ankle", "heel", "toe"):
        one, two = joints.get(Joint.of(Side.L, name)), joints.get(Joint.of(Side.R, name))
        if one is not None and two is not None and float((two - one)[0] @ across) < 0.0:
            raise UserError(
                failed,
                f"the left {name} is on the right hip's side: their sides are exchanged",
                "the right names, in the file or with --names NAMES.toml",
            )


def handedness(
    joints: Mapping[Joint, Trajectory], pelvis: Trajectory | None, failed: str
) -> float | None:
    """Return 1 where right is right of where the toes point, -1 where it is left.

    Left and right are exchanged then, or the axes are a mirror's. None where neither feet nor
    ``pelvis``, the line from the back spines to the front ones, point anywhere.
    """
    left, right = joints.get(Joint.L_HIP), joints.get(Joint.R_HIP)
    ahead = heels_to_toes(joints) or ([] if pelvis is None else [pelvis])
    low = [Joint.of(side, name) for side in Side for name in ("ankle", "heel", "toe")]
    if left is None or right is None or not ahead or not any(joint in joints for joint in low):
        return None
    across = np.cross(np.mean(ahead, axis=0), find_up(joints, failed))
    turns = ((right - left) * across).sum(axis=1)
    turns = turns[np.isfinite(turns)]
    side = float(np.sign(np.median(turns))) if len(turns) else 0.0
    return side or None


def check_handedness(stands: float | None, runs: float | None, standing: Path, failed: str) -> None:
    """Make sure that left and right are the same in a run and in its standing trial.

    Raises
    ------
    UserError
        When they are exchanged in one of them.
    """
    if stands is None or runs is None or stands == runs:
        return
    which, other = f"the standing trial {standing.name}", "the run"
    if runs < 0:
        which, other = other, which
    raise UserError(
        failed,
        f"left and right are exchanged in {which}, and not in {other}",
        "the same names and axes in both files",
    )


def _varies(one: Trajectory, two: Trajectory) -> float:
    """By how much the distance of two joints varies, m; 0 where they are never seen both."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        spread = float(np.nanstd(np.linalg.norm(one - two, axis=1)))
    return spread if np.isfinite(spread) else 0.0
