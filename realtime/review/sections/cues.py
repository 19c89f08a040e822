"""What was said when, how fast, and what the runner did then; and the moments marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hipcue.realtime.records import Cue, CueResponse, Measurement
from hipcue.realtime.review.heard_cues import asks_for_change
from hipcue.realtime.review.labels import change_shown, shown
from hipcue.realtime.review.sections.table import MOST_ROWS, Table, heads, table_of
from hipcue.realtime.review.texts import DASH, Texts, clock
from hipcue.realtime.session.reader import SessionReader


@dataclass(frozen=True, slots=True)
class Cues:
    """How to read the tables, the cues by what they said, and one by one."""

    hint: str
    by_words: Table | None
    one_by_one: Table | None


def cues_of(session: SessionReader, texts: Texts) -> Cues | None:
    """Return what the cues of a session did; ``None`` when there was none."""
    cues = session.cues
    if not cues:
        return None
    responses = {r.cue_number: r for r in session.responses}
    return Cues(
        texts("cues.heard" if session.played else "cues.unheard"),
        _by_words(session, cues, responses, texts),
        _one_by_one(session, cues, responses, texts),
    )


def _by_words(
    session: SessionReader,
    cues: Sequence[Cue],
    responses: Mapping[int, CueResponse],
    texts: Texts,
) -> Table | None:
    """Return how often each was said, and what came after it, as medians."""
    groups: dict[tuple[str, str], list[Cue]] = defaultdict(list)
    for cue in cues:
        if asks_for_change(cue):
            groups[_said(cue, texts), _wording(cue, texts)].append(cue)
    rows = []
    for (said, wording), some in groups.items():
        played = sum(cue.number in session.played for cue in some)
        found = [responses[cue.number] for cue in some if cue.number in responses]
        metric = found[0].metric if found else ""
        changes = [c for r in found if r.metric == metric and (c := _change(r)) is not None]
        change = change_shown(metric, float(np.median(changes)), texts) if changes else DASH
        rows.append((said, wording, str(len(some)), str(played), str(len(changes)), change))
    keys = ("cue", "wording", "times", "played", "answers", "change_median")
    return table_of(heads("cues", keys, texts), rows, 0, texts)


def _one_by_one(
    session: SessionReader,
    cues: Sequence[Cue],
    responses: Mapping[int, CueResponse],
    texts: Texts,
) -> Table | None:
    rows = []
    for cue in cues[:MOST_ROWS]:
        played = session.played.get(cue.number)
        sound_s = played.t_sound_s if played else None
        delay = texts("cues.not_played")
        if sound_s is not None:
            delay = f"{texts.number((sound_s - cue.t_event_s) * 1000)} {texts('unit.ms')}"
        time = clock(cue.t_capture_s - session.t_first_s)
        begin = (time, _said(cue, texts), _wording(cue, texts), delay)
        rows.append((*begin, *_response(cue, responses.get(cue.number), texts)))
    keys = ("time", "cue", "wording", "delay", "before", "after", "change")
    return table_of(heads("cues", keys, texts), rows, len(cues) - MOST_ROWS, texts)


def _response(cue: Cue, response: CueResponse | None, texts: Texts) -> tuple[str, str, str]:
    """Return before, after and change."""
    # Nobody has to change anything after praise.
    if response is None or not asks_for_change(cue):
        return DASH, DASH, DASH
    change = _change(response)
    return (
        _measured(response.metric, response.before, texts),
        _measured(response.metric, response.after, texts),
        DASH if change is None else change_shown(response.metric, change, texts),
    )


def _said(cue: Cue, texts: Texts) -> str:
    return cue.text or texts.known("tone", cue.event, cue.event.replace("_", " "))


def _wording(cue: Cue, texts: Texts) -> str:
    return texts.known("wording", cue.focus) if cue.focus else ""


def _change(response: CueResponse) -> float | None:
    before, after = response.before.value, response.after.value
    return None if before is None or after is None else after - before


def _measured(metric: str, m: Measurement, texts: Texts) -> str:
    return (
        shown(metric, m.value, texts) if m.reason is None else f"{DASH} ({texts.reason(m.reason)})"
    )


def marks_table(session: SessionReader, texts: Texts) -> Table | None:
    """Return the moments somebody marked, with what they noted."""
    rows = [
        (clock(mark.t_s - session.t_first_s), mark.note or DASH)
        for mark in session.marks[:MOST_ROWS]
    ]
    left_out = len(session.marks) - MOST_ROWS
    return table_of(heads("marks", ("time", "note"), texts), rows, left_out, texts)
