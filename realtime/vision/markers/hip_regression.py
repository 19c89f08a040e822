"""Hip joint centres from the markers of the pelvis."""

from __future__ import annotations

import numpy as np

from hipcue.realtime.records import Side
from hipcue.realtime.vision.markers.marker_file import Trajectory


def hip_centres(
    left_asis: Trajectory,
    right_asis: Trajectory,
    back: Trajectory,
    below: Trajectory | None = None,
) -> tuple[dict[Side, Trajectory], bool]:
    """Return the hip joint centres.

    Regression on pelvis width and depth: Harrington 2007, J Biomech 40:595 (adults and children
    together).

    Parameters
    ----------
    left_asis, right_asis, back : ndarray, shape (frames, 3)
        Anterior spines, and the middle of the posterior ones or the sacrum; m, any axes.
    below : ndarray, shape (frames, 3), or None
        Anything that is below the pelvis most of the time, as a knee or a foot.

    Returns
    -------
    centres : dict of Side to ndarray, shape (frames, 3)
        By the side that the spines have.
    mirrored : bool
        Whether left and right are exchanged, or the axes are a mirror's: then the legs would be
        above the pelvis. The centres are below it all the same.
    """
    front = (left_asis + right_asis) / 2
    width = np.linalg.norm(right_asis - left_asis, axis=1, keepdims=True)
    depth = np.linalg.norm(front - back, axis=1, keepdims=True)
    rightward = (right_asis - left_asis) / _length(width)
    level = front - back
    level = level - (level * rightward).sum(axis=1, keepdims=True) * rightward
    forward = level / _length(np.linalg.norm(level, axis=1, keepdims=True))
    upward = np.cross(rightward, forward)
    mirrored = False
    if below is not None:
        rises = ((front - below) * upward).sum(axis=1)
        rises = rises[np.isfinite(rises)]
        mirrored = len(rises) > 0 and float(np.median(rises)) < 0.0
    if mirrored:
        upward = -upward
    centre = front + forward * (-0.24 * depth - 0.0099) + upward * (-0.30 * width - 0.0109)
    outward = rightward * (0.33 * width + 0.0073)
    return {Side.R: centre + outward, Side.L: centre - outward}, mirrored


def _length(length: Trajectory) -> Trajectory:
    """Return a length to divide by; two markers at one place have no direction."""
    return np.where(length > 0.0, length, np.nan)
