"""What was said when, how fast, and what the runner did then; and the moments marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from hipcue.config.reason_words import in_words
from hipcue.realtime.records import Cue, CueResponse, Measurement
from hipcue.realtime.review.labels import clock, shown
from hipcue.realtime.review.sections.tables import table_html
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.summary import PRAISE

# Rows beyond this are summed up: an hour has hundreds of cues, a reader reads twenty.
_MOST_ROWS = 40
_TONES = {"tilt_out": "falling tone: out of the band", "tilt_back": "rising tone: back in it"}

_HEARD = (
    "Delay is from the push-off a cue is about to its sound. Before and after are means of the "
    "5 strides before a cue and the 10 after it. What comes after a cue need not come from it."
)
_UNHEARD = (
    "None of these was played: they are what would have been said. What came after them came by "
    "itself."
)


def asks_for_change(cue: Cue) -> bool:
    """Return whether a cue wants something else of the runner; praise does not."""
    return cue.event not in PRAISE


def heard_asks(session: SessionReader) -> list[Cue]:
    """Return the cues that asked for a change and were played."""
    return [c for c in session.cues if asks_for_change(c) and c.number in session.played]


def heard_responses(session: SessionReader) -> list[CueResponse]:
    """Return what followed the cues that asked for a change and were played."""
    numbers = {cue.number for cue in heard_asks(session)}
    return [r for r in session.responses if r.cue_number in numbers]


def cue_hint(session: SessionReader) -> str:
    """Return how to read the tables of cues."""
    return _HEARD if session.played else _UNHEARD


def cue_tables(session: SessionReader) -> str:
    """Return the cues by what they said, and one by one; nothing when there was none."""
    cues = session.cues
    if not cues:
        return ""
    answers = {r.cue_number: r for r in session.responses}
    return _by_words(session, cues, answers) + _one_by_one(session, cues, answers)


def _by_words(session: SessionReader, cues: Sequence[Cue], answers: dict[int, CueResponse]) -> str:
    """Return how often each was said, and what came after it, as medians."""
    groups: dict[tuple[str, str], list[Cue]] = defaultdict(list)
    for cue in cues:
        if asks_for_change(cue):
            groups[_said(cue), cue.focus or ""].append(cue)
    body = []
    for (said, focus), some in groups.items():
        played = sum(cue.number in session.played for cue in some)
        found = [answers[cue.number] for cue in some if cue.number in answers]
        metric = found[0].metric if found else ""
        changes = [c for r in found if r.metric == metric and (c := _change(r)) is not None]
        change = _signed(metric, float(np.median(changes))) if changes else "–"
        body.append((said, focus, str(len(some)), str(played), str(len(changes)), change))
    if not body:
        return ""
    head = ("Cue", "Wording", "Times", "Played", "Answers known", "Change after it (median)")
    return table_html(head, body)


def _one_by_one(
    session: SessionReader, cues: Sequence[Cue], answers: dict[int, CueResponse]
) -> str:
    body = []
    for cue in cues[:_MOST_ROWS]:
        played = session.played.get(cue.number)
        sound_s = played.t_sound_s if played else None
        delay = "not played" if sound_s is None else f"{(sound_s - cue.t_event_s) * 1000:.0f} ms"
        answer = answers.get(cue.number)
        cells = ["–", "–", "–"]
        # Nobody has to change anything after praise.
        if answer is not None and asks_for_change(cue):
            change = _change(answer)
            cells = [
                _measured(answer.metric, answer.before),
                _measured(answer.metric, answer.after),
                "–" if change is None else _signed(answer.metric, change),
            ]
        row = (clock(cue.t_capture_s - session.t_first_s), _said(cue), cue.focus or "", delay)
        body.append((*row, *cells))
    head = ("Time", "Cue", "Wording", "Delay", "Before", "After", "Change")
    more = len(cues) - _MOST_ROWS
    tail = f"<p class='hint'>and {more} more, in session.db</p>" if more > 0 else ""
    return table_html(head, body, "cues") + tail


def _said(cue: Cue) -> str:
    return cue.text or _TONES.get(cue.event) or cue.event.replace("_", " ")


def _change(answer: CueResponse) -> float | None:
    before, after = answer.before.value, answer.after.value
    return None if before is None or after is None else after - before


def _signed(metric: str, change: float) -> str:
    text = shown(metric, change)
    return text if text.startswith("−") else f"+{text}"


def _measured(metric: str, m: Measurement) -> str:
    return shown(metric, m.value) if m.reason is None else f"– ({in_words(m.reason)})"


def mark_table(session: SessionReader) -> str:
    """Return the moments somebody marked, with what they noted."""
    body = [
        (clock(mark.t_s - session.t_first_s), mark.note or "–")
        for mark in session.marks[:_MOST_ROWS]
    ]
    more = len(session.marks) - _MOST_ROWS
    tail = f"<p class='hint'>and {more} more, in session.db</p>" if more > 0 else ""
    return table_html(("Time", "Note"), body) + tail if body else ""
