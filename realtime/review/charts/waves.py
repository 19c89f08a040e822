"""Mean waveforms over the stride, drawn with their spread."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from hipcue.realtime.review.charts import svg
from hipcue.realtime.review.charts.svg import Axis
from hipcue.realtime.review.texts import Texts
from hipcue.realtime.review.waveforms import Wave

_WIDTH, _FLOOR, _LEFT, _TOP, _RIGHT = 440.0, 160.0, 36.0, 8.0, 6.0


def wave_chart(first: Wave, second: Wave, label: str, texts: Texts) -> Markup:
    """Return two mean waveforms with bands of one standard deviation."""
    given = ((first, "first"), (second, "second"))
    edges = [wave.mean + sign * wave.sd for wave, _ in given for sign in (-1, 1)]
    low, high = float(np.min(edges)), float(np.max(edges))
    pad = max((high - low) * 0.06, 1.0)
    x = Axis(0, 100, _LEFT, _WIDTH - _RIGHT)
    y = Axis(low - pad, high + pad, _FLOOR, _TOP)
    parts = []
    for value in svg.ticks(y.low, y.high):
        parts.append(svg.line(_LEFT, y.px(value), _WIDTH - _RIGHT, y.px(value), "grid"))
        number = texts.axis_number(value)
        parts.append(svg.text(_LEFT - 6, y.px(value) + 4, number, anchor="end"))
    for percent in (0, 25, 50, 75, 100):
        anchor = {0: "start", 100: "end"}.get(percent, "middle")
        parts.append(svg.text(x.px(percent), _FLOOR + 16, f"{percent} %", anchor=anchor))
    for wave, kind in given:
        at = x.many(np.linspace(0, 100, len(wave.mean)))
        band = svg.area(at, y.many(wave.mean - wave.sd), y.many(wave.mean + wave.sd))
        parts.append(svg.trace(band, f"band {kind}"))
        parts.append(svg.trace(svg.path(at, y.many(wave.mean)), f"line {kind}"))
    return svg.picture((0.0, 0.0, _WIDTH, _FLOOR + 22), parts, label)
