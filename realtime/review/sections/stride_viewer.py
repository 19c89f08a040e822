"""What the page's script needs to show any stride when somebody chooses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hipcue.realtime.records import JOINT_COUNT, Verdict
from hipcue.realtime.review.charts.stick_figures import BONES, HEAD_SHARE, INSTANTS, Figures
from hipcue.realtime.review.charts.time_axis import LEFT, RIGHT, WIDTH
from hipcue.realtime.review.labels import name_of, unit_of
from hipcue.realtime.review.texts import Texts
from hipcue.realtime.session.stride_table import Floats, StrideTable

# As many numbers fit beside the pictures.
_MOST_METRICS = 8


def viewer_data(
    table: StrideTable,
    metrics: Sequence[str],
    figures: Figures | None,
    pictures: Mapping[int, Sequence[str]],
    texts: Texts,
) -> dict[str, Any]:
    """Return what the script reads, as plain JSON values: columns by stride, and words."""
    verdicts = list(Verdict)
    return {
        "axis": [LEFT, WIDTH - RIGHT, WIDTH],
        "contact": [round(t, 3) for t in table.contact_s.tolist()],
        "number": [s.index for s in table.strides],
        "left": table.left.astype(int).tolist(),
        "near": table.near.astype(int).tolist(),
        "verdict": [verdicts.index(s.verdict) for s in table.strides],
        "metrics": [_column(table, metric, texts) for metric in metrics[:_MOST_METRICS]],
        "joints": JOINT_COUNT,
        "bones": [[part, int(a), int(b)] for part, a, b in BONES],
        "head": HEAD_SHARE,
        "box": figures.box if figures else [0, 0, 1, 1],
        "figures": figures.packed() if figures else None,
        "pictures": [[row, addresses] for row, addresses in sorted(pictures.items())],
        "words": _words(texts),
    }


def _column(table: StrideTable, metric: str, texts: Texts) -> dict[str, Any]:
    unit = unit_of(metric)
    # One digit more than is shown, in the stored unit.
    places = unit.decimals + (3 if unit.factor >= 1000 else 2 if unit.factor >= 100 else 0) + 1
    return {
        "name": name_of(metric, texts),
        "unit": texts(f"unit.{unit.key}"),
        "factor": unit.factor,
        "digits": unit.decimals,
        "values": _rounded(table.value(metric), places),
    }


def _rounded(values: Floats, places: int) -> list[float | None]:
    return [None if v != v else round(v, places) for v in values.tolist()]


def _words(texts: Texts) -> dict[str, Any]:
    return {
        "title": texts("viewer.title"),
        "far": texts("viewer.far"),
        "picture": texts("viewer.picture"),
        "figures": [texts("strips.figure", instant=texts(f"strips.{name}")) for name in INSTANTS],
        "left": texts("side.left"),
        "right": texts("side.right"),
        "verdicts": [texts.known("verdict", verdict.value) for verdict in Verdict],
        "decimalMark": texts.decimal_mark,
    }
