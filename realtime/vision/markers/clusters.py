"""Joints carried by the markers on a segment, as a standing trial has them.

Which markers are on a thigh, a shank or the pelvis is told by where they are on the standing
body, and by what stays together in the run, whatever their names: a hand beside the thigh, the
patella and a marker that was taken for another do not.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.marker_file import Trajectory
from hipcue.realtime.vision.markers.rigid_fit import FEWEST, RigidFit, fit_rigid, spreads
from hipcue.realtime.vision.markers.standing import Point, Standing

# Distances of markers on one segment vary by less than this, rms over the file. Our choices: 13 mm
# at the most on thighs, 5 on shanks and 16 on pelvises of three laboratories; 20 and more to the
# patella, 17 to the heel.
_RIGID_M = {"pelvis": 0.025, "thigh": 0.020, "shank": 0.016}
# Where on the way from the upper joint to the lower one, and how far off it at most, a segment's
# markers are. Our choices: thighs of strong sprinters, plates on shanks.
_FROM, _TO = 0.05, 0.96
_OFF_M = {"thigh": 0.17, "shank": 0.14}
# Markers of the pelvis are so near the middle of the hips, and above it.
_PELVIS_M = 0.26
_KEPT_OFF = ("heel", "toe", "shoulder", "elbow", "wrist", "ear", "nose", "neck")


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A segment as it was found in a run.

    Attributes
    ----------
    fit : RigidFit or None
        Where it is; None where its markers are too few, or do not stay together.
    markers : tuple of str
        The markers that stay together.
    tried : tuple of str
        All that are where the segment is, in both files.
    off_m : float
        By how much those that were tried move against each other at the least, rms; NaN where
        there are too few.
    """

    fit: RigidFit | None
    markers: tuple[str, ...]
    tried: tuple[str, ...]
    off_m: float

    @property
    def moved(self) -> bool:
        """Whether there are markers that are not where they stand, and not too few."""
        return self.fit is None and not self.markers and self.off_m > 0.0


def find_segment(
    run: Mapping[str, Trajectory],
    standing: Standing,
    part: str,
    side: Side | None = None,
    upper: Trajectory | None = None,
) -> Segment:
    """Find the pelvis, a thigh or a shank in a run.

    Parameters
    ----------
    run : mapping of str to ndarray, shape (frames, 3)
        Markers of the run by the names that `standing` has them under.
    standing : Standing
        The standing trial.
    part : str
        ``pelvis``, ``thigh`` or ``shank``.
    side : Side or None
        Whose leg.
    upper : ndarray, shape (frames, 3), or None
        Where the segment's upper joint is in the run: it stands in for a third marker, as in
        sets with a marker on the segment and one beside the lower joint.
    """
    tried = _markers_on(run, standing, part, side)
    kept, off_m = _that_stay(run, standing.markers, tried, _RIGID_M[part])
    body = [standing.markers[name] for name in kept]
    ways = [run[name] for name in kept]
    if len(kept) < FEWEST and upper is not None and side is not None:
        body.append(standing.joints[Joint.of(side, _ENDS[part][0])])
        ways.append(upper)
    if len(body) < FEWEST or not spreads(np.array(body)):
        return Segment(None, tuple(kept), tuple(tried), off_m)
    fit = fit_rigid(np.array(body), np.stack(ways, axis=1))
    return Segment(fit if np.isfinite(fit.rms_m).any() else None, tuple(kept), tuple(tried), off_m)


_ENDS = {"thigh": ("hip", "knee"), "shank": ("knee", "ankle")}


def _markers_on(
    run: Mapping[str, Trajectory], standing: Standing, part: str, side: Side | None
) -> list[str]:
    """Return the markers that are where the segment is, and in the run, too."""
    places = {
        name: at
        for name, at in standing.markers.items()
        if name in run and not _is_elsewhere(standing.known_as.get(name, ""), part, side)
    }
    if side is None:
        return [name for name, at in places.items() if _on_pelvis(at, standing.joints)]
    return [name for name, at in places.items() if _on_leg(at, standing, part, side, name)]


def _is_elsewhere(known_as: str, part: str, side: Side | None) -> bool:
    """Whether a marker is known to be on another segment."""
    if not known_as:
        return False
    of, _, point = known_as.rpartition(" ")
    if point.startswith(_KEPT_OFF) or (side is not None and of == side.other.value):
        return True
    if part == "pelvis":
        return point not in ("asis", "psis", "sacrum")
    return not point.startswith({"thigh": ("knee", "hip"), "shank": ("ankle",)}[part])


def _on_pelvis(at: Point, joints: Mapping[Joint, Point]) -> bool:
    hips = [joints[joint] for side in Side if (joint := Joint.of(side, "hip")) in joints]
    feet = [joints[joint] for side in Side if (joint := Joint.of(side, "ankle")) in joints]
    middle, low = np.mean(hips, axis=0), np.mean(feet, axis=0)
    up = (middle - low) / np.linalg.norm(middle - low)
    return bool((at - middle) @ up > -0.02 and np.linalg.norm(at - middle) < _PELVIS_M)


def _on_leg(at: Point, standing: Standing, part: str, side: Side, name: str) -> bool:
    """Whether a place is beside the line from a segment's upper joint to its lower one."""
    along, off_m = _beside(at, standing, part, side)
    if along is None or off_m > _OFF_M[part]:
        return False
    other, other_m = _beside(at, standing, part, side.other)
    if other is not None and other_m < off_m:
        return False
    at_the_joint = standing.known_as.get(name, "").startswith(f"{side.value} {_ENDS[part][1]}")
    return at_the_joint or _FROM < along < _TO


def _beside(at: Point, standing: Standing, part: str, side: Side) -> tuple[float | None, float]:
    """How far along a segment a place is, as a share of it, and how far off."""
    ends = [standing.joints.get(Joint.of(side, name)) for name in _ENDS[part]]
    upper, lower = ends
    if upper is None or lower is None:
        return None, np.inf
    line = lower - upper
    along = float((at - upper) @ line / (line @ line))
    return along, float(np.linalg.norm(at - upper - along * line))


def _that_stay(
    run: Mapping[str, Trajectory],
    markers: Mapping[str, Point],
    tried: Sequence[str],
    most_m: float,
) -> tuple[list[str], float]:
    """Return the markers whose distances stay what they were, and what those vary by.

    The one that goes its own way the most is left out, again and again.
    """
    kept = list(tried)
    off_m = _distances_off_m(run, markers, kept)
    while len(kept) > 2 and float(off_m.max()) > most_m:
        worst = int(np.argmax(np.sort(off_m, axis=1)[:, -2:].sum(axis=1) + off_m.mean(axis=1)))
        if len(kept) == FEWEST:  # Two that stay together say nothing of a third.
            return [], float(np.median(off_m[np.triu_indices(FEWEST, 1)]))
        kept.pop(worst)
        off_m = np.delete(np.delete(off_m, worst, axis=0), worst, axis=1)
    if len(kept) < 2:
        return kept, np.nan
    if len(kept) == 2 and off_m.max() > most_m:
        return [], float(off_m.max())
    return kept, float(off_m.max())


def _distances_off_m(
    run: Mapping[str, Trajectory], markers: Mapping[str, Point], names: Sequence[str]
) -> NDArray[np.float64]:
    """By how much the distance of each pair is another than in the standing trial, rms."""
    off = np.zeros((len(names), len(names)))
    for i, one in enumerate(names):
        for k, two in enumerate(names[:i]):
            was = np.linalg.norm(markers[one] - markers[two])
            change = np.linalg.norm(run[one] - run[two], axis=1) - was
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # Never seen both.
                rms = float(np.sqrt(np.nanmean(np.clip(change, -0.1, 0.1) ** 2)))
            off[i, k] = off[k, i] = rms if np.isfinite(rms) else 0.1
    return off
