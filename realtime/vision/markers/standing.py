"""A standing trial: where the joints of a body are against the markers that it carries."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.realtime.records import JOINT_COUNT, Joint, Side
from hipcue.realtime.vision.markers.body_axes import find_up, foot_lines
from hipcue.realtime.vision.markers.found_names import why_not_found
from hipcue.realtime.vision.markers.human_legs import check_legs
from hipcue.realtime.vision.markers.leg_order import check_order
from hipcue.realtime.vision.markers.marker_file import MarkerFile, Trajectory
from hipcue.realtime.vision.markers.name_table import NameTable
from hipcue.realtime.vision.markers.names import MarkerNames
from hipcue.realtime.vision.markers.own_side import check_legs_apart, handedness

FloatArray = NDArray[np.float64]
Point = FloatArray
"""A place in the standing trial, shape (3,), m."""

# The stillest stretch so long is looked at.
_LOOKS_S = 1.0
# Who stands is slower than this, by the median of the markers; our choice: standing sways by
# 10 mm a second, walking is a hundred times as fast.
_STANDS_MPS = 0.08
_TRY = "a trial of the same runner on the same day, standing upright with all markers on"


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A body that stands.

    Attributes
    ----------
    path : Path
        Where it was read.
    markers : mapping of str to ndarray, shape (3,)
        Where each marker is, by its name as `plain` writes it.
    joints : mapping of Joint to ndarray, shape (3,)
        Where the joints are.
    known_as : mapping of str to str
        What a marker was taken for, where its name tells.
    lateral : frozenset of Joint
        Knees and ankles that have a marker on their outside only.
    front, back : ndarray, shape (3,), or None
        Middle of the anterior and of the posterior spines.
    up, ahead : ndarray, shape (3,), or None
        Where up is, and where the toes point; None where the body does not tell.
    tilt_deg : float or None
        Of the line from the posterior to the anterior spines, anterior positive.
    handedness : float or None
        As `hipcue.realtime.vision.markers.own_side.handedness` tells it.
    """

    path: Path
    markers: Mapping[str, Point]
    joints: Mapping[Joint, Point]
    known_as: Mapping[str, str]
    lateral: frozenset[Joint]
    front: Point | None
    back: Point | None
    up: Point
    ahead: Point | None
    tilt_deg: float | None
    handedness: float | None

    def in_plane(self) -> FloatArray | None:
        """Return the joints as a pose has them, forward and up, m; None without a direction."""
        if self.ahead is None:
            return None
        xy_m = np.full((JOINT_COUNT, 2), np.nan)
        for joint, at in self.joints.items():
            xy_m[joint] = at @ self.ahead, at @ self.up
        return xy_m


def find_standing(file: MarkerFile, table: NameTable | None = None) -> Standing:
    """Find the body in a standing trial.

    Raises
    ------
    UserError
        Nobody stands in it, or no hip, knee and ankle of one leg are told by its markers.
    """
    failed = f"cannot use the standing trial {file.path}"
    if not file.xyz_m:
        why = why_not_found("it has no marker with a name", (), file.remarks)
        raise UserError(failed, why, _TRY)
    still = _stillest(file, failed)
    middles = {name: _middle(way[still]) for name, way in file.xyz_m.items()}
    seen = {name: at[None] for name, at in middles.items() if np.isfinite(at).all()}
    names = MarkerNames(seen, table, failed)
    ways = names.joints()
    if not any(_has_leg(ways, side) for side in Side):
        why = why_not_found(names.found(), file.xyz_m, file.remarks)
        raise UserError(failed, f"no leg with hip, knee and ankle; {why}", _TRY)
    check_legs(ways, failed)
    check_legs_apart(ways, failed)
    check_order(ways, failed)
    front, back = names.pelvis_front(), names.pelvis_back()
    pelvis = None if front is None or back is None else front - back
    line = None if pelvis is None else pelvis[0]
    up = find_up(ways, failed)
    ahead = _ahead(ways, up, line)
    joints = {joint: way[0] for joint, way in ways.items()}
    lateral = frozenset(
        Joint.of(side, joint)
        for side in Side
        for joint in ("knee", "ankle")
        if names.lateral_only(side, joint)
    )
    return Standing(
        file.path,
        {names.word(name): at[0] for name, at in seen.items()},
        joints,
        {names.word(name): point for point, name in names.taken.items()},
        lateral,
        None if front is None else front[0],
        None if back is None else back[0],
        up,
        ahead,
        None if line is None or ahead is None else _tilt_deg(line, up, ahead),
        handedness(ways, pelvis, failed),
    )


def _has_leg(joints: Mapping[Joint, Trajectory], side: Side) -> bool:
    return all(Joint.of(side, name) in joints for name in ("hip", "knee", "ankle"))


def _stillest(file: MarkerFile, failed: str) -> slice:
    """Return the frames of the stillest stretch."""
    frames = len(file.t_s)
    length = min(frames, max(1, round(_LOOKS_S * file.rate_hz)))
    if frames < 2:
        return slice(0, frames)
    # By a tenth of a second: noise from frame to frame is no motion.
    lag = max(1, min(length // 2, round(0.1 * file.rate_hz)))
    paths = np.stack(list(file.xyz_m.values()), axis=1)
    step = (
        np.linalg.norm(paths[lag:] - paths[:-lag], axis=2)
        / (file.t_s[lag:] - file.t_s[:-lag])[:, None]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # A frame without any marker.
        speed = np.nanmedian(step, axis=1)
    if not np.isfinite(speed).any():
        raise UserError(failed, "its markers are hardly ever seen", _TRY)
    usual = np.where(np.isfinite(speed), speed, np.nanmax(speed))
    window = max(1, length - lag)
    means = np.convolve(usual, np.ones(window) / window, mode="valid")
    first = int(np.argmin(means))
    if means[first] > _STANDS_MPS:
        raise UserError(failed, f"nobody stands still in it: {means[first]:.1f} m/s at least", _TRY)
    return slice(first, first + length)


def _middle(path: Trajectory) -> Point:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # Never seen.
        middle: Point = np.nanmedian(path, axis=0)
    return middle


def _ahead(
    joints: Mapping[Joint, Trajectory], up: Point, pelvis: FloatArray | None
) -> Point | None:
    """Return where the pelvis faces, level; feet may be turned out."""
    left, right = joints.get(Joint.L_HIP), joints.get(Joint.R_HIP)
    feet = [line[0] for line in foot_lines(joints)]
    points = np.mean(feet, axis=0) if feet else pelvis
    if points is None or left is None or right is None:
        return None
    across = np.cross(up, (right - left)[0])
    length = float(np.linalg.norm(across))
    towards = float(across @ points)
    return None if length == 0.0 or towards == 0.0 else across / length * np.sign(towards)


def _tilt_deg(line: FloatArray, up: Point, ahead: Point) -> float:
    """Return how the line from the back spines to the front ones dips."""
    return float(np.degrees(np.arctan2(-(line @ up), line @ ahead)))
