"""Axes, ticks, paths and elements: what every chart of the report is drawn with.

Charts are plain SVG in user units of about one CSS pixel, coloured by classes that the
page's style knows in light, dark and print. They need no script to be read. Whatever is
drawn goes through `element`, which escapes every text in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
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


def points(x_px: Floats, y_px: Floats) -> str:
    """Return path data of points: with round line caps each zero-length stroke is a dot."""
    known = np.isfinite(y_px)
    pairs = zip(x_px[known].tolist(), y_px[known].tolist(), strict=True)
    return "".join(f"M{x:.1f} {y:.1f}h0" for x, y in pairs)


def _runs(known: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    at = np.flatnonzero(known)
    return [r for r in np.split(at, np.flatnonzero(np.diff(at) > 1) + 1) if len(r)]


def element(name: str, inside: Iterable[str] | None = None, **attributes: object) -> Markup:
    """Return an element, safe for any content.

    Parameters
    ----------
    name : str
        Of the element, our own.
    inside : iterable of str or None
        What it holds: elements made here stay as they are, any other text is escaped.
    **attributes : object
        Values are escaped. An underscore at the end of a name is dropped, others become
        hyphens: ``class_``, ``text_anchor``.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
    )
    if inside is None:
        return Markup(f"<{name}{given}/>")
    return Markup(f"<{name}{given}>{Markup().join(inside)}</{name}>")


def text(x: float, y: float, words: str, kind: str = "tick", anchor: str = "start") -> Markup:
    """Return a text."""
    return element("text", [words], x=f"{x:.1f}", y=f"{y:.1f}", class_=kind, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """Return a straight line."""
    ends = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
    return element("line", **ends, class_=kind)


def rect(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    """Return a rectangle; a negative size becomes none."""
    size = {"width": f"{max(width, 0):.1f}", "height": f"{max(height, 0):.1f}"}
    return element("rect", x=f"{x:.1f}", y=f"{y:.1f}", **size, class_=kind)


def trace(data: str, kind: str) -> Markup:
    """Return a path with its data as `path`, `area` or `points` give it."""
    return element("path", class_=kind, d=data)


def picture(
    box: tuple[float, float, float, float],
    parts: Sequence[Markup],
    label: str,
    **attributes: object,
) -> Markup:
    """Return the SVG element that holds the parts.

    `box` is left, top, width and height of what is seen; `label` is what a screen reader says.
    """
    view = " ".join(f"{edge:g}" for edge in box)
    return element("svg", parts, viewBox=view, role="img", aria_label=label, **attributes)
