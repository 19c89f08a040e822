"""Which cues asked the runner for a change, which of them were heard, and what followed."""

from __future__ import annotations

from hipcue.realtime.records import Cue, CueResponse
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.summary import PRAISE


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
