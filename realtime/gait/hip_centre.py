"""Where the hip really is, for a pose model that puts it elsewhere in running than in standing.

The hip is the one joint of a leg that nothing in the picture marks: a pose model guesses it
from what lies around it, and its guess follows the thigh, the shorts and the other leg. Two
things about it are wrong; both were measured in nine films of seven rendered bodies, each
body judged by what the others tell:

- *It wanders in the stride.* But a body carries its hips at one place. Half of the hip is
  taken from the landmark, half is where the body carries it: from the middle of hips and
  shoulders as far as in the mean of the stride. Each half errs, and they err differently.
- *It lies further forward in running than in standing*, and what a body stands out by in
  standing is left in running only in part. So the zero of thigh and trunk is two thirds of
  the runner's own (of both thighs: they hang alike) and one third of their line from
  shoulders to ankles, which knows the camera's tilt and no hip; and it is moved by as much
  as all bodies are read differently in running.

Markers are where they were stuck: none of this is done to them (no `HipCentre`).
"""

from __future__ import annotations

import math
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
_SLIP_DEG = {True: 2.1, False: 3.1}
_TRUNK_SLIP_DEG = -2.5
# Hips and shoulders must be seen in this share of the stride's frames; our choice.
_SEEN = 0.5

_BODY = (Joint.L_HIP, Joint.R_HIP, Joint.L_SHOULDER, Joint.R_SHOULDER)


@dataclass(frozen=True, slots=True)
class HipCentre:
    """Where the body carries its hips, from the middle of hips and shoulders; forward, up, px.

    None where hips and shoulders were not seen often enough to tell.
    """

    carried_px: tuple[float, float] | None


def hip_centre(xy: FloatArray) -> HipCentre:
    """Find where the body carries its hips in a stride.

    Parameters
    ----------
    xy : ndarray, shape (n, JOINT_COUNT, 2)
        All frames of it, so that what a step does forwards and back is even.
    """
    hips = (xy[:, Joint.L_HIP] + xy[:, Joint.R_HIP]) / 2
    off = hips - _middle(xy)
    seen = off[~np.isnan(off[:, 0])]
    if not len(seen) or len(seen) < _SEEN * len(off):
        return HipCentre(None)
    forward, up = seen.mean(axis=0).tolist()
    return HipCentre((forward, up))


def steady_hip(xy: FloatArray, side: Side, centre: HipCentre | None) -> FloatArray:
    """Path of a hip, half of it carried by the body; shape (n, 2), px.

    The landmark alone in frames in which hips or shoulders were not seen.
    """
    hip = xy[:, Joint.of(side, "hip")]
    if centre is None or centre.carried_px is None:
        return np.asarray(hip)
    steady = (hip + _middle(xy) + centre.carried_px) / 2
    return np.where(np.isnan(steady), hip, steady)


def thigh_zero_deg(neutral: Neutral, side: Side, near: bool, centre: HipCentre | None) -> float:
    """What a thigh reads that points straight down; without `centre` as it does in standing."""
    if centre is None:
        return neutral.thigh_deg[side]
    slip = (_SLIP_ALONE_DEG if centre.carried_px is None else _SLIP_DEG)[near]
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
    if centre.carried_px is not None:
        at = [xy[joint] for joint in _BODY]
        carried_x = sum(p[0] for p in at) / 4 + centre.carried_px[0]
        carried_y = sum(p[1] for p in at) / 4 + centre.carried_px[1]
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
