"""What all charts over the time of a session share: size, time axis, marks, cursor."""

from __future__ import annotations

from markupsafe import Markup

from hipcue.realtime.review.charts import svg
from hipcue.realtime.review.charts.svg import Axis
from hipcue.realtime.review.moments import Moments
from hipcue.realtime.review.texts import Texts

# Two fit beside each other on a desk, one fills a phone with labels still readable.
WIDTH = 440.0
LEFT, RIGHT, TOP, BOTTOM = 36.0, 6.0, 8.0, 22.0
# More strides than this per leg are drawn as a median line with a band from the 10th to the
# 90th percentile: an hour has nine thousand strides, a screen has a thousand columns.
MANY = 400
BUCKETS = 160
# Longer sessions have minutes on their axis.
_IN_MINUTES_S = 180.0


def time_axis(moments: Moments) -> Axis:
    """Return the time axis that all charts share."""
    return Axis(0.0, max(moments.end_s, 1.0), LEFT, WIDTH - RIGHT)


def backdrop(moments: Moments, x: Axis, y: Axis, texts: Texts) -> list[Markup]:
    """Return grid, time labels and compensating stretches."""
    top, floor = y.end_px, y.start_px
    parts = [
        svg.rect(x.px(a), top, max(x.px(b) - x.px(a), 1.5), floor - top, "bad")
        for a, b in moments.bad_s
    ]
    for value in svg.ticks(y.low, y.high):
        parts.append(svg.line(LEFT, y.px(value), WIDTH - RIGHT, y.px(value), "grid"))
        label = texts.axis_number(value)
        parts.append(svg.text(LEFT - 6, y.px(value) + 4, label, anchor="end"))
    minutes = moments.end_s > _IN_MINUTES_S
    per, words = (60.0, "time.axis_minutes") if minutes else (1.0, "time.axis_seconds")
    for value in svg.ticks(0, x.high / per, 5):
        label = texts(words, n=texts.axis_number(value))
        anchor = "start" if value == 0 else "middle" if value * per < 0.97 * x.high else "end"
        parts.append(svg.text(x.px(value * per), floor + 16, label, anchor=anchor))
    return parts


def instants(moments: Moments, x: Axis, y: Axis) -> list[Markup]:
    """Return the cues as dashed lines and the marks as triangles."""
    top, floor = y.end_px, y.start_px
    lines = [svg.line(x.px(t), top, x.px(t), floor, "cue") for t in moments.cues_s]
    return lines + [
        svg.trace(f"M{x.px(t) - 4:.1f} {top:.1f}h8l-4 7z", "mark") for t in moments.marks_s
    ]


def over_time(parts: list[Markup], label: str, moments: Moments, y: Axis) -> Markup:
    """Return a chart over time, with a cursor that the page's script moves."""
    cursor = svg.line(0, y.end_px, 0, y.start_px, "cursor")
    box = (0.0, 0.0, WIDTH, y.start_px + BOTTOM)
    end = f"{max(moments.end_s, 1.0):.3f}"
    return svg.picture(box, [*parts, cursor], label, class_="time", data_end=end)
