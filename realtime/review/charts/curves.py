"""A metric against time: both legs, with speed changes, cues, marks and bad stretches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hipcue.realtime.records import Side
from hipcue.realtime.review.charts import svg
from hipcue.realtime.review.charts.svg import Axis, Floats
from hipcue.realtime.review.labels import name_of, unit_of
from hipcue.realtime.session.stride_table import StrideTable

# Two fit beside each other on a desk, one fills a phone with labels still readable.
WIDTH, HEIGHT = 440.0, 150.0
LEFT, RIGHT, TOP, BOTTOM = 36.0, 6.0, 8.0, 22.0
# More dots than this per leg become a median line with a band from the 10th to the 90th
# percentile: an hour has nine thousand strides, a screen has a thousand columns.
MANY = 400
BUCKETS = 160
# Up to so many dots are drawn larger, so that a lonely one is seen.
_FEW = 100
# Strides in a running median: enough to be repeatable (Dingenen 2018).
_WIDTH = 7
# Without strides for longer than this a curve breaks; our choice: three strides.
PAUSE_S = 2.5
# Smallest height of an axis by unit, so that noise does not look like news. Our choice:
# about twice the stride-to-stride spread of a good measurement.
LEAST_SPAN = {"°": 8.0, "m": 0.2, "cm": 4.0, "ms": 60.0, "steps/min": 12.0, "m/s": 0.5}


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Instants and stretches that all charts show, in seconds from the first frame."""

    end_s: float
    cues_s: tuple[float, ...] = ()
    marks_s: tuple[float, ...] = ()
    bad_s: tuple[tuple[float, float], ...] = ()


def time_axis(moments: Moments) -> Axis:
    """Return the time axis that all charts share."""
    return Axis(0.0, max(moments.end_s, 1.0), LEFT, WIDTH - RIGHT)


def backdrop(moments: Moments, x: Axis, y: Axis) -> list[str]:
    """Return grid, time labels and bad stretches."""
    top, floor = y.end_px, y.start_px
    parts = [
        svg.rect(x.px(a), top, max(x.px(b) - x.px(a), 1.5), floor - top, "bad")
        for a, b in moments.bad_s
    ]
    for value in svg.ticks(y.low, y.high):
        parts.append(svg.line(LEFT, y.px(value), WIDTH - RIGHT, y.px(value), "grid"))
        parts.append(svg.text(LEFT - 6, y.px(value) + 4, svg.plain(value), "tick", "end"))
    minutes = moments.end_s > 180
    per = 60.0 if minutes else 1.0
    for value in svg.ticks(0, x.high / per, 5):
        label = f"{svg.plain(value)}{' min' if minutes else ' s'}"
        anchor = "start" if value == 0 else "middle" if value * per < 0.97 * x.high else "end"
        parts.append(svg.text(x.px(value * per), floor + 16, label, "tick", anchor))
    return parts


def instants(moments: Moments, x: Axis, y: Axis) -> list[str]:
    """Return the cues as dashed lines and the marks as triangles."""
    top, floor = y.end_px, y.start_px
    lines = [svg.line(x.px(t), top, x.px(t), floor, "cue") for t in moments.cues_s]
    return lines + [
        f'<path class="mark" d="M{x.px(t) - 4:.1f} {top:.1f}h8l-4 7z"/>' for t in moments.marks_s
    ]


def leg_class(side: Side) -> str:
    """Return the style class of a leg."""
    return "left" if side is Side.L else "right"


def curve_chart(table: StrideTable, metric: str, moments: Moments) -> str:
    """Return the chart of one metric over the session."""
    unit, factor, _ = unit_of(metric)
    values = table.value(metric) * factor
    low, high = svg.span_of([values], LEAST_SPAN.get(unit, 0.2))
    if low < 0 and not (values < 0).any():
        low = 0.0
    x, y = time_axis(moments), Axis(low, high, HEIGHT - BOTTOM, TOP)
    parts = [*backdrop(moments, x, y), *instants(moments, x, y)]
    for side in table.sides():
        own = table.of(side)
        t, v = table.end_s[own], np.clip(values[own], low, high)
        parts += _leg(t, v, x, y, leg_class(side))
    return timed(parts, f"{name_of(metric)} over the session", moments, y)


def timed(parts: list[str], label: str, moments: Moments, y: Axis) -> str:
    """Return a chart over time, with a cursor that the page's script moves."""
    cursor = svg.line(0, y.end_px, 0, y.start_px, "cursor")
    extra = f'class="time" data-end="{max(moments.end_s, 1.0):.3f}"'
    return svg.picture(WIDTH, y.start_px + BOTTOM, [*parts, cursor], label, extra)


def _leg(t: Floats, v: Floats, x: Axis, y: Axis, kind: str) -> list[str]:
    if len(t) <= MANY:
        at, line = with_pauses(t, v)
        few = " few" if len(t) <= _FEW else ""
        return [
            f'<path class="dots{few} {kind}" d="{_dots(x.many(t), y.many(v))}"/>',
            f'<path class="line {kind}" d="{svg.path(x.many(at), y.many(smooth(line)))}"/>',
        ]
    at, low, mid, high = buckets(t, v, BUCKETS)
    band = svg.area(x.many(at), y.many(low), y.many(high))
    return [
        f'<path class="band {kind}" d="{band}"/>',
        f'<path class="line {kind}" d="{svg.path(x.many(at), y.many(mid))}"/>',
    ]


def _dots(x_px: Floats, y_px: Floats) -> str:
    """Return a path of points: with round line caps each zero-length stroke is a dot."""
    known = np.isfinite(y_px)
    pairs = zip(x_px[known].tolist(), y_px[known].tolist(), strict=True)
    return "".join(f"M{a:.1f} {b:.1f}h0" for a, b in pairs)


def smooth(v: Floats, width: int = _WIDTH) -> Floats:
    """Return the running median over `width` strides."""
    half = width // 2
    padded = np.concatenate([np.full(half, np.nan), v, np.full(half, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)
    out = np.full(len(v), np.nan)
    known = np.isfinite(windows).sum(axis=1) >= 3
    if known.any():
        out[known] = np.nanmedian(windows[known], axis=1)
    return out


def with_pauses(t: Floats, v: Floats) -> tuple[Floats, Floats]:
    """Return a curve with missing values where strides were missing, so that lines break."""
    pauses = np.flatnonzero(np.diff(t) > PAUSE_S) + 1
    half = _WIDTH // 2  # As far as a running median reaches: none looks across.
    places = np.repeat(pauses, 2 * half)
    sides = np.column_stack([t[pauses - 1]] * half + [t[pauses]] * half).ravel()
    return np.insert(t, places, sides), np.insert(v, places, np.nan)


def buckets(t: Floats, v: Floats, count: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return time, 10th percentile, median and 90th percentile of equal parts of time.

    A part with fewer than three known values is missing.
    """
    edges = np.linspace(t[0], t[-1] + 1e-9, count + 1)
    cuts = np.searchsorted(t, edges)
    out = np.full((3, count), np.nan)
    for k in range(count):
        part = v[cuts[k] : cuts[k + 1]]
        part = part[np.isfinite(part)]
        if len(part) >= 3:
            out[:, k] = np.percentile(part, (10, 50, 90))
    return (edges[:-1] + edges[1:]) / 2, out[0], out[1], out[2]
