"""Progress: all sessions of one runner, compared at the same speed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np

from hipcue.config.errors import UserError
from hipcue.realtime.review.charts import svg
from hipcue.realtime.review.charts.curves import LEAST_SPAN
from hipcue.realtime.review.charts.svg import Axis
from hipcue.realtime.review.labels import name_of, shown, unit_of
from hipcue.realtime.review.page import page
from hipcue.realtime.review.sections.tables import CAUTION, section, table_html
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
_WIDTH, _FLOOR, _LEFT, _TOP = 440.0, 150.0, 40.0, 10.0


@dataclass(frozen=True, slots=True)
class Point:
    """One session in a trend: its mean, spread over strides, and whether it was a test."""

    value: float
    sd: float
    retention: bool
    label: str


def progress_report(parent: Path, runner: str) -> Path:
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
    write_text(path, progress_page(sessions), private=True)
    return path


def progress_page(sessions: Sequence[SessionSummary]) -> str:
    """Return the progress over sessions, oldest first, as HTML."""
    runner = sessions[0].runner
    speed = common_speed(sessions)
    parts = [
        f"<h1>{escape(runner)}</h1>",
        f'<p class="under">{len(sessions)} sessions from {sessions[0].started_at[:10]} to '
        f"{sessions[-1].started_at[:10]}</p>",
        f'<section class="finding"><p>{escape(" ".join(words(sessions, speed)))}</p></section>',
    ]
    if speed is not None:
        hint = (
            f"Sessions with strides near {float(speed):.2f} m/s only, because tilt rises with "
            f"speed. Bars are the spread between strides; the grey band is {REAL_CHANGE_DEG}° "
            "around the first session: inside it, nothing has changed that the method could "
            "tell (Dingenen 2018). Rings are retention tests, without cues."
        )
        charts = "".join(_figure(m, points(sessions, speed, m)) for m in _METRICS)
        parts.append(section("At the same speed", f'<div class="grid">{charts}</div>', hint))
    parts.append(section("Feedback", f'<div class="grid">{_feedback(sessions)}</div>'))
    parts.append(section("All sessions", _table(sessions)))
    parts.append(f'<section><p class="caution">{CAUTION}</p></section>')
    return page(f"{runner}, progress", f"<main>{''.join(parts)}</main>")


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


def points(sessions: Sequence[SessionSummary], speed: str, metric: str) -> list[Point]:
    """Return the trend of a metric at one speed.

    What rests on the pelvis is taken from sessions with the same source only: sources
    differ from each other by more than runners change.
    """
    source = common_source(sessions, speed) if metric in _OF_PELVIS else None
    out = []
    for session, label in zip(sessions, _dates(sessions), strict=True):
        row = session.by_speed.get(speed, {}).get(metric)
        if row is not None and source in (None, session.pelvis_source):
            out.append(Point(row[0], row[1], session.schedule == "retention", label))
    return out


def _dates(sessions: Sequence[SessionSummary]) -> list[str]:
    """Return the days of sessions, with the year where there are two of them."""
    years = {session.started_at[:4] for session in sessions}
    start = 5 if len(years) < 2 else 2
    return [session.started_at[start:10] for session in sessions]


def words(sessions: Sequence[SessionSummary], speed: str | None) -> list[str]:
    """Return what has changed, in sentences."""
    if speed is None:
        return ["No session has a belt speed, so sessions cannot be compared."]
    out = [f"Compared near {float(speed):.2f} m/s."]
    for metric, name in (
        ("hip_extension_deg", "Hip extension"),
        ("pelvic_tilt_deg", "The tilt at push-off"),
    ):
        trend = points(sessions, speed, metric)
        if len(trend) < 2:
            continue
        change = trend[-1].value - trend[0].value
        pair = f"{shown(metric, trend[0].value)} to {shown(metric, trend[-1].value)}"
        if abs(change) >= REAL_CHANGE_DEG:
            way = "rose" if change > 0 else "fell"
            out.append(f"{name} {way} from {pair}: more than the method's own error.")
        else:
            out.append(f"{name} went from {pair}: too little to be sure that it is real.")
    if len(out) == 1:
        out.append("There is only one session at this speed so far.")
    source = common_source(sessions, speed)
    others = {s.pelvis_source for s in sessions if speed in s.by_speed} - {source, "", "none"}
    if others:
        out.append(
            f"The pelvis was measured by {source} in most sessions and by "
            f"{' and '.join(sorted(others))} in others; those are left out where the pelvis "
            "counts, because sources differ by themselves."
        )
    tests = [s for s in sessions if s.schedule == "retention" and s.judged]
    if tests:
        last = tests[-1]
        share = 100 * last.compensating / last.judged
        out.append(
            f"In the last retention test, without cues, {share:.0f} % of the judged strides "
            "borrowed."
        )
    return out


def _figure(metric: str, trend: Sequence[Point]) -> str:
    if not trend:
        return ""
    unit, factor, _ = unit_of(metric)
    band = REAL_CHANGE_DEG if metric.endswith("_deg") else None
    title = f"<b>{escape(name_of(metric))}</b>, {escape(unit)}"
    chart = _chart(trend, factor, band, metric, LEAST_SPAN.get(unit, 0.2))
    return f"<figure><figcaption>{title}</figcaption>{chart}</figure>"


def _chart(
    trend: Sequence[Point], factor: float, band: float | None, label: str, least: float
) -> str:
    values = np.array([p.value for p in trend]) * factor
    sds = np.array([p.sd for p in trend]) * factor
    edges = [values - sds, values + sds]
    if band is not None:
        edges.append(np.array([values[0] - band, values[0] + band]))
    low, high = (float(f(np.concatenate(edges))) for f in (np.min, np.max))
    positive = low >= 0
    pad = max((high - low) * 0.08, (least - (high - low)) / 2)
    low, high = low - pad, high + pad
    y = Axis(max(low, 0.0) if positive else low, high, _FLOOR, _TOP)
    n = len(trend)
    x = Axis(0, max(n - 1, 1), _LEFT + 20, _WIDTH - 24)
    parts = []
    if band is not None:
        top, bottom = y.px(values[0] + band), y.px(values[0] - band)
        parts.append(svg.rect(_LEFT, top, _WIDTH - _LEFT - 4, bottom - top, "real"))
    for value in svg.ticks(y.low, y.high):
        parts.append(svg.line(_LEFT, y.px(value), _WIDTH - 4, y.px(value), "grid"))
        parts.append(svg.text(_LEFT - 6, y.px(value) + 4, svg.plain(value), "tick", "end"))
    every = max(-(-n // 6), 1)
    xs = [x.px(k) if n > 1 else (_LEFT + _WIDTH) / 2 for k in range(n)]
    trace = svg.path(np.array(xs), y.many(values))
    parts.append(f'<path class="line left" d="{trace}"/>')
    for k, point in enumerate(trend):
        cy = y.px(float(values[k]))
        spread = (y.px(float(values[k] - sds[k])), y.px(float(values[k] + sds[k])))
        parts.append(svg.line(xs[k], spread[0], xs[k], spread[1], "whisker left"))
        kind = "ring" if point.retention else "dot"
        parts.append(f'<circle class="{kind} left" cx="{xs[k]:.1f}" cy="{cy:.1f}" r="4.5"/>')
        if k % every == 0:
            parts.append(svg.text(xs[k], _FLOOR + 16, point.label, "tick", "middle"))
    return svg.picture(_WIDTH, _FLOOR + 22, parts, f"{name_of(label)} over the sessions")


def _feedback(sessions: Sequence[SessionSummary]) -> str:
    dated = list(zip(sessions, _dates(sessions), strict=True))
    cues = [
        Point(per, 0.0, s.schedule == "retention", date)
        for s, date in dated
        if (per := s.cues_per_minute) is not None
    ]
    borrowed = [
        Point(100 * s.compensating / s.judged, 0.0, s.schedule == "retention", date)
        for s, date in dated
        if s.judged
    ]
    parts = []
    charts = (("Cues per minute", cues, 2.0), ("Strides that borrowed, %", borrowed, 20.0))
    for title, trend, least in charts:
        if trend:
            chart = _chart(trend, 1.0, None, title, least)
            parts.append(f"<figure><figcaption><b>{title}</b></figcaption>{chart}</figure>")
    return "".join(parts)


def _table(sessions: Sequence[SessionSummary]) -> str:
    body = []
    for s in sessions:
        share = f"{100 * s.compensating / s.judged:.0f} %" if s.judged else "–"
        per = s.cues_per_minute
        body.append(
            (
                s.started_at[:16].replace("T", " "),
                f"{s.minutes:.0f} min",
                shown("belt_speed_mps", s.medians.get("belt_speed_mps")),
                shown("hip_extension_deg", s.medians.get("hip_extension_deg")),
                shown("pelvic_tilt_deg", s.medians.get("pelvic_tilt_deg")),
                share,
                "–" if per is None else f"{per:.1f}",
                s.schedule,
                s.pelvis_source,
            )
        )
    head = (
        "Started", "Ran", "Speed", "Hip extension", "Pelvic tilt", "Borrowed", "Cues/min",
        "Schedule", "Pelvis by",
    )  # fmt: skip
    return table_html(head, body)
