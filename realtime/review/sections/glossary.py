"""What each number means and what is usual, where a source says so."""

from __future__ import annotations

from collections.abc import Iterable

from hipcue.realtime.metrics import METRICS
from hipcue.realtime.review.labels import hint_of, name_of, sign_of, unit_name
from hipcue.realtime.review.sections.table import Table, heads, table_of
from hipcue.realtime.review.texts import Texts


def glossary(metrics: Iterable[str], texts: Texts) -> Table | None:
    """Return a row per metric; one that hipcue does not know today has its hint only."""
    rows = [
        (name_of(m, texts), unit_name(m, texts), definition_of(m, texts), usual_of(m, texts))
        for m in metrics
    ]
    return table_of(
        heads("glossary", ("metric", "unit", "meaning", "usual"), texts), rows, 0, texts
    )


def definition_of(metric: str, texts: Texts) -> str:
    """Return what a metric means, with its sign, in one sentence."""
    known = METRICS.get(metric)
    if known is None:
        return hint_of(metric, texts)
    meaning = texts.known("meaning", metric, known.meaning)
    sign = sign_of(metric, texts)
    return f"{meaning}; {sign}." if sign else f"{meaning}."


def usual_of(metric: str, texts: Texts) -> str:
    """Return what is usual with its source, nothing for a metric that is not known."""
    known = METRICS.get(metric)
    return texts.known("usual", metric, known.reference if known is not None else "")
