"""Keypoints of a film as poses, as if hipcue's own model had found them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import JOINT_COUNT, Joint, Pose, Side
from hipcue.realtime.vision.keypoints.movement_file import Keypoints
from hipcue.realtime.vision.markers.marker_file import Trajectory
from hipcue.realtime.vision.markers.name_table import NameTable
from hipcue.realtime.vision.markers.names import MarkerNames

_NEEDED = ("hip", "knee", "ankle")


def poses(points: Keypoints, table: NameTable | None = None) -> Iterator[Pose]:
    """Return the poses of a film's keypoints: pixels, x right and y down, without a scale.

    Which names are understood is the `table`; hipcue's own unless given.

    Raises
    ------
    UserError
        At once: no leg with hip, knee and ankle.
    """
    flat = {name: np.c_[xy, np.zeros(len(xy))] for name, xy in points.xy_px.items()}
    failed = f"cannot use keypoints {points.path}"
    names = MarkerNames(flat, table, failed)
    found = names.joints()
    if not any(all(Joint.of(side, name) in found for name in _NEEDED) for side in Side):
        raise UserError(
            failed,
            f"no leg with hip, knee and ankle: {names.found()}",
            "names like right_hip, right_knee, right_ankle, right_heel, right_big_toe, or yours "
            "with --names NAMES.toml",
        )
    # A joint between two points is as sure as both; what is not seen has no name either.
    sure = {
        name: np.where(np.isfinite(flat[name]), one[:, None], np.nan)
        for name, one in points.confidence.items()
    }
    return _poses(points.rate_hz, found, MarkerNames(sure, table, failed).joints())


def _poses(
    rate_hz: float, found: Mapping[Joint, Trajectory], sure: Mapping[Joint, Trajectory]
) -> Iterator[Pose]:
    frames = len(next(iter(found.values())))
    xy_px = np.full((frames, JOINT_COUNT, 2), np.nan)
    confidence = np.zeros((frames, JOINT_COUNT))
    for joint, way in found.items():
        xy_px[:, joint] = way[:, :2]
        confidence[:, joint] = np.clip(np.nan_to_num(sure[joint][:, 0]), 0.0, 1.0)
    size = np.ceil(np.nanmax(xy_px, axis=(0, 1))).astype(int) + 1
    for index in range(frames):
        seen = np.isfinite(xy_px[index]).all(axis=1)
        yield Pose(
            t_capture_s=index / rate_hz,
            index=index,
            xy_px=xy_px[index],
            confidence=np.where(seen, confidence[index], 0.0),
            size_px=(int(size[0]), int(size[1])),
            reason=None if seen.any() else Reason(ReasonCode.NOBODY_IN_PICTURE),
        )
