"""Strides out of events: from a contact to the next contact of the same foot."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from realtime.records import EventKind, GaitEvent, Side

# A runner's stride lasts 0.5 to 1 s, a slow walker's up to 1.6 s; longer ones are pauses.
_LONGEST_S = 2.0
# A stride this much longer than the last ones is two, with a contact between them that
# was not seen; our choice: nobody's stride changes by half from one to the next.
_MISSED = 1.5
# One that is this much longer or shorter than the last ones has a contact that was seen in
# the wrong place, as when frames are lost; our choice: from stride to stride a runner's
# duration varies by 1 to 3 %.
_UNLIKE = 0.12
_KEPT_S = 6.0
# A foot that did not land for so long is not seen; our choice.
_UNSEEN_S = 3.0


@dataclass(frozen=True, slots=True)
class StrideEvents:
    """The events of one stride; what was not seen is None."""

    side: Side
    contact_s: float
    toe_off_s: float | None
    end_s: float
    peak_s: float | None
    other_contact_s: float | None
    other_toe_off_s: float | None
    sigma_s: float
    t_decided_s: float


class StrideBuilder:
    """Collects events of both legs and closes a stride at every contact."""

    def __init__(self) -> None:
        self._events: list[GaitEvent] = []
        self._usual: deque[float] = deque(maxlen=5)

    def clear(self) -> None:
        """Forget the strides that are open, e.g. after the runner stepped off.

        How long they usually last is kept: whoever comes back is most often the same, and
        somebody else is believed after a few strides.
        """
        self._events.clear()

    def push(self, event: GaitEvent) -> StrideEvents | None:
        """Take an event; return the stride it closes, if it does."""
        self._events = [e for e in self._events if event.t_s - e.t_s < _KEPT_S]
        closed = self._close(event) if event.kind is EventKind.CONTACT else None
        self._events.append(event)
        return closed

    def _close(self, end: GaitEvent) -> StrideEvents | None:
        contacts = self._times(end.side, EventKind.CONTACT)
        if not contacts or not 0.0 < end.t_s - contacts[-1] <= _LONGEST_S:
            return None
        start_s = contacts[-1]
        length_s = end.t_s - start_s
        usual_s = float(np.median(self._usual)) if len(self._usual) >= 3 else length_s
        if length_s > _MISSED * usual_s:
            return None
        other = end.side.other
        between = [t for t in self._times(other, EventKind.CONTACT) if start_s < t < end.t_s]
        swings = [
            sum(start_s < t < end.t_s for t in self._times(side, EventKind.MAX_EXTENSION))
            for side in Side
        ]
        # A thigh that went back twice took two strides, whatever the foot seemed to do.
        if max(swings) > 1 or not self._plausible(end, len(between)):
            return None
        self._usual.append(length_s)  # Who really changes is believed after a few strides.
        if abs(length_s - usual_s) > _UNLIKE * usual_s:
            return None
        return StrideEvents(
            side=end.side,
            contact_s=start_s,
            toe_off_s=_first(self._times(end.side, EventKind.TOE_OFF), start_s, end.t_s),
            end_s=end.t_s,
            peak_s=_first(self._times(end.side, EventKind.MAX_EXTENSION), start_s, end.t_s),
            other_contact_s=_first(self._times(other, EventKind.CONTACT), start_s, end.t_s),
            other_toe_off_s=_first(self._times(other, EventKind.TOE_OFF), start_s, end.t_s),
            sigma_s=end.sigma_s,
            t_decided_s=end.t_decided_s,
        )

    def _plausible(self, end: GaitEvent, others: int) -> bool:
        """Whether the other foot landed as often as it must: once in every stride.

        A foot that is hidden may be missed; in the first strides that is no excuse, as
        long as the other foot is seen at all.
        """
        if others > 1:
            return False
        if others == 1 or len(self._usual) >= 3:
            return True
        seen = self._times(end.side.other, EventKind.CONTACT)
        return not seen or end.t_s - seen[-1] > _UNSEEN_S

    def _times(self, side: Side, kind: EventKind) -> list[float]:
        return [e.t_s for e in self._events if e.side is side and e.kind is kind]


def _first(times: list[float], after_s: float, before_s: float) -> float | None:
    return next((t for t in times if after_s < t < before_s), None)
