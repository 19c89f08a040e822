"""A metric against time: both legs, with speed changes, cues, marks and bad stretches."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from hipcue.realtime.records import Side
from hipcue.realtime.review.charts import svg
from hipcue.realtime.review.charts.svg import Axis, Floats
from hipcue.realtime.review.charts.time_axis import (
    BOTTOM,
    BUCKETS,
    MANY,
    TOP,
    backdrop,
    instants,
    over_time,
    time_axis,
)
from hipcue.realtime.review.labels import name_of, unit_of
from hipcue.realtime.review.moments import Moments
from hipcue.realtime.review.smoothing import percentiles_over_time, running_median, with_pauses
from hipcue.realtime.review.texts import Texts
from hipcue.realtime.session.stride_table import StrideTable

_HEIGHT = 150.0
# Up to so many dots are drawn larger, so that a lonely one is seen.
_FEW = 100
# Smallest height of an axis by unit, so that noise does not look like news. Our choice:
# about twice the stride-to-stride spread of a good measurement.
LEAST_SPAN = {"deg": 8.0, "m": 0.2, "cm": 4.0, "ms": 60.0, "spm": 12.0, "mps": 0.5}
LEAST_SPAN_OF_OTHERS = 0.2


def leg_class(side: Side) -> str:
    """Return the style class of a leg."""
    return "left" if side is Side.L else "right"


def curve_chart(table: StrideTable, metric: str, moments: Moments, texts: Texts) -> Markup:
    """Return the chart of one metric over the session."""
    unit = unit_of(metric)
    values = table.value(metric) * unit.factor
    low, high = svg.span_of([values], LEAST_SPAN.get(unit.key, LEAST_SPAN_OF_OTHERS))
    if low < 0 and not (values < 0).any():
        low = 0.0
    x, y = time_axis(moments), Axis(low, high, _HEIGHT - BOTTOM, TOP)
    parts = [*backdrop(moments, x, y, texts), *instants(moments, x, y)]
    for side in table.sides():
        own = table.of(side)
        parts += _leg(table.end_s[own], np.clip(values[own], low, high), x, y, leg_class(side))
    return over_time(parts, texts("curves.label", metric=name_of(metric, texts)), moments, y)


def _leg(t: Floats, values: Floats, x: Axis, y: Axis, kind: str) -> list[Markup]:
    if len(t) <= MANY:
        at, line = with_pauses(t, values)
        few = " few" if len(t) <= _FEW else ""
        return [
            svg.trace(svg.points(x.many(t), y.many(values)), f"dots{few} {kind}"),
            svg.trace(svg.path(x.many(at), y.many(running_median(line))), f"line {kind}"),
        ]
    at, low, middle, high = percentiles_over_time(t, values, BUCKETS)
    return [
        svg.trace(svg.area(x.many(at), y.many(low), y.many(high)), f"band {kind}"),
        svg.trace(svg.path(x.many(at), y.many(middle)), f"line {kind}"),
    ]
