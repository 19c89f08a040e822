"""How values read on a screen: unit, decimals, sign, or a dash with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from realtime.records import Band, Measurement

# Metric: factor for the eye, unit, decimals, signed.
_SHOWN = {
    "hip_extension_deg": (1.0, "°", 1, False),
    "pelvic_tilt_deg": (1.0, "°", 1, True),
    "stride_length_m": (1.0, "m", 2, False),
    "cadence_spm": (1.0, "spm", 0, False),
    "lumbar_extension_deg": (1.0, "°", 1, True),
    "trunk_lean_deg": (1.0, "°", 1, False),
    "contact_time_s": (1000.0, "ms", 0, False),
    "vertical_oscillation_m": (100.0, "cm", 1, False),
    "knee_contact_deg": (1.0, "°", 0, False),
}
# One decimal where the uncertainty deserves it: our choice, up to this many degrees.
_DECIMAL_UP_TO = 2.5


@dataclass(frozen=True, slots=True)
class Shown:
    """A value for the eye; `reason` is set when there is none."""

    number: str
    unit: str
    reason: str | None


def shown(name: str, measured: Measurement) -> Shown:
    """Return how a measurement of a metric reads."""
    factor, unit, decimals, signed = _SHOWN[name]
    if measured.value is None:
        return Shown("–", "", measured.reason or "not measured")
    if unit == "°" and (measured.sigma or 0.0) > _DECIMAL_UP_TO:
        decimals = 0
    value = measured.value * factor
    return Shown(f"{value:{'+' if signed else ''}.{decimals}f}", unit, None)


def difference(name: str, by: float) -> str:
    """Return the size of a difference with its decimals, no sign."""
    factor, _, decimals, _ = _SHOWN[name]
    return f"{abs(by * factor):.{decimals}f}"


def outside(value: float, band: Band) -> int:
    """-1 below the band, 1 above it, 0 in it."""
    return -1 if value < band.low else 1 if value > band.high else 0
