"""Whether left and right markers are of the side that they say."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np

from hipcue.config.errors import UserError
from hipcue.realtime.records import Joint, Side
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


def _varies(one: Trajectory, two: Trajectory) -> float:
    """By how much the distance of two joints varies, m; 0 where they are never seen both."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        spread = float(np.nanstd(np.linalg.norm(one - two, axis=1)))
    return spread if np.isfinite(spread) else 0.0
