"""What every reader of marker files hands on, whatever the format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason

Trajectory = NDArray[np.float64]
"""A marker's positions, shape (frames, 3), in metres; NaN where missing."""


@dataclass(frozen=True, slots=True, eq=False)
class MarkerFile:
    """The trajectories of a file of markers.

    Attributes
    ----------
    path : Path
        Where it was read.
    rate_hz : float
        Frames per second.
    t_s : ndarray of float, shape (frames,)
        Times as the file has them, growing.
    xyz_m : mapping of str to ndarray of float, shape (frames, 3)
        Each marker's trajectory, metres, in the laboratory's own axes; NaN where missing.
    remarks : tuple of Reason
        What the strides should be read with: a repaired header, a clock that contradicts itself.
    stated_hz : float or None
        The frames per second that the file states, where its times contradict them.
    """

    path: Path
    rate_hz: float
    t_s: NDArray[np.float64]
    xyz_m: Mapping[str, Trajectory]
    remarks: tuple[Reason, ...] = ()
    stated_hz: float | None = None
