"""The numbers of a stride: one file each, registered once.

`METRICS` maps names to definitions, `measure_stride` measures them all, and
`asymmetry_percent` compares the legs. To add one, write a file with a `Metric` and name
it in `_ALL`; a doubled name is refused.

May import: realtime.gait, realtime.records, devices, config.
"""

from __future__ import annotations

from hipcue.realtime.gait.pelvis_stride import PelvisOverStride
from hipcue.realtime.metrics.ankle_toe_off import ANKLE_TOE_OFF
from hipcue.realtime.metrics.asymmetry import asymmetry_percent
from hipcue.realtime.metrics.belt_speed import BELT_SPEED
from hipcue.realtime.metrics.cadence import CADENCE
from hipcue.realtime.metrics.calf_share import CALF_SHARE
from hipcue.realtime.metrics.contact_time import CONTACT_TIME
from hipcue.realtime.metrics.flight_time import FLIGHT_TIME
from hipcue.realtime.metrics.heel_recovery import HEEL_RECOVERY
from hipcue.realtime.metrics.hip_extension import HIP_EXTENSION
from hipcue.realtime.metrics.knee_contact import KNEE_CONTACT
from hipcue.realtime.metrics.knee_toe_off import KNEE_TOE_OFF
from hipcue.realtime.metrics.lumbar_extension import LUMBAR_EXTENSION
from hipcue.realtime.metrics.metric import Metric
from hipcue.realtime.metrics.overstride import OVERSTRIDE
from hipcue.realtime.metrics.pelvic_tilt import PELVIC_TILT
from hipcue.realtime.metrics.pelvic_tilt_mean import PELVIC_TILT_MEAN
from hipcue.realtime.metrics.pelvic_tilt_sd import PELVIC_TILT_SD
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.metrics.stride_length import STRIDE_LENGTH
from hipcue.realtime.metrics.stride_time import STRIDE_TIME
from hipcue.realtime.metrics.thigh_extension import THIGH_EXTENSION
from hipcue.realtime.metrics.triple_extension import TRIPLE_EXTENSION
from hipcue.realtime.metrics.trunk_lean import TRUNK_LEAN
from hipcue.realtime.metrics.vertical_oscillation import VERTICAL_OSCILLATION
from hipcue.realtime.records import Measurement

__all__ = [
    "METRICS",
    "Metric",
    "PelvisOverStride",
    "StrideData",
    "asymmetry_percent",
    "measure_stride",
    "register",
]

_ALL = (
    STRIDE_TIME,
    CADENCE,
    BELT_SPEED,
    STRIDE_LENGTH,
    CONTACT_TIME,
    FLIGHT_TIME,
    THIGH_EXTENSION,
    HIP_EXTENSION,
    PELVIC_TILT,
    PELVIC_TILT_MEAN,
    PELVIC_TILT_SD,
    LUMBAR_EXTENSION,
    TRUNK_LEAN,
    KNEE_CONTACT,
    KNEE_TOE_OFF,
    ANKLE_TOE_OFF,
    HEEL_RECOVERY,
    VERTICAL_OSCILLATION,
    OVERSTRIDE,
    TRIPLE_EXTENSION,
    CALF_SHARE,
)


def register(metrics: tuple[Metric, ...]) -> dict[str, Metric]:
    """Index metrics by name.

    Raises
    ------
    ValueError
        When a name is taken twice.
    """
    table: dict[str, Metric] = {}
    for metric in metrics:
        if metric.name in table:
            raise ValueError(f"metric {metric.name} is registered twice")
        table[metric.name] = metric
    return table


METRICS = register(_ALL)


def measure_stride(stride: StrideData) -> dict[str, Measurement]:
    """Measure every metric of a stride; what is missing is there with its reason."""
    return {name: metric.of(stride) for name, metric in METRICS.items()}
