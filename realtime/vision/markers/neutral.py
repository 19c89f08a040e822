"""Whether the zero of a standing trial can be a run's: who stands is upright, and marked alike."""

from __future__ import annotations

import warnings

import numpy as np

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.marker_file import Trajectory
from hipcue.realtime.vision.markers.standing import Point, Standing
from hipcue.realtime.vision.markers.static_joints import StaticJoints

# From the ankles to the shoulders nobody leans further and stands: the toes end there. Whole
# bodies of two laboratories lean by 1 and 2 degrees, their legs by 8 and trunks by 9 against it.
_BODY_DEG, _LEGS_DEG, _TRUNK_DEG = 7.0, 15.0, 20.0
# The hip's centre by the pelvis's markers and the one by the thigh's, as the pelvis has them,
# median over the file, of the better side; our choice: 7 and 8 mm in two laboratories, 28 where
# the front spines stand 40 mm higher than they run.
_SAME_HIP_M = 0.022
# Running tilts the pelvis by some degrees more than standing (Schache 1999, Gait Posture 10:30; 7
# and 0 in two laboratories); our choice: more than this are other places of the markers.
_SAME_TILT_DEG = 15.0
_SPINES = ("asis", "psis", "sacrum")


def why_no_neutral(
    standing: Standing,
    static: StaticJoints,
    front: Trajectory | None,
    back: Trajectory | None,
    up: Point,
) -> Reason | None:
    """Return why a standing trial tells no zero; None where it does.

    Parameters
    ----------
    standing : Standing
        The standing trial.
    static : StaticJoints
        What it told of the run.
    front, back : ndarray, shape (frames, 3), or None
        Middle of the anterior and the posterior spines in the run.
    up : ndarray, shape (3,)
        Of the run.
    """
    file = standing.path.name
    leans_deg = _leans_deg(standing)
    if leans_deg is not None:
        return Reason(ReasonCode.STATIC_NOT_UPRIGHT, file=file, degrees=leans_deg)
    off_m = _pelvis_off_m(standing, static)
    if off_m > 0.0:
        return Reason(ReasonCode.STATIC_PELVIS_ELSEWHERE, file=file, mm=1000.0 * off_m)
    if front is None or back is None or standing.tilt_deg is None:
        return None
    more_deg = _usual_tilt_deg(front - back, up) - standing.tilt_deg
    if not abs(more_deg) > _SAME_TILT_DEG:  # NaN where the pelvis is never seen.
        return None
    return Reason(ReasonCode.STATIC_TILT_ELSEWHERE, file=file, degrees=abs(more_deg))


def _leans_deg(standing: Standing) -> float | None:
    """By how much who stands is not upright, as seen from the side; None for upright."""
    ahead = standing.ahead
    if ahead is None:
        return None
    low, middle, high = (_both(standing, name) for name in ("ankle", "hip", "shoulder"))
    for lower, upper, most_deg in (
        (low, high, _BODY_DEG),
        (low, middle, _LEGS_DEG),
        (middle, high, _TRUNK_DEG),
    ):
        if lower is None or upper is None:
            continue
        line = upper - lower
        leans_deg = abs(float(np.degrees(np.arctan2(line @ ahead, line @ standing.up))))
        if leans_deg > most_deg:
            return leans_deg
    return None


def _both(standing: Standing, name: str) -> Point | None:
    places = [standing.joints.get(Joint.of(side, name)) for side in Side]
    found = [at for at in places if at is not None]
    return np.mean(found, axis=0) if found else None


def _pelvis_off_m(standing: Standing, static: StaticJoints) -> float:
    """By how much the pelvis's markers are somewhere else than they stand; 0 for the same."""
    pelvis = static.segments["pelvis"]
    spines = {
        name
        for name in pelvis.tried
        if standing.known_as.get(name, "").rpartition(" ")[2] in _SPINES
    }
    if spines - set(pelvis.markers) and pelvis.off_m > 0.0:
        return pelvis.off_m
    return static.hip_gap_m if static.hip_gap_m > _SAME_HIP_M else 0.0


def _usual_tilt_deg(line: Trajectory, up: Point) -> float:
    """Return how the line from the back spines to the front ones dips, median."""
    rises = line @ up
    level = np.linalg.norm(line - rises[:, None] * up, axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # Never seen.
        return float(np.degrees(np.nanmedian(np.arctan2(-rises, level))))
