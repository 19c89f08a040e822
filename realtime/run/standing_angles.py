"""What the engine is told of markers beside the poses: their zero, and how sure joints are.

The zero of ankles and trunk is read off a standing trial as the engine reads a runner.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hipcue.realtime.gait.segment_angles import ankle_angle_deg, trunk_deg
from hipcue.realtime.gait.standing_zero import OUTER_SIGMA_DEG, StandingZero
from hipcue.realtime.records import Side
from hipcue.realtime.vision.markers.marker_body import MarkerBody
from hipcue.realtime.vision.markers.standing import Standing


def standing_zero(standing: Standing) -> StandingZero | None:
    """Return what a standing body's ankles and trunk read; None where it tells no direction."""
    xy_m = standing.in_plane()
    if xy_m is None:
        return None
    angles = {f"ankle_deg_{side.value}": ankle_angle_deg(xy_m[None], side)[0] for side in Side}
    angles["trunk_deg"] = trunk_deg(xy_m)
    return StandingZero.of({n: float(angle) for n, angle in angles.items() if np.isfinite(angle)})


def known_of(standing: Standing | None, body: MarkerBody) -> StandingZero | None:
    """Return what is known of a file's markers; None where that is nothing."""
    zero = None if standing is None else standing_zero(standing)
    if not body.outer_only:
        return zero
    return replace(zero or StandingZero({}, None), outer_sigma_deg=OUTER_SIGMA_DEG)
