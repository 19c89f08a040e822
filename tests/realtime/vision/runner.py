"""The simulated runner as a laboratory's markers: they run, where the stick walker swings."""

from __future__ import annotations

from functools import cache

import numpy as np

from hipcue.devices.simulated.body import Body
from hipcue.devices.simulated.runner import SimulatedRunner

_BEGIN_S = 8.0


@cache
def running(seconds: float = 6.0, rate_hz: float = 100.0, speed_mps: float = 3.0) -> dict:
    """Ways in m, X forward, Y up, Z to the runner's right, shape (frames, 3)."""
    runner = SimulatedRunner(Body(), "R", 5, False)
    runner.advance(_BEGIN_S, speed_mps)
    found: dict[str, list[tuple[float, float, float]]] = {}
    for k in range(round(seconds * rate_hz)):
        pose = runner.advance(_BEGIN_S + k / rate_hz, speed_mps)
        for side, z in (("R", 0.1), ("L", -0.1)):
            leg = pose.legs[side]
            for name, part in (
                ("Hip", "hip"),
                ("Knee", "knee"),
                ("Ankle", "ankle"),
                ("Heel", "heel"),
                ("BigToe", "toe"),
            ):
                found.setdefault(side + name, []).append((*getattr(leg, part), z))
            found.setdefault(f"{side}Shoulder", []).append((*pose.arms[side][0], 1.5 * z))
    return {name: np.array(way) for name, way in found.items()}
