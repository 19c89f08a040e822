"""A body at one instant, as the drawing and the truth take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hipcue.devices.simulated.pattern import LegPoints, Point

SideName = Literal["L", "R"]


@dataclass(frozen=True, slots=True)
class RunnerPose:
    """A body at one instant. Metres, x forward from the middle of the belt, y up, floor 0.

    Attributes
    ----------
    t_s : float
        Time from the start.
    near : {"L", "R"}
        The side towards the camera.
    hip : (x, y)
        Middle of both hips; the pelvis turns about it.
    legs : dict
        Joints by side. `arms` has shoulder, elbow and wrist by side.
    thigh_extension_deg, knee_flexion_deg : dict
        By side; 0 for a straight hanging leg.
    tilt_deg, lean_deg : float
        Pelvis and trunk against standing, forward positive.
    run : float
        0 standing, 1 running.
    """

    t_s: float
    near: SideName
    hip: Point
    legs: dict[str, LegPoints]
    arms: dict[str, tuple[Point, Point, Point]]
    thigh_extension_deg: dict[str, float]
    knee_flexion_deg: dict[str, float]
    tilt_deg: float
    lean_deg: float
    run: float
    belt_speed_mps: float
    belt_distance_m: float

    @property
    def lumbar_extension_deg(self) -> float:
        """Arching of the lower back against standing."""
        return self.tilt_deg - self.lean_deg
