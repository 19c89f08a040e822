"""TRC marker files as poses: where up and forward are, and how the pelvis is tilted.

Use: ``poses(read_trc(path))``.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import JOINT_COUNT, Joint, PelvisReading, PelvisSource, Pose, Side
from hipcue.realtime.vision.markers.names import MarkerNames, Trajectory
from hipcue.realtime.vision.markers.stuck import without_stuck
from hipcue.realtime.vision.markers.trc_file import MarkerFile, read_trc
from hipcue.realtime.vision.markers.wrong_frames import without_jumps, without_wrong_frames

__all__ = ["PX_PER_M", "MarkerFile", "poses", "read_trc"]

PX_PER_M = 1000.0
"""Poses of marker files are drawn at this scale, so that a pixel is a millimetre."""

# Uncertainty of the tilt: about 1 mm per marker over 160 mm between front and back.
_SIGMA_MEASURED_DEG = 0.3
# For markers that a network made up from a film. Our choice, as wide as the spread between
# runners (Bramah 2018): sagittal tilt is the weakest variable of markerless systems.
_SIGMA_GUESSED_DEG = 3.0

# A leg from hip to ankle is between these, small children to giants; else the unit is wrong.
_LEG_M = (0.35, 1.4)
_MARGIN_M = 0.2
# No joint is further from the middle of all of them; a marker that is was lost.
_REACH_M = 2.5
# No treadmill is longer, nor anybody on it who is caught up by it; our choice.
_ROOM_M = 8.0
# Laboratories lay their treadmill along an axis; within this angle the axis is believed.
_SNAP_DEG = 10.0


def poses(file: MarkerFile) -> Iterator[Pose]:
    """Return the poses of a marker file, seen from the runner's right side.

    Parameters
    ----------
    file : MarkerFile
        In any axes: up is where the hips are from the ankles, forward is along the
        swing of the feet, from heel to toe.

    Returns
    -------
    iterator of Pose
        The runner faces right: x forward, y down, `PX_PER_M` pixels per metre. Joints
        without a marker, or hidden, are NaN with confidence 0. With ASIS and PSIS in the
        file each pose carries a `PelvisReading` (source ``markers``): the angle of the
        line from PSIS to ASIS against horizontal, anterior tilt positive.

    Raises
    ------
    UserError
        At once: no leg in the file, unit wrong, forward and backward alike.
    """
    names = MarkerNames(without_stuck(file.xyz_m))
    joints = names.joints()
    failed = f"cannot use markers {file.path}"
    _check_legs(joints, list(file.xyz_m), failed)
    plane = _find_plane(joints, failed)
    sound = without_wrong_frames(joints, file.t_s)
    return _poses(file, sound, plane, _tilts(names, plane, file.t_s))


@dataclass(frozen=True, slots=True, eq=False)
class _Plane:
    """The sagittal plane in the laboratory: unit vectors, shape (3,)."""

    forward: NDArray[np.float64]
    up: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Tilts:
    """Pelvic tilt per frame, shape (frames,), NaN where a marker is hidden."""

    angle_deg: NDArray[np.float64]
    sigma_deg: float

    def reading(self, index: int, t_s: float) -> PelvisReading:
        angle_deg = float(self.angle_deg[index])
        if not np.isfinite(angle_deg):
            hidden = Reason(ReasonCode.PELVIS_MARKER_HIDDEN)
            return PelvisReading(t_s, PelvisSource.MARKERS, None, reason=hidden)
        return PelvisReading(t_s, PelvisSource.MARKERS, angle_deg, self.sigma_deg)


def _poses(
    file: MarkerFile, joints: Mapping[Joint, Trajectory], plane: _Plane, tilts: _Tilts | None
) -> Iterator[Pose]:
    xy_m = np.full((len(file.t_s), JOINT_COUNT, 2), np.nan)
    for joint, trajectory in joints.items():
        xy_m[:, joint, 0] = trajectory @ plane.forward
        xy_m[:, joint, 1] = -(trajectory @ plane.up)
    _take_strays_off(xy_m)
    low_m = np.nanmin(xy_m, axis=(0, 1)) - _MARGIN_M
    high_m = np.nanmax(xy_m, axis=(0, 1)) + _MARGIN_M
    width_px, height_px = np.ceil((high_m - low_m) * PX_PER_M).astype(int)
    if high_m[0] - low_m[0] > _ROOM_M:
        raise UserError(
            f"cannot use markers {file.path}",
            f"the runner crosses {high_m[0] - low_m[0]:.0f} m of a room",
            "a file of somebody on a treadmill",
        )
    xy_px = (xy_m - low_m) * PX_PER_M
    for index, t_s in enumerate(file.t_s):
        seen = np.isfinite(xy_px[index]).all(axis=1)
        yield Pose(
            t_capture_s=float(t_s),
            index=index,
            xy_px=xy_px[index],
            confidence=seen.astype(np.float64),
            size_px=(int(width_px), int(height_px)),
            pelvis=() if tilts is None else (tilts.reading(index, float(t_s)),),
            px_per_m=PX_PER_M,
            reason=None if seen.any() else Reason(ReasonCode.NO_MARKER_IN_FRAME),
        )


def _take_strays_off(xy_m: NDArray[np.float64]) -> None:
    """Take off joints that are further from the body's middle than any joint can be."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # A frame without any joint.
        middle = np.nanmedian(xy_m, axis=1, keepdims=True)
    stray = np.hypot(*np.moveaxis(xy_m - middle, -1, 0)) > _REACH_M
    xy_m[stray] = np.nan


def _tilts(names: MarkerNames, plane: _Plane, t_s: NDArray[np.float64]) -> _Tilts | None:
    """Return the measured tilt, or ``None`` when the file has no pelvis markers."""
    front, back = names.pelvis_front(), names.pelvis_back()
    if front is None or back is None:
        return None
    line = without_jumps(front, t_s) - without_jumps(back, t_s)
    angle_deg = np.degrees(np.arctan2(-(line @ plane.up), line @ plane.forward))
    return _Tilts(angle_deg, _SIGMA_GUESSED_DEG if names.guessed else _SIGMA_MEASURED_DEG)


def _legs(joints: Mapping[Joint, Trajectory]) -> list[tuple[Trajectory, Trajectory, Trajectory]]:
    """Return hip, knee and ankle of each leg that was ever seen as a whole."""
    legs: list[tuple[Trajectory, Trajectory, Trajectory]] = []
    for side in Side:
        leg = [joints.get(Joint.of(side, name)) for name in ("hip", "knee", "ankle")]
        hip, knee, ankle = leg
        if hip is None or knee is None or ankle is None:
            continue
        if np.isfinite(hip + knee + ankle).all(axis=1).any():
            legs.append((hip, knee, ankle))
    return legs


def _check_legs(joints: Mapping[Joint, Trajectory], names: list[str], failed: str) -> None:
    """Make sure that there is a leg, of a length that a human has."""
    legs = _legs(joints)
    if not legs:
        raise UserError(
            failed,
            f"no leg with hip, knee and ankle in {', '.join(names[:8])} ({len(names)} markers)",
            "names like RHip, RKnee, RAnkle, RHeel, RBigToe",
        )
    thigh_m = np.concatenate([np.linalg.norm(hip - knee, axis=1) for hip, knee, _ in legs])
    shank_m = np.concatenate([np.linalg.norm(knee - ankle, axis=1) for _, knee, ankle in legs])
    leg_m = float(np.nanmedian(thigh_m + shank_m))
    if not _LEG_M[0] <= leg_m <= _LEG_M[1]:
        raise UserError(
            failed,
            f"by its unit a leg is {leg_m:.3g} m long",
            "the right unit (m, cm, mm) in its third line; files in pixels carry no scale",
        )


def _find_plane(joints: Mapping[Joint, Trajectory], failed: str) -> _Plane:
    """Find up and forward from the body itself."""
    legs = _legs(joints)
    rise_m = np.nanmean(np.concatenate([hip - ankle for hip, _, ankle in legs]), axis=0)
    vertical = int(np.argmax(np.abs(rise_m)))
    up = np.zeros(3)
    up[vertical] = np.sign(rise_m[vertical])
    level = [axis for axis in range(3) if axis != vertical]
    line = _swing_line([(ankle - hip)[:, level] for hip, _, ankle in legs])
    forward = np.zeros(3)
    forward[level] = line
    ahead = float(_ahead(joints) @ forward)
    # A foot is 0.15 m long and more; a knee lies some cm ahead of the line hip to ankle.
    if abs(ahead) < 0.005:
        raise UserError(
            failed, "nothing in it tells forward from backward", "a file with heels and toes"
        )
    return _Plane(forward * np.sign(ahead), up)


def _swing_line(swings: list[Trajectory]) -> NDArray[np.float64]:
    """Return the level line (2,) along which the ankles swing about the hips, sign open."""
    points = np.concatenate([swing - np.nanmean(swing, axis=0) for swing in swings])
    points = points[np.isfinite(points).all(axis=1)]
    _, vectors = np.linalg.eigh(points.T @ points)
    main: NDArray[np.float64] = vectors[:, -1]
    axis = int(np.argmax(np.abs(main)))
    if np.degrees(np.arccos(min(1.0, float(abs(main[axis]))))) <= _SNAP_DEG:
        main = np.zeros(2)
        main[axis] = 1.0
    return main


def _ahead(joints: Mapping[Joint, Trajectory]) -> NDArray[np.float64]:
    """Return the mean vector (3,) from heel to toe; without feet, the side the knees bend to."""
    votes: list[Trajectory] = []
    for side in Side:
        heel, toe = joints.get(Joint.of(side, "heel")), joints.get(Joint.of(side, "toe"))
        if heel is not None and toe is not None and np.isfinite(toe - heel).any():
            votes.append(toe - heel)
    if not votes:
        votes = [knee - (hip + ankle) / 2 for hip, knee, ankle in _legs(joints)]
    mean: NDArray[np.float64] = np.nanmean(np.concatenate(votes), axis=0)
    return mean
