"""What no joint of a human does: angles beyond that are never measured, shown or kept.

A pose model that puts a heel on the toes, or a knee on the other leg, gives an angle all the
same. These ranges hold against the runner's own standing. They are those of healthy joints
(Norkin & White 2016, Measurement of Joint Motion, after the AAOS: knee 10 over-straight to 150
bent, ankle 20 up and 50 down, up to 45 up with the body's weight on it; hip 30 back and 125
forward) with a margin for what a pose model is off by (5 degrees), and for the pelvis that goes
with the thigh. Running stays well within: knee 0 to 130, ankle 30 down to 30 up.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hipcue.realtime.gait.fits import FloatArray

_THIGH, _HIP = (-140.0, 60.0), (-140.0, 50.0)
_KNEE, _TILT, _LUMBAR = (-15.0, 165.0), (-40.0, 50.0), (-60.0, 60.0)
# Dorsiflexion.
_ANKLE = (-60.0, 45.0)

HUMAN_RANGE_DEG: Mapping[str, tuple[float, float]] = {
    "thigh_extension_deg": _THIGH,
    "hip_extension_deg": _HIP,
    "knee_flexion_deg": _KNEE,
    "knee_contact_deg": _KNEE,
    "knee_toe_off_deg": _KNEE,
    "ankle_dorsiflexion_deg": _ANKLE,
    "ankle_toe_off_deg": (-_ANKLE[1], -_ANKLE[0]),
    "trunk_lean_deg": (-45.0, 110.0),
    "pelvic_tilt_deg": _TILT,
    "pelvic_tilt_mean_deg": _TILT,
    "lumbar_extension_deg": _LUMBAR,
}
"""By the names of the angles of a frame and of a stride; lowest and highest, degrees."""

# A foot that is shorter than this part of the shank in the picture tells no direction: heel
# and toes were drawn on each other. Our choice: it is 0.5 (Winter 2009), in 98 of 100 frames
# of eight films more than 0.3, and nearly all impossible angles are in the others.
FOOT_SHORT = 0.3


def is_possible(name: str, angle_deg: float) -> bool:
    """Whether a joint can be at that angle; what has no range always can."""
    low, high = HUMAN_RANGE_DEG.get(name, (-np.inf, np.inf))
    return low <= angle_deg <= high


def only_possible(name: str, angle_deg: FloatArray) -> FloatArray:
    """Return angles with NaN where no joint can be."""
    low, high = HUMAN_RANGE_DEG.get(name, (-np.inf, np.inf))
    return np.where((angle_deg >= low) & (angle_deg <= high), angle_deg, np.nan)
