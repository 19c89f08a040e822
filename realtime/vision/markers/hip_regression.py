"""Hip joint centres from the markers of the pelvis."""

from __future__ import annotations

import numpy as np

from hipcue.realtime.records import Side
from hipcue.realtime.vision.markers.marker_file import Trajectory


def hip_centres(
    left_asis: Trajectory, right_asis: Trajectory, back: Trajectory
) -> dict[Side, Trajectory]:
    """Return the hip joint centres.

    Regression on pelvis width and depth: Harrington 2007, J Biomech 40:595 (adults and children
    together).

    Parameters
    ----------
    left_asis, right_asis, back : ndarray, shape (frames, 3)
        Anterior spines, and the middle of the posterior ones or the sacrum; m, any axes.
    """
    front = (left_asis + right_asis) / 2
    width = np.linalg.norm(right_asis - left_asis, axis=1, keepdims=True)
    depth = np.linalg.norm(front - back, axis=1, keepdims=True)
    rightward = (right_asis - left_asis) / width
    level = front - back
    level = level - (level * rightward).sum(axis=1, keepdims=True) * rightward
    forward = level / np.linalg.norm(level, axis=1, keepdims=True)
    upward = np.cross(rightward, forward)
    centre = front + forward * (-0.24 * depth - 0.0099) + upward * (-0.30 * width - 0.0109)
    outward = rightward * (0.33 * width + 0.0073)
    return {Side.R: centre + outward, Side.L: centre - outward}
