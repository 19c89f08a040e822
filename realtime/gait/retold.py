"""Which leg was which in a recorded frame, told from the angles that were recorded with it.

What is recorded is what the pose model saw, swaps and all; the angles are those after the
swaps were undone.
"""

from __future__ import annotations

import numpy as np

from hipcue.realtime.gait.segment_angles import knee_flexion_deg, thigh_deg
from hipcue.realtime.records import BodyAngles, Pose, Side


def was_swapped(pose: Pose, angles: BodyAngles) -> bool:
    """Tell whether the legs of a pose were exchanged before its angles were measured.

    Straight or crossed, whichever lies nearer to the angles (least squares over thighs and
    knees): what is common to both legs, like the standing neutral, drops out of that. A leg
    that was not seen says nothing.

    Parameters
    ----------
    pose : Pose
        As it was recorded.
    angles : BodyAngles
        Of the same frame.
    """
    # Forward and up, as the angles are defined.
    xy = (pose.xy_px * (float(angles.facing or 1), -1.0))[None]
    likeness = 0.0
    for measured, drawn in (
        (
            angles.thigh_extension_deg,
            [thigh_deg(xy, s)[0] for s in Side],
        ),
        (angles.knee_flexion_deg, [knee_flexion_deg(xy, s)[0] for s in Side]),
    ):
        left, right = measured[Side.L].value, measured[Side.R].value
        if left is not None and right is not None:
            product = (left - right) * float(drawn[0] - drawn[1])
            likeness += product if np.isfinite(product) else 0.0
    return likeness < 0.0
