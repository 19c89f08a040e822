"""The sections of the report that are tables and words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from devices.readings import LinkState
from realtime.records import Change, CueResponse, Measurement
from realtime.review.labels import hint_of, name_of, ordered, shown, unit_of
from realtime.review.table import StrideTable
from realtime.session.reader import SessionReader

# Rows beyond this are summed up: an hour has hundreds of cues, a reader reads twenty.
_MOST_ROWS = 40

ADVICE = (
    (
        "Kneeling hip flexor stretch",
        "Kneel on one knee, the other foot in front. Squeeze the buttock of the kneeling side "
        "and tuck the pelvis under first; then move forward without letting the lower back "
        "arch. You should feel the front of the hip, not the back. 30 to 60 seconds a side, "
        "two or three times, after the run or in the evening.",
    ),
    (
        "Knee-to-chest glute bridge",
        "Lie on your back, hold one knee firmly to the chest, so that the lower back stays "
        "flat. Push through the other heel and lift the hips. Stop where the back would begin "
        "to arch. 8 to 12 slow lifts a side, two or three times, before the run or on days "
        "without one.",
    ),
    (
        "Two minutes of standing pelvic tilts",
        "Before the run, standing: tip the pelvis forward and back a few times and find the "
        "middle. That is what the cue asks for.",
    ),
)
CAUTION = (
    "This is training information from a camera, not a diagnosis. Pelvic tilt is no sign of "
    "injury by itself, and shapes of pelvis differ between healthy people. With pain, ask a "
    "clinician."
)


def section(title: str, body: str, hint: str = "", kind: str = "") -> str:
    """Return a section, nothing when its body is empty."""
    if not body:
        return ""
    small = f"<p class='hint'>{escape(hint)}</p>" if hint else ""
    opening = f'<section class="{kind}">' if kind else "<section>"
    return f"{opening}<h2>{escape(title)}</h2>{small}{body}</section>"


def table_html(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """Return a table; every cell is escaped, from the second on right-aligned."""
    rows = ["".join(f"<td>{escape(c)}</td>" for c in row) for row in body]
    top = "".join(f"<th>{escape(h)}</th>" for h in head)
    inner = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<div class="scroll"><table><thead><tr>{top}</tr></thead>'
        f"<tbody>{inner}</tbody></table></div>"
    )


def clock(t_s: float) -> str:
    """Return a time as minutes and seconds."""
    whole = max(round(t_s), 0)
    return f"{whole // 60}:{whole % 60:02d}"


def _measured(metric: str, m: Measurement) -> str:
    return shown(metric, m.value) if m.known else f"– ({m.reason})"


def cue_table(session: SessionReader) -> str:
    """Return what was said when, how fast, and what the runner did then."""
    cues = session.cues
    if not cues:
        return ""
    answers: dict[int, CueResponse] = {r.cue_number: r for r in session.responses}
    body = []
    for cue in cues[:_MOST_ROWS]:
        played = session.played.get(cue.number)
        sound_s = played.t_sound_s if played else None
        delay = "not played" if sound_s is None else f"{(sound_s - cue.t_event_s) * 1000:.0f} ms"
        answer = answers.get(cue.number)
        cells = ["–", "–", "–"]
        if answer is not None:
            before, after = answer.before, answer.after
            cells[0] = _measured(answer.metric, before)
            cells[1] = _measured(answer.metric, after)
            if before.value is not None and after.value is not None:
                change = shown(answer.metric, after.value - before.value)
                cells[2] = change if change.startswith("−") else f"+{change}"
        said = cue.text or cue.event.replace("_", " ")
        row = (clock(cue.t_capture_s - session.t_first_s), said, cue.focus or "", delay, *cells)
        body.append(row)
    head = ("Time", "Cue", "Wording", "Delay", "Before", "After", "Change")
    more = len(cues) - _MOST_ROWS
    tail = f"<p class='hint'>and {more} more, in session.db</p>" if more > 0 else ""
    return table_html(head, body) + tail


def missing_table(table: StrideTable) -> str:
    """Return how often each metric is known, how sure it is, and why it is missing."""
    n = len(table)
    if not n:
        return ""
    body = []
    for metric in ordered(set(table.values)):
        known = int(np.isfinite(table.value(metric)).sum())
        sigma = table.sigmas.get(metric)
        sure = sigma[np.isfinite(sigma)] if sigma is not None else np.empty(0)
        unsure = f"±{shown(metric, float(np.median(sure)))}" if len(sure) else "–"
        reasons = [f"{why} ({k})" for why, k in table.missing[metric].most_common(3)]
        share = f"{100 * known / n:.0f}\u00a0%"
        body.append((name_of(metric), share, unsure, ", ".join(reasons) or "–"))
    return table_html(("Metric", "Known", "One stride is sure to", "Missing because"), body)


def device_table(session: SessionReader) -> str:
    """Return what was plugged in, and every change of a device's light."""
    head = session.header
    rows = [(name, text, "") for name, text in head.devices.items()]
    for t_s, status in session.devices[:_MOST_ROWS]:
        if status.state is not LinkState.LIVE or rows:
            when = clock(t_s - session.t_first_s)
            rows.append((status.name, f"{status.state}: {status.text}", when))
    rows += [("fault", f.text, clock(f.t_s - session.t_first_s)) for f in session.faults[:20]]
    return table_html(("Device", "What it said", "When"), rows) if rows else ""


def latency_words(session: SessionReader) -> str:
    """Return how long decisions and sounds took, in words."""
    known = session.header_values.get("latency_ms")
    words = ""
    if isinstance(known, dict) and all(_is_time(known.get(p)) for p in ("p50", "p95", "p99")):
        words = (
            f"<p>From the picture to what hipcue made of it: median {known['p50']:.0f} ms, 95 % "
            f"within {known['p95']:.0f} ms, 99 % within {known['p99']:.0f} ms.</p>"
        )
    decided, sounded = [], []
    for cue in session.cues:
        played = session.played.get(cue.number)
        sound_s = played.t_sound_s if played else None
        if sound_s is not None:
            decided.append((sound_s - cue.t_capture_s) * 1000)
            sounded.append((sound_s - cue.t_event_s) * 1000)
    if not sounded:
        return words
    from_picture = np.percentile(decided, (50, 95))
    from_event = np.percentile(sounded, (50, 95))
    return words + (
        f"<p>From the picture to the sound: median {from_picture[0]:.0f} ms, 95 % within "
        f"{from_picture[1]:.0f} ms. From the push-off to the sound: median "
        f"{from_event[0]:.0f} ms, 95 % within {from_event[1]:.0f} ms. One step lasts about "
        "350 ms.</p>"
    )


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and 0.0 <= value < 1e6


def advice() -> str:
    """Return what to work on, with the caution."""
    parts = [f"<h3>{escape(name)}</h3><p>{escape(how)}</p>" for name, how in ADVICE]
    source = (
        "The first two are from James Dunne, Running: It's All in The Hips (2013); the third "
        "goes with experts' advice to learn the movement off the treadmill (Barton 2016)."
    )
    return "".join(parts) + f'<p class="hint">{escape(source)}</p><p class="caution">{CAUTION}</p>'


def glossary(metrics: Iterable[str]) -> str:
    """Return what each number means and what is usual, where a source says so."""
    # Imported here: the review must open old sessions whatever the metrics are today.
    from realtime.metrics import METRICS

    body = []
    for metric in metrics:
        known = METRICS.get(metric)
        unit = unit_of(metric)[0]
        if known is not None:
            body.append((name_of(metric), unit, known.definition, known.reference))
        else:
            body.append((name_of(metric), unit, hint_of(metric), ""))
    head = ("Metric", "Unit", "What it means", "What is usual")
    return f'<div class="wordy">{table_html(head, body)}</div>'


def settings_words(session: SessionReader) -> str:
    """Return versions and settings as used, and what was chosen anew, folded away."""
    head = session.header
    lines = [f"{name} {value}" for name, value in head.versions.items()]
    for name, part in head.settings.items():
        if isinstance(part, dict):
            lines += [f"{name}.{key} = {value}" for key, value in part.items()]
    lines += [
        f"{wish.choice} = {wish.value} from {clock(session.t_of_step(step) - session.t_first_s)} on"
        for step, wish in session.ask_steps[:_MOST_ROWS]
        if isinstance(wish, Change)
    ]
    text = escape("\n".join(lines))
    return f"<details><summary>Versions and settings as used</summary><pre>{text}</pre></details>"
