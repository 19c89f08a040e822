"""The joints of a run, carried there from a standing trial."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hipcue.config.errors import UserError
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.clusters import Segment, find_segment
from hipcue.realtime.vision.markers.human_legs import check_same_legs
from hipcue.realtime.vision.markers.marker_file import Trajectory
from hipcue.realtime.vision.markers.standing import Standing

# The knee that the thigh's markers carry and the one that the shank's carry are the same to this,
# median over the file; our choice: 8 to 17 mm in two laboratories, centimetres where the markers
# were put on anew or another person stands.
_SAME_KNEE_M = 0.045
_TRY = "a standing trial of the same runner with the same markers, taken without taking them off"


@dataclass(frozen=True, slots=True, eq=False)
class StaticJoints:
    """What a standing trial told of a run.

    Attributes
    ----------
    joints : mapping of Joint to ndarray, shape (frames, 3)
        Hips, knees and ankles.
    segments : mapping of str to Segment
        ``pelvis``, ``L thigh`` and so on.
    hip_gap_m : float
        How far the hips of pelvis and thigh are apart, as the pelvis has it, the better side: a
        thigh's markers may slip on one; NaN where only one is told.
    """

    joints: Mapping[Joint, Trajectory]
    segments: Mapping[str, Segment]
    hip_gap_m: float

    @property
    def rms_mm(self) -> float:
        """What is left of the markers on thighs and shanks, mm, median of all."""
        fits = [part.fit for name, part in self.segments.items() if name != "pelvis"]
        left = [float(np.nanmedian(fit.rms_m)) for fit in fits if fit is not None]
        return 1000.0 * float(np.median(left)) if left else 0.0


def joints_from(
    standing: Standing,
    run: Mapping[str, Trajectory],
    own: Mapping[Joint, Trajectory],
    failed: str,
) -> StaticJoints:
    """Carry the joints of a standing trial into a run.

    Parameters
    ----------
    standing : Standing
        The standing trial.
    run : mapping of str to ndarray, shape (frames, 3)
        Markers of the run by the names that `standing` has them under.
    own : mapping of Joint to ndarray, shape (frames, 3)
        The joints that the run's own markers tell.
    failed : str
        What fails if they do not go together.

    Raises
    ------
    UserError
        Other markers, or those of another body.
    """
    stands = {joint: at[None] for joint, at in standing.joints.items()}
    check_same_legs(own, stands, failed)
    shared = [name for name in standing.markers if name in run]
    if len(shared) < 3 and not _has_knee(own):
        raise UserError(failed, f"it shares {len(shared)} markers with {standing.path}", _TRY)
    pelvis = find_segment(run, standing, "pelvis")
    segments = {"pelvis": pelvis}
    joints: dict[Joint, Trajectory] = {}
    gaps: list[Trajectory] = []
    hip_gaps_m: list[float] = []
    for side in Side:
        hip = _carried(pelvis, standing, Joint.of(side, "hip"))
        hip = own.get(Joint.of(side, "hip")) if hip is None else hip
        thigh = find_segment(run, standing, "thigh", side, hip)
        by_thigh_hip = _carried(thigh, standing, Joint.of(side, "hip"))
        hip_gaps_m += _usual_gap_m(hip, by_thigh_hip, pelvis)
        hip = _filled(hip, by_thigh_hip, thigh)
        by_thigh = _carried(thigh, standing, Joint.of(side, "knee"))
        shank = find_segment(run, standing, "shank", side, by_thigh)
        by_shank = _carried(shank, standing, Joint.of(side, "knee"))
        segments |= {f"{side.value} thigh": thigh, f"{side.value} shank": shank}
        found = {
            "hip": hip,
            "knee": _knee(by_thigh, by_shank, thigh, shank),
            "ankle": _carried(shank, standing, Joint.of(side, "ankle")),
        }
        joints |= {Joint.of(side, n): way for n, way in found.items() if way is not None}
        if by_thigh is not None and by_shank is not None:
            gaps.append(np.linalg.norm(by_thigh - by_shank, axis=1))
    _check(segments, joints, own, _median(gaps), standing, failed)
    hip_gap_m = min(hip_gaps_m) if hip_gaps_m else float("nan")
    return StaticJoints(joints, segments, hip_gap_m)


def _has_knee(joints: Mapping[Joint, Trajectory]) -> bool:
    return any(Joint.of(side, "knee") in joints for side in Side)


def pelvis_point(
    static: StaticJoints, standing: Standing, own: Trajectory | None, front: bool
) -> Trajectory | None:
    """The middle of the front or back spines, where they are hidden by the rest of the pelvis."""
    pelvis, point = static.segments["pelvis"], standing.front if front else standing.back
    if pelvis.fit is None or point is None or own is None:
        return own
    return _filled(own, pelvis.fit.carried(point), pelvis)


def _carried(segment: Segment, standing: Standing, joint: Joint) -> Trajectory | None:
    point = standing.joints.get(joint)
    return None if segment.fit is None or point is None else segment.fit.carried(point)


def _knee(
    by_thigh: Trajectory | None, by_shank: Trajectory | None, thigh: Segment, shank: Segment
) -> Trajectory | None:
    """The middle of both; where one is hidden the other, moved by what they usually differ by."""
    if by_thigh is None or by_shank is None:
        return by_shank if by_thigh is None else by_thigh
    return _filled(_filled((by_thigh + by_shank) / 2, by_shank, shank), by_thigh, thigh)


def _filled(
    way: Trajectory | None, other: Trajectory | None, carrier: Segment
) -> Trajectory | None:
    """A way, and where it is hidden another one, moved by what they usually differ by.

    That is counted in the axes of the segment that carries the other one: the room's turn under
    a body that runs a bend.
    """
    if way is None or other is None:
        return other if way is None else way
    if carrier.fit is None:
        return way
    turn = carrier.fit.turn
    apart = np.nan_to_num(_usual(np.einsum("fji,fj->fi", turn, way - other)))
    return np.where(np.isfinite(way), way, other + turn @ apart)


def _usual_gap_m(way: Trajectory | None, other: Trajectory | None, carrier: Segment) -> list[float]:
    """How far two ways are apart in the axes of a segment, median; empty where that is not told."""
    if way is None or other is None or carrier.fit is None:
        return []
    apart = _usual(np.einsum("fji,fj->fi", carrier.fit.turn, way - other))
    return [float(np.linalg.norm(apart))] if np.isfinite(apart).all() else []


def _usual(way: Trajectory) -> Trajectory:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # Never seen both.
        middle: Trajectory = np.nanmedian(way, axis=0)
    return middle


def _median(gaps: list[Trajectory]) -> float:
    every = np.concatenate(gaps) if gaps else np.array([])
    every = every[np.isfinite(every)]
    return float(np.median(every)) if len(every) else float("nan")


def _check(
    segments: Mapping[str, Segment],
    joints: Mapping[Joint, Trajectory],
    own: Mapping[Joint, Trajectory],
    gap_m: float,
    standing: Standing,
    failed: str,
) -> None:
    """Make sure that both are the same body with the same markers."""
    if gap_m > _SAME_KNEE_M:
        raise UserError(
            failed,
            f"{standing.path.name} does not fit it: by the thigh's markers the knee is "
            f"{1000 * gap_m:.0f} mm from where it is by the shank's",
            _TRY,
        )
    if _has_knee(joints):
        return
    bad = {name: part.off_m for name, part in segments.items() if part.moved}
    few = {name: part for name, part in segments.items() if part.markers and not part.fit}
    if bad:
        name = max(bad, key=lambda name: len(segments[name].tried))
        some = ", ".join(segments[name].tried[:4]).upper()
        seen = (
            f"{standing.path.name} does not fit it: the markers of {_said(name)} ({some}) are "
            f"{1000 * bad[name]:.0f} mm from where they stand in it"
        )
    elif _has_knee(own):
        return  # It has joints of its own; what stands is the neutral.
    elif few:
        name = max(few, key=lambda name: len(few[name].markers))
        some = ", ".join(few[name].markers).upper()
        seen = (
            f"{_said(name)} has {len(few[name].markers)} markers that are in {standing.path.name}, "
            f"too ({some}), and three tell where it is"
        )
    else:
        seen = f"it shares no three markers of a thigh or a shank with {standing.path.name}"
    raise UserError(failed, seen, _TRY)


def _said(name: str) -> str:
    side, _, part = name.rpartition(" ")
    return f"the {'left' if side == 'L' else 'right'} {part}" if side else f"the {part}"
