"""What is known of one leg from the frames before, and which phase it is in."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum

from hipcue.realtime.gait.contact import BeltTurn
from hipcue.realtime.gait.event_offset import EventOffset
from hipcue.realtime.gait.landing_cues import TURN_BETWEEN_S
from hipcue.realtime.gait.leg_habits import LegHabits
from hipcue.realtime.gait.push_off_cues import KNEE_BETWEEN_S

# Until then nobody looks, in shares of the usual stance and stride after a contact (a peak: after
# the last peak): a toe-off before, or a contact, would not be believed. Our choices, a little
# less than `leg_habits` believes.
_NO_TOE_OFF, _NO_SWING, _NO_CONTACT, _NO_PEAK = 0.5, 0.1, 0.7, 0.7


class Phase(Enum):
    """What a foot was last known to do."""

    AWAITING_SWING = "awaiting swing"
    """Nothing, or it left the belt: it was not seen going forward since."""
    SWING = "swing"
    """It went forward; next it lands."""
    STANCE = "stance"
    """It landed; next it leaves the belt."""


@dataclass(slots=True)
class LegState:
    """All that is known of a leg from the frames before."""

    phase: Phase = Phase.AWAITING_SWING
    # When the foot was last found landed or gone (time of the frame, not of the event).
    changed_s: float = -math.inf
    contact_s: float | None = None
    # That contact as the heel's turn alone has it.
    turn_contact_s: float = -math.inf
    # Whether it was found with a guess of the belt's speed.
    guessed: bool = False
    peak_s: float = -math.inf
    # Nothing can happen before: neither contact nor toe-off, nor a peak.
    quiet_until_s: float = -math.inf
    no_peak_until_s: float = -math.inf
    no_toe_off_until_s: float = -math.inf
    # A turn of the heel that is not certain yet.
    early_turn: BeltTurn | None = None
    habits: LegHabits = field(default_factory=LegHabits)
    contact_offset: EventOffset = field(default_factory=lambda: EventOffset(TURN_BETWEEN_S))
    toe_off_offset: EventOffset = field(default_factory=lambda: EventOffset(KNEE_BETWEEN_S))

    def add_peak(self, peak_s: float) -> None:
        """Take a peak of the thigh."""
        self.peak_s = peak_s
        self.no_peak_until_s = peak_s + _NO_PEAK * (self.habits.usual_stride_s or 0.0)

    def enter(self, phase: Phase, changed_s: float | None = None) -> None:
        """Go on to a phase."""
        if phase is not self.phase:
            self.quiet_until_s = self._quiet_until_s(phase, changed_s)
            if self.contact_s is not None:
                # A toe-off lies before the picture that tells it: until then none is believed.
                self.no_toe_off_until_s = self.contact_s + self.habits.shortest_stance_s
        self.phase = phase
        self.early_turn = None
        if changed_s is not None:
            self.changed_s = changed_s

    def _quiet_until_s(self, phase: Phase, changed_s: float | None) -> float:
        """Until when nothing can be found in a phase, by what is usual; no wait before that."""
        stride_s, stance_s = self.habits.usual_stride_s, self.habits.usual_stance_s
        if stride_s is None or stance_s is None or self.contact_s is None or changed_s is None:
            return -math.inf
        if phase is Phase.STANCE:
            return self.contact_s + _NO_TOE_OFF * stance_s
        if phase is Phase.AWAITING_SWING:
            return self.contact_s + stance_s + _NO_SWING * stride_s
        return self.contact_s + _NO_CONTACT * stride_s
