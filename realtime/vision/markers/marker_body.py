"""A marker file's body: which joints it has, and what of the pelvis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.marker_file import MarkerFile, Trajectory
from hipcue.realtime.vision.markers.names import MarkerNames
from hipcue.realtime.vision.markers.stuck import without_stuck

# A leg from hip to ankle is between these, small children to giants; else the unit is wrong.
_LEG_M = (0.35, 1.4)


@dataclass(frozen=True, slots=True, eq=False)
class MarkerBody:
    """Joints in the laboratory.

    Attributes
    ----------
    path : Path
        Where they were read.
    t_s : ndarray, shape (frames,)
        Times, growing.
    joints : mapping of Joint to ndarray, shape (frames, 3)
        Trajectories in metres, in the laboratory's own axes; NaN where missing.
    pelvis_front, pelvis_back : ndarray, shape (frames, 3), or None
        Middle of the anterior and of the posterior superior iliac spines.
    guessed : bool
        Whether a network made the markers up from films.
    remarks : tuple of Reason
        What the strides should be read with.
    """

    path: Path
    t_s: NDArray[np.float64]
    joints: Mapping[Joint, Trajectory]
    pelvis_front: Trajectory | None
    pelvis_back: Trajectory | None
    guessed: bool
    remarks: tuple[Reason, ...] = ()


def find_body(file: MarkerFile) -> MarkerBody:
    """Find the body in a file's markers.

    Raises
    ------
    UserError
        No leg in the file, or one that is no human's: the unit is wrong.
    """
    names = MarkerNames(without_stuck(file.xyz_m))
    joints = names.joints()
    _check_legs(joints, list(file.xyz_m), f"cannot use markers {file.path}")
    return MarkerBody(
        file.path,
        file.t_s,
        joints,
        names.pelvis_front(),
        names.pelvis_back(),
        names.guessed,
        file.remarks,
    )


def _legs(joints: Mapping[Joint, Trajectory]) -> list[tuple[Trajectory, Trajectory, Trajectory]]:
    """Return hip, knee and ankle of each leg that was ever seen as a whole."""
    found: list[tuple[Trajectory, Trajectory, Trajectory]] = []
    for side in Side:
        hip, knee, ankle = (joints.get(Joint.of(side, n)) for n in ("hip", "knee", "ankle"))
        if hip is None or knee is None or ankle is None:
            continue
        if np.isfinite(hip + knee + ankle).all(axis=1).any():
            found.append((hip, knee, ankle))
    return found


def _check_legs(joints: Mapping[Joint, Trajectory], names: list[str], failed: str) -> None:
    """Make sure that there is a leg, of a length that a human has."""
    whole = _legs(joints)
    if not whole:
        raise UserError(
            failed,
            f"no leg with hip, knee and ankle in {', '.join(names[:8])} ({len(names)} markers)",
            "names like RHip, RKnee, RAnkle, RHeel, RBigToe",
        )
    thigh_m = np.concatenate([np.linalg.norm(hip - knee, axis=1) for hip, knee, _ in whole])
    shank_m = np.concatenate([np.linalg.norm(knee - ankle, axis=1) for _, knee, ankle in whole])
    leg_m = float(np.nanmedian(thigh_m + shank_m))
    if not _LEG_M[0] <= leg_m <= _LEG_M[1]:
        raise UserError(
            failed,
            f"by its unit a leg is {leg_m:.3g} m long",
            "the right unit (m, cm, mm) in its third line; files in pixels carry no scale",
        )
