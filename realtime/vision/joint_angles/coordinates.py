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

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.vision.joint_angles.human_angles import (
    PER_RADIAN,
    are_human,
    check_stands,
    only_human,
    without_turns,
)
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
_NEEDED_OURS = ("pelvic_tilt_deg", "hip_extension_deg.R", "hip_extension_deg.L")
# What files call each of hipcue's angles.
_THEIRS = {ours: theirs for theirs, (ours, _) in _PELVIS.items()} | {
    f"{ours}.{side}": f"{theirs}_{side.lower()}"
    for theirs, (ours, _) in _LEG.items()
    for side in "LR"
}
_OURS = {theirs: ours for ours, theirs in _THEIRS.items()}


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
        No angles, none of pelvis or hips, all of them zero or no human's; nobody stands.
    """
    failed = f"cannot use joint angles {file.path}"
    found = _columns(file, failed)
    unit, remarks = _degrees(file, found)
    raw, turned = _in_degrees(found, unit)
    ways = {side: _way_of(raw.get(f"knee_angle_{side}")) for side in "lr"}
    deg, off = _sound(_named(raw, ways), failed)
    if standing is not None:
        stands = _standing(file, standing, unit, ways)
        deg = {
            name: values - float(np.nanmean(stands[name])) if name in stands else values
            for name, values in deg.items()
        }
    against = standing is not None
    return JointAngles(file.path, file.t_s, deg, against, (*remarks, *turned, *off))


def _standing(
    run: MotionFile, file: MotionFile, run_unit: float, ways: Mapping[str, float]
) -> dict[str, Floats]:
    """Return the angles of a standing trial of the run's model."""
    failed = f"cannot use joint angles {file.path}"
    found = _columns(file, failed)
    if file.in_degrees is not None:
        unit = _degrees(file, found)[0]
    elif _largest(found, tuple(_ours(found))) >= _MOST_RAD:
        unit = 1.0
    elif run.in_degrees is None:
        unit = run_unit  # Written by the same program as the run.
    else:
        # Who stands bends nothing that tells the unit.
        seen = "its header does not say whether its angles are degrees or radians"
        raise UserError(failed, seen, "a line inDegrees=yes, or no, in its header")
    raw = _in_degrees(found, unit)[0]
    stands, _ = _sound(_named(raw, ways), failed)
    check_stands([stands[f"thigh_extension_deg.{side}"] for side in "LR"], failed)
    return stands


def _sound(
    named: Mapping[str, Floats], failed: str
) -> tuple[dict[str, Floats], tuple[Reason, ...]]:
    """Return the angles that a human can have, with the thighs'."""
    deg, off = only_human(named, _THEIRS, _NEEDED_OURS, failed)
    thighs = {
        f"thigh_extension_deg.{side}": deg[f"hip_extension_deg.{side}"] + deg["pelvic_tilt_deg"]
        for side in "LR"
    }
    sums = {name: f"hip_flexion_{name[-1].lower()} + pelvis_tilt" for name in thighs}
    whole, more = only_human(thighs, sums, tuple(thighs), failed)
    return {**deg, **whole}, (*off, *more)


def _columns(file: MotionFile, failed: str) -> dict[str, Floats]:
    """Return the columns by their short names, each once."""
    found: dict[str, Floats] = {}
    twice = {_short(name) for name in file.twice}
    for name, values in file.columns.items():
        first = found.setdefault(_short(name), values)
        if not np.array_equal(first, values, equal_nan=True):
            twice.add(_short(name))
    doubled = sorted(twice & set(_ours(found)))
    if doubled:
        seen = f"{doubled[0]} is there twice, with different numbers"
        raise UserError(failed, seen, "a file with each angle once")
    _check(found, failed)
    return found


def _ours(found: Iterable[str]) -> list[str]:
    """Return the columns that are angles which hipcue has a name for."""
    return [name for name in found if name in _OURS]


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
    empty = [name for name in _NEEDED if not np.isfinite(found[name]).any()]
    if empty:
        raise UserError(failed, f"{', '.join(empty)} has no number in any row", TRY)
    still = [name for name in _NEEDED if np.nanmax(np.abs(found[name])) < _STILL_DEG]
    if "hip_flexion_r" in still or "hip_flexion_l" in still or len(still) == len(_NEEDED):
        seen = f"{', '.join(still)} is 0 in every row: these angles were never filled in"
        raise UserError(failed, seen, "the file that inverse kinematics wrote, not its template")


def _degrees(file: MotionFile, found: Mapping[str, Floats]) -> tuple[float, tuple[Reason, ...]]:
    """Return degrees per unit of the file.

    Where it does not say, by how far hips swing; where a human's joints are only in the other
    unit, that one.
    """
    if file.in_degrees is None:
        if _largest(found, _NEEDED) < _MOST_RAD:
            return PER_RADIAN, (Reason(ReasonCode.ANGLE_UNIT_GUESSED, unit="rad"),)
        return 1.0, ()
    said, other = (1.0, PER_RADIAN) if file.in_degrees else (PER_RADIAN, 1.0)

    def human(unit: float) -> bool:
        needed = {name: unit * found[name] for name in _NEEDED}
        return are_human(_named(needed, {}))

    if human(said) or not human(other):
        return said, ()
    words = ("deg", "rad") if file.in_degrees else ("rad", "deg")
    return other, (Reason(ReasonCode.ANGLE_UNIT_REFUTED, said=words[0], unit=words[1]),)


def _largest(found: Mapping[str, Floats], names: Iterable[str]) -> float:
    sizes = [np.abs(found[name][np.isfinite(found[name])]) for name in names]
    return max((float(size.max()) for size in sizes if len(size)), default=0.0)


def _in_degrees(
    found: Mapping[str, Floats], per_unit: float
) -> tuple[dict[str, Floats], tuple[Reason, ...]]:
    """Return the angles in degrees, without whole turns."""
    deg, turned = {}, []
    for name in _ours(found):
        deg[name] = per_unit * found[name]
        # A pelvis may have turned with the runner.
        if name != "pelvis_rotation":
            deg[name], had = without_turns(_OURS[name], deg[name])
            turned += [name] if had else []
    if not turned:
        return deg, ()
    return deg, (Reason(ReasonCode.ANGLE_TURNS_TAKEN_OFF, names=", ".join(turned)[:80]),)


def _named(found: Mapping[str, Floats], knee_ways: Mapping[str, float]) -> dict[str, Floats]:
    """Return the angles that there are, with hipcue's names and signs."""
    deg: dict[str, Floats] = {}
    for theirs, (ours, sign) in _PELVIS.items():
        if theirs in found:
            deg[ours] = sign * found[theirs]
    for side in ("L", "R"):
        for theirs, (ours, sign) in _LEG.items():
            values = found.get(f"{theirs}_{side.lower()}")
            if values is None or not np.isfinite(values).any():
                continue
            way = knee_ways[side.lower()] if theirs == "knee_angle" else 1.0
            deg[f"{ours}.{side}"] = way * sign * values
    return deg


def _way_of(knee: Floats | None) -> float:
    """Return -1 where a model counts flexion negative."""
    if knee is None or not np.isfinite(knee).any():
        return 1.0
    low, high = float(np.nanmin(knee)), float(np.nanmax(knee))
    return -1.0 if -low > max(high, _BENDS_DEG) else 1.0
