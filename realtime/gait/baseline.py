"""The runner's own usual, at a speed and a grade.

Anterior tilt rises with speed in healthy runners (RBDS), and with the grade the lower
back flattens (Levine 2007): a baseline says nothing at another speed or slope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from hipcue.config.settings import VerdictSettings
from hipcue.realtime.gait.fits import MAD_TO_SD
from hipcue.realtime.records import Band, Side, Stride

# What the baseline remembers of a stride.
TRACKED = (
    "hip_extension_deg",
    "pelvic_tilt_deg",
    "lumbar_extension_deg",
    "thigh_extension_deg",
    "trunk_lean_deg",
    "stride_length_m",
    "cadence_spm",
    "contact_time_s",
    "vertical_oscillation_m",
    "knee_contact_deg",
)
# The first strides after stepping on are not the runner's own; our choice.
SKIPPED_STRIDES = 6
# Half the width of a display band, in standard deviations between the runner's own
# strides; our choice: two of them hold 95 % of usual strides.
_BAND_SD = 2.0
# Narrower bands than this are not worth showing, per metric; our choices.
_LEAST_HALF_BAND = {
    "hip_extension_deg": 2.0,
    "pelvic_tilt_deg": 2.0,
    "lumbar_extension_deg": 2.0,
    "thigh_extension_deg": 2.0,
    "trunk_lean_deg": 2.0,
    "stride_length_m": 0.04,
    "cadence_spm": 3.0,
    "contact_time_s": 0.015,
    "vertical_oscillation_m": 0.01,
    "knee_contact_deg": 4.0,
}


@dataclass(frozen=True, slots=True)
class Baseline:
    """Median and spread (SD, from the median deviation) per metric and side."""

    speed_mps: float | None
    grade_percent: float | None
    centre: Mapping[tuple[str, Side], float]
    spread: Mapping[str, float]

    def fits(
        self, speed_mps: float | None, grade_percent: float | None, settings: VerdictSettings
    ) -> bool:
        """Whether it may judge a stride at that speed and grade."""
        return _near(self.speed_mps, speed_mps, settings.baseline_speed_mps) and _near(
            self.grade_percent, grade_percent, settings.baseline_grade_percent
        )

    def bands(self) -> dict[str, Band]:
        """Bands for the screen: per metric, and per metric and leg as ``name:L``."""
        bands: dict[str, Band] = {}
        for name in TRACKED:
            sides = [side for side in Side if (name, side) in self.centre]
            if not sides:
                continue
            half = max(_BAND_SD * self.spread[name], _LEAST_HALF_BAND[name])
            for side in sides:
                centre = self.centre[name, side]
                bands[f"{name}:{side}"] = Band(centre, centre - half, centre + half)
            both = sum(self.centre[name, side] for side in sides) / len(sides)
            bands[name] = Band(both, both - half, both + half)
        return bands


class BaselineBuilder:
    """Collects good strides until they make a baseline."""

    def __init__(self, settings: VerdictSettings) -> None:
        self._settings = settings
        self._strides: list[Stride] = []
        self._skipped = 0

    def change_settings(self, settings: VerdictSettings) -> None:
        """Go on with other settings."""
        self._settings = settings

    def restart(self, skip: bool) -> None:
        """Begin afresh; `skip` leaves out the first strides again."""
        self._strides.clear()
        self._skipped = 0 if skip else SKIPPED_STRIDES

    @property
    def progress(self) -> float:
        """Share of the strides that are there, 0 to 1."""
        return min(len(self._strides) / self._settings.baseline_strides, 1.0)

    def add_stride(self, stride: Stride, grade_percent: float | None) -> Baseline | None:
        """Take a stride at a steady belt; return the baseline it completes, if it does."""
        if self._skipped < SKIPPED_STRIDES:
            self._skipped += 1
            return None
        if not stride.measure("pelvic_tilt_deg").known:
            return None
        speed = stride.measure("belt_speed_mps").value
        if self._strides:
            first = self._strides[0].measure("belt_speed_mps").value
            if not _near(first, speed, self._settings.baseline_speed_mps / 2):
                self._strides.clear()
        self._strides.append(stride)
        if len(self._strides) < self._settings.baseline_strides:
            return None
        return _baseline(self._strides, grade_percent)


def _baseline(strides: list[Stride], grade_percent: float | None) -> Baseline:
    centre: dict[tuple[str, Side], float] = {}
    spread: dict[str, float] = {}
    for name in TRACKED:
        rest: list[float] = []
        for side in Side:
            values = [
                value
                for s in strides
                if s.side is side and (value := s.measure(name).value) is not None
            ]
            if len(values) >= 3:
                middle = median(values)
                centre[name, side] = middle
                rest.extend(abs(v - middle) for v in values)
        if rest:
            spread[name] = MAD_TO_SD * median(rest)
    speeds = [v for s in strides if (v := s.measure("belt_speed_mps").value) is not None]
    return Baseline(median(speeds) if speeds else None, grade_percent, centre, spread)


def _near(a: float | None, b: float | None, within: float) -> bool:
    if a is None or b is None:
        return True  # Nothing is known that speaks against it.
    return abs(a - b) <= within
