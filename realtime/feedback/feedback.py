"""The rules: when a cue is due, and which words it gets.

A stride is out when its verdict is watch or compensating. Nothing is ever said on an
unknown verdict, while the belt changes its speed, or in the first strides after stepping
on: those strides have no verdict, and a state that is neither good nor bad stays silent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from config.cues import CueTable, Focus, load_cues
from config.settings import FeedbackSettings
from realtime.feedback.response import ResponseWatch
from realtime.feedback.schedule import Dispenser, share_of_cues
from realtime.feedback.table import CUES
from realtime.records import (
    Ask,
    Band,
    Cue,
    CueKind,
    CueResponse,
    GaitEvent,
    RunnerState,
    Stride,
    Verdict,
)

_OUT = (Verdict.WATCH, Verdict.COMPENSATING)
# Good strides (both legs) in a row that make a good stretch; our choice: a minute.
_GOOD_STRETCH = 160
# Strides per block when the wordings are compared; our choice: about a minute of running.
_BLOCK = 160


class Feedback:
    """Decides cues from strides. The same inputs give the same cues."""

    def __init__(self, settings: FeedbackSettings, table: CueTable | None = None) -> None:
        self._settings = settings
        self._table = table or load_cues()
        self._strides: deque[bool] = deque(maxlen=settings.of_strides)
        self._dispenser = Dispenser()
        self._responses = ResponseWatch()
        self._last_given_s: dict[str, float] = {}
        self._last_speech_s = -float("inf")
        self._started_s: float | None = None
        self._number = 0
        self._turn: dict[tuple[str, Focus], int] = {}
        self._measured = 0
        self._good = 0
        self._was_out = False
        self._warned = False
        self._episode = False

    def step(
        self,
        t_s: float,
        t_capture_s: float,
        events: tuple[GaitEvent, ...],
        strides: tuple[Stride, ...],
        state: RunnerState,
        bands: Mapping[str, Band],
        belt_steady: bool,
        asks: tuple[Ask, ...] = (),
    ) -> tuple[tuple[Cue, ...], tuple[CueResponse, ...]]:
        """Take one engine step; return cues to give and responses that are complete.

        Parameters
        ----------
        t_s, t_capture_s : float
            Now, and the capture time of the newest frame; the same clock.
        events, strides : tuple
            What the step found.
        state : RunnerState
            After the step.
        bands : mapping
            The runner's own bands; empty before there is a baseline.
        belt_steady : bool
            Whether the belt keeps its speed.
        asks : tuple of Ask
            ``SAY_IT_NOW`` gives the spoken cue at once, whatever the schedule says.
        """
        cues: list[Cue] = []
        responses: list[CueResponse] = []
        if state in (RunnerState.WAITING, RunnerState.NEUTRAL):
            self._rest()
        for stride in strides:
            responses.extend(self._responses.stride(stride))
            if self._started_s is None:
                self._started_s = stride.contact_s
            self._measured += 1
            if not bands or not belt_steady or stride.verdict is Verdict.UNKNOWN:
                self._strides.clear()
                self._good = 0
                continue
            cues.extend(self._judge(stride, t_capture_s))
        if Ask.SAY_IT_NOW in asks:
            cues.append(self._speak("borrowed", None, t_capture_s, t_capture_s))
        return tuple(cues), tuple(responses)

    def _rest(self) -> None:
        self._strides.clear()
        self._responses.stepped_off()
        self._was_out = self._warned = self._episode = False
        self._good = 0

    def _judge(self, stride: Stride, now: float) -> list[Cue]:
        """Decide what a measured stride calls for."""
        cues: list[Cue] = []
        out = stride.verdict in _OUT
        self._strides.append(out)
        self._good = 0 if out else self._good + 1
        many_out = sum(self._strides) >= self._settings.out_strides
        compensating = stride.state is RunnerState.COMPENSATING
        leaving = out and (many_out or compensating) and not self._was_out
        returning = self._was_out and stride.state is RunnerState.OK
        due = compensating and (
            not self._warned
            or self._settings.schedule == "every_stride"
            or (many_out and now - self._last_speech_s >= self._settings.cooldown_s)
        )
        if due or leaving:
            granted = self._dispenser.grants(self._share(now))
            if leaving and granted:
                cues += self._tone("tilt_out", stride, now)
            if due and granted:
                cues += self._say("borrowed", stride, now)
            self._warned |= due
        if leaving:
            self._was_out = True
            self._episode |= compensating
        if compensating:
            self._was_out = self._episode = True
        if returning:
            self._was_out = self._warned = False
            if self._share(now) > 0.0:
                cues += self._tone("tilt_back", stride, now)
                if self._episode:
                    cues += self._say("back", stride, now)
            self._episode = False
        if self._good >= _GOOD_STRETCH and self._share(now) > 0.0:
            self._good = 0
            cues += self._say("good_stretch", stride, now)
        return cues

    def _share(self, now: float) -> float:
        return share_of_cues(self._settings, now - (self._started_s or now))

    def _tone(self, event: str, stride: Stride, now: float) -> list[Cue]:
        row = CUES[event]
        if now - self._last_given_s.get(event, -float("inf")) < row.cooldown_s:
            return []
        self._last_given_s[event] = now
        return [self._cue(event, CueKind.TONE, row.sound, "", stride, now, None)]

    def _say(self, event: str, stride: Stride, now: float) -> list[Cue]:
        row = CUES[event]
        if now - self._last_given_s.get(event, -float("inf")) < row.cooldown_s:
            return []
        # Words need time to be understood: never closer than two seconds, by our choice.
        gap_s = 2.0 if self._settings.schedule == "every_stride" else self._settings.cooldown_s
        urgent = event == "borrowed" and not self._warned
        if not urgent and now - self._last_speech_s < gap_s:
            return []
        return [self._speak(event, stride, stride.end_s, now)]

    def _speak(self, event: str, stride: Stride | None, t_event_s: float, now: float) -> Cue:
        self._last_given_s[event] = self._last_speech_s = now
        focus = self._focus()
        words = self._table.phrases(CUES[event].sound, focus, self._settings.language)
        turn = self._turn.get((event, focus), 0)
        self._turn[event, focus] = turn + 1
        text = words[turn % len(words)]
        return self._cue(event, CueKind.SPEECH, text, text, stride, now, focus, t_event_s)

    def _focus(self) -> Focus:
        chosen = self._settings.focus
        if chosen != "ab":
            return chosen
        return "external" if (self._measured // _BLOCK) % 2 == 0 else "internal"

    def _cue(
        self,
        event: str,
        kind: CueKind,
        sound: str,
        text: str,
        stride: Stride | None,
        now: float,
        focus: Focus | None,
        t_event_s: float | None = None,
    ) -> Cue:
        row = CUES[event]
        self._number += 1
        cue = Cue(
            number=self._number,
            event=event,
            kind=kind,
            sound=sound,
            text=text,
            priority=row.priority,
            side=None,
            t_event_s=stride.end_s if t_event_s is None and stride else t_event_s or now,
            t_capture_s=now,
            expires_s=now + row.hold_s,
            focus=focus,
        )
        self._responses.cue(cue, row.metric)
        return cue
