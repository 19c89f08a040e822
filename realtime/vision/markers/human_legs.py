"""Whether legs are as long as a human's: what tells that a file's unit is wrong."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np

from hipcue.config.errors import UserError
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.marker_file import Trajectory

# A leg from hip to ankle is between these, small children to giants; else the unit is wrong.
_LEG_M = (0.35, 1.4)
# One body's legs are as long in two files, as a share; our choice: soft tissue and outer markers
# make 2 % of a leg.
_SAME = 0.06


def check_legs(joints: Mapping[Joint, Trajectory], failed: str) -> bool:
    """Return whether there is a leg from the hip to the foot, of a length that a human has.

    Raises
    ------
    UserError
        A leg that is no human's: the unit is wrong.
    """
    lengths = [length for side in Side if (length := _length_m(joints, side)) is not None]
    if not lengths:
        return False
    leg_m = float(np.median(lengths))
    if not _LEG_M[0] <= leg_m <= _LEG_M[1]:
        raise UserError(
            failed,
            f"by its unit a leg is {leg_m:.3g} m long",
            "the right unit (m, cm, mm) in its third line; files in pixels carry no scale",
        )
    return True


def check_same_legs(
    joints: Mapping[Joint, Trajectory], standing: Mapping[Joint, Trajectory], failed: str
) -> None:
    """Make sure that legs whose joints are known in both files are as long.

    Raises
    ------
    UserError
        Another person stands than runs.
    """
    for side in Side:
        runs_m, stands_m = _whole_m(joints, side), _whole_m(standing, side)
        if runs_m is None or stands_m is None or abs(stands_m / runs_m - 1.0) <= _SAME:
            continue
        raise UserError(
            failed,
            f"its legs are {runs_m:.2f} m long, those of the standing trial {stands_m:.2f} m",
            "a standing trial of the same runner",
        )


def _whole_m(joints: Mapping[Joint, Trajectory], side: Side) -> float | None:
    """Thigh and shank; None where a joint is not known."""
    hip, knee, ankle = (joints.get(Joint.of(side, name)) for name in ("hip", "knee", "ankle"))
    if hip is None or knee is None or ankle is None:
        return None
    thigh, shank = np.linalg.norm(hip - knee, axis=1), np.linalg.norm(knee - ankle, axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # Never seen all.
        whole = float(np.nanmedian(thigh + shank))
    return whole if np.isfinite(whole) else None


def _length_m(joints: Mapping[Joint, Trajectory], side: Side) -> float | None:
    """Thigh and shank; without a knee or an ankle, how far the foot is from the hip at most."""
    whole, hip = _whole_m(joints, side), joints.get(Joint.of(side, "hip"))
    if whole is not None or hip is None:
        return whole
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # Never seen both.
        for name in ("ankle", "heel", "toe"):
            foot = joints.get(Joint.of(side, name))
            if foot is not None:
                reach = float(np.nanpercentile(np.linalg.norm(hip - foot, axis=1), 95))
                if np.isfinite(reach):
                    return reach
    return None
