"""What the pelvis did over one stride."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.realtime.records import Measurement, PelvisSource


@dataclass(frozen=True, slots=True)
class PelvisOverStride:
    """Tilt and arching of one stride against the standing neutral, degrees."""

    source: PelvisSource
    mean_deg: Measurement
    sd_deg: Measurement
    at_peak_deg: Measurement
    lumbar_at_peak_deg: Measurement | None = None
