"""Takes off markers that stand still while others move: a file that repeats their last place.

Some systems write the last position of a marker that they lost, again and again. No real
marker is at the same place in three frames to the last digit while the body moves.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.vision.markers.marker_file import Trajectory

# So many frames at one place are none of a marker's own; our choice: the digits of a file
# may round two to the same.
_STUCK = 3
# A marker that moves in less of the frames is not one that was lost; our choice.
_MOVES = 0.1


def without_stuck(xyz_m: Mapping[str, Trajectory]) -> dict[str, Trajectory]:
    """Return the markers with NaN where one stands still and most others do not.

    The frame in which it stops is its last one. A file in which all markers stand still holds
    pictures that repeat, which is another fault.
    """
    if len(xyz_m) < 2 or len(next(iter(xyz_m.values()))) < _STUCK:
        return dict(xyz_m)
    paths = np.stack(list(xyz_m.values()))
    known = np.isfinite(paths).all(axis=2)
    same = (paths[:, 1:] == paths[:, :-1]).all(axis=2)
    moving = known[:, 1:] & known[:, :-1] & ~same
    others = moving.sum(axis=0) >= 0.5 * np.maximum(known[:, 1:].sum(axis=0), 1)
    still = np.zeros(known.shape, dtype=bool)
    still[:, 1:] = same & others
    # One that never moves is no marker that was lost: a drawn runner's hip.
    still[moving.mean(axis=1) < _MOVES] = False
    return {
        name: np.where(_long(stuck)[:, None], np.nan, path)
        for (name, path), stuck in zip(xyz_m.items(), still, strict=True)
    }


def _long(stuck: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep stretches of `_STUCK` - 1 repeats at least."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], stuck.astype(int), [0]])))
    kept = np.zeros(len(stuck), dtype=bool)
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        if end - begin >= _STUCK - 1:
            kept[begin:end] = True
    return kept
