"""One number a session over all sessions, with its spread and the method's own error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from hipcue.realtime.review.charts import svg
from hipcue.realtime.review.charts.svg import Axis
from hipcue.realtime.review.texts import Texts

_WIDTH, _FLOOR, _LEFT, _TOP = 440.0, 150.0, 40.0, 10.0
# Days written under the axis at most; more would touch each other.
_MOST_DAYS = 6


@dataclass(frozen=True, slots=True)
class Point:
    """One session in a trend: its mean, spread over strides, and whether it was a test."""

    value: float
    sd: float
    retention: bool
    label: str


def trend_chart(
    trend: Sequence[Point], band: float | None, label: str, least: float, texts: Texts
) -> Markup:
    """Return a trend, oldest session first, values in the unit that is shown.

    `band` is the change to either side of the first session that the method cannot tell from
    none; `least` is the smallest height of the axis.
    """
    values = np.array([p.value for p in trend])
    sds = np.array([p.sd for p in trend])
    y = _value_axis(values, sds, band, least)
    x = Axis(0, max(len(trend) - 1, 1), _LEFT + 20, _WIDTH - 24)
    parts = []
    if band is not None:
        top, bottom = y.px(values[0] + band), y.px(values[0] - band)
        parts.append(svg.rect(_LEFT, top, _WIDTH - _LEFT - 4, bottom - top, "real"))
    for value in svg.ticks(y.low, y.high):
        parts.append(svg.line(_LEFT, y.px(value), _WIDTH - 4, y.px(value), "grid"))
        number = texts.axis_number(value)
        parts.append(svg.text(_LEFT - 6, y.px(value) + 4, number, anchor="end"))
    every = max(-(-len(trend) // _MOST_DAYS), 1)
    alone = (_LEFT + _WIDTH) / 2
    xs = [x.px(k) if len(trend) > 1 else alone for k in range(len(trend))]
    parts.append(svg.trace(svg.path(np.array(xs), y.many(values)), "line left"))
    for k, point in enumerate(trend):
        low, high = y.px(float(values[k] - sds[k])), y.px(float(values[k] + sds[k]))
        parts.append(svg.line(xs[k], low, xs[k], high, "whisker left"))
        kind = "ring left" if point.retention else "dot left"
        place = {"cx": f"{xs[k]:.1f}", "cy": f"{y.px(float(values[k])):.1f}"}
        parts.append(svg.element("circle", class_=kind, **place, r="4.5"))
        if k % every == 0:
            parts.append(svg.text(xs[k], _FLOOR + 16, point.label, anchor="middle"))
    return svg.picture((0.0, 0.0, _WIDTH, _FLOOR + 22), parts, label)


def _value_axis(values: svg.Floats, sds: svg.Floats, band: float | None, least: float) -> Axis:
    edges = [values - sds, values + sds]
    if band is not None:
        edges.append(np.array([values[0] - band, values[0] + band]))
    low, high = (float(f(np.concatenate(edges))) for f in (np.min, np.max))
    positive = low >= 0
    pad = max((high - low) * 0.08, (least - (high - low)) / 2)
    low, high = low - pad, high + pad
    return Axis(max(low, 0.0) if positive else low, high, _FLOOR, _TOP)
