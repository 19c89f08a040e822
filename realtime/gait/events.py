"""The phases of one leg's stride, and the events that part them, as frames come in.

    AWAITING_SWING ──goes forward──► SWING ──contact──► STANCE ──toe-off──► AWAITING_SWING
          ▲                            │                   │
          └── missed, not believed ────┘      ◄── toe-off missed: SWING

A foot can land only after it was seen going forward, and leave only after it landed. What is
seen is found by pure functions, between the frames: `hipcue.realtime.gait.contact`,
`toe_off`, `peak_extension` (which needs no phase), measured against the speed of the
`planted_foot`. Here is decided when they are asked, whether they are believed, and what of
the runner's habits steadies the next events.

All of it looks a fixed time ahead, 45 ms at most, never further.

Constants here and in the finders that are our choice were tried on six runs, each at its own
and at half the frame rate: the simulated runner, three rendered ones (2.5 to 3.6 m/s, 50 and
60 fps) and the markers of RBDS subject 1 (2.5 and 3.5 m/s). "The same from a to b" means that
of their 1361 events none is lost, added or moved by 1 ms within that range.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from hipcue.realtime.gait.contact import (
    CONTACT_AHEAD_S,
    belt_turn,
    foot_ahead_px,
    most_forward_s,
    settled_turn,
    turn_by_stance,
    was_seen_around,
)
from hipcue.realtime.gait.event_sigma import event_sigma_s
from hipcue.realtime.gait.fits import FloatArray, newest_slope
from hipcue.realtime.gait.landing_cues import landing_cues, signs
from hipcue.realtime.gait.leg_state import LegState, Phase
from hipcue.realtime.gait.peak_extension import peak_extension_s
from hipcue.realtime.gait.planted_foot import STANDING_SPEED, speed_at_large, speed_in_stance
from hipcue.realtime.gait.pose_buffer import PoseBuffer, Stretch
from hipcue.realtime.gait.push_off_cues import PUSH_OFF_SIGNS, push_off_cues
from hipcue.realtime.gait.swing_count import swings_back
from hipcue.realtime.gait.toe_off import BEHIND, toe_off_s
from hipcue.realtime.records import EventKind, GaitEvent, Side

_FEWEST_FRAMES = 8
# The heel's speed is the slope over so long; our choice: three frames at 60 fps, the same from
# 0.022 to 0.052.
_HEEL_SPEED_OVER_S = 0.045

# A heel that goes forward with this share of the belt's speed swings; our choice, the same
# from 0.05 to 0.2.
_SWINGS_FORWARD = 0.1
# One that goes back with this share of it may have landed; our choice, the same from 0.38 to
# 0.55. Above, landings are missed.
_MAY_HAVE_LANDED = 0.55
# A foot that goes forward like this, and is under the body again, swings although its toe-off
# was not seen. In push-off the heel may whip forward already, but behind the body. Our
# choices, the same from 0.42 to 0.58, and to 0.046 body heights behind the hip.
_SWINGS_AGAIN, _UNDER_BODY = 0.5, BEHIND / 2
# Toe-off is not looked for before, and a stance does not last longer than this. Our choices:
# less than a sprinter's and more than a slow walker's, the same from 0.035 to 0.14 and from
# 1.1 to 3.2.
_SHORTEST_STANCE_S, _LONGEST_STANCE_S = 0.07, 1.6
# A turn of the heel that was so long ago was missed: the next one is waited for. Our choice,
# the same to 0.4; at 0.17 two events are lost.
_MISSED_S = 0.2
# Longer ones are pauses, not strides; what the runner's strides were like is forgotten. Our
# choice, the same from 1.7 to 4.
_PAUSE_S = 2.0

# A foot lands ahead of the hip; this much behind it (part of the body height) is allowed for
# what the model gets wrong. Our choice, the same from 0.051 to 0.12.
_LANDS_BEHIND = 0.06
# The foot comes to rest on the belt so long after a force plate feels 50 N, s. Markers: 17 ms
# in 162 contacts, RBDS subject 1 at 2.5 and 3.5 m/s (Fukuchi 2017). Pictures: the same runner
# filmed by a renderer and two runners made from formulas, 60 fps.
_CONTACT_LAG_MARKERS_S, _CONTACT_LAG_PICTURE_S = 0.017, 0.0055


class LegEventDetector:
    """Finds the events of one leg, frame by frame.

    Parameters
    ----------
    side : Side
        Which leg.
    markers : bool
        Whether the joints are markers (sharp) or landmarks of a pose model.
    """

    def __init__(self, side: Side, markers: bool = False) -> None:
        self.side = side
        self._markers = markers
        self._contact_lag_s = _CONTACT_LAG_MARKERS_S if markers else _CONTACT_LAG_PICTURE_S
        self._state = LegState()
        self._clock_sigma_s = 0.0
        self._px_per_m: float | None = None
        self._stood_px_per_s: float | None = None

    def reset(self) -> None:
        """Forget the stride that was under way and all habits; keep nothing across a gap."""
        self._state = LegState()

    @property
    def phase(self) -> Phase:
        """What the foot was last known to do."""
        return self._state.phase

    @property
    def planted_px_per_s(self) -> float | None:
        """Backward speed of the planted heel, median of the last stances; None before any."""
        return self._state.habits.planted_px_per_s

    @property
    def contact_offset_s(self) -> float:
        """What the leg's landings taught to add to the instant at which its heel turns."""
        return self._state.contact_offset.offset_s

    @property
    def last_stance_px_per_s(self) -> float | None:
        """Backward speed of the planted heel in the newest stance; None before any."""
        return self._state.habits.newest_planted_px_per_s

    def find_events(
        self,
        memory: PoseBuffer,
        body_px: float,
        near: bool,
        clock_sigma_s: float = 0.0,
        px_per_m: float | None = None,
        stood_px_per_s: float | None = None,
    ) -> list[GaitEvent]:
        """Look at the newest frame of `memory`; return what became certain with it.

        `body_px` is the runner's height in the picture, in pixels; `near` tells whether this
        is the leg on the camera's side; `clock_sigma_s` how sure the times of the frames are;
        `px_per_m` is the scale where joints have one; `stood_px_per_s` how fast either foot of
        markers went when it stood.
        """
        self._stood_px_per_s = stood_px_per_s
        self._clock_sigma_s = clock_sigma_s
        self._px_per_m = px_per_m
        now_s, state = memory.newest_s, self._state
        quiet, no_peak = now_s < state.quiet_until_s, now_s < state.no_peak_until_s
        if quiet and no_peak:
            return []
        frames = memory.lately()
        if len(frames.t) < _FEWEST_FRAMES:
            return []
        events: list[GaitEvent] = []
        belt_px_per_s = None if quiet else self._belt_px_per_s(frames, body_px)
        if belt_px_per_s is not None:
            heel_x = frames.path(self.side, "heel")[:, 0]
            heel_px_per_s = newest_slope(frames.t, heel_x, _HEEL_SPEED_OVER_S)
            if self._state.phase is not Phase.STANCE:
                events += self._watch_swing(frames, heel_px_per_s, belt_px_per_s, body_px, near)
            elif heel_px_per_s is not None:
                events += self._watch_stance(frames, heel_px_per_s, belt_px_per_s, body_px, near)
        peak_s = None if no_peak else self._peak_s(frames)
        if peak_s is not None:
            events.append(self._event(EventKind.MAX_EXTENSION, peak_s, frames.t, near))
        return events

    @property
    def _knows_belt(self) -> bool:
        """Whether stances told how fast the belt is in the picture; one of markers suffices."""
        habits = self._state.habits
        return habits.knows_belt or (self._markers and habits.planted_px_per_s is not None)

    def _belt_px_per_s(self, frames: Stretch, body_px: float) -> float | None:
        """Speed of the belt in the picture: the last stances, or the feet at large."""
        habits = self._state.habits
        if self._knows_belt:
            known = habits.planted_px_per_s
        elif self._stood_px_per_s is not None:
            known = self._stood_px_per_s
        else:
            # Markers are on one belt: the foot that has stood tells.
            feet = Side if self._markers else (self.side,)
            guesses = (speed_at_large(frames.t, frames.path(s, "heel")[:, 0]) for s in feet)
            known = max((guess for guess in guesses if guess is not None), default=None)
        return None if known is None or known < STANDING_SPEED * body_px else known

    def _watch_swing(
        self,
        frames: Stretch,
        heel_px_per_s: float | None,
        belt_px_per_s: float,
        body_px: float,
        near: bool,
    ) -> list[GaitEvent]:
        """A foot in the air: see it go forward, then land."""
        state = self._state
        now_s = float(frames.t[-1])
        if heel_px_per_s is not None and heel_px_per_s > _SWINGS_FORWARD * belt_px_per_s:
            state.enter(Phase.SWING, state.changed_s)
        # A heel that is hidden as it lands may have turned just before.
        slow = heel_px_per_s is None or heel_px_per_s < -_MAY_HAVE_LANDED * belt_px_per_s
        if state.phase is Phase.SWING and slow:
            contact = self._find_contact(frames, belt_px_per_s, body_px)
            if contact is not None:
                contact_s, rms_px = contact
                state.contact_s = contact_s
                state.enter(Phase.STANCE, now_s)
                sigma_s = rms_px / belt_px_per_s
                event = self._event(EventKind.CONTACT, contact_s, frames.t, near, sigma_s)
                return [replace(event, learnt_s=state.contact_offset.offset_s)]
        elif now_s - state.changed_s > _PAUSE_S:
            # Nothing lands at the speed that the belt had: it may go at another one.
            state.habits.forget_strides()
            state.habits.forget_belt()
        return []

    def _watch_stance(
        self,
        frames: Stretch,
        heel_px_per_s: float,
        belt_px_per_s: float,
        body_px: float,
        near: bool,
    ) -> list[GaitEvent]:
        """A foot on the belt: see it leave."""
        state = self._state
        assert state.contact_s is not None
        now_s = float(frames.t[-1])
        if now_s - state.contact_s > _SHORTEST_STANCE_S and now_s > state.no_toe_off_until_s:
            # How long a knee stretches on after toe-off was measured against the heel's turn.
            left_s = toe_off_s(
                frames, self.side, state.turn_contact_s, belt_px_per_s, body_px, self._markers
            )
            if left_s is not None and self._believes_toe_off(left_s, frames):
                later_s, sigma_s = self._landed_later(frames, near)
                self._learn_landing(frames, near, body_px)
                left_s += self._learn_push_off(frames, near, left_s)
                state.enter(Phase.AWAITING_SWING, now_s)
                event = self._event(EventKind.TOE_OFF, left_s, frames.t, near)
                return [replace(event, contact_later_s=later_s, contact_sigma_s=sigma_s)]
        low, hip = frames.ankle_or_heel(self.side), frames.path(self.side, "hip")
        ahead_px = float(low[-1, 0] - hip[-1, 0])
        # A foot that is not seen just now is not believed to be under the body.
        forward = heel_px_per_s > _SWINGS_AGAIN * belt_px_per_s
        swings = forward and ahead_px > -_UNDER_BODY * body_px
        if swings or now_s - state.contact_s > _LONGEST_STANCE_S:
            state.enter(Phase.SWING, now_s)  # Toe-off was not seen: begin afresh.
        return []

    def _find_contact(
        self, frames: Stretch, belt_px_per_s: float, body_px: float
    ) -> tuple[float, float] | None:
        """Return when the foot landed and what the fit left, px; None while it is not certain."""
        state = self._state
        t, now_s = frames.t, float(frames.t[-1])
        heel_x = frames.path(self.side, "heel")[:, 0]
        newest = belt_turn(t, heel_x, now_s - CONTACT_AHEAD_S, belt_px_per_s)
        seen = newest is not None and was_seen_around(t, heel_x, newest.t_s)
        turn, state.early_turn = settled_turn(newest if seen else None, state.early_turn, now_s)
        if turn is None:
            hidden = bool(np.isnan(heel_x[-3:]).any())
            if newest is None and not hidden and now_s - state.changed_s > _PAUSE_S:
                state.enter(Phase.AWAITING_SWING)
            return None
        ahead_px = foot_ahead_px(frames, self.side, turn.t_s)
        # Nobody lands with the foot behind the hip: this is another slowing of the heel.
        behind = ahead_px is not None and ahead_px < -_LANDS_BEHIND * body_px
        if behind or now_s - turn.t_s > _MISSED_S:
            state.enter(Phase.AWAITING_SWING)
            return None
        turn_contact_s = self._steadied(frames, turn.t_s) - self._contact_lag_s
        contact_s = turn_contact_s + state.contact_offset.offset_s
        if not self._believes_contact(contact_s, frames):
            state.enter(Phase.AWAITING_SWING)
            return None
        state.turn_contact_s = turn_contact_s
        state.guessed = not self._knows_belt
        return contact_s, turn.rms_px

    def _landed_later(self, frames: Stretch, near: bool) -> tuple[float, float]:
        """By how much a foot landed later than was thought with a guess of the belt's speed, s.

        Returned with the standard uncertainty of the contact; zeros where nothing is known
        better. For markers: of a film a contact is steadied by the ankle, which a new turn
        would undo.
        """
        state = self._state
        belt_px_per_s = state.habits.newest_planted_px_per_s
        if not self._markers or not state.guessed or belt_px_per_s is None:
            return 0.0, 0.0
        state.guessed = False
        assert state.contact_s is not None
        turn_s = state.turn_contact_s + self._contact_lag_s
        heel_x = frames.path(self.side, "heel")[:, 0]
        found = turn_by_stance(frames.t, heel_x, turn_s, belt_px_per_s)
        if found is None:
            return 0.0, 0.0
        later_s, spread_s = found
        state.turn_contact_s += later_s
        state.contact_s += later_s
        sigma_s = event_sigma_s(frames.t, turn_s + later_s, self._markers, near, guessed=False)
        return later_s, math.hypot(sigma_s, spread_s)

    def _steadied(self, frames: Stretch, turn_s: float) -> float:
        """The ankle's most forward point plus the usual delay; the turn where it was not seen."""
        if self._markers:  # Sharp enough as they are.
            return turn_s
        forward_s = most_forward_s(frames.t, frames.path(self.side, "ankle")[:, 0], turn_s)
        if forward_s is None:
            return turn_s
        return self._state.habits.steadied(forward_s, turn_s)

    def _learn_landing(self, frames: Stretch, near: bool, body_px: float) -> None:
        """Learn from a landing that was followed by a toe-off where this leg's contacts lie."""
        turn_s, offset = self._state.turn_contact_s, self._state.contact_offset
        around_s = turn_s + offset.offset_s
        cues = landing_cues(
            frames, self.side, around_s, self._markers, near, body_px, self._px_per_m
        )
        offset.add_event(turn_s, cues, signs(self._markers, near))

    def _learn_push_off(self, frames: Stretch, near: bool, left_s: float) -> float:
        """Learn from a push-off; return what to add to the instant that the knee gives."""
        if self._markers or not near:
            return 0.0
        offset = self._state.toe_off_offset
        offset.add_event(left_s, push_off_cues(frames, self.side, left_s), PUSH_OFF_SIGNS)
        return offset.offset_s

    def _believes_contact(self, contact_s: float, frames: Stretch) -> bool:
        """Tell whether a foot can have landed again by then; learn how long its stride was."""
        before_s, habits = self._state.contact_s, self._state.habits
        if before_s is None:
            return True
        stride_s = contact_s - before_s
        if not habits.believes_stride(stride_s):
            return False
        if stride_s >= _PAUSE_S:
            habits.forget_strides()
            habits.forget_belt()
        # Two strides taken for one would pass for the usual ever after.
        elif self._swings_since(before_s, frames) == 1:
            habits.add_stride(stride_s)
        return True

    def _swings_since(self, t_s: float, frames: Stretch) -> int | None:
        """How often the thigh went back since an instant; None where it cannot be told."""
        if t_s < frames.t[0]:
            return None
        since = frames.t > t_s
        return swings_back(frames.t[since], frames.leg_deg(self.side)[since])

    def _believes_toe_off(self, toe_off_s: float, frames: Stretch) -> bool:
        """Tell whether a foot can have left by then; learn how long and fast its stance was."""
        contact_s, habits = self._state.contact_s, self._state.habits
        assert contact_s is not None
        stance_s = toe_off_s - contact_s
        if not habits.believes_stance(stance_s):
            return False
        habits.add_stance(stance_s)
        heel_x = frames.path(self.side, "heel")[:, 0]
        rest_s = self._state.turn_contact_s + self._contact_lag_s
        px_per_s = speed_in_stance(frames.t, heel_x, rest_s, stance_s)
        if px_per_s is not None:
            habits.add_planted_speed(px_per_s)
        return True

    def _peak_s(self, frames: Stretch) -> float | None:
        """Instant of peak thigh extension, once it is certain."""
        peak_s = peak_extension_s(frames.t, frames.thigh_deg(self.side), self._state.peak_s)
        if peak_s is not None:
            self._state.add_peak(peak_s)
        return peak_s

    def _event(
        self, kind: EventKind, t_s: float, t: FloatArray, near: bool, fit_sigma_s: float = 0.0
    ) -> GaitEvent:
        guessed = kind is not EventKind.MAX_EXTENSION and not self._knows_belt
        sigma_s = math.hypot(
            event_sigma_s(t, t_s, self._markers, near, guessed), fit_sigma_s, self._clock_sigma_s
        )
        return GaitEvent(kind, self.side, t_s, sigma_s, float(t[-1]))
