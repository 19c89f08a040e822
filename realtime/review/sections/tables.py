"""The sections of the report that are tables and words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from hipcue.config.reason_words import in_words
from hipcue.realtime.metrics import METRICS
from hipcue.realtime.review.labels import hint_of, name_of, ordered, shown, unit_of
from hipcue.realtime.session.stride_table import StrideTable

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


def table_html(head: Sequence[str], body: Iterable[Sequence[str]], kind: str = "") -> str:
    """Return a table; every cell is escaped. `kind` adds to its style class."""
    rows = ["".join(f"<td>{escape(c)}</td>" for c in row) for row in body]
    top = "".join(f'<th scope="col">{escape(h)}</th>' for h in head)
    inner = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<div class="{f"scroll {kind}".strip()}"><table><thead><tr>{top}</tr></thead>'
        f"<tbody>{inner}</tbody></table></div>"
    )


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
        reasons = [f"{in_words(why)} ({k})" for why, k in table.missing[metric].most_common(3)]
        share = f"{100 * known / n:.0f}\u00a0%"
        body.append((name_of(metric), share, unsure, ", ".join(reasons) or "–"))
    head = ("Metric", "Known", "One stride is sure to", "Missing because")
    return table_html(head, body, "texts")


def advice() -> str:
    """Return what to work on, with the caution."""
    parts = [f"<h3>{escape(name)}</h3><p>{escape(how)}</p>" for name, how in ADVICE]
    source = (
        "The first two are from James Dunne, Running: It's All in The Hips (2013); the third "
        "goes with experts' advice to learn the movement off the treadmill (Barton 2016). How long "
        "and how often is our choice of what is usual; a physiotherapist may set it otherwise."
    )
    return "".join(parts) + f'<p class="hint">{escape(source)}</p><p class="caution">{CAUTION}</p>'


def glossary(metrics: Iterable[str]) -> str:
    """Return what each number means and what is usual, where a source says so."""
    body = []
    for metric in metrics:
        known = METRICS.get(metric)
        unit = unit_of(metric)[0]
        if known is not None:
            usual = known.reference.replace("+-", "±")
            body.append((name_of(metric), unit, known.definition, usual))
        else:
            body.append((name_of(metric), unit, hint_of(metric), ""))
    head = ("Metric", "Unit", "What it means", "What is usual")
    return f'<div class="wordy">{table_html(head, body)}</div>'
