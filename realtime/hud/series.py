"""The last three minutes of a metric as lines, gaps kept, and the axis they need. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from realtime.hud.facts import SHOWN
from realtime.records import Band, Side, Snapshot, Stride

HISTORY_S = 180.0
# Strides further apart than this are not joined by a line.
_GAP_S = 2.5
# Cues closer together than this are one mark.
_SAME_MARK_S = 1.0
# Steps of speed closer together than this belong to one ramp.
_RAMP_S = 6.0
# The axis reaches no further than this many half bands from the band's middle.
_HALF_BANDS_SHOWN = 7.0
# Outliers beyond this share of the values do not stretch the axis.
_SHARE_SHOWN = 0.98


@dataclass(frozen=True, slots=True)
class Line:
    """One leg's values: `t_s` on the session's clock, `values` in shown units, unbroken.

    `settled` is their running median.
    """

    t_s: NDArray[np.float64]
    values: NDArray[np.float64]
    settled: NDArray[np.float64]

    @classmethod
    def of(cls, t_s: NDArray[np.float64], values: NDArray[np.float64]) -> Line:
        """Return the line through these values."""
        return cls(t_s, values, running_median(values))


@dataclass(frozen=True, slots=True)
class Axis:
    """The vertical axis: `low` and `high` and the step between labels, shown units."""

    low: float
    high: float
    step: float


def lines_of(snapshot: Snapshot, metric: str, side: Side | None) -> list[Line]:
    """Return the unbroken stretches of a metric; `side` None takes both legs in turn."""
    scale = SHOWN[metric].scale
    since = snapshot.t_s - HISTORY_S
    lines: list[Line] = []
    run: list[tuple[float, float]] = []

    def close() -> None:
        if run:
            array = np.array(run)
            lines.append(Line.of(array[:, 0], array[:, 1]))
            run.clear()

    for stride in snapshot.strides:
        if (side is not None and stride.side is not side) or stride.end_s < since:
            continue
        known = stride.values.get(metric)
        value = None if known is None else known.value
        if value is None or (run and stride.end_s - run[-1][0] > _GAP_S):
            close()
        if value is not None:
            run.append((stride.end_s, value * scale))
    close()
    return lines


class Curves:
    """Works curves out with new strides only: a chart that just slides has the same ones."""

    def __init__(self) -> None:
        self._of: tuple[Stride, Stride, int] | None = None
        self._known: dict[tuple[str, Side | None], list[Line]] = {}

    def lines(self, snapshot: Snapshot, metric: str, side: Side | None) -> list[Line]:
        """Return what `lines_of` does, but for strides that have just become too old."""
        strides = snapshot.strides
        if not strides:
            return []
        of = self._of
        same = of is not None and of[0] is strides[0] and of[1] is strides[-1]
        if of is None or not same or of[2] != len(strides):
            self._of = (strides[0], strides[-1], len(strides))
            self._known.clear()
        if (metric, side) not in self._known:
            self._known[metric, side] = lines_of(snapshot, metric, side)
        return self._known[metric, side]


def axis_for(lines: Sequence[Line], band: Band | None, scale: float, step: float) -> Axis:
    """Choose round limits that hold the band and nearly all values, two steps apart or more."""
    edges: list[float] = []
    if lines:
        values = np.concatenate([line.values for line in lines])
        rest = (1 - _SHARE_SHOWN) / 2
        edges += [float(v) for v in np.quantile(values, (rest, 1 - rest))]
    if band is not None:
        half = (band.high - band.low) / 2
        low_end = (band.centre - _HALF_BANDS_SHOWN * half) * scale
        high_end = (band.centre + _HALF_BANDS_SHOWN * half) * scale
        edges = [min(max(edge, low_end), high_end) for edge in edges]
        edges += [band.low * scale, band.high * scale]
    if not edges:
        return Axis(0.0, 2 * step, step)
    low = math.floor(min(edges) / step + 1e-9)
    high = math.ceil(max(edges) / step - 1e-9)
    if high - low < 2:
        high = low + 2
    if (high - low) % 2:
        # An even number of steps, so that the middle has a round label too.
        if max(edges) / step - (high - 1) > (low + 1) - min(edges) / step:
            high += 1
        else:
            low -= 1
    return Axis(low * step, high * step, step)


def settled_times(times_s: Sequence[float]) -> list[float]:
    """Return one time for each change of speed: a ramp is one change, when it has ended."""
    found: list[float] = []
    for t_s in times_s:
        if found and t_s - found[-1] < _RAMP_S:
            found[-1] = t_s
        else:
            found.append(t_s)
    return found


def cue_times(snapshot: Snapshot) -> list[float]:
    """Return when cues were given, each once, whether tone, words or both."""
    times: list[float] = []
    for cue in snapshot.cues:
        if not times or cue.t_capture_s - times[-1] > _SAME_MARK_S:
            times.append(cue.t_capture_s)
    return times


def running_median(values: NDArray[np.float64], over: int = 5) -> NDArray[np.float64]:
    """Return the median of each value and the ones before it, `over` at most.

    It looks back only, so that a curve never changes after it was drawn. `over` is odd.
    """
    first = [median(values[: end + 1].tolist()) for end in range(min(over - 1, len(values)))]
    if len(values) < over:
        return np.array(first, np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(values, over)
    # Sorting rows of five is much faster than the general median.
    rest = np.sort(windows, axis=1)[:, over // 2]
    return np.concatenate((np.array(first, np.float64), rest))
