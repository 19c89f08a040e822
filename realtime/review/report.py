"""report.html: one self-contained file about one session, offline and to be mailed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from hipcue.config.settings import RunnerSettings
from hipcue.realtime.records import JOINT_COUNT, Side, Verdict
from hipcue.realtime.review.charts.budget import budget_chart
from hipcue.realtime.review.charts.curves import LEFT, RIGHT, WIDTH, Moments, curve_chart
from hipcue.realtime.review.charts.stick_figures import (
    BONES,
    INSTANTS,
    Figures,
    best_and_worst,
    figures,
)
from hipcue.realtime.review.charts.strips import strips
from hipcue.realtime.review.labels import VERDICTS, hint_of, isolated, name_of, ordered, unit_of
from hipcue.realtime.review.page import asset, embedded, page
from hipcue.realtime.review.sections import tables as sections
from hipcue.realtime.review.sections.cues import (
    asks_for_change,
    cue_hint,
    cue_tables,
    heard_asks,
    heard_responses,
    mark_table,
)
from hipcue.realtime.review.sections.devices import (
    device_table,
    latency_words,
    picture_rate,
    settings_words,
)
from hipcue.realtime.review.sections.waves import wave_section
from hipcue.realtime.review.summary_text import Facts, count, facts, finding, tiles
from hipcue.realtime.session.folder import REPORT, write_text
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import StrideTable, stride_table

_KEY_CURVES = (
    '<ul class="key"><li class="k-left"><i></i><span>left leg</span></li>'
    '<li class="k-right"><i></i><span>right leg</span></li>'
    '<li class="k-cue"><i></i><span>cue (dashed), mark (triangle)</span></li>'
    '<li class="k-bad"><i></i><span>borrowed</span></li></ul>'
)
_KEY_BUDGET = (
    '<ul class="key"><li class="k-hip"><i></i><span>from the hip</span></li>'
    '<li class="k-pelvis"><i></i><span>lent by the pelvis</span></li>'
    '<li class="k-arch"><i></i><span>arching of the lower back (dashed)</span></li>'
    '<li class="k-cue"><i></i><span>cue (dashed, upright), mark (triangle)</span></li>'
    '<li class="k-bad"><i></i><span>borrowed</span></li></ul>'
)
# For whoever has no mouse to click a chart with.
_OPEN = '<button class="open screen" data-stride="0">Stride by stride (arrow keys)</button>'
_DOCK = (
    '<aside id="dock" hidden aria-live="polite"><div><div id="dock-bar">'
    '<div id="dock-title"></div><button id="dock-back" aria-label="Stride before">‹</button>'
    '<button id="dock-on" aria-label="Next stride">›</button>'
    '<button id="dock-close" aria-label="Close">×</button></div>'
    '<div id="dock-body"><div id="dock-pictures"></div><div id="dock-values"></div></div>'
    "</div></aside>"
)


def build_report(folder: Path) -> Path:
    """Write report.html into a session's folder and return its path.

    Raises
    ------
    UserError
        When the session cannot be read.
    OSError
        When the file cannot be written.
    """
    with SessionReader(folder) as session:
        text = report_page(session)
    write_text(folder / REPORT, text, private=True)
    return folder / REPORT


def report_page(session: SessionReader) -> str:
    """Return the report of a session as HTML."""
    table = stride_table(session.strides, session.t_first_s)
    moments = moments_of(session, table)
    asked = sum(map(asks_for_change, session.cues))
    heard, answers = len(heard_asks(session)), heard_responses(session)
    found = facts(table, moments, asked, heard, answers, picture_rate(session))
    drawn = figures(session, table)
    best, worst = best_and_worst(table)
    shown, pictures = strips(session, table, drawn, best, worst)
    metrics = ordered({m for m in table.values if np.isfinite(table.value(m)).any()})
    head = session.header
    # Whoever set no name has this one.
    named = head.runner not in ("", RunnerSettings().name)
    runner = isolated(head.runner) if named else "The runner"
    title = f"{head.runner if named else 'Session'}, {head.started_at[:16].replace('T', ' ')}"
    parts = [
        _top(session, title, found),
        _finding(runner, found, table),
        sections.section("Extension budget", _budget(table, moments), _BUDGET_HINT),
        sections.section("Least and most borrowed", shown, _STRIPS_HINT, "strips"),
        wave_section(session, table),
        sections.section("What the cues did", cue_tables(session), cue_hint(session)),
        sections.section("Marks", mark_table(session)),
        sections.section("Over the session", _curves(table, metrics, moments), _CURVES_HINT),
        sections.section("What to work on", sections.advice()),
        sections.section("How sure, and what was missing", sections.missing_table(table)),
        sections.section(
            "Devices and delays",
            latency_words(session) + device_table(session) + settings_words(session),
        ),
        sections.section("What the numbers mean", sections.glossary(metrics)),
        "<footer><p>Written by hipcue. Everything is in this file; it loads nothing.</p></footer>",
    ]
    body = f"<main>{''.join(parts)}</main>"
    if len(table):
        body += _DOCK + embedded(_data(table, metrics, drawn, pictures))
    return page(title, body, script=asset("report.js") if len(table) else "")


_STRIPS_HINT = "Tap a strip to see its numbers."
_UNSURE = "± is the standard uncertainty: about two times in three the truth lies within it."
_BUDGET_HINT = (
    "How far the thigh gets behind the vertical at push-off, and who pays for it. "
    "Tap a chart to see that stride."
)
_CURVES_HINT = (
    "A line is the running median; dots are single strides, in long sessions a band that "
    "holds 80 % of them."
)


def _top(session: SessionReader, title: str, found: Facts) -> str:
    head = session.header
    # A nameless session knows its day only.
    day, hour = head.started_at[:10], head.started_at[11:16]
    when = f"{day} {hour} ({head.time_zone})" if head.time_zone else day
    parts = [when, count(found.strides, "stride")]
    if head.source:
        parts.append(f"pictures from {head.source}")
    under = ", ".join(part for part in parts if part)
    return f'<h1>{escape(title.rsplit(", ", 1)[0])}</h1><p class="under">{escape(under)}</p>'


def _finding(runner: str, found: Facts, table: StrideTable) -> str:
    words = " ".join(finding(runner, found))
    unsure = f'<p class="hint">{_UNSURE}</p>' if "±" in words else ""
    cells = ""
    for name, value, why in tiles(table, found):
        amount, _, unit = value.replace("\u00a0", " ").partition(" ")
        cells += (
            f"<div><small>{escape(name)}</small><b>{escape(amount)} <small>{escape(unit)}</small>"
            f"</b><small>{escape(why)}</small></div>"
        )
    return (
        f'<section class="finding"><p>{escape(words)}</p>{unsure}</section>'
        f'<div class="tiles">{cells}</div>'
    )


def _budget(table: StrideTable, moments: Moments) -> str:
    names = {Side.L: "Left", Side.R: "Right"}
    charts = [(names[side], budget_chart(table, side, moments)) for side in table.sides()]
    drawn = [
        f"<figure><figcaption><b>{leg}</b></figcaption>{svg}</figure>" for leg, svg in charts if svg
    ]
    if not drawn:
        return ""
    return f'{_KEY_BUDGET}<div class="grid">{"".join(drawn)}</div>'


def _curves(table: StrideTable, metrics: Sequence[str], moments: Moments) -> str:
    if not metrics:
        return ""
    shown = [*metrics, "belt_speed_mps"] if "belt_speed_mps" in table.values else metrics
    charts = []
    for metric in shown:
        unit = unit_of(metric)[0]
        name = f"<b>{escape(name_of(metric))}</b>{', ' + escape(unit) if unit else ''}"
        charts.append(
            f"<figure><figcaption>{name}<small>{escape(hint_of(metric))}</small></figcaption>"
            f"{curve_chart(table, metric, moments)}</figure>"
        )
    return f'{_KEY_CURVES}{_OPEN}<div class="grid">{"".join(charts)}</div>'


def _data(
    table: StrideTable,
    metrics: Sequence[str],
    drawn: Figures | None,
    pictures: Sequence[tuple[int, list[str]]],
) -> dict[str, Any]:
    """Return what the page's script needs to show any stride."""
    verdicts = list(Verdict)
    columns = []
    for metric in metrics[:8]:
        unit, factor, digits = unit_of(metric)
        places = digits + (3 if factor >= 1000 else 2 if factor >= 100 else 0) + 1
        values = [None if v != v else round(v, places) for v in table.value(metric).tolist()]
        columns.append(
            {"name": name_of(metric), "unit": unit, "factor": factor, "digits": digits,
             "values": values}
        )  # fmt: skip
    return {
        "axis": [LEFT, WIDTH - RIGHT, WIDTH],
        "contact": [round(t, 3) for t in table.contact_s.tolist()],
        "number": [s.index for s in table.strides],
        "left": table.left.astype(int).tolist(),
        "near": table.near.astype(int).tolist(),
        "verdict": [verdicts.index(s.verdict) for s in table.strides],
        "verdicts": [VERDICTS.get(v, v) for v in verdicts],
        "metrics": columns,
        "joints": JOINT_COUNT,
        "instants": INSTANTS,
        "bones": [[part, int(a), int(b)] for part, a, b in BONES],
        "box": drawn.box if drawn else [0, 0, 1, 1],
        "figures": drawn.packed() if drawn else None,
        "pictures": [[row, urls] for row, urls in pictures],
    }


def moments_of(session: SessionReader, table: StrideTable) -> Moments:
    """Return what all charts of a session mark."""
    first = session.t_first_s
    last = float(table.end_s.max()) if len(table) else 0.0
    bad: list[tuple[float, float]] = []
    for start, end in zip(
        table.contact_s[table.compensating], table.end_s[table.compensating], strict=True
    ):
        # Strides of both legs overlap; neighbours within 2 s are one stretch.
        if bad and start - bad[-1][1] < 2.0:
            bad[-1] = (bad[-1][0], max(bad[-1][1], float(end)))
        else:
            bad.append((float(start), float(end)))
    return Moments(
        end_s=last,
        cues_s=tuple(c.t_capture_s - first for c in session.cues if asks_for_change(c)),
        marks_s=tuple(m.t_s - first for m in session.marks),
        bad_s=tuple(bad),
    )
