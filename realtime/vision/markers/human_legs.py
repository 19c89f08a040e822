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


def _length_m(joints: Mapping[Joint, Trajectory], side: Side) -> float | None:
    """Thigh and shank; without a knee or an ankle, how far the foot is from the hip at most."""
    hip, knee, ankle, heel, toe = (
        joints.get(Joint.of(side, name)) for name in ("hip", "knee", "ankle", "heel", "toe")
    )
    if hip is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # Never seen both.
        if knee is not None and ankle is not None:
            thigh, shank = np.linalg.norm(hip - knee, axis=1), np.linalg.norm(knee - ankle, axis=1)
            whole = float(np.nanmedian(thigh + shank))
            if np.isfinite(whole):
                return whole
        for foot in (ankle, heel, toe):
            if foot is not None:
                reach = float(np.nanpercentile(np.linalg.norm(hip - foot, axis=1), 95))
                if np.isfinite(reach):
                    return reach
    return None
