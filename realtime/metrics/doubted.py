"""What is left of a stride's numbers where the picture cannot be trusted."""

from __future__ import annotations

from collections.abc import Mapping

from hipcue.config.reasons import Reason
from hipcue.realtime.gait.camera_moves import StrideDoubt
from hipcue.realtime.gait.pelvis_calibration import SEEN_IN_PICTURE
from hipcue.realtime.records import Measurement, PelvisSource

# The belt tells these, or a sensor on the sacrum; the contacts alone tell the next ones.
_NOT_OF_THE_PICTURE = frozenset({"belt_speed_mps"})
_OF_A_SENSOR = frozenset({"pelvic_tilt_deg", "pelvic_tilt_mean_deg", "pelvic_tilt_sd_deg"})
_OF_CONTACTS = frozenset({"stride_time_s", "cadence_spm"})
# Where the runner was a stride ago counts for this.
_SINCE_BEFORE = frozenset({"stride_length_m"})
# These need to know where up is; all others are measured along the belt or in the leg itself.
_AGAINST_VERTICAL = _OF_A_SENSOR | {
    "thigh_extension_deg",
    "hip_extension_deg",
    "lumbar_extension_deg",
    "trunk_lean_deg",
    "overstride_m",
    "triple_extension_deg",
}


def doubted(
    values: Mapping[str, Measurement], doubt: StrideDoubt, source: PelvisSource
) -> dict[str, Measurement]:
    """Return the numbers of a stride, those missing that cannot be trusted."""
    return {
        name: value if (why := _why(name, doubt, source)) is None else Measurement.missing(why)
        for name, value in values.items()
    }


def _why(name: str, doubt: StrideDoubt, source: PelvisSource) -> Reason | None:
    if name in _NOT_OF_THE_PICTURE or (name in _OF_A_SENSOR and source not in SEEN_IN_PICTURE):
        return None
    if name in _OF_CONTACTS:
        return doubt.times
    if name in _SINCE_BEFORE:
        return doubt.before
    return doubt.picture or (doubt.vertical if name in _AGAINST_VERTICAL else None)
