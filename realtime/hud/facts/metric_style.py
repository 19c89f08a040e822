"""How each metric is written: unit, decimals, sign, colour; and which ones the runner can see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """How a metric is written: its unit, scale from SI, decimals and sign.

    `decimals` None gives one where the uncertainty deserves it. `coloured` metrics take
    colour when they leave the band; `borrowing` ones the strongest while compensating.
    """

    unit: str
    scale: float = 1.0
    decimals: int | None = None
    signed: bool = False
    coloured: bool = False
    borrowing: bool = False


SHOWN: Mapping[str, Shown] = {
    "hip_extension_deg": Shown("°", coloured=True),
    "thigh_extension_deg": Shown("°"),
    "pelvic_tilt_deg": Shown("°", signed=True, coloured=True, borrowing=True),
    "lumbar_extension_deg": Shown("°", signed=True, coloured=True, borrowing=True),
    "trunk_lean_deg": Shown("°", signed=True),
    "stride_length_m": Shown("m", decimals=2),
    "cadence_spm": Shown("spm", decimals=0),
    "contact_time_s": Shown("ms", scale=1000.0, decimals=0),
    "vertical_oscillation_m": Shown("cm", scale=100.0),
}

# What the runner's own view can show, in the order of the keys.
RUNNER_METRICS = ("hip_extension_deg", "pelvic_tilt_deg", "stride_length_m", "cadence_spm")
