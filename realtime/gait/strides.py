"""Strides out of events: from a contact to the next contact of the same foot.

Contacts alone are not believed: in a stride each thigh swings back once, the other foot
lands once, and it lasts about as long as the strides before. The first strides of somebody
wait until they agree with each other.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace
from statistics import median

from hipcue.realtime.gait.leg_habits import LEAST_DUTY
from hipcue.realtime.gait.pose_buffer import PoseBuffer
from hipcue.realtime.gait.swing_count import swings_back
from hipcue.realtime.records import EventKind, GaitEvent, Side

# No stride for this long means standing about; our choice: two slow strides.
IDLE_S = 3.0
# A runner's stride lasts 0.5 to 1 s, a slow walker's up to 1.6 s; longer ones are pauses.
_LONGEST_S = 2.0
# One that is this much longer or shorter than the last ones has a contact that was seen in
# the wrong place, as when frames are lost; our choice: from stride to stride a runner's
# duration varies by 1 to 3 %.
_UNLIKE = 0.12
# A stride that differs from the usual one by more than this may well be off by what it is more;
# our choice: three times what strides vary by from one to the next, at the steadiest.
_VARIES = 0.03
# So many strides that are alike tell how long the others last; our choice: they are of both
# legs, so one foot that is seen in the wrong place is outvoted.
_ALIKE = 3
# A stance this much longer or shorter than the last ones has a toe-off that was seen in the wrong
# place, and none is told; our choice: on eleven films and simulated runners stances spread by
# 5 % at the most, wrong ones were off by 28 to 76 %.
_UNLIKE_STANCE = 0.25
# From those of both legs it may differ by more; our choice: people who limp, or run with one
# prosthesis, stand on their legs for times that differ by up to a fifth.
_UNLIKE_LEGS = 0.35
# One that is less unlike them, but more than stances vary, is as unsure as it is unlike. Our
# choice: a runner's stances vary by 2 to 3 %.
_VARIES_STANCE = 0.05
# One that began longer ago than this is not told any more when it is believed: the frames
# to measure it in are forgotten after 4 s (`PoseBuffer`).
_TOLD_S = 3.0
_KEPT_S = 6.0
# A foot that did not land for so long is not seen; our choice.
_UNSEEN_S = 3.0


@dataclass(frozen=True, slots=True)
class StrideEvents:
    """The events of one stride; what was not seen is None.

    `usual_s` is how long the strides before lasted; None where they are not known.
    `unlike_stance_s` is by how much more its stance differs from those before than they vary,
    `contact_sigma_s` the standard uncertainty of its first contact alone.
    """

    side: Side
    contact_s: float
    toe_off_s: float | None
    end_s: float
    peak_s: float | None
    other_contact_s: float | None
    other_toe_off_s: float | None
    sigma_s: float
    t_decided_s: float
    usual_s: float | None = None
    unlike_stance_s: float = 0.0
    contact_sigma_s: float = 0.0

    @property
    def lasted_s(self) -> float:
        """From contact to contact."""
        return self.end_s - self.contact_s

    def lasts_about(self, usual_s: float) -> bool:
        """Whether it is as long as others, give or take what a step to the next may differ."""
        return abs(self.lasted_s - usual_s) <= _UNLIKE * usual_s

    def doubted(self, usual_s: float) -> StrideEvents:
        """Return it with as much more uncertainty as it differs from others beyond habit."""
        unlike_s = max(abs(self.lasted_s - usual_s) - _VARIES * usual_s, 0.0)
        # Both of its events are taken to be as unsure.
        sigma_s = math.hypot(self.sigma_s, unlike_s / math.sqrt(2))
        return replace(self, sigma_s=sigma_s, usual_s=usual_s)


class StrideBuilder:
    """Collects events of both legs and closes a stride at every contact."""

    def __init__(self) -> None:
        self._events: list[GaitEvent] = []
        self._usual: deque[float] = deque(maxlen=5)
        self._first: deque[StrideEvents] = deque(maxlen=5)
        self._stances: dict[Side, deque[float]] = {side: deque(maxlen=5) for side in Side}

    def forget_open_strides(self) -> None:
        """Forget the strides that are open, e.g. after the runner stepped off.

        How long they usually last is kept: whoever comes back is most often the same, and
        somebody else is believed after a few strides.
        """
        self._events.clear()
        self._first.clear()

    @property
    def usual_s(self) -> float | None:
        """How long the last strides took; None before some were alike."""
        return median(self._usual) if len(self._usual) >= _ALIKE else None

    def add_event(self, event: GaitEvent, memory: PoseBuffer) -> list[StrideEvents]:
        """Take an event, and the frames it was found in; return the strides it makes certain."""
        self._events = [e for e in self._events if event.t_s - e.t_s < _KEPT_S]
        if event.contact_sigma_s:
            self._move_contact(event)
        closed = self._close(event, memory) if event.kind is EventKind.CONTACT else None
        self._events.append(event)
        return [] if closed is None else list(map(self._like_stance, self._believe(closed)))

    def end(self) -> list[StrideEvents]:
        """Return the first strides that still wait for a third, where both legs have one alike.

        For the end of a file of markers, which may be no longer than that.
        """
        if self._usual or not self._first:
            return []
        usual_s = median([first.lasted_s for first in self._first])
        alike = [first for first in self._first if first.lasts_about(usual_s)]
        self._first.clear()
        if {first.side for first in alike} != set(Side):
            return []
        return [first.doubted(usual_s) for first in alike]

    def _move_contact(self, toe_off: GaitEvent) -> None:
        """Take what a toe-off knows better of the landing before it."""
        for k in range(len(self._events) - 1, -1, -1):
            event = self._events[k]
            if event.side is toe_off.side and event.kind is EventKind.CONTACT:
                t_s = event.t_s + toe_off.contact_later_s
                self._events[k] = replace(event, t_s=t_s, sigma_s=toe_off.contact_sigma_s)
                break
        else:
            return
        for k, first in enumerate(self._first):
            if first.side is event.side and first.end_s == event.t_s:
                sigma_s = max(first.contact_sigma_s, toe_off.contact_sigma_s)
                self._first[k] = replace(first, end_s=t_s, sigma_s=sigma_s)

    def _close(self, end: GaitEvent, memory: PoseBuffer) -> StrideEvents | None:
        contacts = [e for e in self._events if e.side is end.side and e.kind is end.kind]
        if not contacts:
            return None
        # Both ends by what is known of the leg's landings now: what was learnt between them
        # would pass for a longer or shorter stride.
        start_s = contacts[-1].t_s + end.learnt_s - contacts[-1].learnt_s
        if not 0.0 < end.t_s - start_s <= _LONGEST_S:
            return None
        other = end.side.other
        between = [t for t in self._times(other, EventKind.CONTACT) if start_s < t < end.t_s]
        if not self._plausible(end, len(between)):
            return None
        frames = memory.stretch(start_s, end.t_s)
        for side in Side:
            swings = swings_back(frames.t, frames.leg_deg(side))
            # Twice back took two strides, whatever the foot seemed to do. The other leg
            # begins and ends behind, and may be hidden.
            if (side is end.side and swings != 1) or (swings or 0) > 2:
                return None
        return StrideEvents(
            side=end.side,
            contact_s=start_s,
            toe_off_s=_first(self._times(end.side, EventKind.TOE_OFF), start_s, end.t_s),
            end_s=end.t_s,
            peak_s=_first(self._times(end.side, EventKind.MAX_EXTENSION), start_s, end.t_s),
            other_contact_s=_first(self._times(other, EventKind.CONTACT), start_s, end.t_s),
            other_toe_off_s=_first(self._times(other, EventKind.TOE_OFF), start_s, end.t_s),
            sigma_s=max(contacts[-1].sigma_s, end.sigma_s),
            t_decided_s=end.t_decided_s,
            contact_sigma_s=contacts[-1].sigma_s,
        )

    def _believe(self, stride: StrideEvents) -> list[StrideEvents]:
        """Compare with the strides before; return those that are alike."""
        if len(self._usual) >= _ALIKE:
            usual_s = median(self._usual)
            self._usual.append(stride.lasted_s)  # Who really changes is believed after a few.
            return [stride.doubted(usual_s)] if stride.lasts_about(usual_s) else []
        self._first.append(stride)
        usual_s = median([first.lasted_s for first in self._first])
        alike = [first for first in self._first if first.lasts_about(usual_s)]
        if len(alike) < _ALIKE:
            return []
        self._usual.extend(first.lasted_s for first in alike)
        self._first.clear()
        told = (first for first in alike if stride.end_s - first.contact_s < _TOLD_S)
        return [first.doubted(usual_s) for first in told]

    def _like_stance(self, stride: StrideEvents) -> StrideEvents:
        """Return the stride, without its toe-off where the leg's stances were unlike that."""
        if stride.toe_off_s is None:
            return stride
        stance_s, last = stride.toe_off_s - stride.contact_s, self._stances[stride.side]
        if stance_s < LEAST_DUTY * stride.lasted_s:
            return replace(stride, toe_off_s=None)
        # Of both legs most are right, also where one of them is half hidden.
        both = [*last, *self._stances[stride.side.other]]
        both_s = median(both) if len(both) >= _ALIKE else stance_s
        usual_s = median(last) if len(last) >= _ALIKE else both_s
        last.append(stance_s)  # Who really changes is believed after a few.
        like = abs(stance_s - usual_s) <= _UNLIKE_STANCE * usual_s
        if not like or abs(stance_s - both_s) > _UNLIKE_LEGS * both_s:
            return replace(stride, toe_off_s=None)
        unlike_s = max(abs(stance_s - usual_s) - _VARIES_STANCE * usual_s, 0.0)
        return replace(stride, unlike_stance_s=unlike_s)

    def _plausible(self, end: GaitEvent, others: int) -> bool:
        """Whether the other foot landed as often as it must: once in every stride.

        A foot that is hidden may be missed; in the first strides that is no excuse, as
        long as the other foot is seen at all.
        """
        if others > 1:
            return False
        if others == 1 or len(self._usual) >= _ALIKE:
            return True
        seen = self._times(end.side.other, EventKind.CONTACT)
        return not seen or end.t_s - seen[-1] > _UNSEEN_S

    def _times(self, side: Side, kind: EventKind) -> list[float]:
        return [e.t_s for e in self._events if e.side is side and e.kind is kind]


def _first(times: list[float], after_s: float, before_s: float) -> float | None:
    return next((t for t in times if after_s < t < before_s), None)
