"""The instants and stretches of a session that every chart over time marks."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.realtime.review.heard_cues import asks_for_change
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import StrideTable

# Strides of both legs overlap; compensating ones nearer than this are one stretch. Our
# choice: under three strides.
_ONE_STRETCH_S = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Instants and stretches that all charts show, in seconds from the first frame."""

    end_s: float
    cues_s: tuple[float, ...] = ()
    marks_s: tuple[float, ...] = ()
    bad_s: tuple[tuple[float, float], ...] = ()


def moments_of(session: SessionReader, table: StrideTable) -> Moments:
    """Return what all charts of a session mark."""
    first = session.t_first_s
    last = float(table.end_s.max()) if len(table) else 0.0
    bad: list[tuple[float, float]] = []
    for start, end in zip(
        table.contact_s[table.compensating], table.end_s[table.compensating], strict=True
    ):
        if bad and start - bad[-1][1] < _ONE_STRETCH_S:
            bad[-1] = (bad[-1][0], max(bad[-1][1], float(end)))
        else:
            bad.append((float(start), float(end)))
    return Moments(
        end_s=last,
        cues_s=tuple(c.t_capture_s - first for c in session.cues if asks_for_change(c)),
        marks_s=tuple(m.t_s - first for m in session.marks),
        bad_s=tuple(bad),
    )
