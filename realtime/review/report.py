"""report.html: one self-contained file about one session, offline and to be mailed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hipcue.config.settings import RunnerSettings
from hipcue.realtime.review.charts.stick_figures import figures_of
from hipcue.realtime.review.film_stills import stills_by_row
from hipcue.realtime.review.frame_table import frame_table
from hipcue.realtime.review.heard_cues import asks_for_change, heard_asks, heard_responses
from hipcue.realtime.review.labels import isolated, ordered
from hipcue.realtime.review.moments import moments_of
from hipcue.realtime.review.rendering import render
from hipcue.realtime.review.sections.charts import Figure, budget_figures, curve_figures
from hipcue.realtime.review.sections.cues import Cues, cues_of, marks_table
from hipcue.realtime.review.sections.devices import Devices, devices_of, picture_rate
from hipcue.realtime.review.sections.glossary import glossary
from hipcue.realtime.review.sections.quality import quality_table
from hipcue.realtime.review.sections.stride_viewer import viewer_data
from hipcue.realtime.review.sections.strips import Strips, least_and_most_borrowed, strips_of
from hipcue.realtime.review.sections.summary import Summary, summary_of
from hipcue.realtime.review.sections.table import Table
from hipcue.realtime.review.sections.waves import Waves, waves_of
from hipcue.realtime.review.summary_facts import session_facts
from hipcue.realtime.review.texts import Texts
from hipcue.realtime.session.folder import REPORT, write_text
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import StrideTable, stride_table
from hipcue.realtime.session.why_empty import why_no_strides


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report shows; ``None`` and empty sections are left out."""

    title: str
    heading: str
    under: str
    summary: Summary
    budget: list[Figure]
    strips: Strips | None
    waves: Waves | None
    cues: Cues | None
    marks: Table | None
    curves: list[Figure]
    quality: Table | None
    devices: Devices
    glossary: Table | None
    viewer: dict[str, Any] | None
    advises: bool


def build_report(folder: Path, language: str | None = None) -> Path:
    """Write report.html into a session's folder and return its path.

    Parameters
    ----------
    folder : Path
        Of the session.
    language : str or None
        Of the report; ``None`` takes that of the session's cues.

    Raises
    ------
    UserError
        When the session cannot be read.
    OSError
        When the file cannot be written.
    """
    with SessionReader(folder) as session:
        text = report_page(session, Texts(language or language_of(session)))
    write_text(folder / REPORT, text, private=True)
    return folder / REPORT


def language_of(session: SessionReader) -> object:
    """Return the language a session was made in, as its settings say it."""
    feedback = session.header.settings.get("feedback")
    return feedback.get("language") if isinstance(feedback, dict) else None


def report_page(session: SessionReader, texts: Texts) -> str:
    """Return the report of a session as HTML."""
    report = report_of(session, texts)
    script = "report.js" if report.viewer is not None else ""
    return render("report.html.j2", texts, script=script, report=report)


def report_of(session: SessionReader, texts: Texts) -> Report:
    """Return what the report of a session shows: the strides of who took most of them."""
    others = session.runners[1:]
    session = session.of_runner(session.header.runner)
    table = stride_table(session.strides, session.t_first_s)
    moments = moments_of(session, table)
    facts = session_facts(
        table,
        moments,
        cues=sum(map(asks_for_change, session.cues)),
        heard=len(heard_asks(session)),
        responses=heard_responses(session),
        pictures_hz=picture_rate(session),
        why_none=why_no_strides(session),
    )
    frames = frame_table(session)
    figures = figures_of(frames, table)
    least, most = least_and_most_borrowed(table)
    pictures = stills_by_row(session, table, [*least, *most])
    metrics = ordered({m for m in table.values if np.isfinite(table.value(m)).any()})
    runner = _runner(session)
    heading = runner or texts("page.session")
    viewer = viewer_data(table, metrics, figures, pictures, texts) if len(table) else None
    return Report(
        title=f"{heading}, {texts.moment(session.header.started_at)}",
        heading=heading,
        under=_under(session, table, others, texts),
        summary=summary_of(isolated(runner), table, facts, texts),
        budget=budget_figures(table, moments, texts),
        strips=strips_of(table, figures, pictures, (least, most), texts),
        waves=waves_of(session, frames, table, texts),
        cues=cues_of(session, texts),
        marks=marks_table(session, texts),
        curves=curve_figures(table, metrics, moments, texts),
        quality=quality_table(table, texts),
        devices=devices_of(session, texts),
        glossary=glossary(metrics, texts),
        viewer=viewer,
        advises=facts.hip_deg is not None,
    )


def _runner(session: SessionReader) -> str:
    """Return who ran; empty for who set no name, and has that of the settings' default."""
    runner = session.header.runner
    return "" if runner == RunnerSettings().name else runner


def _under(session: SessionReader, table: StrideTable, others: Sequence[str], texts: Texts) -> str:
    """Return the line under the name: when, how many strides, from which pictures, who else."""
    head = session.header
    when = texts.moment(head.started_at)
    # A nameless session knows its day only, and no zone.
    zone = f" ({head.time_zone})" if head.time_zone else ""
    parts = [f"{when}{zone}" if when else "", texts.count("count.stride", len(table))]
    if head.source:
        source = texts.known("address", head.source)
        parts.append(texts("page.pictures_from", source=source))
    if others:
        parts.append(texts("page.others_ran", names=texts.listed([*map(isolated, others)])))
    return ", ".join(part for part in parts if part)
