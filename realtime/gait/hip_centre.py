"""Where the hip really is, for a pose model that puts it elsewhere in running than in standing.

The hip is the one joint of a leg that nothing in the picture marks: a pose model guesses it
from what lies around it, and its guess follows the thigh, the shorts and the other leg. Two
things about it are wrong; both were measured in nine films of seven rendered bodies, each
body judged by what the others tell:

- *It wanders in the stride.* But a body carries its hips at one place. Half of the hip is
  taken from the landmark, half is where the body carries it, seen from the middle of hips and
  shoulders: as far as in the mean of the stride, and for the near leg half-way to the point
  that its knee swings about. Each of them errs, and they err differently.
- *It lies further forward in running than in standing*, and what a body stands out by in
  standing is left in running only in part. So the zero of thigh and trunk is two thirds of
  the runner's own (of both thighs: they hang alike) and one third of their line from
  shoulders to ankles, which knows the camera's tilt and no hip; and it is moved by as much
  as all bodies are read differently in running.

Markers are where they were stuck: none of this is done to them (no `HipCentre`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.gait.neutral import Neutral
from hipcue.realtime.gait.segment_angles import inclination_deg
from hipcue.realtime.records import Joint, Side

# Of what a standing runner's thigh or trunk reads against the line from shoulders to ankles,
# so much is left in running. The same for all three: least squares give 0.65 for the near
# thigh at push-off, 0.6 for the far one, and 0.6 for the trunk.
_STAYS = 2 / 3
# What is read more in running than that, degrees; means of the seven bodies (six for the
# trunk). Near and far thigh at push-off: by the landmark alone, and half of it carried.
_SLIP_ALONE_DEG = {True: 1.3, False: 2.0}
_SLIP_DEG = {True: 1.2, False: 3.2}
_TRUNK_SLIP_DEG = -2.5
# Hips and shoulders must be seen in this share of the stride's frames; our choice.
_SEEN = 0.5
# A knee's circle: frames that make one, rounds of Gauss and Newton, how much the knee must
# swing (the determinant of a frame; a swing of 30 degrees has 0.01), and how far from the
# landmark's mean its middle may be, in thighs. Our choices: a stride at 15 pictures a second
# has ten frames; the third round moves by less than 0.01 px; in nine films it was 0.15 at most.
_FEWEST_FRAMES, _ROUNDS, _SWINGS, _PIVOT_WITHIN = 8, 4, 1e-3, 0.2

_BODY = (Joint.L_HIP, Joint.R_HIP, Joint.L_SHOULDER, Joint.R_SHOULDER)


@dataclass(frozen=True, slots=True)
class HipCentre:
    """Where the body carries its hips, from the middle of hips and shoulders; forward, up, px.

    Each hip for itself: a camera that does not look quite from the side sees one ahead of the
    other. A hip is left out where it and the shoulders were not seen often enough to tell.
    """

    carried_px: Mapping[Side, tuple[float, float]]


def hip_centre(xy: FloatArray, near: Side) -> HipCentre:
    """Find where the body carries its hips in a stride.

    Parameters
    ----------
    xy : ndarray, shape (n, JOINT_COUNT, 2)
        All frames of it, so that what a step does forwards and back is even.
    near : Side
        The leg whose knee is seen all the time.
    """
    carried = {}
    middle = _middle(xy)
    for side in Side:
        hip, knee = (xy[:, Joint.of(side, name)] - middle for name in ("hip", "knee"))
        seen = ~np.isnan(hip[:, 0])
        if not seen.any() or np.count_nonzero(seen) < _SEEN * len(seen):
            continue
        forward, up = hip[seen].mean(axis=0).tolist()
        if side is near:
            forward += _pivot_ahead_px(hip, knee, forward, up) / 2
        carried[side] = (forward, up)
    return HipCentre(carried)


def _pivot_ahead_px(hip: FloatArray, knee: FloatArray, forward: float, up: float) -> float:
    """By how much the point that a knee swings about is ahead of a place, px.

    A circle is put through the knee's path, as large as the thigh is long. Its height is not
    asked for: it trades with the length, and the thigh's direction hardly depends on it.
    """
    seen = ~np.isnan(knee[:, 0]) & ~np.isnan(hip[:, 0])
    path = knee[seen]
    if len(path) < _FEWEST_FRAMES:
        return 0.0
    length = float(np.median(np.hypot(*(path - hip[seen]).T)))
    x, y = forward, up
    for _ in range(_ROUNDS):
        off_x, off_y = x - path[:, 0], y - path[:, 1]
        away = np.hypot(off_x, off_y)
        beyond, to_x, to_y = away - length, off_x / away, off_y / away
        xx, yy, xy = float(to_x @ to_x), float(to_y @ to_y), float(to_x @ to_y)
        bx, by = float(to_x @ beyond), float(to_y @ beyond)
        size = xx * yy - xy * xy
        if size < _SWINGS * len(path) ** 2:  # A knee that does not swing goes round no point.
            return 0.0
        x -= (yy * bx - xy * by) / size
        y -= (xx * by - xy * bx) / size
    return min(max(x - forward, -_PIVOT_WITHIN * length), _PIVOT_WITHIN * length)


def steady_hip(xy: FloatArray, side: Side, centre: HipCentre | None) -> FloatArray:
    """Path of a hip, half of it carried by the body; shape (n, 2), px.

    The landmark alone in frames in which hips or shoulders were not seen.
    """
    hip = xy[:, Joint.of(side, "hip")]
    if centre is None or side not in centre.carried_px:
        return np.asarray(hip)
    steady = (hip + _middle(xy) + centre.carried_px[side]) / 2
    return np.where(np.isnan(steady), hip, steady)


def thigh_zero_deg(neutral: Neutral, side: Side, near: bool, centre: HipCentre | None) -> float:
    """What a thigh reads that points straight down; without `centre` as it does in standing."""
    if centre is None:
        return neutral.thigh_deg[side]
    slip = (_SLIP_DEG if side in centre.carried_px else _SLIP_ALONE_DEG)[near]
    both = sum(neutral.thigh_deg.values()) / len(neutral.thigh_deg)
    return _that_stays(both, neutral.line_deg) + slip


def trunk_zero_deg(neutral: Neutral, centre: HipCentre | None) -> float | None:
    """What an upright trunk reads; without `centre` as in standing; None where nobody stood."""
    if centre is None or neutral.trunk_deg is None:
        return neutral.trunk_deg
    return _that_stays(neutral.trunk_deg, neutral.line_deg) + _TRUNK_SLIP_DEG


def running_thigh_deg(
    xy: FloatArray, side: Side, near: bool, neutral: Neutral, centre: HipCentre | None
) -> FloatArray:
    """Thigh behind the vertical per frame of a stride, zero taken off; shape (n,)."""
    hip = steady_hip(xy, side, centre)
    angle = inclination_deg(hip, xy[:, Joint.of(side, "knee")])
    return angle - thigh_zero_deg(neutral, side, near, centre)


def true_hip(
    xy: FloatArray, side: Side, near: bool, neutral: Neutral, centre: HipCentre | None
) -> FloatArray:
    """Path of the hip itself: a thigh's length from the knee, where the thigh points; (n, 2)."""
    hip = steady_hip(xy, side, centre)
    if centre is None:
        return hip
    knee = xy[:, Joint.of(side, "knee")]
    turn = math.radians(thigh_zero_deg(neutral, side, near, centre))
    forward, up = (hip - knee).T
    turned = (
        forward * math.cos(turn) - up * math.sin(turn),
        forward * math.sin(turn) + up * math.cos(turn),
    )
    return np.asarray(knee + np.stack(turned, axis=1))


def newest_thigh_deg(xy: list[list[float]], side: Side, centre: HipCentre) -> float:
    """Thigh of one frame as `running_thigh_deg` has it, its zero not yet taken off.

    It takes plain numbers: one frame is too little for NumPy to pay.
    """
    x, y = xy[Joint.of(side, "hip")]
    if side in centre.carried_px:
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (xy[joint] for joint in _BODY)
        forward, up = centre.carried_px[side]
        carried_x = (x0 + x1 + x2 + x3) / 4 + forward
        carried_y = (y0 + y1 + y2 + y3) / 4 + up
        if carried_x == carried_x:  # NaN is not equal to itself.
            x, y = (x + carried_x) / 2, (y + carried_y) / 2
    knee_x, knee_y = xy[Joint.of(side, "knee")]
    return math.degrees(math.atan2(x - knee_x, y - knee_y))


def _that_stays(standing_deg: float, line_deg: float | None) -> float:
    """What is left in running of a segment's direction in standing."""
    return standing_deg if line_deg is None else line_deg + _STAYS * (standing_deg - line_deg)


def _middle(xy: FloatArray) -> FloatArray:
    """Middle of both hips and both shoulders per frame, shape (n, 2)."""
    a, b, c, d = (xy[:, joint] for joint in _BODY)
    return np.asarray((a + b + c + d) / 4)
