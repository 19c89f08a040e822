"""What a pose model makes of a simulated runner's hips: further forward when they run."""

from __future__ import annotations

import numpy as np

from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.records import Joint, Side

# By so much more a thigh of a rendered body reads in running than in standing, degrees: the
# near one and the far one (`hipcue.realtime.gait.hip_centre`).
SLIP_DEG = {True: 1.2, False: 3.2}


def slipped(xy_m: FloatArray, near: Side, run: float) -> FloatArray:
    """Return joints (forward and up, m) with the hips where a pose model puts them.

    `run` is 0 for who stands and 1 for who runs.
    """
    moved = xy_m.copy()
    for side in Side:
        hip, knee = (xy_m[Joint.of(side, name)] for name in ("hip", "knee"))
        length_m = float(np.hypot(*(hip - knee)))
        ahead_m = run * length_m * np.sin(np.radians(SLIP_DEG[side is near]))
        moved[Joint.of(side, "hip")] = hip + np.array([ahead_m, 0.0])
    return moved
