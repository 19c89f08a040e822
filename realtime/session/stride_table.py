"""The strides of a session as columns, times in seconds from the first frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason
from hipcue.realtime.records import Side, Stride, Verdict

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class StrideTable:
    """Columns of equal length, one row per stride, in order of the contacts.

    `values` and `sigmas` map metric names to columns with NaN where missing; `missing`
    maps metric names to how often each reason was given.
    """

    strides: tuple[Stride, ...]
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


def stride_table(strides: Sequence[Stride], t_first_s: float) -> StrideTable:
    """Return the strides as columns."""
    rows = tuple(sorted(strides, key=lambda s: s.contact_s))
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
        strides=rows,
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


def median(values: Floats) -> float | None:
    """Return the median of what is not missing, ``None`` when everything is."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else None


def spread(values: Floats) -> float | None:
    """Return the standard deviation of what is not missing; needs three values."""
    known = values[np.isfinite(values)]
    return float(np.std(known, ddof=1)) if len(known) >= 3 else None
