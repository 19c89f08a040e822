"""The rules: what a push-off or a stride says of an episode, and which cues come of it.

What follows from what is the table in `hipcue.realtime.feedback.episode`. Nothing is ever
said on an unknown verdict, while the belt changes its speed, or in the first strides after
stepping on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hipcue.config.cues import CueTable, load_cues
from hipcue.config.reasons import ReasonCode
from hipcue.config.settings import FeedbackSettings
from hipcue.realtime.feedback.band_monitor import OUT, BandMonitor, above_band
from hipcue.realtime.feedback.cue_emitter import CueEmitter
from hipcue.realtime.feedback.cue_rules import CUES
from hipcue.realtime.feedback.episode import (
    TRANSITIONS,
    Action,
    Episode,
    EpisodeEvent,
    EpisodeState,
)
from hipcue.realtime.feedback.push_offs import PushOffs
from hipcue.realtime.feedback.schedule import Dispenser, share_of_cues
from hipcue.realtime.gait.baseline import SKIPPED_STRIDES
from hipcue.realtime.records import (
    Band,
    Cue,
    CueResponse,
    EngineCommand,
    EventKind,
    GaitEvent,
    Measurement,
    RunnerState,
    SayCueNow,
    Side,
    Stride,
    Verdict,
)

# A push-off later than this after the verdict does not carry its tone any more; our choice:
# a step lasts 0.3 to 0.4 s.
STEP_S = 0.6
# A tone that would come later than this after its push-off waits for the next one: what is
# heard a quarter of a second after the movement is not felt as its consequence; our choice,
# with room for camera, pose model and loudspeaker.
_IN_TIME_S = 0.18
_FAULTS = ("borrowed", "arching")


@dataclass(frozen=True, slots=True)
class _Occasion:
    """When something happened that a cue may be about.

    `felt_s` is the push-off that a falling tone is about, `t_event_s` that of other cues.
    """

    now_s: float
    felt_s: float
    t_event_s: float
    bands: Mapping[str, Band]


class Feedback:
    """Decides cues from strides. The same inputs give the same cues.

    Parameters
    ----------
    settings : FeedbackSettings
        Schedule, focus, language, how many strides.
    table : CueTable, optional
        Phrases; those that ship with hipcue by default.
    """

    def __init__(self, settings: FeedbackSettings, table: CueTable | None = None) -> None:
        self._settings = settings
        self._emitter = CueEmitter(settings, table or load_cues())
        self._monitor = BandMonitor(settings.of_strides)
        self._push_offs = PushOffs()
        self._state = EpisodeState.IN_BAND
        self._entered_s = 0.0
        self._episode = Episode(granted=False)
        self.start_anew()

    def start_anew(self) -> None:
        """Somebody else runs: nothing that was said to the one before counts for them."""
        self._emitter.start_anew()
        self._dispenser = Dispenser()
        self._forget_episode()
        self._started_s: float | None = None
        self._settling = SKIPPED_STRIDES
        self._unknown_run = 0

    def change_settings(self, settings: FeedbackSettings) -> None:
        """Go on with other settings: schedule, wording or how many strides."""
        self._settings = settings
        self._emitter.change_settings(settings)
        self._monitor.resize(settings.of_strides)

    def step(
        self,
        now_s: float,
        events: tuple[GaitEvent, ...],
        strides: tuple[Stride, ...],
        state: RunnerState,
        bands: Mapping[str, Band],
        belt_steady: bool,
        commands: tuple[EngineCommand, ...] = (),
        tilt_at_peak: Measurement | None = None,
    ) -> tuple[tuple[Cue, ...], tuple[CueResponse, ...]]:
        """Take one engine step; return cues to give and responses that are complete.

        Parameters
        ----------
        now_s : float
            Capture time of the newest frame.
        events, strides : tuple
            What the step found.
        state : RunnerState
            After the step.
        bands : mapping
            The runner's own bands, per metric and per metric and leg (``name:L``); empty
            before there is a baseline.
        belt_steady : bool
            Whether the belt keeps its speed.
        commands : tuple of EngineCommand
            ``SayCueNow`` gives the spoken cue at once, whatever the schedule says.
        tilt_at_peak : Measurement, optional
            Pelvic tilt at the peak extension among `events`, degrees against standing,
            anterior positive. With it, tones come at push-off; without it, with the verdict.
        """
        cues: list[Cue] = []
        responses: list[CueResponse] = []
        if state in (RunnerState.WAITING, RunnerState.NEUTRAL):
            responses += self._begin_anew(ReasonCode.RUNNER_STEPPED_OFF)
            self._settling = SKIPPED_STRIDES
        elif not belt_steady:
            responses += self._begin_anew(ReasonCode.BELT_CHANGED_SPEED)
        for event in events:
            if event.kind is EventKind.MAX_EXTENSION:
                cues += self._add_push_off(event, tilt_at_peak, bands, now_s)
        for stride in strides:
            responses += self._emitter.add_stride(stride)
            if self._started_s is None:
                self._started_s = stride.contact_s
            settled = self._settling == 0
            self._settling = max(self._settling - 1, 0)
            if not bands or not belt_steady or stride.verdict is Verdict.UNKNOWN:
                self._lose_sight()
                continue
            self._unknown_run = 0
            self._monitor.add_stride(stride, bands)
            if settled:
                cues += self._add_stride(stride, bands, now_s)
        if any(isinstance(command, SayCueNow) for command in commands):
            cues.append(self._say_now(bands, now_s))
        return tuple(cues), tuple(responses)

    def _add_push_off(
        self,
        peak: GaitEvent,
        tilt: Measurement | None,
        bands: Mapping[str, Band],
        now_s: float,
    ) -> list[Cue]:
        """Peak extension of a leg: the instant at which a tone is understood."""
        value = tilt.value if tilt is not None else None
        above = above_band(value, peak.side, bands) if value is not None else None
        if not self._monitor.knows or self._settling > 0:
            above = None
        self._push_offs.add(peak, above)
        if above is None:
            return []
        occasion = _Occasion(now_s, peak.t_s, peak.t_s, bands)
        return self._happens(self._push_off_event(above), occasion)

    def _push_off_event(self, above: bool) -> EpisodeEvent:
        if not above:
            return EpisodeEvent.PUSH_OFF_IN
        if self._tells_each and self._monitor.newest_out:
            return EpisodeEvent.PUSH_OFF_EACH
        if self._monitor.outs_before_this() >= self._settings.out_strides - 1:
            return EpisodeEvent.PUSH_OFF_LEAVES
        return EpisodeEvent.PUSH_OFF_OUT

    def _add_stride(self, stride: Stride, bands: Mapping[str, Band], now_s: float) -> list[Cue]:
        """Decide what a stride with a verdict calls for."""
        peak_s, told = self._push_offs.peak_of(stride)
        felt_s = peak_s
        if self._state is not EpisodeState.LEFT_UNTOLD:
            # The other leg's push-off, if it left the band too, is what was felt last.
            felt_s = max(peak_s, self._push_offs.newest_above_s or peak_s)
        occasion = _Occasion(now_s, felt_s, peak_s, bands)
        cues: list[Cue] = []
        if stride.state is RunnerState.OK:
            cues += self._happens(self._event_in_band(now_s), occasion)
        elif stride.verdict in OUT:
            cues += self._happens(self._event_out(stride, told, felt_s, now_s), occasion)
        if stride.state is RunnerState.COMPENSATING:
            cues += self._happens(EpisodeEvent.COMPENSATES, occasion)
        return cues

    def _event_in_band(self, now_s: float) -> EpisodeEvent:
        if self._state is EpisodeState.RETURNED_UNTOLD:
            alone = now_s - self._entered_s >= STEP_S
        else:
            alone = not self._push_offs.told_lately(now_s, STEP_S)
        return EpisodeEvent.STRIDE_IN_ALONE if alone else EpisodeEvent.STRIDE_IN

    def _event_out(self, stride: Stride, told: bool, felt_s: float, now_s: float) -> EpisodeEvent:
        late = now_s - felt_s > _IN_TIME_S and self._push_offs.told_lately(now_s, STEP_S)
        if self._tells_each:
            if told:
                return EpisodeEvent.STRIDE_OUT
            return EpisodeEvent.STRIDE_EACH_LATE if late else EpisodeEvent.STRIDE_EACH
        if not self._many_out and stride.state is not RunnerState.COMPENSATING:
            return EpisodeEvent.STRIDE_OUT
        return EpisodeEvent.STRIDE_LEAVES_LATE if late else EpisodeEvent.STRIDE_LEAVES

    def _happens(self, event: EpisodeEvent, occasion: _Occasion) -> list[Cue]:
        """Go through the table; what is not in it changes nothing."""
        state, actions = TRANSITIONS.get((self._state, event), (self._state, ()))
        if state is not self._state:
            self._state, self._entered_s = state, occasion.now_s
        return [cue for action in actions for cue in self._act(action, occasion)]

    def _act(self, action: Action, occasion: _Occasion) -> list[Cue]:
        episode = self._episode
        match action:
            case Action.OPEN:
                self._episode = Episode(self._grants(occasion.now_s))
            case Action.NOTE:
                episode.compensated = True
            case Action.FALLING_TONE if episode.granted:
                side = self._monitor.side(occasion.bands)
                return self._emitter.tone("tilt_out", side, occasion.felt_s, occasion.now_s)
            case Action.RISING_TONE if episode.granted:
                return self._rising_tone(occasion)
            case Action.WORDS:
                return self._warn(occasion)
            case Action.SPARE_WORDS:
                return self._spare_words(occasion)
        return []

    def _rising_tone(self, occasion: _Occasion) -> list[Cue]:
        side, t_event_s, now_s = self._side(occasion), occasion.t_event_s, occasion.now_s
        cues = self._emitter.tone("tilt_back", side, t_event_s, now_s)
        if self._episode.compensated and not self._emitter.silent("back", now_s):
            cues.append(self._emitter.give("back", side, t_event_s, now_s))
        return cues

    def _warn(self, occasion: _Occasion) -> list[Cue]:
        """Words: at once when compensating begins, then again after the cooldown."""
        episode, now_s = self._episode, occasion.now_s
        fault = self._fault(occasion.bands)
        if self._emitter.silent(fault, now_s) or (episode.warned and not self._many_out):
            return []
        self._emitter.begin_silence(now_s, *_FAULTS)
        if episode.warned:
            episode.granted = self._grants(now_s)
        episode.warned = True
        if not episode.granted:
            return []
        return [self._emitter.give(fault, self._side(occasion), occasion.t_event_s, now_s)]

    def _spare_words(self, occasion: _Occasion) -> list[Cue]:
        """Inside the band of tilt: hip extension that stays short is said, else praise."""
        short, good = CUES["short_hip"], CUES["good_stretch"]
        if self._monitor.short >= (short.onset_strides or 1):
            event = short.event
        elif self._monitor.short == 0 and self._monitor.good >= (good.onset_strides or 1):
            event = good.event
        else:
            return []
        now_s = occasion.now_s
        if self._emitter.just_spoke(now_s) or self._emitter.silent(event, now_s):
            return []
        self._emitter.begin_silence(now_s, event)
        granted = self._grants(now_s)
        return [self._emitter.give(event, None, occasion.t_event_s, now_s)] if granted else []

    def _say_now(self, bands: Mapping[str, Band], now_s: float) -> Cue:
        self._emitter.begin_silence(now_s, *_FAULTS)
        return self._emitter.give(self._fault(bands), self._monitor.side(bands), now_s, now_s)

    def _forget_episode(self) -> None:
        self._monitor.clear()
        self._push_offs.clear()
        self._state, _ = TRANSITIONS.get((self._state, EpisodeEvent.NEW_START), (self._state, ()))

    def _begin_anew(self, reason: ReasonCode) -> list[CueResponse]:
        self._forget_episode()
        return self._emitter.responses.interrupt(reason)

    def _lose_sight(self) -> None:
        """A stride that says nothing: after a few of them the episode is forgotten too."""
        self._monitor.clear()
        self._unknown_run += 1
        if self._unknown_run >= self._settings.of_strides:
            self._state, _ = TRANSITIONS.get(
                (self._state, EpisodeEvent.LOST_SIGHT), (self._state, ())
            )

    @property
    def _many_out(self) -> bool:
        return self._monitor.outs() >= self._settings.out_strides

    @property
    def _tells_each(self) -> bool:
        return self._settings.schedule == "every_stride"

    def _grants(self, now_s: float) -> bool:
        """Whether the schedule gives the cue that is due now."""
        elapsed_s = 0.0 if self._started_s is None else now_s - self._started_s
        return self._dispenser.grants(share_of_cues(self._settings, elapsed_s))

    def _side(self, occasion: _Occasion) -> Side | None:
        return self._monitor.side(occasion.bands)

    def _fault(self, bands: Mapping[str, Band]) -> str:
        return "arching" if self._monitor.arches(bands) else "borrowed"
