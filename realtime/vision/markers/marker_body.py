"""A marker file's body: which joints it has, and what of the pelvis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.body_axes import find_up
from hipcue.realtime.vision.markers.found_names import why_not_found
from hipcue.realtime.vision.markers.human_legs import check_legs
from hipcue.realtime.vision.markers.leg_order import check_order
from hipcue.realtime.vision.markers.marker_file import MarkerFile, Trajectory
from hipcue.realtime.vision.markers.name_table import NameTable
from hipcue.realtime.vision.markers.names import MarkerNames
from hipcue.realtime.vision.markers.neutral import why_no_neutral
from hipcue.realtime.vision.markers.own_side import check_handedness, check_sides, handedness
from hipcue.realtime.vision.markers.standing import Standing
from hipcue.realtime.vision.markers.static_joints import StaticJoints, joints_from, pelvis_point
from hipcue.realtime.vision.markers.stuck import without_stuck
from hipcue.realtime.vision.markers.wrong_frames import without_jumps, without_wrong_frames

# So many names of a cluster tell which it is.
_SHOWN = 3
_CODES = {"knee": ReasonCode.KNEES, "ankle": ReasonCode.ANKLES}


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
    outer_only : bool
        Whether knees or ankles are known by their outer markers alone.
    standing_is_zero : bool
        Whether its standing trial, where it has one, is its neutral; else a remark says why not.
    """

    path: Path
    t_s: NDArray[np.float64]
    joints: Mapping[Joint, Trajectory]
    pelvis_front: Trajectory | None
    pelvis_back: Trajectory | None
    guessed: bool
    remarks: tuple[Reason, ...] = ()
    outer_only: bool = False
    standing_is_zero: bool = True


def find_body(
    file: MarkerFile, table: NameTable | None = None, standing: Standing | None = None
) -> MarkerBody:
    """Find the body in a file's markers.

    Parameters
    ----------
    file : MarkerFile
        As it was read.
    table : NameTable, optional
        Which names are understood; hipcue's own unless given.
    standing : Standing, optional
        A standing trial of the same body: it tells the joints that clusters carry.

    Raises
    ------
    UserError
        No hip with a foot in the file, a leg that is no human's (the unit is wrong), joints or
        sides that are exchanged, or a standing trial of another body.
    """
    failed = f"cannot use markers {file.path}"
    names = MarkerNames(without_stuck(file.xyz_m), table, failed)
    joints = names.joints()
    front, back = names.pelvis_front(), names.pelvis_back()
    static, pelvis = None, None if front is None or back is None else front - back
    if standing is not None:
        check_handedness(
            standing.handedness, handedness(joints, pelvis, failed), standing.path, failed
        )
        static = joints_from(standing, names.by_word(), joints, failed)
        front = pelvis_point(static, standing, front, True)
        back = pelvis_point(static, standing, back, False)
        joints |= {j: way for j, way in static.joints.items() if not names.tells_centre(j)}
    if not check_legs(joints, failed):
        raise UserError(
            failed,
            why_not_found(names.found(), file.xyz_m, file.remarks),
            "say which are hip, knee, ankle and heel in a file of names: --names NAMES.toml",
        )
    check_sides(joints, failed)
    check_order(joints, failed)
    remarks = (*file.remarks, *_remarks(names, joints, static, standing))
    if names.mirrored:
        remarks = (*remarks, Reason(ReasonCode.SIDES_LOOK_EXCHANGED))
    outer = any(remark.code is ReasonCode.JOINTS_OUTER_ONLY for remark in remarks)
    # Whatever is told by the body (up, forward, time) is told by the markers that are in place.
    sound = without_wrong_frames(joints, file.t_s)
    front, back = (None if p is None else without_jumps(p, file.t_s) for p in (front, back))
    crooked = None
    if standing is not None and static is not None:
        crooked = why_no_neutral(standing, static, front, back, find_up(sound, failed))
        remarks = remarks if crooked is None else (*remarks, crooked)
    return MarkerBody(
        file.path, file.t_s, sound, front, back, names.guessed, remarks, outer, crooked is None
    )


def _remarks(
    names: MarkerNames,
    joints: Mapping[Joint, Trajectory],
    static: StaticJoints | None,
    standing: Standing | None,
) -> list[Reason]:
    """Say what is missing, and where the joints are from."""
    by_static = static is not None and any(Joint.of(s, "knee") in static.joints for s in Side)
    if static is not None and standing is not None and by_static:
        told = Reason(ReasonCode.JOINTS_BY_STATIC, file=standing.path.name, mm=static.rms_mm)
        outer = {joint.name.split("_")[1].lower() for joint in standing.lateral}
        return [told, *_by_outer(sorted(outer, reverse=True))]
    lacking = [
        part
        for part in ("knee", "ankle")
        if not any(Joint.of(side, part) in joints for side in Side)
    ]
    if lacking:
        some = [
            name for part in ("thigh", "shank") for name in names.cluster(Side.R, part)[:_SHOWN]
        ]
        what = _named(lacking)
        if some:
            return [Reason(ReasonCode.STATIC_WOULD_TELL, joints=what, markers=", ".join(some))]
        return [Reason(ReasonCode.JOINTS_NOT_MARKED, joints=what)]
    two = ("knee", "ankle")
    return _by_outer([joint for joint in two if any(names.lateral_only(s, joint) for s in Side)])


def _by_outer(joints: Sequence[str]) -> list[Reason]:
    """Say which joints have a marker on their outside only."""
    return [Reason(ReasonCode.JOINTS_OUTER_ONLY, joints=_named(joints))] if joints else []


def _named(joints: Sequence[str]) -> Reason:
    return Reason(_CODES[joints[0]] if len(joints) == 1 else ReasonCode.KNEES_AND_ANKLES)
