"""OpenSim's coordinates as angles with hipcue's names and signs.

OpenSim's models (gait2392, Rajagopal, Lai-Uhlrich) agree on most signs: X points forward, Y up
and Z to the right, so that ``pelvis_tilt``, about Z, is negative when the pelvis tips forward,
``pelvis_list``, about X, is positive when the right side drops, and ``pelvis_rotation``, about
Y, when the right side comes forward; ``hip_flexion``, ``hip_adduction`` and ``ankle_angle``
are positive for flexion, adduction and dorsiflexion on both sides. They differ on the knee:
gait2392 flexes it negative, Rajagopal's and OpenCap's positive; knees bend one way only, so the
larger bend tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.vision.joint_angles.motion_file import TRY, MotionFile

Floats = NDArray[np.float64]

# Nobody who runs or walks moves the hips by so little in degrees, or so much in radians.
_MOST_RAD = 3.5
# An angle that stays within this, degrees, was not measured: solvers write zeros. Our choice.
_STILL_DEG = 1e-3
# A knee that bends less does not tell which way is flexion, degrees; our choice.
_BENDS_DEG = 20.0
_FORCES = ("force", "grf", "ground_", "torque", "cop", "_vx", "_px")

_PELVIS = {
    "pelvis_tilt": ("pelvic_tilt_deg", -1.0),
    "pelvis_list": ("pelvic_drop_right_deg", 1.0),
    "pelvis_rotation": ("pelvic_rotation_right_forward_deg", 1.0),
    "lumbar_extension": ("lumbar_extension_deg", 1.0),
}
_LEG = {
    "hip_flexion": ("hip_extension_deg", -1.0),
    "hip_adduction": ("hip_adduction_deg", 1.0),
    "hip_rotation": ("hip_internal_rotation_deg", 1.0),
    "knee_angle": ("knee_flexion_deg", 1.0),
    "ankle_angle": ("ankle_dorsiflexion_deg", 1.0),
}
_NEEDED = ("pelvis_tilt", "hip_flexion_r", "hip_flexion_l")


@dataclass(frozen=True, slots=True, eq=False)
class JointAngles:
    """Angles over time.

    Attributes
    ----------
    path : Path
        Where they were read.
    t_s : ndarray, shape (rows,)
        The file's own times.
    deg : mapping of str to ndarray, shape (rows,)
        hipcue's names with their signs; those of a leg end in ``.L`` or ``.R``. ``thigh_extension``
        is the thigh behind the vertical: hip extension and anterior tilt together.
    against_standing : bool
        Whether a standing trial was taken off; else they count from the model's own zero.
    remarks : tuple of Reason
        What they should be read with.
    """

    path: Path
    t_s: Floats
    deg: Mapping[str, Floats]
    against_standing: bool = False
    remarks: tuple[Reason, ...] = ()


def joint_angles(file: MotionFile, standing: MotionFile | None = None) -> JointAngles:
    """Name a file's angles.

    Parameters
    ----------
    file : MotionFile
        With pelvis and hips.
    standing : MotionFile or None
        A standing trial of the same model: its mean is everybody's zero then.

    Raises
    ------
    UserError
        No angles, none of pelvis or hips, or all of them zero.
    """
    failed = f"cannot use joint angles {file.path}"
    found = {_short(name): values for name, values in file.columns.items()}
    _check(found, failed)
    per_deg, remarks = _degrees(file, found)
    ways = {side: _way_of(found.get(f"knee_angle_{side}"), per_deg) for side in "lr"}
    deg = _named(found, per_deg, ways)
    against = standing is not None
    if standing is not None:
        still = {_short(name): values for name, values in standing.columns.items()}
        _check(still, f"cannot use joint angles {standing.path}")
        # Who stands bends nothing that tells the unit, or which way a knee goes.
        per_still = per_deg if standing.in_degrees is None else _degrees(standing, still)[0]
        stands = _named(still, per_still, ways)
        deg = {
            name: values - float(np.nanmean(stands[name])) if name in stands else values
            for name, values in deg.items()
        }
    for side in ("L", "R"):
        deg[f"thigh_extension_deg.{side}"] = (
            deg[f"hip_extension_deg.{side}"] + deg["pelvic_tilt_deg"]
        )
    return JointAngles(file.path, file.t_s, deg, against, remarks)


def _short(name: str) -> str:
    """Return ``hip_flexion_r`` of ``/jointset/hip_r/hip_flexion_r/value`` too."""
    parts = name.strip("/").split("/")
    if len(parts) > 1 and parts[-1] == "value":
        return parts[-2].lower()
    return name.lower()


def _check(found: Mapping[str, Floats], failed: str) -> None:
    """Make sure that pelvis and hips are there and were measured."""
    lacking = [name for name in _NEEDED if name not in found]
    known = [name for name in found if not name.endswith(("_tx", "_ty", "_tz", "_speed"))]
    if lacking:
        if any(name.endswith(("_moment", "_force")) for name in known):
            seen = "it holds moments and forces (inverse dynamics), no joint angles"
        elif known and all(any(word in name for word in _FORCES) for name in known):
            seen = "it holds forces of the ground, no joint angles"
        else:
            few = ", ".join(known[:6])[:120]
            seen = f"no {' and no '.join(lacking)} in its {len(found)} columns ({few}, ...)"
        raise UserError(failed, seen, TRY)
    still = [
        name
        for name in _NEEDED
        if not np.isfinite(found[name]).any() or np.nanmax(np.abs(found[name])) < _STILL_DEG
    ]
    if "hip_flexion_r" in still or "hip_flexion_l" in still or len(still) == len(_NEEDED):
        seen = f"{', '.join(still)} is 0 in every row: these angles were never filled in"
        raise UserError(failed, seen, "the file that inverse kinematics wrote, not its template")


def _degrees(file: MotionFile, found: Mapping[str, Floats]) -> tuple[float, tuple[Reason, ...]]:
    """Return degrees per unit of the file; where it does not say, by how far hips swing."""
    if file.in_degrees is not None:
        return (1.0 if file.in_degrees else float(np.degrees(1.0))), ()
    largest = max(float(np.nanmax(np.abs(found[name]))) for name in _NEEDED)
    if largest < _MOST_RAD:
        return float(np.degrees(1.0)), (Reason(ReasonCode.FILE_UNIT_GUESSED, unit="rad"),)
    return 1.0, ()


def _named(
    found: Mapping[str, Floats], per_deg: float, knee_ways: Mapping[str, float]
) -> dict[str, Floats]:
    """Return the angles that there are, with hipcue's names and signs, in degrees."""
    deg: dict[str, Floats] = {}
    for theirs, (ours, sign) in _PELVIS.items():
        if theirs in found:
            deg[ours] = sign * per_deg * found[theirs]
    for side in ("L", "R"):
        for theirs, (ours, sign) in _LEG.items():
            values = found.get(f"{theirs}_{side.lower()}")
            if values is None or not np.isfinite(values).any():
                continue
            way = knee_ways[side.lower()] if theirs == "knee_angle" else 1.0
            deg[f"{ours}.{side}"] = way * sign * per_deg * values
    return deg


def _way_of(knee: Floats | None, per_deg: float) -> float:
    """Return -1 where a model counts flexion negative."""
    if knee is None or not np.isfinite(knee).any():
        return 1.0
    low, high = float(np.nanmin(knee)) * per_deg, float(np.nanmax(knee)) * per_deg
    return -1.0 if -low > max(high, _BENDS_DEG) else 1.0
