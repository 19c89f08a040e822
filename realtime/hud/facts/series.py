"""The last three minutes of a metric as lines, gaps kept, and the axis they need. Pure."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.hud.facts.metric_style import SHOWN
from hipcue.realtime.records import Band, Side, Stride
from hipcue.realtime.view.snapshot import Snapshot

HISTORY_S = 180.0
# Strides further apart than this are not joined by a line.
_GAP_S = 2.5
# Cues closer together than this are one mark.
_SAME_MARK_S = 1.0
# Strides that a curve's median is taken of.
_MEDIAN_OF = 5
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

    def longer(self, t_s: NDArray[np.float64], values: NDArray[np.float64]) -> Line:
        """Return the line with more values at its end."""
        looks_back = running_median(np.concatenate((self.values[1 - _MEDIAN_OF :], values)))
        return Line(
            np.concatenate((self.t_s, t_s)),
            np.concatenate((self.values, values)),
            np.concatenate((self.settled, looks_back[len(looks_back) - len(values) :])),
        )


@dataclass(frozen=True, slots=True)
class Axis:
    """The vertical axis: `low` and `high` and the step between labels, shown units."""

    low: float
    high: float
    step: float


class _Track:
    """A metric of one leg that grows stride by stride."""

    def __init__(self, metric: str, side: Side) -> None:
        self.lines: list[Line] = []
        self._metric = metric
        self._side = side
        self._scale = SHOWN[metric].scale
        # When the last value was that the next one may be joined to.
        self._last_s: float | None = None

    def add(self, strides: Iterable[Stride]) -> None:
        """Take new strides; what there was stays as it is."""
        goes_on = self._last_s is not None
        run: list[tuple[float, float]] = []
        for stride in strides:
            if stride.side is not self._side:
                continue
            known = stride.values.get(self._metric)
            value = None if known is None else known.value
            late = self._last_s is not None and stride.end_s - self._last_s > _GAP_S
            if value is None or late:
                self._close(run, goes_on)
                goes_on, run, self._last_s = False, [], None
            if value is not None:
                run.append((stride.end_s, value * self._scale))
                self._last_s = stride.end_s
        self._close(run, goes_on)

    def _close(self, run: list[tuple[float, float]], goes_on: bool) -> None:
        """Put values into a line: the last one where that goes on."""
        if not run:
            return
        t_s, values = np.array(run).T
        if goes_on:
            *rest, last = self.lines
            self.lines = [*rest, last.longer(t_s, values)]
        else:
            self.lines = [*self.lines, Line.of(t_s, values)]

    def forget(self, since_s: float) -> None:
        """Leave out what is older."""
        lines = [line for line in self.lines if line.t_s[-1] >= since_s]
        if lines and lines[0].t_s[0] < since_s:
            first = int(np.argmax(lines[0].t_s >= since_s))
            old = lines[0]
            lines[0] = Line(old.t_s[first:], old.values[first:], old.settled[first:])
        if not lines:
            self._last_s = None
        self.lines = lines


class Curves:
    """Keeps the curves of all metrics, and adds what new strides bring.

    A median that was drawn stays, also where the strides it rests on are too old by now.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, Side], tuple[tuple[Stride, ...], _Track]] = {}

    def lines(self, snapshot: Snapshot, metric: str, side: Side) -> list[Line]:
        """Return the unbroken stretches of a leg's metric over the last three minutes."""
        strides = snapshot.strides
        if not strides:
            return []
        before, track = self._known.get((metric, side), ((), None))
        if track is not None and _same(before, strides):
            return track.lines
        more = None if track is None else _appended(before, strides)
        if track is None or more is None:
            track, more = _Track(metric, side), strides
        track.add(more)
        track.forget(max(snapshot.t_s - HISTORY_S, strides[0].end_s))
        self._known[metric, side] = (strides, track)
        return track.lines


def _same(before: Sequence[Stride], now: Sequence[Stride]) -> bool:
    """Return whether these are the very same strides, not only equal ones."""
    return len(before) == len(now) and before[0] is now[0] and before[-1] is now[-1]


def _appended(before: Sequence[Stride], now: Sequence[Stride]) -> Sequence[Stride] | None:
    """Return what came after `before`, of which the oldest may be gone; None for other strides."""
    gone = next((number for number, stride in enumerate(before) if stride is now[0]), None)
    if gone is None:
        return None
    kept = len(before) - gone
    if kept > len(now) or not all(map(operator.is_, before[gone:], now)):
        return None
    return now[kept:]


def axis_for(lines: Sequence[Line], band: Band | None, scale: float, step: float) -> Axis:
    """Choose round limits that hold the band and nearly all values, two steps apart or more."""
    edges: list[float] = []
    if lines:
        values = np.sort(np.concatenate([line.values for line in lines]))
        rest = (1 - _SHARE_SHOWN) / 2
        # What np.quantile gives for sorted values, without its long way there.
        places = np.array((rest, 1 - rest)) * (len(values) - 1)
        edges += np.interp(places, np.arange(len(values)), values).tolist()
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


def running_median(values: NDArray[np.float64], over: int = _MEDIAN_OF) -> NDArray[np.float64]:
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
