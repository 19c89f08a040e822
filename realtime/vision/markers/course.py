"""What of a marker file is measured, and in which frame: on a treadmill or over ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.records import Joint
from hipcue.realtime.vision.markers.body_axes import BodyFrame, find_room_frame, find_up
from hipcue.realtime.vision.markers.ground_slope import belt_rises_deg, way_rises_deg
from hipcue.realtime.vision.markers.marker_body import MarkerBody
from hipcue.realtime.vision.markers.marker_file import Trajectory
from hipcue.realtime.vision.markers.travel import Ground, Way, find_way

# A part of the other kind that is shorter than this is somebody who steps off, or noise of the
# first and last steps; our choice, two strides.
_MIXED_S = 1.5
# How often the speed of the way is told; it is smooth over 0.3 s.
_TOLD_S = 0.1
# A way that changes its heading by more than this bends; our choice.
_BENDS_DEG = 20.0
# Ground that is less level than this is said: a treadmill of 9 %, or axes that lean. Our choice.
_LEVEL_DEG = 5.0
_STRAIGHT = "a file of somebody who runs straight ahead for some strides, or on a treadmill"


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """How a runner goes through a file.

    Attributes
    ----------
    frame : BodyFrame
        What the body is measured in.
    lost : tuple of (ndarray of bool, shape (frames,), Reason)
        Frames that are not measured, and why.
    belt : tuple of BeltSample
        Speed over ground; empty on a treadmill, whose speed markers do not tell.
    remarks : tuple of Reason
        What is to be said of it.
    """

    frame: BodyFrame
    lost: tuple[tuple[NDArray[np.bool_], Reason], ...] = ()
    belt: tuple[BeltSample, ...] = ()
    remarks: tuple[Reason, ...] = ()

    def why_lost(self, index: int) -> Reason | None:
        """Return why a frame is not measured; None where it is."""
        return next((why for frames, why in self.lost if frames[index]), None)

    def without_lost(self, path: Trajectory) -> Trajectory:
        """Return a trajectory with NaN in the frames that are not measured."""
        for frames, _ in self.lost:
            path = np.where(frames[:, None], np.nan, path)
        return path


def find_course(body: MarkerBody) -> Course:
    """Tell what the runner runs on, and where forward is.

    Raises
    ------
    UserError
        Up or forward cannot be told.
    """
    failed = f"cannot use markers {body.path}"
    up = find_up(body.joints, failed)
    way = find_way(body.joints, body.t_s, up)
    if way is None:
        return Course(find_room_frame(body.joints, up, failed), remarks=_slope(body, up, way))
    usual_s = float(np.median(np.diff(body.t_s)))
    room_s, belt_s = (usual_s * float((way.ground == g).sum()) for g in (Ground.ROOM, Ground.BELT))
    if room_s > belt_s:
        return _over_ground(body, up, way, room_s, belt_s)
    lost: tuple[tuple[NDArray[np.bool_], Reason], ...] = ()
    remarks = _slope(body, up, way)
    if room_s > _MIXED_S:
        elsewhere = np.asarray(way.ground == Ground.ROOM)
        lost = ((elsewhere, Reason(ReasonCode.RUNS_OVER_GROUND)),)
        part = Reason(ReasonCode.BELT_PART_ONLY, belt_s=belt_s, room_s=room_s)
        remarks = (part, *_slope(body, up, None))
    kept = Course(BodyFrame(up, up, np.zeros(3)), lost)
    joints = {joint: kept.without_lost(path) for joint, path in body.joints.items()}
    return Course(find_room_frame(joints, up, failed), lost, (), remarks)


def _over_ground(
    body: MarkerBody, up: NDArray[np.float64], way: Way, room_s: float, belt_s: float
) -> Course:
    lost = [(way.turning, Reason(ReasonCode.RUNNER_TURNS))]
    lost.append((way.backwards, Reason(ReasonCode.RUNS_BACKWARDS)))
    runs = (way.ground == Ground.ROOM) & ~way.turning & ~way.backwards
    if runs.mean() * (body.t_s[-1] - body.t_s[0]) < _MIXED_S:
        why = lost[int(way.backwards.sum() > way.turning.sum())][1]
        raise UserError(f"cannot use markers {body.path}", in_words(why), _STRAIGHT)
    usual_mps = float(np.median(way.speed_mps[runs]))
    remarks = [Reason(ReasonCode.OVER_GROUND, mps=usual_mps), *_slope(body, up, way)]
    if belt_s > _MIXED_S:
        elsewhere = np.asarray(way.ground == Ground.BELT)
        lost.append((elsewhere, Reason(ReasonCode.RUNS_ON_A_BELT)))
        remarks.append(Reason(ReasonCode.ROOM_PART_ONLY, belt_s=belt_s, room_s=room_s))
    turns = int(np.count_nonzero(np.diff(way.turning.astype(int)) > 0))
    if turns:
        remarks.append(Reason(ReasonCode.RUN_TURNED, turns=turns))
    elif _bend_deg(way.heading[runs]) > _BENDS_DEG:
        remarks.append(Reason(ReasonCode.WAY_BENDS, deg=_bend_deg(way.heading[runs])))
    if way.backwards.any():
        remarks.append(Reason(ReasonCode.RUNS_BACKWARDS))
    frame = BodyFrame(up, way.heading, way.position_m)
    return Course(frame, tuple(lost), _told(body.t_s, way.speed_mps), tuple(remarks))


def _slope(body: MarkerBody, up: NDArray[np.float64], way: Way | None) -> tuple[Reason, ...]:
    """Say when the ground is far from level in the file's axes."""
    if way is not None and (way.ground == Ground.ROOM).mean() > 0.5:
        hip = next(path for j, path in body.joints.items() if j in (Joint.L_HIP, Joint.R_HIP))
        rises = way_rises_deg(hip, up)
    else:
        rises = belt_rises_deg(body.joints, body.t_s, up)
    if rises is None or abs(rises) < _LEVEL_DEG:
        return ()
    return (Reason(ReasonCode.GROUND_RISES, deg=round(rises)),)


def _bend_deg(heading: NDArray[np.float64]) -> float:
    """By how much headings differ from the first at most, degrees."""
    return float(np.degrees(np.arccos(np.clip((heading @ heading[0]).min(), -1.0, 1.0))))


def _told(t_s: NDArray[np.float64], speed_mps: NDArray[np.float64]) -> tuple[BeltSample, ...]:
    """The speed of the way in place of a belt's."""
    at_s = np.arange(t_s[0], t_s[-1] + _TOLD_S, _TOLD_S)
    told = np.maximum(np.interp(at_s, t_s, speed_mps), 0.0)
    return tuple(
        BeltSample(float(t), float(v), source=BeltSource.MARKERS)
        for t, v in zip(at_s, told, strict=True)
    )
