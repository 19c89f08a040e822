"""Whether hip, knee and ankle are in the order and the proportions of a leg."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np

from hipcue.config.errors import UserError
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.marker_file import Trajectory

# A shank by its thigh, joint to joint: 1.00 (Winter 2009, Biomechanics and Motor Control, table
# 4.1), 0.92 to 0.98 in markers of three laboratories; with knee and ankle exchanged 0.5, with hip
# and knee 1.9. Our choice, half way: hips by a marker on their outside or the spine stay within.
_SHANK_BY_THIGH = (0.70, 1.40)
# The same part of both legs differs by no more than this; our choice: 3 % in markers of three
# laboratories, some more where a film made them up.
_BOTH_ALIKE = 0.15
# A heel is nearer the ankle than the toe: 0.4 to 0.8 of it in markers of three laboratories. Our
# choice: a toe marker far back on the foot may come as near.
_HEEL_BY_TOE = 1.15
_SIDES = {Side.L: "left", Side.R: "right"}
_TRY = "the right names, in the file or with --names NAMES.toml"


def check_order(joints: Mapping[Joint, Trajectory], failed: str) -> None:
    """Make sure that each joint is where it says on its leg.

    Raises
    ------
    UserError
        Joints whose names are exchanged, or a marker that is far from its joint.
    """
    for side in Side:
        heel, toe = _apart_m(joints, side, "ankle", "heel"), _apart_m(joints, side, "ankle", "toe")
        if heel is not None and toe is not None and heel > _HEEL_BY_TOE * toe:
            raise UserError(
                failed,
                f"the {_SIDES[side]} heel is where the toe should be: it is {heel:.2f} m from the "
                f"ankle, the toe {toe:.2f} m",
                _TRY,
            )
    parts: dict[str, dict[Side, float]] = {"thigh": {}, "shank": {}}
    for side in Side:
        thigh, shank = (
            _apart_m(joints, side, "hip", "knee"),
            _apart_m(joints, side, "knee", "ankle"),
        )
        if thigh is None or shank is None:
            continue
        parts["thigh"][side], parts["shank"][side] = thigh, shank
        seen = f"the thigh would be {thigh:.2f} m long, the shank {shank:.2f} m"
        if shank < _SHANK_BY_THIGH[0] * thigh:
            raise UserError(failed, f"{_too_low(joints, side)}: {seen}", _TRY)
        if shank > _SHANK_BY_THIGH[1] * thigh:
            raise UserError(failed, f"{_too_high(joints, side)}: {seen}", _TRY)
    for part, lengths in parts.items():
        if len(lengths) == 2 and max(lengths.values()) > (1 + _BOTH_ALIKE) * min(lengths.values()):
            both = " and ".join(f"the {_SIDES[s]} one {m:.2f} m" for s, m in lengths.items())
            raise UserError(
                failed,
                f"its {part}s are not of one body, {both}: a hip, knee or ankle is elsewhere",
                _TRY,
            )


def _too_low(joints: Mapping[Joint, Trajectory], side: Side) -> str:
    """Say what is the matter with a knee that is far down."""
    for foot in ("heel", "toe"):
        knee, ankle = _apart_m(joints, side, "knee", foot), _apart_m(joints, side, "ankle", foot)
        if knee is not None and ankle is not None and knee < ankle:
            return f"the {_SIDES[side]} knee is where the ankle should be"
    return f"the {_SIDES[side]} knee is too far from the hip, or too near the ankle"


def _too_high(joints: Mapping[Joint, Trajectory], side: Side) -> str:
    """Say what is the matter with a knee that is far up."""
    hip, knee = _apart_m(joints, side, "hip", "ankle"), _apart_m(joints, side, "knee", "ankle")
    if hip is not None and knee is not None and hip < knee:
        return f"the {_SIDES[side]} hip is where the knee should be"
    return f"the {_SIDES[side]} knee is too near the hip, or too far from the ankle"


def _apart_m(joints: Mapping[Joint, Trajectory], side: Side, one: str, two: str) -> float | None:
    """How far two joints of a leg are from each other, median; None where that is not told."""
    first, second = joints.get(Joint.of(side, one)), joints.get(Joint.of(side, two))
    if first is None or second is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # Never seen both.
        apart = float(np.nanmedian(np.linalg.norm(first - second, axis=1)))
    return apart if np.isfinite(apart) else None
