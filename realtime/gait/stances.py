"""The stances of both feet: how fast a planted foot went, once it has left the belt."""

from __future__ import annotations

from hipcue.realtime.gait.foot_speeds import FootSpeeds
from hipcue.realtime.gait.pose_buffer import PoseBuffer
from hipcue.realtime.records import EventKind, GaitEvent, Side


class Stances:
    """Takes the events of both legs.

    Attributes
    ----------
    feet : FootSpeeds
        How fast the planted feet went in the picture.
    """

    def __init__(self) -> None:
        self.feet = FootSpeeds()
        self._landed_s: dict[Side, float] = {}
        self._px_per_s: dict[Side, float] = {}

    def forget(self) -> None:
        """Forget the feet that stood."""
        self.feet.clear()
        self._landed_s.clear()

    def add_event(self, event: GaitEvent, newest: float | None, paths: PoseBuffer) -> bool:
        """Take an event; return whether a stance is over whose speed was measured.

        Parameters
        ----------
        event : GaitEvent
            Of either leg.
        newest : float or None
            Speed of that leg's heel in its newest stance, backwards, px/s; None before any.
        paths : PoseBuffer
            The frames it was found in.
        """
        if event.kind is EventKind.CONTACT:
            self._landed_s[event.side] = event.t_s
        if event.kind is not EventKind.TOE_OFF or event.side not in self._landed_s:
            return False
        # Of a stance whose heel was hidden there is none: what stands there is of one before.
        if newest is None or newest is self._px_per_s.get(event.side):
            return False
        self._px_per_s[event.side] = newest
        self.feet.add_stance(event.side, self._landed_s[event.side], newest, paths)
        return True
