"""The rules: when a cue is due, and whether it is given.

Tones belong to a push-off: the falling one comes with the peak extension that takes the
runner out of the band, the rising one with the first that is back in it. Where the tilt
at that instant is not known they come with the stride's verdict. Words come with the
verdict. Nothing is ever said on an unknown verdict, while the belt changes its speed, or
in the first strides after stepping on.
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

# A peak later than this after the verdict does not carry its tone any more; our choice:
# a step lasts 0.3 to 0.4 s.
_STEP_S = 0.6
# A tone that would come later than this after its push-off waits for the next one: what is
# heard a quarter of a second after the movement is not felt as its consequence; our choice,
# with room for camera, pose model and loudspeaker.
_IN_TIME_S = 0.18
_FAULTS = ("borrowed", "arching")


@dataclass(slots=True)
class _Episode:
    """From leaving the band to being back in it."""

    granted: bool
    compensated: bool = False
    warned: bool = False
    back_since_s: float | None = None
    tone_waits: bool = False


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
        self._giver = CueEmitter(settings, table or load_cues())
        self._watch = BandMonitor(settings.of_strides)
        self._dispenser = Dispenser()
        self._episode: _Episode | None = None
        # Newest peak extension of each leg, and whether its tone was decided then.
        self._peaks: dict[Side, tuple[float, bool]] = {}
        self._newest_above_s: float | None = None
        self._started_s: float | None = None
        self._settling = SKIPPED_STRIDES
        self._unknown_run = 0

    def start_anew(self) -> None:
        """Somebody else runs: nothing that was said to the one before counts for them."""
        self._giver.start_anew()
        self._dispenser = Dispenser()
        self._forget_episode()
        self._started_s = None
        self._settling = SKIPPED_STRIDES
        self._unknown_run = 0

    def change_settings(self, settings: FeedbackSettings) -> None:
        """Go on with other settings: schedule, wording or how many strides."""
        self._settings = self._giver.settings = settings
        self._watch.resize(settings.of_strides)

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
            `SayCueNow` gives the spoken cue at once, whatever the schedule says.
        tilt_at_peak : Measurement, optional
            Pelvic tilt at the peak extension among `events`, degrees against standing,
            anterior positive. With it, tones come at push-off; without it, with the verdict.
        """
        self._giver.now_s = now_s
        cues: list[Cue] = []
        responses: list[CueResponse] = []
        if state in (RunnerState.WAITING, RunnerState.NEUTRAL):
            responses += self._begin_anew(ReasonCode.RUNNER_STEPPED_OFF)
            self._settling = SKIPPED_STRIDES
        elif not belt_steady:
            responses += self._begin_anew(ReasonCode.BELT_CHANGED_SPEED)
        for event in events:
            if event.kind is EventKind.MAX_EXTENSION:
                cues += self._push_off(event, tilt_at_peak, bands)
        for stride in strides:
            responses += self._giver.responses.stride(stride)
            self._giver.strides += 1
            if self._started_s is None:
                self._started_s = stride.contact_s
            settled = self._settling == 0
            self._settling = max(self._settling - 1, 0)
            if not bands or not belt_steady or stride.verdict is Verdict.UNKNOWN:
                self._lose_sight()
                continue
            self._unknown_run = 0
            self._watch.push(stride, bands)
            if settled:
                cues += self._judge(stride, bands)
        if SayCueNow() in commands:
            self._giver.due(*_FAULTS)
            side = self._watch.side(bands)
            cues.append(self._giver.give(self._fault(bands), side, now_s))
        return tuple(cues), tuple(responses)

    def _forget_episode(self) -> None:
        self._watch.clear()
        self._peaks.clear()
        self._newest_above_s = None
        self._episode = None

    def _begin_anew(self, reason: ReasonCode) -> list[CueResponse]:
        self._forget_episode()
        return self._giver.responses.interrupt(reason)

    def _lose_sight(self) -> None:
        """A stride that says nothing: after a few of them the episode is forgotten too."""
        self._watch.clear()
        self._unknown_run += 1
        if self._unknown_run >= self._settings.of_strides:
            self._episode = None

    def _push_off(
        self, peak: GaitEvent, tilt: Measurement | None, bands: Mapping[str, Band]
    ) -> list[Cue]:
        """Peak extension of a leg: the instant at which a tone is understood."""
        value = tilt.value if tilt is not None else None
        above = above_band(value, peak.side, bands) if value is not None else None
        judged = above is not None and self._watch.knows and self._settling == 0
        self._peaks[peak.side] = (peak.t_s, judged)
        if not judged:
            return []
        if above:
            self._newest_above_s = peak.t_s
        if above and self._every_stride and self._watch.newest_out:
            return self._leave(self._watch.side(bands), peak.t_s)
        need = self._settings.out_strides - 1
        if above and self._episode is None and self._watch.outs_before_this() >= need:
            return self._leave(self._watch.side(bands), peak.t_s)
        episode = self._episode
        if above and episode is not None and episode.tone_waits:
            return self._leave(self._watch.side(bands), peak.t_s)
        if not above and episode is not None and episode.back_since_s is not None:
            return self._return(self._watch.side(bands), peak.t_s)
        return []

    def _judge(self, stride: Stride, bands: Mapping[str, Band]) -> list[Cue]:
        """Decide what a stride with a verdict calls for."""
        cues: list[Cue] = []
        out = stride.verdict in OUT
        many_out = self._watch.outs() >= self._settings.out_strides
        compensating = stride.state is RunnerState.COMPENSATING
        peak_s, peak_judged = self._peak_of(stride)
        side = self._watch.side(bands)
        if self._every_stride:
            leaves = out and not peak_judged
        else:
            leaves = out and (many_out or compensating) and self._episode is None
        if self._episode is not None and self._episode.tone_waits:
            cues += self._leave(side, peak_s)  # One step was enough to wait.
        elif leaves:
            # The other leg's push-off, if it left the band too, is what was felt last.
            felt_s = max(peak_s, self._newest_above_s or peak_s)
            if self._giver.now_s - felt_s > _IN_TIME_S and self._judges_push_offs:
                self._episode = self._new_episode()
                self._episode.tone_waits = True
            else:
                cues += self._leave(side, felt_s)
        episode = self._episode
        if compensating and episode is None:
            episode = self._episode = self._new_episode()
        if episode is not None:
            if out:
                episode.back_since_s = None
            if compensating:
                episode.compensated = True
                if not episode.tone_waits:
                    cues += self._warn(episode, many_out, side, peak_s, bands)
            if stride.state is RunnerState.OK:
                cues += self._coming_back(episode, side, peak_s)
        if stride.state is RunnerState.OK and self._episode is None:
            cues += self._spare_words(peak_s)
        return cues

    def _leave(self, side: Side | None, t_event_s: float) -> list[Cue]:
        if self._episode is None:
            self._episode = self._new_episode()
        self._episode.tone_waits = False
        if not self._episode.granted:
            return []
        return self._giver.tone("tilt_out", side, t_event_s)

    def _warn(
        self,
        episode: _Episode,
        many_out: bool,
        side: Side | None,
        t_event_s: float,
        bands: Mapping[str, Band],
    ) -> list[Cue]:
        """Words: at once when compensating begins, then again after the cooldown."""
        fault = self._fault(bands)
        if self._giver.silent(fault) or (episode.warned and not many_out):
            return []
        self._giver.due(*_FAULTS)
        if episode.warned:
            episode.granted = self._dispenser.grants(self._share())
        episode.warned = True
        return [self._giver.give(fault, side, t_event_s)] if episode.granted else []

    def _coming_back(self, episode: _Episode, side: Side | None, t_event_s: float) -> list[Cue]:
        """Back in the band: the tone waits for the next push-off, where there are such."""
        now = self._giver.now_s
        if episode.back_since_s is None:
            episode.back_since_s = now
            if self._judges_push_offs:
                return []
        elif now - episode.back_since_s < _STEP_S:
            return []
        return self._return(side, t_event_s)

    def _return(self, side: Side | None, t_event_s: float) -> list[Cue]:
        episode = self._episode
        self._episode = None
        if episode is None or not episode.granted:
            return []
        cues = self._giver.tone("tilt_back", side, t_event_s)
        if episode.compensated and not self._giver.silent("back"):
            cues.append(self._giver.give("back", side, t_event_s))
        return cues

    def _spare_words(self, t_event_s: float) -> list[Cue]:
        """Inside the band of tilt: hip extension that stays short is said, else praise."""
        short, good = CUES["short_hip"], CUES["good_stretch"]
        if self._watch.short >= (short.onset_strides or 1):
            event = short.event
        elif self._watch.short == 0 and self._watch.good >= (good.onset_strides or 1):
            event = good.event
        else:
            return []
        if self._giver.just_spoke() or self._giver.silent(event):
            return []
        self._giver.due(event)
        granted = self._dispenser.grants(self._share())
        return [self._giver.give(event, None, t_event_s)] if granted else []

    @property
    def _judges_push_offs(self) -> bool:
        """Whether the last push-off was told in or out of the band when it happened."""
        seen = [peak_s for peak_s, judged in self._peaks.values() if judged]
        return bool(seen) and self._giver.now_s - max(seen) < _STEP_S

    @property
    def _every_stride(self) -> bool:
        return self._settings.schedule == "every_stride"

    def _share(self) -> float:
        now = self._giver.now_s
        return share_of_cues(
            self._settings, 0.0 if self._started_s is None else now - self._started_s
        )

    def _new_episode(self) -> _Episode:
        return _Episode(self._dispenser.grants(self._share()))

    def _fault(self, bands: Mapping[str, Band]) -> str:
        return "arching" if self._watch.arches(bands) else "borrowed"

    def _peak_of(self, stride: Stride) -> tuple[float, bool]:
        """Peak extension of a stride, and whether its tone was decided then; else its end."""
        peak_s, judged = self._peaks.get(stride.side, (stride.end_s, False))
        if stride.contact_s <= peak_s <= stride.end_s:
            return peak_s, judged
        return stride.end_s, False
