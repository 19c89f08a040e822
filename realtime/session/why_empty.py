"""Why a session has no strides, by what was recorded of its frames."""

from __future__ import annotations

from hipcue.config.reasons import Reason
from hipcue.realtime.gait.why_no_strides import MOST_FRAMES, Witness
from hipcue.realtime.records import EventKind
from hipcue.realtime.session.reader import SessionReader


def why_no_strides(session: SessionReader) -> Reason | None:
    """Return what was seen instead of strides; None where there are some."""
    if session.strides:
        return None
    witness = Witness()
    for chunk in session.frames.chunks():
        if witness.seen >= MOST_FRAMES:
            break
        for k in range(chunk.count):
            witness.add_pose(chunk.pose(k))
    return witness.why(sum(event.kind is EventKind.CONTACT for _, event in session.event_steps))
