"""Waveforms of the session: early against late, cued against not."""

from __future__ import annotations

import numpy as np

from hipcue.realtime.records import Side
from hipcue.realtime.review.charts.waves import (
    CUED_STRIDES,
    WAVES,
    at_usual_speed,
    cued_and_not,
    early_and_late,
    wave_chart,
    waves,
)
from hipcue.realtime.review.sections.cues import heard_asks
from hipcue.realtime.review.sections.tables import section
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import StrideTable


def wave_section(session: SessionReader, table: StrideTable) -> str:
    """Return the section of mean waveforms of the leg on the camera's side."""
    if not len(table):
        return ""
    side = _best_side(table)
    rows = np.flatnonzero(table.of(side) & at_usual_speed(table)).tolist()
    first = session.t_first_s
    cues = [c.t_capture_s - first for c in heard_asks(session)]
    groups = (
        ("Early against late", ("first fifth", "last fifth"), early_and_late(table, rows)),
        ("Cued against not", ("not cued", f"the {CUED_STRIDES} strides after a cue"),
         cued_and_not(table, rows, cues)[::-1]),
    )  # fmt: skip
    parts = []
    for title, names, (one, other) in groups:
        if not one or not other:
            continue
        a, b = waves(session, table, one, side), waves(session, table, other, side)
        charts = [
            f"<figure><figcaption><b>{name}</b>, ° <small>{sign}</small></figcaption>{svg}</figure>"
            for name, key, sign in WAVES
            if key in a and key in b
            if (svg := wave_chart(a[key], b[key], f"{name}, {title.lower()}", ("first", "second")))
        ]
        if charts:
            counts = [max((w.count for w in g.values()), default=0) for g in (a, b)]
            key = "".join(
                f'<li class="k-{kind}"><i></i><span>{label} ({count} strides)</span></li>'
                for kind, label, count in zip(("first", "second"), names, counts, strict=True)
            )
            parts.append(f'<h3>{title}</h3><ul class="key">{key}</ul>')
            parts.append(f'<div class="grid">{"".join(charts)}</div>')
    leg = "left" if side is Side.L else "right"
    hint = (
        f"The {leg} leg from contact to contact, at the session's usual speed; the band is one "
        "standard deviation."
    )
    return section("The stride as a curve", "".join(parts), hint)


def _best_side(table: StrideTable) -> Side:
    """Return the leg that was on the camera's side most of the time."""
    left = int((table.near & table.left).sum())
    right = int((table.near & ~table.left).sum())
    return Side.L if left > right else Side.R
