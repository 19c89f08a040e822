"""Gives cues: numbers them, words them, keeps their silences, follows their responses."""

from __future__ import annotations

from hipcue.config.cues import CueTable
from hipcue.config.settings import FeedbackSettings
from hipcue.realtime.feedback.cue_rules import CUES
from hipcue.realtime.feedback.response import ResponseWatch
from hipcue.realtime.feedback.wording import Wording
from hipcue.realtime.records import Cue, CueKind, Side

_NEVER_S = -float("inf")


class CueEmitter:
    """Makes the cues that were granted.

    `now_s` is the capture time of the frame at which cues are decided, `strides` counts
    the session's strides; both are kept up to date by whoever decides.
    """

    def __init__(self, settings: FeedbackSettings, table: CueTable) -> None:
        self.settings = settings
        self.responses = ResponseWatch()
        self.now_s = 0.0
        self._table = table
        self._number = 0
        self.start_anew()

    def start_anew(self) -> None:
        """Begin again with silences, wordings and the count of strides; numbers go on."""
        self.strides = 0
        self._wording = Wording(self._table)
        self._due_s: dict[str, float] = {}
        self._spoke_s = _NEVER_S

    def silent(self, event: str) -> bool:
        """Whether an event was due so lately that it stays silent."""
        cooldown_s = CUES[event].cooldown_s
        if cooldown_s is None:
            cooldown_s = self.settings.cooldown_s
        elif CUES[event].kind is CueKind.TONE and self.settings.schedule == "every_stride":
            cooldown_s = 0.0
        return self.now_s - self._due_s.get(event, _NEVER_S) < cooldown_s

    def just_spoke(self) -> bool:
        """Whether the last words are so recent that words that can wait do."""
        return self.now_s - self._spoke_s < self.settings.cooldown_s

    def due(self, *events: str) -> None:
        """Begin the silence of events, given or withheld: else fading would only put them off."""
        for event in events:
            self._due_s[event] = self.now_s

    def tone(self, event: str, side: Side | None, t_event_s: float) -> list[Cue]:
        """Give a tone, unless it sounded just now."""
        return [] if self.silent(event) else [self.give(event, side, t_event_s)]

    def give(self, event: str, side: Side | None, t_event_s: float) -> Cue:
        """Give a cue, whatever was said before it."""
        row = CUES[event]
        self.due(event)
        sound, text, focus = row.sound, "", None
        if row.kind is CueKind.SPEECH:
            self._spoke_s = self.now_s
            focus = self._wording.focus(self.settings, self.strides)
            sound = text = self._wording.words(row.sound, focus, self.settings)
        self._number += 1
        cue = Cue(
            number=self._number,
            event=event,
            kind=row.kind,
            sound=sound,
            text=text,
            priority=row.priority,
            side=side,
            t_event_s=t_event_s,
            t_capture_s=self.now_s,
            expires_s=self.now_s + row.hold_s,
            focus=focus,
        )
        self.responses.cue(cue, row.metric)
        return cue
