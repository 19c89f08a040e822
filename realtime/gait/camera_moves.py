"""What a moved camera leaves of the strides: which of them can be measured, and how well.

A stride during which the picture jumped, turned or was zoomed is not measured in it, not even
its times: a contact that is seen elsewhere is seen at another time. While nobody knows by how
much the picture turned, nothing is measured against the vertical. Once it is known the
standing neutral is turned by as much and serves on, less sure than before, until somebody
stands for another one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.camera_watch import CameraMove, MoveKind

# Instants nearer than this to a jump may be seen in the wrong place; our choice: half the
# width of the windows in which contacts are looked for (`hipcue.realtime.gait.events`).
_BESIDE_S = 0.15
# A jump is told on the screen for so long, and strides are asked about for longer than that
# after it; our choices.
_TOLD_S, _KEPT_S = 10.0, 20.0


@dataclass(frozen=True, slots=True)
class StrideDoubt:
    """What of a stride cannot be measured, and why; None where nothing is in the way.

    Attributes
    ----------
    times : Reason or None
        Its contacts may be in the wrong place.
    picture : Reason or None
        The picture changed while it lasted.
    before : Reason or None
        The picture changed while it lasted, or in the stride before.
    vertical : Reason or None
        Where up is was not known.
    """

    times: Reason | None = None
    picture: Reason | None = None
    before: Reason | None = None
    vertical: Reason | None = None


@dataclass(slots=True)
class _Span:
    since_s: float
    until_s: float
    kind: MoveKind

    def touches(self, start_s: float, end_s: float) -> bool:
        return self.since_s <= end_s and start_s <= self.until_s


class CameraMoves:
    """Collects what the picture did and says what that means for strides and for the screen."""

    def __init__(self) -> None:
        self._spans: deque[_Span] = deque()
        self.forget_turns()

    def forget_turns(self) -> None:
        """There is a new zero: what turned before does not matter to it."""
        self._turned_deg: float | None = None
        self._turning = self._unmeasured = False

    def forget(self) -> None:
        """Forget all of it, as with somebody else."""
        self._spans.clear()
        self.forget_turns()

    def add(self, move: CameraMove, facing: int) -> None:
        """Take what the picture did to a runner who faces that way in it."""
        while self._spans and self._spans[0].until_s < move.since_s - _KEPT_S:
            self._spans.popleft()
        match move.kind:
            case MoveKind.JUMPED | MoveKind.ZOOMED:
                self._spans.append(_Span(move.since_s, move.until_s, move.kind))
            case MoveKind.TURNED:
                self._spans.append(_Span(move.since_s, move.until_s, move.kind))
                self._turning = True
            case MoveKind.MEASURED:
                self._end_turn(move)
                if move.counts:
                    self._turned_deg = (self._turned_deg or 0.0) + forward_deg(move, facing)
                else:
                    self._spans = deque(s for s in self._spans if s.since_s != move.since_s)
            case MoveKind.NOT_MEASURED:
                self._end_turn(move)
                # Later turns are measured from one that nobody knows.
                self._unmeasured = True

    def _end_turn(self, move: CameraMove) -> None:
        self._turning = False
        for span in self._spans:
            if span.kind is MoveKind.TURNED and span.since_s == move.since_s:
                span.until_s = max(span.until_s, move.until_s)

    @property
    def lost(self) -> Reason | None:
        """Why nothing can be measured against the vertical at present."""
        return Reason(ReasonCode.CAMERA_MOVED) if self._turning or self._unmeasured else None

    def doubt(self, contact_s: float, end_s: float) -> StrideDoubt | None:
        """Say what of a stride cannot be measured; None where all of it can."""
        start_s = contact_s - _BESIDE_S
        since_before = [s for s in self._spans if s.touches(2 * start_s - end_s, end_s)]
        lost = self.lost
        touched = [s for s in since_before if s.touches(start_s, end_s)]
        inside = next((_REASONS[s.kind] for s in touched if s.kind is not MoveKind.TURNED), None)
        turned = next((_REASONS[s.kind] for s in touched if s.kind is MoveKind.TURNED), None)
        beside = [s for s in self._spans if s.touches(start_s, end_s + _BESIDE_S)]
        if not since_before and not beside and lost is None:
            return None
        return StrideDoubt(
            times=_REASONS[beside[0].kind] if beside else None,
            picture=inside or turned,
            before=_REASONS[since_before[0].kind] if since_before else None,
            vertical=inside or turned or lost,
        )

    def notice(self, now_s: float) -> Reason | None:
        """Say what happened and what to do about it; None where nothing did."""
        lost = self.lost
        if lost is not None:
            return lost
        told = next((s for s in reversed(self._spans) if s.kind is not MoveKind.TURNED), None)
        if told is not None and now_s - told.until_s < _TOLD_S:
            return _REASONS[told.kind]
        if self._turned_deg is not None:
            return Reason(ReasonCode.CAMERA_TURNED, deg=round(abs(self._turned_deg)))
        return None


def forward_deg(move: CameraMove, facing: int) -> float:
    """By how much a turn leans a runner forward who faces that way in the picture."""
    return -move.turn_deg * facing


_REASONS = {
    MoveKind.JUMPED: Reason(ReasonCode.PICTURE_JUMPED),
    MoveKind.ZOOMED: Reason(ReasonCode.PICTURE_ZOOMED),
    MoveKind.TURNED: Reason(ReasonCode.CAMERA_MOVED),
}
