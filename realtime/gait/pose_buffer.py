"""The recent past as arrays: each joint in forward and up, in pixels of the picture.

Forward is the running direction, up is against gravity as the picture shows it. The
memory is a ring that never grows; reading it gives views, oldest first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.records import JOINT_COUNT, Joint, Pose, Side

FloatArray = NDArray[np.float64]

# Thigh, shank and foot, each from one joint to another; of the left leg, then of the right.
_PARTS = tuple(
    (int(Joint.of(side, begin)), int(Joint.of(side, end)))
    for side in Side
    for begin, end in (("hip", "knee"), ("knee", "ankle"), ("heel", "toe"))
)
_FIRST_PART = {Side.L: 0, Side.R: 3}
# Frames to either side of an instant in a window that always holds four of them.
_FRAMES_REACH = 2.2
_MIRROR = {facing: np.array([float(facing), -1.0]) for facing in (1, -1)}


class Stretch(NamedTuple):
    """Some frames in a row.

    Attributes
    ----------
    t : ndarray, shape (n,)
        Times, s.
    xy : ndarray, shape (n, JOINT_COUNT, 2)
        Joints, forward and up, px; NaN where not seen.
    parts_deg : ndarray, shape (n, 6)
        Thigh and shank behind the vertical, foot above the horizontal, as `inclination_deg`
        has them; of the left leg, then of the right. NaN where an end was not seen.
    """

    t: FloatArray
    xy: FloatArray
    parts_deg: FloatArray

    def thigh_deg(self, side: Side) -> FloatArray:
        """Thigh behind the vertical per frame, as `thigh_deg`."""
        return self.parts_deg[:, _FIRST_PART[side]]

    def knee_flexion_deg(self, side: Side) -> FloatArray:
        """Knee flexion per frame, as `knee_flexion_deg`."""
        first = _FIRST_PART[side]
        return wrap_deg(self.parts_deg[:, first + 1] - self.parts_deg[:, first])


class PoseBuffer:
    """The last `seconds` of poses, legs told apart.

    Every frame is written twice, `capacity` apart, so that any stretch of the recent
    past is one contiguous view.
    """

    def __init__(self, seconds: float = 4.0, fps_at_most: float = 260.0) -> None:
        self._capacity = int(seconds * fps_at_most)
        self._seconds = seconds
        self._t = np.zeros(2 * self._capacity)
        self._xy = np.full((2 * self._capacity, JOINT_COUNT, 2), np.nan)
        self._parts = np.full((2 * self._capacity, len(_PARTS)), np.nan)
        self._count = 0

    def push(self, pose: Pose, facing: int) -> None:
        """Add a pose. `facing` as in `hipcue.realtime.gait.facing`."""
        at = self._count % self._capacity
        xy = pose.xy_px * _MIRROR[facing]
        # Measured once, when a frame comes: the events look at a second of them every time.
        parts = _parts_deg(xy.tolist())
        for slot in (at, at + self._capacity):
            self._t[slot] = pose.t_capture_s
            self._xy[slot] = xy
            self._parts[slot] = parts
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
        t, xy, _ = self.stretch(t_s, until_s)
        return t, xy

    def stretch(self, t_s: float, until_s: float = np.inf) -> Stretch:
        """Return the frames in t_s..until_s."""
        length = min(self._count, self._capacity)
        end = (self._count - 1) % self._capacity + self._capacity + 1 if self._count else 0
        begin = end - length
        times = self._t[begin:end]
        first = begin + int(times.searchsorted(t_s, side="left"))
        if until_s != np.inf:
            end = begin + int(times.searchsorted(until_s, side="right"))
        return Stretch(self._t[first:end], self._xy[first:end], self._parts[first:end])

    @property
    def newest_xy(self) -> FloatArray:
        """Joints of the newest frame, shape (JOINT_COUNT, 2)."""
        return np.asarray(self._xy[(self._count - 1) % self._capacity])

    @property
    def newest_parts_deg(self) -> dict[Side, list[float]]:
        """Thigh, shank and foot of each leg in the newest frame, as in `Stretch.parts_deg`."""
        parts = self._parts[(self._count - 1) % self._capacity].tolist()
        return {side: parts[first : first + 3] for side, first in _FIRST_PART.items()}


def _parts_deg(xy: list[list[float]]) -> list[float]:
    """Direction of thigh, shank and foot of both legs in one frame."""
    parts = []
    for k, (begin, end) in enumerate(_PARTS):
        (x0, y0), (x1, y1) = xy[begin], xy[end]
        if k % 3 == 2:  # A foot.
            parts.append(math.degrees(math.atan2(y1 - y0, x1 - x0)))
        else:
            parts.append(math.degrees(math.atan2(x0 - x1, y0 - y1)))
    return parts


def height_px(pose: Pose) -> float:
    """Body height in the picture, highest to lowest joint seen; at least 1."""
    seen = [y for y in pose.xy_px[:, 1].tolist() if y == y]  # NaN is not equal to itself.
    return max(max(seen) - min(seen), 1.0) if seen else 1.0


def median(values: Sequence[float]) -> float:
    """Median of a few known numbers, the same as NumPy's, ten times as fast."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    return float((ordered[middle - 1] + ordered[middle]) / 2)


def known_median(values: FloatArray) -> float | None:
    """Median of those numbers that are not NaN; None where none is left."""
    known = values[values == values]  # NaN is not equal to itself.
    return median(known.tolist()) if len(known) else None


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


def frame_time_s(t: FloatArray) -> float:
    """Usual time from frame to frame; 0 with fewer than two."""
    return median(np.diff(t).tolist()) if len(t) > 1 else 0.0


def slow_reach_s(t: FloatArray, usual_s: float) -> float:
    """How far to reach to either side of an instant, so that four frames or more lie in it.

    It is the usual reach down to 30 pictures a second; a camera of 25 needs a little more.
    """
    return max(usual_s, _FRAMES_REACH * frame_time_s(t))


def line(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Least-squares line through a few known points: (slope, level) at x = 0.

    Level where the points do not make one (fewer than two different places).
    """
    xs, ys = x.tolist(), y.tolist()
    n = max(len(xs), 1)
    x_mean, y_mean = sum(xs) / n, sum(ys) / n
    over = sum((u - x_mean) * (v - y_mean) for u, v in zip(xs, ys, strict=True))
    width = sum((u - x_mean) ** 2 for u in xs)
    slope = over / width if width > 0.0 else 0.0
    return slope, y_mean - slope * x_mean


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
