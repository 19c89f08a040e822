"""Progress: all sessions of one runner, compared at the same speed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.realtime.review.charts.curves import LEAST_SPAN, LEAST_SPAN_OF_OTHERS
from hipcue.realtime.review.charts.trend import Point, trend_chart
from hipcue.realtime.review.labels import name_of, shown, unit_name, unit_of
from hipcue.realtime.review.rendering import render
from hipcue.realtime.review.sections.charts import Figure
from hipcue.realtime.review.sections.table import Table, heads, table_of
from hipcue.realtime.review.texts import DASH, Texts
from hipcue.realtime.session.folder import progress_of, write_text
from hipcue.realtime.session.summary import SessionSummary, list_sessions

# Smallest change between two sessions that is more than the method's own error: 1.3 to
# 4.8 degrees for angles from two-dimensional video, mean of seven steps or more (Dingenen
# 2018). The largest, because the pelvis is the hardest of them.
REAL_CHANGE_DEG = 4.8
_METRICS = (
    "hip_extension_deg", "pelvic_tilt_deg", "lumbar_extension_deg", "thigh_extension_deg",
    "stride_length_m", "cadence_spm",
)  # fmt: skip
_OF_PELVIS = {"hip_extension_deg", "pelvic_tilt_deg", "lumbar_extension_deg"}
# Smallest height of the charts of cues per minute and of the percentage that borrowed.
_LEAST_CUES, _LEAST_PERCENT = 2.0, 20.0


@dataclass(frozen=True, slots=True)
class Progress:
    """What the progress report shows; empty sections are left out."""

    title: str
    runner: str
    under: str
    words: str
    hint: str
    trends: list[Figure]
    feedback: list[Figure]
    sessions: Table | None


def progress_report(parent: Path, runner: str, language: str = "en") -> Path:
    """Write the progress of a runner over all sessions of a folder; returns the file.

    Sessions are compared at the speed that most of them have.

    Raises
    ------
    UserError
        When there is no session of that runner.
    """
    everybody = list_sessions(parent)
    sessions = [s for s in everybody if s.runner.casefold() == runner.casefold() and s.strides]
    if not sessions:
        names = sorted({s.runner for s in everybody if s.runner})
        raise UserError(
            f"cannot show the progress of {runner}",
            f"no session of that name; there are: {', '.join(names) or 'none'}",
            "hipcue sessions lists all of them",
        )
    path = progress_of(parent, runner)
    write_text(path, progress_page(sessions, Texts(language)), private=True)
    return path


def progress_page(sessions: Sequence[SessionSummary], texts: Texts) -> str:
    """Return the progress over sessions, oldest first, as HTML."""
    return render("progress.html.j2", texts, progress=progress_over(sessions, texts))


def progress_over(sessions: Sequence[SessionSummary], texts: Texts) -> Progress:
    """Return what the progress report over sessions shows, oldest first."""
    runner = sessions[0].runner
    speed = common_speed(sessions)
    first, last = (texts.day(s.started_at) for s in (sessions[0], sessions[-1]))
    hint, trends = "", []
    if speed is not None:
        near, change = texts.number(float(speed), 2), texts.number(REAL_CHANGE_DEG, 1)
        hint = texts("progress.same_speed_hint", speed=near, change=change)
        trends = [
            _trend_figure(metric, trend, texts)
            for metric in _METRICS
            if (trend := points(sessions, speed, metric, texts))
        ]
    return Progress(
        title=texts("progress.page", runner=runner),
        runner=runner,
        under=texts("progress.under", n=len(sessions), first=first, last=last),
        words=" ".join(progress_sentences(sessions, speed, texts)),
        hint=hint,
        trends=trends,
        feedback=_feedback_figures(sessions, texts),
        sessions=_session_table(sessions, texts),
    )


def common_speed(sessions: Sequence[SessionSummary]) -> str | None:
    """Return the speed bin that most sessions have; the one with more strides of equals."""
    count: Counter[str] = Counter()
    strides: Counter[str] = Counter()
    for session in sessions:
        for speed, rows in session.by_speed.items():
            count[speed] += 1
            strides[speed] += max(n for _, _, n in rows.values())
    return max(count, key=lambda s: (count[s], strides[s])) if count else None


def common_source(sessions: Sequence[SessionSummary], speed: str) -> str:
    """Return what measured the pelvis in most sessions at a speed, the latest of equals."""
    sources = [s.pelvis_source for s in reversed(sessions) if speed in s.by_speed]
    count = Counter(source for source in sources if source not in ("", "none"))
    return max(count, key=lambda source: count[source]) if count else ""


def points(
    sessions: Sequence[SessionSummary], speed: str, metric: str, texts: Texts
) -> list[Point]:
    """Return the trend of a metric at one speed, in the stored unit.

    What rests on the pelvis is taken from sessions with the same source only: sources
    differ from each other by more than runners change.
    """
    source = common_source(sessions, speed) if metric in _OF_PELVIS else None
    out = []
    for session, label in zip(sessions, _days(sessions, texts), strict=True):
        row = session.by_speed.get(speed, {}).get(metric)
        if row is not None and source in (None, session.pelvis_source):
            out.append(Point(row[0], row[1], session.schedule == "retention", label))
    return out


def _days(sessions: Sequence[SessionSummary], texts: Texts) -> list[str]:
    """Return the days of sessions, with the year where there are two of them."""
    years = {session.started_at[:4] for session in sessions}
    return [texts.short_day(session.started_at, year=len(years) > 1) for session in sessions]


def progress_sentences(
    sessions: Sequence[SessionSummary], speed: str | None, texts: Texts
) -> list[str]:
    """Return what has changed, in sentences."""
    if speed is None:
        return [texts("progress.no_speed")]
    out = [texts("progress.compared", speed=texts.number(float(speed), 2))]
    for metric, key in (("hip_extension_deg", "hip"), ("pelvic_tilt_deg", "tilt")):
        trend = points(sessions, speed, metric, texts)
        if len(trend) < 2:
            continue
        change = trend[-1].value - trend[0].value
        way = "unsure" if abs(change) < REAL_CHANGE_DEG else "rose" if change > 0 else "fell"
        first, last = (shown(metric, trend[k].value, texts) for k in (0, -1))
        out.append(texts(f"progress.{key}_{way}", first=first, last=last))
    if len(out) == 1:
        out.append(texts("progress.only_one"))
    source = common_source(sessions, speed)
    others = {s.pelvis_source for s in sessions if speed in s.by_speed} - {source, "", "none"}
    if others:
        named = [_source_name(other, texts) for other in sorted(others)]
        main = _source_name(source, texts)
        out.append(texts("progress.sources", source=main, others=texts.listed(named)))
    tests = [s for s in sessions if s.schedule == "retention" and s.judged]
    if tests:
        share = texts.number(100 * tests[-1].compensating / tests[-1].judged)
        out.append(texts("progress.retention", share=share))
    return out


def _source_name(source: str, texts: Texts) -> str:
    return texts.known("pelvis_source", source)


def _trend_figure(metric: str, trend: Sequence[Point], texts: Texts) -> Figure:
    unit = unit_of(metric)
    scaled = [Point(p.value * unit.factor, p.sd * unit.factor, p.retention, p.label) for p in trend]
    band = REAL_CHANGE_DEG if metric.endswith("_deg") else None
    name = name_of(metric, texts)
    label = texts("progress.label", title=name)
    least = LEAST_SPAN.get(unit.key, LEAST_SPAN_OF_OTHERS)
    chart = trend_chart(scaled, band, label, least, texts)
    return Figure(name, chart, unit_name(metric, texts))


def _feedback_figures(sessions: Sequence[SessionSummary], texts: Texts) -> list[Figure]:
    cues, borrowed = [], []
    for s, day in zip(sessions, _days(sessions, texts), strict=True):
        test = s.schedule == "retention"
        if s.cues_per_minute is not None:
            cues.append(Point(s.cues_per_minute, 0.0, test, day))
        if s.judged:
            borrowed.append(Point(100 * s.compensating / s.judged, 0.0, test, day))
    charts = (
        (texts("tile.cues_per_minute"), cues, _LEAST_CUES),
        (texts("progress.borrowed_share"), borrowed, _LEAST_PERCENT),
    )
    return [
        Figure(title, trend_chart(trend, None, texts("progress.label", title=title), least, texts))
        for title, trend, least in charts
        if trend
    ]


def _session_table(sessions: Sequence[SessionSummary], texts: Texts) -> Table | None:
    rows = []
    for s in sessions:
        share = f"{texts.number(100 * s.compensating / s.judged)} %" if s.judged else DASH
        per = s.cues_per_minute
        measured = (
            shown(metric, s.medians.get(metric), texts)
            for metric in ("belt_speed_mps", "hip_extension_deg", "pelvic_tilt_deg")
        )
        rows.append(
            (
                texts.moment(s.started_at),
                texts("time.axis_minutes", n=texts.number(s.minutes)),
                *measured,
                share,
                DASH if per is None else texts.number(per, 1),
                texts.known("schedule", s.schedule),
                _source_name(s.pelvis_source, texts),
            )
        )
    keys = (
        "started",
        "ran",
        "speed",
        "hip",
        "tilt",
        "borrowed",
        "per_minute",
        "schedule",
        "pelvis_by",
    )
    return table_of(heads("progress", keys, texts), rows, 0, texts)
