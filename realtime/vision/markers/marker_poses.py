"""The body of a marker file as poses, and how its pelvis is tilted.

Use: ``poses(find_body(read_trc(path)))``.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import JOINT_COUNT, Joint, PelvisReading, PelvisSource, Pose
from hipcue.realtime.vision.markers.course import Course, find_course
from hipcue.realtime.vision.markers.marker_body import MarkerBody
from hipcue.realtime.vision.markers.marker_file import Trajectory

PX_PER_M = 1000.0
"""Poses of marker files are drawn at this scale, so that a pixel is a millimetre."""

# Uncertainty of the tilt: about 1 mm per marker over 160 mm between front and back.
_SIGMA_MEASURED_DEG = 0.3
# For markers that a network made up from a film. Our choice, as wide as the spread between
# runners (Bramah 2018): sagittal tilt is the weakest variable of markerless systems.
_SIGMA_GUESSED_DEG = 3.0

_MARGIN_M = 0.2
# No joint is further from the middle of all of them; a marker that is was lost.
_REACH_M = 2.5
# No treadmill is longer, nor anybody on it who is caught up by it; our choice.
_ROOM_M = 8.0


def poses(body: MarkerBody, course: Course | None = None) -> Iterator[Pose]:
    """Return the poses of a marker file's body, seen from the runner's right side.

    Parameters
    ----------
    body : MarkerBody
        In any axes: up is where the hips are from the feet, forward is along the
        swing of the feet, from heel to toe.
    course : Course, optional
        How the runner goes through the file, where that was found before.

    Returns
    -------
    iterator of Pose
        The runner faces right: x forward, y down, `PX_PER_M` pixels per metre. Joints
        without a marker, or hidden, are NaN with confidence 0. With ASIS and PSIS in the
        file each pose carries a `PelvisReading` (source ``markers``): the angle of the
        line from PSIS to ASIS against horizontal, anterior tilt positive. Over ground the
        picture goes along with the runner.

    Raises
    ------
    UserError
        At once: up or forward cannot be told.
    """
    course = find_course(body) if course is None else course
    measured = {joint: course.without_lost(path) for joint, path in body.joints.items()}
    return _poses(body, measured, course, _tilts(body, course))


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
    body: MarkerBody, joints: Mapping[Joint, Trajectory], course: Course, tilts: _Tilts | None
) -> Iterator[Pose]:
    xy_m = np.full((len(body.t_s), JOINT_COUNT, 2), np.nan)
    for joint, trajectory in joints.items():
        xy_m[:, joint] = course.frame.in_plane(trajectory) * (1.0, -1.0)
    _take_strays_off(xy_m)
    if not np.isfinite(xy_m).any():
        raise UserError(
            f"cannot use markers {body.path}",
            "no joint is where it can be in any frame",
            "look at the file's markers and times",
        )
    low_m = np.nanmin(xy_m, axis=(0, 1)) - _MARGIN_M
    high_m = np.nanmax(xy_m, axis=(0, 1)) + _MARGIN_M
    width_px, height_px = np.ceil((high_m - low_m) * PX_PER_M).astype(int)
    if high_m[0] - low_m[0] > _ROOM_M:
        raise UserError(
            f"cannot use markers {body.path}",
            f"the runner crosses {high_m[0] - low_m[0]:.0f} m of a room",
            "a file of somebody on a treadmill",
        )
    xy_px = (xy_m - low_m) * PX_PER_M
    no_marker = Reason(ReasonCode.NO_MARKER_IN_FRAME)
    for index, t_s in enumerate(body.t_s):
        seen = np.isfinite(xy_px[index]).all(axis=1)
        yield Pose(
            t_capture_s=float(t_s),
            index=index,
            xy_px=xy_px[index],
            confidence=seen.astype(np.float64),
            size_px=(int(width_px), int(height_px)),
            pelvis=() if tilts is None else (tilts.reading(index, float(t_s)),),
            px_per_m=PX_PER_M,
            reason=None if seen.any() else course.why_lost(index) or no_marker,
        )


def _take_strays_off(xy_m: NDArray[np.float64]) -> None:
    """Take off joints that are further from the body's middle than any joint can be."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # A frame without any joint.
        middle = np.nanmedian(xy_m, axis=1, keepdims=True)
    stray = np.hypot(*np.moveaxis(xy_m - middle, -1, 0)) > _REACH_M
    xy_m[stray] = np.nan


def _tilts(body: MarkerBody, course: Course) -> _Tilts | None:
    """Return the measured tilt, or ``None`` when the file has no pelvis markers."""
    front, back = body.pelvis_front, body.pelvis_back
    if front is None or back is None:
        return None
    angle_deg = course.frame.tilted_deg(course.without_lost(front - back))
    return _Tilts(angle_deg, _SIGMA_GUESSED_DEG if body.guessed else _SIGMA_MEASURED_DEG)
