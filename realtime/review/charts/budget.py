"""The extension budget over the session: what the hip gave and what the pelvis lent."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from hipcue.realtime.records import Side
from hipcue.realtime.review.charts import svg
from hipcue.realtime.review.charts.svg import Axis, Floats
from hipcue.realtime.review.charts.time_axis import (
    BUCKETS,
    MANY,
    TOP,
    backdrop,
    instants,
    over_time,
    time_axis,
)
from hipcue.realtime.review.moments import Moments
from hipcue.realtime.review.smoothing import percentiles_over_time, running_median, with_pauses
from hipcue.realtime.review.texts import Texts
from hipcue.realtime.session.stride_table import StrideTable

_FLOOR = 190.0


def budget_chart(table: StrideTable, side: Side, moments: Moments, texts: Texts) -> Markup | None:
    """Return one leg's budget: hip extension, and on top of it the tilt of the pelvis.

    The upper edge is the thigh behind the vertical. Where the pelvis tips backwards the
    hip gives more than the thigh shows, and nothing lies on top. The dashed line is the
    arching of the lower back. Strides whose pelvis was not seen leave a gap; ``None`` when
    it was hardly ever seen.
    """
    own = table.of(side)
    t = table.end_s[own]
    hip, thigh, arch = (
        table.value(name)[own]
        for name in ("hip_extension_deg", "thigh_extension_deg", "lumbar_extension_deg")
    )
    at, hip = _calm(t, hip)
    thigh, arch = _calm(t, thigh)[1], _calm(t, arch)[1]
    if np.isfinite(hip).sum() < 2:
        return None
    known = np.concatenate([v[np.isfinite(v)] for v in (hip, thigh, arch)])
    top = max(float(known.max()) * 1.08, 10.0)
    low = min(float(known.min()) - 1.0, 0.0)
    x, y = time_axis(moments), Axis(low, top, _FLOOR, TOP)
    x_px, zero = x.many(at), y.many(np.zeros_like(hip))
    lent = np.maximum(thigh, hip)
    parts = [
        *backdrop(moments, x, y, texts),
        svg.trace(svg.area(x_px, zero, y.many(hip)), "hip"),
        svg.trace(svg.area(x_px, y.many(hip), y.many(lent)), "pelvis"),
        svg.trace(svg.path(x_px, y.many(arch)), "line arch"),
        svg.element("g", instants(moments, x, y), class_="over"),
    ]
    label = texts("budget.label_left" if side is Side.L else "budget.label_right")
    return over_time(parts, label, moments, y)


def _calm(t: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return a curve without the jitter of single strides."""
    if len(t) <= MANY:
        at, line = with_pauses(t, values)
        return at, running_median(line)
    at, _, middle, _ = percentiles_over_time(t, values, BUCKETS)
    return at, middle
