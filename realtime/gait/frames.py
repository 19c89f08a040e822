"""The recent past as arrays: each joint in forward and up, in pixels of the picture.

Forward is the running direction, up is against gravity as the picture shows it. The
memory is a ring that never grows; reading it gives views, oldest first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from realtime.records import JOINT_COUNT, Joint, Pose, Side

FloatArray = NDArray[np.float64]


class FrameMemory:
    """The last `seconds` of poses, legs told apart.

    Every frame is written twice, `capacity` apart, so that any stretch of the recent
    past is one contiguous view.
    """

    def __init__(self, seconds: float = 4.0, fps_at_most: float = 260.0) -> None:
        self._capacity = int(seconds * fps_at_most)
        self._seconds = seconds
        self._t = np.zeros(2 * self._capacity)
        self._xy = np.full((2 * self._capacity, JOINT_COUNT, 2), np.nan)
        self._count = 0

    def push(self, pose: Pose, facing: int) -> None:
        """Add a pose. `facing` as in `realtime.gait.view`."""
        at = self._count % self._capacity
        for slot in (at, at + self._capacity):
            self._t[slot] = pose.t_capture_s
            self._xy[slot, :, 0] = pose.xy_px[:, 0] * facing
            self._xy[slot, :, 1] = -pose.xy_px[:, 1]
        self._count += 1

    def clear(self) -> None:
        """Forget everything."""
        self._count = 0

    @property
    def newest_s(self) -> float:
        """Time of the newest frame; -inf when empty."""
        return float(self._t[(self._count - 1) % self._capacity]) if self._count else -np.inf

    def since(self, t_s: float, until_s: float = np.inf) -> tuple[FloatArray, FloatArray]:
        """Return times, shape (n,), and joints, shape (n, JOINT_COUNT, 2), in t_s..until_s."""
        length = min(self._count, self._capacity)
        end = (self._count - 1) % self._capacity + self._capacity + 1 if self._count else 0
        times = self._t[end - length : end]
        first = int(np.searchsorted(times, t_s, side="left"))
        last = int(np.searchsorted(times, until_s, side="right"))
        return times[first:last], self._xy[end - length + first : end - length + last]


def median(values: Sequence[float]) -> float:
    """Median of a few known numbers, the same as NumPy's, ten times as fast."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    return float((ordered[middle - 1] + ordered[middle]) / 2)


def parabola(x: FloatArray, y: FloatArray) -> tuple[float, float, float]:
    """Least-squares parabola through a few known points: (curve, slope, level) at x = 0.

    The same as a polynomial fit of NumPy's to its last digits, five times as fast. All
    zero where the points do not make one (fewer than three different places).
    """
    n, s1, s2, s3, s4 = float(len(x)), 0.0, 0.0, 0.0, 0.0
    y0 = y1 = y2 = 0.0
    for u, v in zip(x.tolist(), y.tolist(), strict=True):
        square = u * u
        s1 += u
        s2 += square
        s3 += u * square
        s4 += square * square
        y0 += v
        y1 += u * v
        y2 += square * v
    a, b, c = s2 * n - s1 * s1, s3 * n - s1 * s2, s4 * n - s2 * s2
    right_1, right_2 = y1 * n - s1 * y0, y2 * n - s2 * y0
    whole = a * c - b * b
    if not abs(whole) > 1e-12 * abs(a * c):
        return 0.0, 0.0, y0 / n if n else 0.0
    curve = (right_2 * a - right_1 * b) / whole
    slope = (right_1 * c - right_2 * b) / whole
    return curve, slope, (y0 - slope * s1 - curve * s2) / n


def joint(xy: FloatArray, side: Side, name: str) -> FloatArray:
    """Path of one joint, shape (n, 2), out of an array of frames."""
    return np.asarray(xy[:, Joint.of(side, name)])


def inclination_deg(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """Angle of the line top to bottom behind the vertical; backwards positive, degrees.

    For hip and knee this is thigh extension. NaN where an end is missing.
    """
    d = bottom - top
    return np.asarray(np.degrees(np.arctan2(-d[..., 0], -d[..., 1])))


def thigh_deg(xy: FloatArray, side: Side) -> FloatArray:
    """Thigh behind the vertical per frame, extension positive, the neutral not taken off."""
    return inclination_deg(joint(xy, side, "hip"), joint(xy, side, "knee"))


def wrap_deg(angle: FloatArray) -> FloatArray:
    """Bring angles into -180..180."""
    return np.asarray((angle + 180.0) % 360.0 - 180.0)


def knee_flexion_deg(xy: FloatArray, side: Side) -> FloatArray:
    """Knee flexion per frame, 0 straight, flexion positive."""
    hip, knee, ankle = (joint(xy, side, n) for n in ("hip", "knee", "ankle"))
    return wrap_deg(inclination_deg(knee, ankle) - inclination_deg(hip, knee))


def ankle_angle_deg(xy: FloatArray, side: Side) -> FloatArray:
    """Dorsiflexion of the foot against the shank per frame, before the neutral is taken off.

    90 degrees between shank and foot gives 0; dorsiflexion positive.
    """
    knee, ankle, heel, toe = (joint(xy, side, n) for n in ("knee", "ankle", "heel", "toe"))
    foot = np.degrees(np.arctan2(toe[:, 1] - heel[:, 1], toe[:, 0] - heel[:, 0]))
    return wrap_deg(inclination_deg(knee, ankle) + foot)
