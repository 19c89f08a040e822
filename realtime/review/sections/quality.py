"""How often each metric is known, how sure one stride is, and why it is missing."""

from __future__ import annotations

import numpy as np

from hipcue.realtime.review.labels import name_of, ordered, shown
from hipcue.realtime.review.sections.table import Table, heads, table_of
from hipcue.realtime.review.texts import DASH, Texts
from hipcue.realtime.session.stride_table import StrideTable

# Reasons that are named for each metric.
_MOST_REASONS = 3


def quality_table(table: StrideTable, texts: Texts) -> Table | None:
    """Return a row per metric; ``None`` without a stride."""
    n = len(table)
    if not n:
        return None
    rows = []
    for metric in ordered(set(table.values)):
        known = int(np.isfinite(table.value(metric)).sum())
        sigma = table.sigma(metric)
        sure = sigma[np.isfinite(sigma)]
        unsure = f"±{shown(metric, float(np.median(sure)), texts)}" if len(sure) else DASH
        reasons = [
            f"{texts.reason(why)} ({count})"
            for why, count in table.missing[metric].most_common(_MOST_REASONS)
        ]
        share = f"{texts.number(100 * known / n)}\u00a0%"
        rows.append((name_of(metric, texts), share, unsure, ", ".join(reasons) or DASH))
    return table_of(heads("quality", ("metric", "known", "sure", "missing"), texts), rows, 0, texts)
