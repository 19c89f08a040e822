"""The strides of a session as columns: the one table that every file and report is made of.

Times are seconds from the first frame, or a measured marker file's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason
from hipcue.realtime.records import Side, Stride, Verdict
from hipcue.realtime.session.reader import SessionReader

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


# Of strides.csv, in this order; further metrics may follow.
COLUMNS = (
    "stride", "side", "near", "contact_s", "toe_off_s", "end_s", "stride_time_s",
    "cadence_spm", "belt_speed_mps", "belt_source", "stride_length_m", "contact_time_s",
    "flight_time_s", "thigh_extension_deg", "hip_extension_deg", "pelvic_tilt_deg",
    "pelvic_tilt_mean_deg", "pelvic_tilt_sd_deg", "pelvis_source", "lumbar_extension_deg",
    "trunk_lean_deg", "knee_contact_deg", "knee_toe_off_deg", "ankle_toe_off_deg",
    "heel_recovery", "vertical_oscillation_m", "overstride_m", "verdict", "confidence",
)  # fmt: skip

# What a stride is beside its measurements.
PLAIN = (
    "stride", "side", "near", "contact_s", "toe_off_s", "end_s", "belt_source",
    "pelvis_source", "verdict", "confidence", "state", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class StrideTable:
    """Columns of equal length, one row per stride.

    `values` and `sigmas` map metric names to columns with NaN where missing; `missing`
    maps metric names to how often each reason was given. All times count from `t_first_s`, the
    capture time of the first frame, or 0 for a measured file's own clock. `runners` says who
    ran, where that is known.
    """

    strides: tuple[Stride, ...]
    runners: tuple[str, ...]
    t_first_s: float
    contact_s: Floats
    end_s: Floats
    left: Flags
    near: Flags
    compensating: Flags
    confidence: Floats
    values: dict[str, Floats]
    sigmas: dict[str, Floats]
    missing: dict[str, Counter[Reason]]

    def __len__(self) -> int:
        return len(self.strides)

    def value(self, metric: str) -> Floats:
        """Return the column of a metric; all NaN when it was never measured."""
        found = self.values.get(metric)
        return np.full(len(self), np.nan) if found is None else found

    def sigma(self, metric: str) -> Floats:
        """Return the column of a metric's uncertainty; all NaN when it was never measured."""
        found = self.sigmas.get(metric)
        return np.full(len(self), np.nan) if found is None else found

    def of(self, side: Side) -> Flags:
        """Return which rows are of that leg."""
        return self.left if side is Side.L else ~self.left

    def sides(self) -> list[Side]:
        """Return the legs that have strides."""
        return [side for side in Side if self.of(side).any()]

    def column(self, name: str) -> list[Any]:
        """Return a column as plain values, ``None`` where missing.

        `name` is one of `PLAIN`, ``runner``, or a metric. Near is 1 or 0; names are texts; the
        reason is in English words.
        """
        if name == "runner":
            return list(self.runners)
        if name not in PLAIN:
            return _or_none(self.value(name))
        return [self._plain(stride, name) for stride in self.strides]

    def columns(self) -> dict[str, list[Any]]:
        """Return every column by its name: those of strides.csv in full precision, and more.

        Further metrics follow, ``runner`` where it is known, ``state`` and ``reason``, and
        ``*_sigma`` with the standard uncertainty of every metric.
        """
        names = (*COLUMNS, *sorted(self.values.keys() - set(COLUMNS)))
        more = ("runner",) if self.runners else ()
        out = {name: self.column(name) for name in (*names, *more, "state", "reason")}
        metrics = [name for name in names if name not in PLAIN]
        return {**out, **{f"{name}_sigma": _or_none(self.sigma(name)) for name in metrics}}

    def _plain(self, stride: Stride, name: str) -> Any:
        match name:
            case "stride":
                return stride.index
            case "near":
                return int(stride.near)
            case "contact_s" | "toe_off_s" | "end_s":
                t_s = getattr(stride, name)
                return None if t_s is None else t_s - self.t_first_s
            case "confidence":
                return stride.confidence
            case "reason":
                return None if stride.reason is None else in_words(stride.reason)
        return getattr(stride, name).value


def table_of(session: SessionReader) -> StrideTable:
    """Return the strides of a session in the order in which they were known, with who ran."""
    runners = [session.runner_turns.at(step) for step, _ in session.stride_steps]
    return _filled(session.strides, session.t_zero_s, runners)


def stride_table(strides: Sequence[Stride], t_first_s: float) -> StrideTable:
    """Return strides as columns, in order of the contacts."""
    return _filled(sorted(strides, key=lambda s: s.contact_s), t_first_s, ())


def _filled(rows: Sequence[Stride], t_first_s: float, runners: Sequence[str]) -> StrideTable:
    n = len(rows)
    metrics = {name for s in rows for name in s.values}
    values = {m: np.full(n, np.nan) for m in metrics}
    sigmas = {m: np.full(n, np.nan) for m in metrics}
    missing: dict[str, Counter[Reason]] = {m: Counter() for m in metrics}
    for i, stride in enumerate(rows):
        for metric, found in stride.values.items():
            if found.reason is not None:
                missing[metric][found.reason] += 1
            if found.value is not None:
                values[metric][i] = found.value
            if found.sigma is not None:
                sigmas[metric][i] = found.sigma
    return StrideTable(
        strides=tuple(rows),
        runners=tuple(runners),
        t_first_s=t_first_s,
        contact_s=np.array([s.contact_s - t_first_s for s in rows]),
        end_s=np.array([s.end_s - t_first_s for s in rows]),
        left=np.array([s.side is Side.L for s in rows], bool),
        near=np.array([s.near for s in rows], bool),
        compensating=np.array([s.verdict is Verdict.COMPENSATING for s in rows], bool),
        confidence=np.array([s.confidence for s in rows], float),
        values=values,
        sigmas=sigmas,
        missing=missing,
    )


def _or_none(values: Floats) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]


def median(values: Floats) -> float | None:
    """Return the median of what is not missing, ``None`` when everything is."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else None


def spread(values: Floats) -> float | None:
    """Return the standard deviation of what is not missing; needs three values."""
    known = values[np.isfinite(values)]
    return float(np.std(known, ddof=1)) if len(known) >= 3 else None
