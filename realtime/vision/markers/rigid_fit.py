"""Where a rigid body is, by the markers on it.

The rotation and shift that lay the body's markers upon where they are seen, with the least
squares of what is left: Kabsch 1976 by singular values, as Soderkvist & Wedin 1993 (J Biomech
26:1473) use it for skin markers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
FEWEST = 3
"""Markers that tell where a body is and how it is turned."""
# Three markers nearly in a line do not tell how the body is turned about it: they must spread
# by this to the side, rms. Our choice: ten times what a marker is unsure by.
_SPREAD_M = 0.01
# A marker that was taken for another is left out of a frame where the rest then fits within
# half of this, m; where nothing fits there is no body. Our choice: skin on the thigh of a runner
# moves by 10 to 20 mm (Leardini 2005, Gait Posture 21:212).
_MOST_M = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class RigidFit:
    """A body in each frame.

    Attributes
    ----------
    turn : ndarray, shape (frames, 3, 3)
        Rotation matrices; NaN where too few of the markers are seen, or they do not fit.
    from_m, to_m : ndarray, shape (frames, 3)
        What is turned about, in the body, and where that is in the room.
    rms_m : ndarray, shape (frames,)
        What is left of the markers.
    """

    turn: FloatArray
    from_m: FloatArray
    to_m: FloatArray
    rms_m: FloatArray

    def carried(self, point_m: FloatArray) -> FloatArray:
        """Return where a point (3,) of the body is, shape (frames, 3)."""
        moved = np.einsum("fij,fj->fi", self.turn, point_m - self.from_m)
        return np.asarray(moved + self.to_m)


def spreads(body_m: FloatArray) -> bool:
    """Tell whether markers (n, 3) are enough, and far enough off one line."""
    if len(body_m) < FEWEST:
        return False
    sizes = np.linalg.svd(body_m - body_m.mean(axis=0), compute_uv=False)
    return bool(sizes[1] / np.sqrt(len(body_m)) > _SPREAD_M)


def fit_rigid(body_m: FloatArray, seen_m: FloatArray) -> RigidFit:
    """Fit a body's markers to where they are seen.

    Parameters
    ----------
    body_m : ndarray, shape (n, 3)
        The markers on the body.
    seen_m : ndarray, shape (frames, n, 3)
        The same in the room, frame by frame; NaN where one is hidden. The axes may be turned
        against the body's.
    """
    frames = len(seen_m)
    from_m, to_m = np.full((2, frames, 3), np.nan)
    fit = RigidFit(np.full((frames, 3, 3), np.nan), from_m, to_m, np.full(frames, np.nan))
    there = np.isfinite(seen_m).all(axis=2)
    for seen in np.unique(there, axis=0):
        if spreads(body_m[seen]):
            _fit_some(body_m, seen_m, seen, np.flatnonzero((there == seen).all(axis=1)), fit)
    return fit


def _fit_some(
    body_m: FloatArray,
    seen_m: FloatArray,
    which: NDArray[np.bool_],
    at: NDArray[np.intp],
    fit: RigidFit,
) -> None:
    """Fit the frames in which the same markers are seen; leave one out where it does not fit."""
    turn, from_m, to_m, rms_m = _kabsch(body_m[which], seen_m[np.ix_(at, which)])
    bad = np.flatnonzero(rms_m > _MOST_M)
    for out in np.flatnonzero(which) if len(bad) else ():
        fewer = which.copy()
        fewer[out] = False
        if not spreads(body_m[fewer]):
            continue
        again = _kabsch(body_m[fewer], seen_m[np.ix_(at[bad], fewer)])
        better = (again[3] < _MOST_M / 2) & (again[3] < rms_m[bad])
        for whole, part in zip((turn, to_m, rms_m), (again[0], again[2], again[3]), strict=True):
            whole[bad[better]] = part[better]
        from_m[bad[better]] = again[1][better]
    turn[rms_m > _MOST_M] = np.nan
    fit.turn[at], fit.from_m[at], fit.to_m[at], fit.rms_m[at] = turn, from_m, to_m, rms_m


def _kabsch(
    body_m: FloatArray, seen_m: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Rotation, both middles and the rms of what is left, for frames without gaps."""
    middle = body_m.mean(axis=0)
    to_m = seen_m.mean(axis=1)
    own, there = body_m - middle, seen_m - to_m[:, None]
    left, _, right = np.linalg.svd(np.einsum("fni,nj->fij", there, own))
    # A mirrored body is none.
    proper = np.ones((len(seen_m), 3))
    proper[:, 2] = np.sign(np.linalg.det(left @ right))
    turn = np.asarray((left * proper[:, None, :]) @ right)
    rest = there - np.einsum("fij,nj->fni", turn, own)
    rms_m = np.sqrt((rest**2).sum(axis=2).mean(axis=1))
    return turn, np.tile(middle, (len(seen_m), 1)), to_m, rms_m
