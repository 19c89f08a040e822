"""Gives cues: numbers them, words them, keeps their silences, follows their responses."""

from __future__ import annotations

from hipcue.config.cues import CueTable
from hipcue.config.settings import FeedbackSettings
from hipcue.realtime.feedback.cue_rules import CUES
from hipcue.realtime.feedback.response import ResponseWatch
from hipcue.realtime.feedback.wording import Wording
from hipcue.realtime.records import Cue, CueKind, CueResponse, Side, Stride

_NEVER_S = -float("inf")


class CueEmitter:
    """Makes the cues that were granted.

    Parameters
    ----------
    settings : FeedbackSettings
        Cooldown, schedule, wording.
    table : CueTable
        Phrases.

    Attributes
    ----------
    responses : ResponseWatch
        What the runner did after each cue.
    """

    def __init__(self, settings: FeedbackSettings, table: CueTable) -> None:
        self._settings = settings
        self._table = table
        self._number = 0
        self.responses = ResponseWatch()
        self.start_anew()

    def start_anew(self) -> None:
        """Begin again with silences, wordings and the count of strides; numbers go on."""
        self._strides = 0
        self._wording = Wording(self._table)
        self._due_s: dict[str, float] = {}
        self._spoke_s = _NEVER_S

    def change_settings(self, settings: FeedbackSettings) -> None:
        """Go on with other settings."""
        self._settings = settings

    def add_stride(self, stride: Stride) -> list[CueResponse]:
        """Count a stride; return the responses that are complete with it."""
        self._strides += 1
        return self.responses.add_stride(stride)

    def silent(self, event: str, now_s: float) -> bool:
        """Whether an event was due so lately that it stays silent."""
        cooldown_s = CUES[event].cooldown_s
        if cooldown_s is None:
            cooldown_s = self._settings.cooldown_s
        elif CUES[event].kind is CueKind.TONE and self._settings.schedule == "every_stride":
            cooldown_s = 0.0
        return now_s - self._due_s.get(event, _NEVER_S) < cooldown_s

    def just_spoke(self, now_s: float) -> bool:
        """Whether the last words are so recent that words that can wait do."""
        return now_s - self._spoke_s < self._settings.cooldown_s

    def begin_silence(self, now_s: float, *events: str) -> None:
        """Begin the silence of events, given or withheld: else fading would only put them off."""
        for event in events:
            self._due_s[event] = now_s

    def tone(self, event: str, side: Side | None, t_event_s: float, now_s: float) -> list[Cue]:
        """Give a tone, unless it sounded just now."""
        return [] if self.silent(event, now_s) else [self.give(event, side, t_event_s, now_s)]

    def give(self, event: str, side: Side | None, t_event_s: float, now_s: float) -> Cue:
        """Give a cue, whatever was said before it.

        Parameters
        ----------
        event : str
            Row of the cue table.
        side : Side or None
            The leg it is about.
        t_event_s, now_s : float
            When it happened to the runner; capture time of the newest frame.
        """
        row = CUES[event]
        self.begin_silence(now_s, event)
        sound, text, focus = row.sound, "", None
        if row.kind is CueKind.SPEECH:
            self._spoke_s = now_s
            focus = self._wording.focus(self._settings, self._strides)
            sound = text = self._wording.words(row.sound, focus, self._settings)
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
            t_capture_s=now_s,
            expires_s=now_s + row.hold_s,
            focus=focus,
        )
        self.responses.add_cue(cue, row.metric)
        return cue
