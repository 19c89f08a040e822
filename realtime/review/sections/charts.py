"""The charts over the session: the extension budget of each leg, and every metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from hipcue.realtime.records import Side
from hipcue.realtime.review.charts.budget import budget_chart
from hipcue.realtime.review.charts.curves import curve_chart
from hipcue.realtime.review.labels import BELT_SPEED, hint_of, name_of, unit_name
from hipcue.realtime.review.moments import Moments
from hipcue.realtime.review.texts import Texts
from hipcue.realtime.session.stride_table import StrideTable


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its caption: what it shows, in which unit, and half a sentence about it."""

    title: str
    chart: Markup
    unit: str = ""
    hint: str = ""


def budget_figures(table: StrideTable, moments: Moments, texts: Texts) -> list[Figure]:
    """Return the extension budget of each leg whose pelvis was seen."""
    titles = {Side.L: texts("side.left_title"), Side.R: texts("side.right_title")}
    charts = [(titles[s], budget_chart(table, s, moments, texts)) for s in table.sides()]
    return [Figure(title, chart) for title, chart in charts if chart is not None]


def curve_figures(
    table: StrideTable, metrics: Sequence[str], moments: Moments, texts: Texts
) -> list[Figure]:
    """Return every metric over the session, and the belt's speed after them."""
    if not metrics:
        return []
    shown = [*metrics, BELT_SPEED] if BELT_SPEED in table.values else metrics
    return [
        Figure(
            name_of(metric, texts),
            curve_chart(table, metric, moments, texts),
            unit_name(metric, texts),
            hint_of(metric, texts),
        )
        for metric in shown
    ]
