"""report.html: one self-contained file about one session."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from pathlib import Path

from realtime.review.curves import Moments, curve_chart
from realtime.review.labels import hint_of, name_of, ordered, unit_of
from realtime.review.table import StrideTable, stride_table
from realtime.session.folder import REPORT, write_text
from realtime.session.reader import SessionReader


def build_report(folder: Path) -> Path:
    """Write report.html into a session's folder and return its path.

    Raises
    ------
    UserError
        When the session cannot be read.
    """
    with SessionReader(folder) as session:
        page = report_page(session)
    write_text(folder / REPORT, page)
    return folder / REPORT


def report_page(session: SessionReader) -> str:
    """Return the report of a session as HTML."""
    table = stride_table(session.strides, session.t_first_s)
    moments = moments_of(session, table)
    head = session.header
    title = f"{head.runner}, {head.started_at[:16].replace('T', ' ')}"
    parts = [f"<h1>{escape(title)}</h1>"]
    for metric in ordered(set(table.values)):
        unit = unit_of(metric)[0]
        parts.append(
            f"<section><h3>{escape(name_of(metric))} <small>{escape(unit)} "
            f"{escape(hint_of(metric))}</small></h3>{curve_chart(table, metric, moments)}</section>"
        )
    style = (files("realtime.review") / "report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


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
        cues_s=tuple(c.t_capture_s - first for c in session.cues),
        marks_s=tuple(m.t_s - first for m in session.marks),
        bad_s=tuple(bad),
    )
