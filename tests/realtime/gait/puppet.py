"""A leg made of formulas, for the tests of the events: when it lands and leaves is plain.

It stands with the belt, swings forward, and comes down on a parabola that turns into the
belt's line at every contact. Its knee is straightest at an instant that is written down. All
lengths are pixels, forward and up, the hip stands at (0, 0).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.records import JOINT_COUNT, Joint, Pose, Side

FloatArray = NDArray[np.float64]

BODY_PX = 550.0
BELT_PX_PER_S = 960.0
STRIDE_S = 0.7
STRAIGHTEST_S = 0.25
"""When the knee is straightest, after a contact."""
FORWARD_S = 0.05
"""How long before a contact heel and ankle are furthest forward."""
_HIP_PX, _ANKLE_PX, _NOSE_PX = 300.0, 30.0, 250.0
# The foot lands so far ahead of the hip; the parabola begins so long before.
_LANDS_AHEAD_PX, _PARABOLA_S = 110.0, 0.12
_OPENS = -BELT_PX_PER_S / (2 * FORWARD_S)


def coming_down(t: FloatArray, contact_s: float, belt_px_per_s: float) -> FloatArray:
    """A path that turns from a parabola into the belt's line at an instant, level 0 there.

    The parabola's vertex, the most forward point, is `FORWARD_S` before.
    """
    u = t - contact_s
    opens = -belt_px_per_s / (2 * FORWARD_S)
    return np.asarray(-belt_px_per_s * u + opens * np.minimum(u, 0.0) ** 2)


def _heel_x(phase_s: FloatArray) -> FloatArray:
    """Way forward of the heel from a contact (0) to the next (`STRIDE_S`)."""
    lifts_s = STRAIGHTEST_S + 0.02
    falls_s = STRIDE_S - _PARABOLA_S
    u = np.clip((phase_s - lifts_s) / (falls_s - lifts_s), 0.0, 1.0)
    begin = -BELT_PX_PER_S * lifts_s
    end = float(coming_down(np.array([falls_s]), STRIDE_S, BELT_PX_PER_S)[0])
    slopes = (-BELT_PX_PER_S, -BELT_PX_PER_S - 2 * _OPENS * _PARABOLA_S)
    d0, d1 = (slope * (falls_s - lifts_s) for slope in slopes)
    # Hermite's cubic: place and speed agree at both ends.
    swing = (
        begin * (2 * u**3 - 3 * u**2 + 1)
        + d0 * (u**3 - 2 * u**2 + u)
        + end * (3 * u**2 - 2 * u**3)
        + d1 * (u**3 - u**2)
    )
    down = coming_down(phase_s, STRIDE_S, BELT_PX_PER_S)
    path = np.where(phase_s < lifts_s, -BELT_PX_PER_S * phase_s, swing)
    return _LANDS_AHEAD_PX + np.where(phase_s < falls_s, path, down)


def _knee_flexion_deg(phase_s: FloatArray) -> FloatArray:
    """10 degrees where it is straightest, a parabola around that, never over 70."""
    off = (phase_s - STRAIGHTEST_S + STRIDE_S / 2) % STRIDE_S - STRIDE_S / 2
    return np.minimum(10.0 + 3000.0 * off**2, 70.0)


@dataclass(frozen=True)
class Puppet:
    """Two such legs, the left landing at 0, the right half a stride later.

    `stopped` is from when to when the belt and the runner stand: the feet stay where they are.
    """

    facing: int = 1
    stopped: tuple[float, float] = (np.inf, np.inf)

    def pose(self, t_s: float, index: int) -> Pose:
        """What is seen of it at an instant, in a picture of 1280 x 720."""
        begin, end = self.stopped
        clock_s = t_s if t_s < begin else begin if t_s < end else t_s - (end - begin)
        xy = np.full((JOINT_COUNT, 2), np.nan)
        xy[Joint.NOSE] = (40.0, _NOSE_PX)
        xy[[Joint.L_EAR, Joint.R_EAR]] = (0.0, _NOSE_PX)
        for side, lands_s in ((Side.L, 0.0), (Side.R, STRIDE_S / 2)):
            for name, at in leg(np.array([(clock_s - lands_s) % STRIDE_S])).items():
                xy[Joint.of(side, name)] = at[0]
        xy = np.array([640.0, 360.0]) + xy * (self.facing, -1.0)
        confidence = np.where(np.isnan(xy[:, 0]), 0.0, 1.0)
        return Pose(t_s, index, xy, confidence, (1280, 720))

    def poses(self, fps: float, seconds: float, begin_s: float = 0.0) -> Iterator[Pose]:
        """Let it run, filmed."""
        for index in range(round(seconds * fps)):
            yield self.pose(begin_s + index / fps, index)


def leg(phase_s: FloatArray) -> dict[str, FloatArray]:
    """Joints of a leg at some phases of its stride, each of shape (n, 2)."""
    heel_x = _heel_x(phase_s)
    off = np.zeros_like(heel_x)
    ankle = np.stack([heel_x + 10.0, off - _HIP_PX + _ANKLE_PX], axis=1)
    # Thigh and shank of one length, bent by what the knee bends, the knee in front.
    bend = np.radians(_knee_flexion_deg(phase_s))[:, None]
    across = np.stack([-ankle[:, 1], ankle[:, 0]], axis=1)
    return {
        "hip": np.zeros_like(ankle),
        "knee": ankle / 2 + across / 2 * np.tan(bend / 2),
        "ankle": ankle,
        "heel": np.stack([heel_x, off - _HIP_PX], axis=1),
        "toe": np.stack([heel_x + 60.0, off - _HIP_PX], axis=1),
    }


def without(pose: Pose, *joints: str) -> Pose:
    """Hide joints, e.g. ``"L_HEEL"``."""
    xy, confidence = pose.xy_px.copy(), pose.confidence.copy()
    hidden = [Joint[name] for name in joints]
    xy[hidden], confidence[hidden] = np.nan, 0.0
    return replace(pose, xy_px=xy, confidence=confidence)
