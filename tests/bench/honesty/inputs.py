"""What an engine is given of a run: poses and belt samples, and what was done to its clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hipcue.devices.readings import BeltSample
from hipcue.realtime.records import JOINT_COUNT, Joint, Pose, Side

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Inputs:
    """A run as it goes into the engine.

    Attributes
    ----------
    poses, belt : tuple
        In time order.
    near : Side
        The side towards the camera.
    starts_s : float
        When the runner begins to run; before that they stand.
    cuts : tuple of (t_s, lasted_s)
        What was cut out of the time axis, in true time: stamps after it are early by that much.
    mirrored : bool
        Whether left and right were exchanged together with the picture's sides.
    """

    poses: tuple[Pose, ...]
    belt: tuple[BeltSample, ...]
    near: Side
    starts_s: float = 0.0
    cuts: tuple[tuple[float, float], ...] = ()
    mirrored: bool = False

    def stamped(self, t_s: float) -> float:
        """Return the stamp of a true instant."""
        return t_s - sum(min(lasted, t_s - at) for at, lasted in self.cuts if at < t_s)

    def until(self, end_s: float) -> Inputs:
        """Return the run up to an instant."""
        poses = tuple(pose for pose in self.poses if pose.t_capture_s <= end_s)
        return replace(self, poses=poses, belt=tuple(s for s in self.belt if s.t_s <= end_s))


Fault = Callable[[Inputs, np.random.Generator], Inputs]
"""What goes wrong: the same generator makes the same fault."""


def with_poses(inputs: Inputs, poses: Iterable[Pose]) -> Inputs:
    """Return the run with other poses."""
    return replace(inputs, poses=tuple(poses))


def with_speeds(inputs: Inputs, change: Callable[[BeltSample], float | None]) -> Inputs:
    """Return the run with other speeds in its belt samples."""
    return replace(inputs, belt=tuple(replace(s, speed_mps=change(s)) for s in inputs.belt))


def moved(pose: Pose, xy: FloatArray) -> Pose:
    """Return a pose with its joints elsewhere; what is NaN now is not seen any more."""
    confidence = np.where(np.isnan(xy).any(axis=1), 0.0, pose.confidence)
    return replace(pose, xy_px=xy, confidence=confidence)


def stamped_at(pose: Pose, t_s: float, index: int) -> Pose:
    """Return a pose with another stamp, its pelvis readings moved with it."""
    after = t_s - pose.t_capture_s
    pelvis = tuple(replace(reading, t_s=reading.t_s + after) for reading in pose.pelvis)
    return replace(pose, t_capture_s=t_s, index=index, pelvis=pelvis)


def body_px(inputs: Inputs) -> float:
    """Height of the body in the picture, about: the tallest usual extent of the joints."""
    tall = [float(np.nanmax(p.xy_px[:, 1]) - np.nanmin(p.xy_px[:, 1])) for p in inputs.poses[::30]]
    return float(np.nanmedian(tall))


def leg_rows(side: Side) -> list[int]:
    """Rows of one leg in `Pose.xy_px`, without its hip."""
    return [int(Joint.of(side, name)) for name in ("knee", "ankle", "heel", "toe")]


def spells(
    inputs: Inputs, chance: np.random.Generator, every_s: float, least_s: float, most_s: float
) -> list[tuple[float, float]]:
    """Return stretches of time, about one in `every_s`, that last between two times."""
    found, t_s = [], inputs.starts_s
    while t_s < inputs.poses[-1].t_capture_s:
        begin = t_s + float(chance.uniform(0.2, 0.8)) * every_s
        found.append((begin, begin + float(chance.uniform(least_s, most_s))))
        t_s += every_s
    return found


def inside(t_s: float, stretches: Iterable[tuple[float, float]]) -> bool:
    """Whether an instant lies in one of the stretches."""
    return any(begin <= t_s < end for begin, end in stretches)


def noise_px(inputs: Inputs) -> FloatArray:
    """Standard deviation of each joint's noise from frame to frame, shape (JOINT_COUNT, 1).

    From third differences, which a movement hardly shows in.
    """
    xy = np.array([pose.xy_px for pose in inputs.poses])
    jumps = np.diff(xy, 3, axis=0).reshape(-1, JOINT_COUNT, 2).transpose(1, 0, 2)
    flat = np.abs(jumps.reshape(JOINT_COUNT, -1))
    seen = np.where(np.isnan(flat).all(axis=1, keepdims=True), 0.0, flat)
    return np.asarray(1.4826 * np.nanmedian(seen, axis=1, keepdims=True) / np.sqrt(20.0))
