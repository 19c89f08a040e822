"""Axes, ticks and paths: what every chart of the report is drawn with.

Charts are plain SVG in user units of about one CSS pixel, coloured by classes that the
page's style knows in light, dark and print. They need no script to be read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Axis:
    """A straight scale from values to pixels."""

    low: float
    high: float
    start_px: float
    end_px: float

    def px(self, value: float) -> float:
        """Return where a value lies."""
        share = (value - self.low) / (self.high - self.low)
        return self.start_px + share * (self.end_px - self.start_px)

    def many(self, values: Floats) -> Floats:
        """Return where values lie; missing stays missing."""
        share = (values - self.low) / (self.high - self.low)
        return self.start_px + share * (self.end_px - self.start_px)


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Return round values within a range, about `count` of them."""
    span = high - low
    if not span > 0 or not math.isfinite(span):
        return [low]
    power = 10.0 ** math.floor(math.log10(span / count))
    step = next(f * power for f in (1, 2, 2.5, 5, 10) if span / (f * power) <= count + 0.5)
    first = math.ceil(low / step - 1e-9)
    return [round(k * step, 10) for k in range(first, math.floor(high / step + 1e-9) + 1)]


def plain(value: float) -> str:
    """Return a number for an axis, without needless digits, with a true minus."""
    return f"{value:g}".replace("-", "−")


def span_of(columns: Iterable[Floats], least: float) -> tuple[float, float]:
    """Return a range that holds nearly all values, at least `least` wide, with a margin.

    The outermost half percent may leave the chart: one wild stride must not flatten the
    whole session.
    """
    parts = [c[np.isfinite(c)] for c in columns]
    known = np.concatenate(parts) if parts else np.empty(0)
    if not len(known):
        return 0.0, least
    low, high = (float(v) for v in np.percentile(known, (0.5, 99.5)))
    middle, half = (low + high) / 2, max((high - low) / 2 * 1.12, least / 2)
    return middle - half, middle + half


def path(x_px: Floats, y_px: Floats) -> str:
    """Return path data of a line that breaks where values are missing."""
    parts: list[str] = []
    pen = "M"
    for x, y in zip(x_px.tolist(), y_px.tolist(), strict=True):
        if x != x or y != y:
            pen = "M"
            continue
        parts.append(f"{pen}{x:.1f} {y:.1f}")
        pen = "L"
    return "".join(parts)


def area(x_px: Floats, low_px: Floats, high_px: Floats) -> str:
    """Return path data of the area between two lines, in pieces where both are known."""
    known = np.isfinite(low_px) & np.isfinite(high_px)
    parts = []
    for run in _runs(known):
        if len(run) < 2:
            continue
        there = path(x_px[run], high_px[run])
        parts.append(there + "L" + path(x_px[run][::-1], low_px[run][::-1])[1:] + "Z")
    return "".join(parts)


def _runs(known: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    at = np.flatnonzero(known)
    return [r for r in np.split(at, np.flatnonzero(np.diff(at) > 1) + 1) if len(r)]


def text(x: float, y: float, words: str, kind: str = "tick", anchor: str = "start") -> str:
    """Return a text element, safe for any content."""
    place = f'x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(words)}</text>"


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Return a straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    """Return a rectangle; a negative size becomes none."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" '
        f'height="{max(height, 0):.1f}" class="{kind}"/>'
    )


def picture(width: float, height: float, parts: Sequence[str], label: str, extra: str = "") -> str:
    """Return the SVG element that holds the parts; `label` is what a screen reader says."""
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(label)}"'
        f"{' ' + extra if extra else ''}>{''.join(parts)}</svg>"
    )
