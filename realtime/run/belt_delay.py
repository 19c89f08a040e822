"""How late the wire is against the camera, measured on a session with a change of speed.

The camera sees the belt under every planted foot, the wire tells its speed a few times a
second. While the belt changes its speed, shifting the one against the other in time makes
them agree best at the true delay. A steady belt says nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from hipcue.config.errors import UserError
from hipcue.devices.readings import BeltSample
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import EventKind, Pose, Side
from hipcue.realtime.run.stepper import Stepper

# Shifts that are tried, s: consoles answer late, never early by more than a frame or two.
_FROM_S, _TO_S, _STEP_S = -0.5, 1.5, 0.01
# A change of less than this says nothing sure; our choice.
_LEAST_CHANGE_MPS = 0.4
_LEAST_STANCES = 20
# A delay known no better than this helps nobody; our choice.
_LEAST_SURE_S = 0.2


@dataclass(frozen=True, slots=True)
class Offset:
    """Delay of the wire behind the camera.

    `delay_s` is what to add to ``treadmill.latency_s``; `sigma_s` its standard
    uncertainty; `stances` how many planted feet were used.
    """

    delay_s: float
    sigma_s: float
    stances: int


def measure_offset(engine: Engine, steps: Iterable[tuple[Pose, Sequence[BeltSample]]]) -> Offset:
    """Measure the delay on recorded poses and belt samples.

    Parameters
    ----------
    engine : Engine
        As new, with the settings of the recording.
    steps : iterable of (Pose, sequence of BeltSample)
        What it was given, step by step.

    Raises
    ------
    UserError
        When the belt kept its speed, or too few planted feet were seen.
    """
    stepper = Stepper(engine)
    wire: list[tuple[float, float]] = []
    feet: list[tuple[float, Side, float]] = []
    contact: dict[Side, float] = {}
    for pose, samples in steps:
        wire += [(s.t_s, s.speed_mps) for s in samples if s.speed_mps is not None]
        for event in stepper.step(pose, samples).events:
            if event.kind is EventKind.CONTACT:
                contact[event.side] = event.t_s
            elif event.kind is EventKind.TOE_OFF and event.side in contact:
                speed = engine.last_stance_px_per_s(event.side)
                middle = contact[event.side] + 0.3 * (event.t_s - contact[event.side])
                if speed is not None:
                    feet.append((middle, event.side, speed))
    return _best_shift(wire, feet)


def _best_shift(wire: list[tuple[float, float]], feet: list[tuple[float, Side, float]]) -> Offset:
    failed = "cannot measure the belt's delay"
    try_this = "run for 30 s and change the belt's speed by 1 m/s or more in the middle"
    if len(wire) < 10 or len(feet) < _LEAST_STANCES:
        raise UserError(failed, f"{len(feet)} planted feet, {len(wire)} belt readings", try_this)
    t_wire, v_wire = np.array(wire).T
    t_foot = np.array([t for t, _, _ in feet])
    px = np.array([v for _, _, v in feet])
    left = np.array([side is Side.L for _, side, _ in feet])
    inside = (t_foot > t_wire[0] - _FROM_S) & (t_foot < t_wire[-1] - _TO_S)
    seen = np.interp(t_foot[inside], t_wire, v_wire)
    if inside.sum() < _LEAST_STANCES or np.ptp(seen) < _LEAST_CHANGE_MPS:
        raise UserError(failed, "the belt kept its speed", try_this)
    shifts = np.arange(_FROM_S, _TO_S, _STEP_S)
    errors = np.array(
        [
            _misfit(np.interp(t_foot[inside] + shift, t_wire, v_wire), px[inside], left[inside])
            for shift in shifts
        ]
    )
    best = int(np.argmin(errors))
    # Where the sum of squares is larger by one residual variance is one standard deviation.
    count = int(inside.sum())
    bend = np.gradient(np.gradient(errors, _STEP_S), _STEP_S)[best]
    sigma = float(np.sqrt(2 * errors[best] / (count - 3) / bend)) if bend > 0 else 1.0
    if best in (0, len(shifts) - 1) or sigma > _LEAST_SURE_S:
        raise UserError(failed, "camera and wire do not agree on how it changed", try_this)
    return Offset(float(shifts[best]), max(sigma, _STEP_S), count)


def _misfit(
    speed: np.ndarray[tuple[int], np.dtype[np.float64]],
    px: np.ndarray[tuple[int], np.dtype[np.float64]],
    left: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> float:
    """Sum of squared differences, each leg with the scale that fits it best."""
    total = 0.0
    for leg in (left, ~left):
        if leg.sum() >= 3:
            scale = float(px[leg] @ speed[leg] / (speed[leg] @ speed[leg]))
            total += float(np.sum((px[leg] / scale - speed[leg]) ** 2))
    return total
