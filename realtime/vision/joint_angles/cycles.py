"""The cycles of a leg in a file of joint angles, each from one peak of extension to the next.

Peaks of the thigh are in the angles themselves. Contacts are not: no foot is seen on a belt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.vision.joint_angles.coordinates import JointAngles

Floats = NDArray[np.float64]

# A swing back and forth of less, degrees, is no step: our choice; walkers swing by 35 and more.
_LEAST_DEG = 15.0
# Of the leg's usual swing, so that a wobble within it is none; our choice.
_SHARE = 0.5
# Cycles are no shorter and no longer than those of sprinters and slow walkers, s; our choice.
_CYCLE_S = (0.35, 2.0)
# Rows that are so many times the usual step apart are a gap; our choice.
_GAP = 3.0


@dataclass(frozen=True, slots=True)
class Cycle:
    """A leg from its peak of extension to the next.

    Attributes
    ----------
    side : str
        L or R.
    peak_s, end_s : float
        Times of both peaks, the file's own.
    values : mapping of str to float
        ``thigh_extension_deg``, ``hip_extension_deg`` and ``pelvic_tilt_deg`` at the first
        peak, and what the cycle spans; NaN where the file does not have it.
    """

    side: str
    peak_s: float
    end_s: float
    values: Mapping[str, float]


def cycles_of(angles: JointAngles) -> list[Cycle]:
    """Return the cycles of both legs in the order of time."""
    found = []
    steps_s = np.diff(angles.t_s)
    gaps = steps_s > _GAP * np.median(steps_s) if len(steps_s) else np.zeros(0, dtype=bool)
    for side in ("L", "R"):
        thigh = angles.deg[f"thigh_extension_deg.{side}"]
        peaks = _peaks(thigh)
        for first, last in pairwise(peaks):
            lasted_s = float(angles.t_s[last] - angles.t_s[first])
            # Where rows are missing a cycle is missing too.
            whole = np.isfinite(thigh[first:last]).all() and not gaps[first:last].any()
            if _CYCLE_S[0] <= lasted_s <= _CYCLE_S[1] and whole:
                found.append(_cycle(angles, side, first, last))
    return sorted(found, key=lambda cycle: cycle.peak_s)


def usual_cycle_s(angles: JointAngles) -> float | None:
    """Return how long swings last that are too long or too short for cycles; None without any."""
    lasted_s = [
        float(angles.t_s[last] - angles.t_s[first])
        for side in ("L", "R")
        for first, last in pairwise(_peaks(angles.deg[f"thigh_extension_deg.{side}"]))
    ]
    usual_s = float(np.median(lasted_s)) if lasted_s else None
    return None if usual_s is None or _CYCLE_S[0] <= usual_s <= _CYCLE_S[1] else usual_s


def _peaks(thigh_deg: Floats) -> list[int]:
    """Return the rows in which the thigh is furthest back, each before a swing forward."""
    known = np.flatnonzero(np.isfinite(thigh_deg))
    if not len(known):
        return []
    low, high = np.percentile(thigh_deg[known], [5, 95])
    turn_deg = max(_SHARE * float(high - low), _LEAST_DEG)
    peaks: list[int] = []
    best = worst = int(known[0])
    rising = False
    for row in known.tolist():
        if rising:
            if thigh_deg[row] > thigh_deg[best]:
                best = row
            elif thigh_deg[best] - thigh_deg[row] > turn_deg:
                peaks.append(best)
                rising, worst = False, row
        elif thigh_deg[row] < thigh_deg[worst]:
            worst = row
        elif thigh_deg[row] - thigh_deg[worst] > turn_deg:
            rising, best = True, row
    return peaks


def _cycle(angles: JointAngles, side: str, first: int, last: int) -> Cycle:
    """Measure one cycle."""
    deg, rows = angles.deg, slice(first, last)

    def at(name: str) -> float:
        return float(deg[name][first]) if name in deg else float("nan")

    def over(name: str, how: str) -> float:
        part = deg[name][rows] if name in deg else np.array([np.nan])
        part = part[np.isfinite(part)]
        if not len(part):
            return float("nan")
        return float(np.ptp(part) if how == "range" else getattr(np, how)(part))

    leg = {
        name: f"{name}.{side}"
        for name in ("hip_extension_deg", "knee_flexion_deg", "hip_adduction_deg")
    }
    lasted_s = float(angles.t_s[last] - angles.t_s[first])
    values = {
        "cycle_time_s": lasted_s,
        "cadence_spm": 120.0 / lasted_s,
        "thigh_extension_deg": at(f"thigh_extension_deg.{side}"),
        "hip_extension_deg": at(leg["hip_extension_deg"]),
        "pelvic_tilt_deg": at("pelvic_tilt_deg"),
        "lumbar_extension_deg": at("lumbar_extension_deg"),
        "pelvic_tilt_mean_deg": over("pelvic_tilt_deg", "mean"),
        "pelvic_tilt_sd_deg": over("pelvic_tilt_deg", "std"),
        "hip_flexion_peak_deg": -over(leg["hip_extension_deg"], "min"),
        "knee_flexion_peak_deg": over(leg["knee_flexion_deg"], "max"),
        "knee_at_peak_extension_deg": at(leg["knee_flexion_deg"]),
        "ankle_at_peak_extension_deg": at(f"ankle_dorsiflexion_deg.{side}"),
        "hip_adduction_range_deg": over(leg["hip_adduction_deg"], "range"),
        "pelvic_drop_range_deg": over("pelvic_drop_right_deg", "range"),
        "pelvic_rotation_deg": over("pelvic_rotation_right_forward_deg", "range"),
    }
    return Cycle(side, float(angles.t_s[first]), float(angles.t_s[last]), values)
