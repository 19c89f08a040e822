"""Plays cues: tones at once, speech when it is quiet, and nothing that comes too late.

One thread owns the mixer. A tone is never covered: speech waits for it, and speech that
is under way is turned down while a tone sounds. Of the spoken cues that wait, only the
most urgent is kept. When the loudspeaker goes away the thread tries again with growing
pauses; the run goes on in silence.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import SoundSettings
from hipcue.devices.readings import DeviceStatus, LinkState
from hipcue.devices.sound.channels import MixerChannels, MixerChannelsError
from hipcue.devices.sound.outputs import inspect_outputs
from hipcue.devices.sound.playback_queue import PlaybackQueue, Played, SoundOrder, Waiting
from hipcue.devices.sound.speech import SpeechError, render_phrases
from hipcue.devices.sound.speech_file import SpeechFileError, spoken_samples
from hipcue.devices.sound.tones import BUFFER_FRAMES, HUM_FRAMES, RATE_HZ, Samples, stereo

# Between one try to open the loudspeaker and the next; each costs a third of a second of
# one core.
_PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0)
# How often to ask which loudspeakers there are.
_CHECK_S = 1.0
# A tilt older than this is not known any more: five frames of a slow camera.
_TILT_HOLDS_S = 0.2
# A cadence older than this does not say that somebody still runs: as long as the screen
# shows a stride.
_CADENCE_HOLDS_S = 3.0


class Sound:
    """The loudspeaker.

    Parameters
    ----------
    settings : SoundSettings
        Device, volume, voice.
    language : str
        Of the voice.
    clock : callable
        The session's clock.
    speech_folder : Path, optional
        Where rendered phrases are kept; the user's cache by default.
    """

    def __init__(
        self,
        settings: SoundSettings,
        language: str = "en",
        clock: Callable[[], float] = time.monotonic,
        *,
        speech_folder: Path | None = None,
    ) -> None:
        self._settings = settings
        self._language = language
        self._clock = clock
        self._folder = speech_folder
        self._wake = threading.Condition()
        self._queue = PlaybackQueue()
        self._played: list[Played] = []
        self._muted = False
        self._volume = settings.volume
        self._stop = False
        self._cadence: tuple[float, float] | None = None
        self._tilt: tuple[float, float] | None = None
        self._state = LinkState.WAITING
        self._reason = Reason(ReasonCode.SOUND)
        self._speech_trouble = None if settings.speech else Reason(ReasonCode.SPEECH_OFF)
        self._words: dict[str, Samples] = {}
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._phrases: tuple[str, ...] = ()

    def prepare(self, phrases: Iterable[str]) -> None:
        """Name what will be said; it is rendered from `start` on."""
        self._phrases = tuple(phrases)

    def start(self) -> None:
        """Open the loudspeaker and render the phrases, without holding anybody up."""
        if self._settings.speech and self._phrases:
            threading.Thread(target=self._render, name="speech", daemon=True).start()
        self._thread.start()

    def play(self, order: SoundOrder) -> None:
        """Play as soon as it may; returns at once."""
        with self._wake:
            if not self._muted:
                self._queue.put(order, self._clock())
                self._wake.notify()

    def drain_played(self) -> tuple[Played, ...]:
        """Return what was played since the last call; what nobody could hear is not in it."""
        with self._wake:
            played = tuple(self._played)
            self._played.clear()
        return played

    def set_muted(self, muted: bool) -> None:
        """Silence everything at once, or go on."""
        with self._wake:
            self._muted = muted
            self._wake.notify()

    @property
    def muted(self) -> bool:
        """Whether somebody wants it silent."""
        return self._muted

    def set_volume(self, volume: float) -> None:
        """Take a loudness, 0 silent to 1 full, for what begins from now on."""
        self._volume = min(max(volume, 0.0), 1.0)

    def set_cadence(self, cadence_spm: float | None) -> None:
        """Set the metronome to the runner's usual cadence; None stops it, and so does no news.

        Their usual one, not that of the last stride: a metronome that is always faster than
        a runner who follows it would run away with them.
        """
        self._cadence = None if cadence_spm is None else (self._clock(), cadence_spm)

    def set_pelvis(self, tilt_deg: float | None) -> None:
        """Set the tilt that the hum follows; None is silence, and so is no news."""
        self._tilt = None if tilt_deg is None else (self._clock(), tilt_deg)

    def status(self) -> DeviceStatus:
        """Return whether cues can be heard: ``sound``, or what is wrong and what to do."""
        reason, trouble = self._reason, self._speech_trouble
        if self._state is LinkState.LIVE:
            if self._muted:
                reason = Reason(ReasonCode.SOUND_MUTED)
            elif trouble is not None:
                reason = Reason(ReasonCode.TONES_ONLY, why=trouble)
        return DeviceStatus("sound", self._state, reason)

    def close(self) -> None:
        """Let what sounds end, for half a second at most, and give the loudspeaker back."""
        with self._wake:
            self._stop = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=3.0)
        self._state, self._reason = LinkState.OFF, Reason(ReasonCode.SOUND)

    def _render(self) -> None:
        """Make the phrases; runs on a thread of its own, which ends with them."""
        settings, trouble = self._settings, None
        try:
            files = render_phrases(
                self._phrases,
                self._language,
                settings.speech_rate,
                voice=settings.voice,
                folder=self._folder,
            )
        except SpeechError as error:
            files, trouble = error.files, Reason(ReasonCode.NO_SPEECH, why=error.reason)
        words: dict[str, Samples] = {}
        for text, path in files.items():
            try:
                words[text] = stereo(spoken_samples(path))
            except SpeechFileError as error:
                trouble = Reason(ReasonCode.NO_SPEECH, why=str(error))
        with self._wake:
            self._words, self._speech_trouble = words, trouble
            self._wake.notify()

    # Everything below runs on the sound thread.

    def _run(self) -> None:
        failures, was_live = 0, False
        while not self._stop:
            channels, why = self._open()
            if channels is None:
                if why is not None:
                    self._lost(was_live, why)
                self._wait_in_silence(_PAUSES_S[min(failures, len(_PAUSES_S) - 1)])
                failures += 1
                continue
            failures, was_live = 0, True
            self._state, self._reason = LinkState.LIVE, channels.reason
            try:
                self._play_until_stopped(channels)
            except MixerChannelsError as error:
                self._lost(was_live, error.reason)
            except channels.error as error:
                self._lost(was_live, Reason(ReasonCode.OTHER, text=str(error)[:60]))
            finally:
                channels.close()

    def _open(self) -> tuple[MixerChannels | None, Reason | None]:
        """Open the loudspeaker if one opens; a child process tries first, as it may crash."""
        why = inspect_outputs(self._settings.device).trouble
        if why is not None or self._stop:
            return None, why
        try:
            return MixerChannels(self._settings), None
        except MixerChannelsError as error:
            return None, error.reason

    def _lost(self, was_live: bool, why: Reason) -> None:
        self._state = LinkState.RECOVERING if was_live else LinkState.LOST
        if was_live:
            self._reason = Reason(ReasonCode.SOUND_LOST, why=why)
        else:
            self._reason = Reason(ReasonCode.NO_SOUND, why=why)

    def _wait_in_silence(self, pause_s: float) -> None:
        with self._wake:
            self._wake.wait_for(lambda: self._stop, timeout=pause_s)
            self._queue.drop_expired(self._clock())

    def _play_until_stopped(self, channels: MixerChannels) -> None:
        next_tick_s = checked_s = self._clock()
        while True:
            with self._wake:
                first = self._next(channels)
                if first is None and not self._stop:
                    self._wake.wait(self._patience_s(channels, next_tick_s))
                    first = self._next(channels)
                stop, muted = self._stop, self._muted
            channels.set_volume(self._volume)
            if first is not None and not muted:
                self._begin(channels, first)
            if stop:
                break
            if muted:
                channels.stop_all()
                next_tick_s = self._clock()
            else:
                next_tick_s = self._metronome(channels, next_tick_s)
                if self._settings.continuous:
                    channels.continue_hum(self._tilt_now())
            channels.duck()
            if self._clock() - checked_s > _CHECK_S:
                checked_s = self._clock()
                if channels.output_came() and not channels.sounding:
                    return  # Another loudspeaker may be the default now: open that one.
        channels.wait_until_quiet(0.5)

    def _next(self, channels: MixerChannels) -> Waiting | None:
        if self._muted:
            self._queue.clear()
        if self._queue.empty:
            return None
        return self._queue.take(self._clock(), not channels.sounding, self._words.__contains__)

    def _patience_s(self, channels: MixerChannels, next_tick_s: float) -> float:
        """How long nothing has to be done, if nobody calls."""
        patience_s = 0.25
        if channels.sounding or not self._queue.empty:
            patience_s = 0.01
        if self._settings.continuous:
            patience_s = min(patience_s, HUM_FRAMES / RATE_HZ / 4)
        if self._settings.metronome and self._cadence_now():
            patience_s = min(patience_s, max(next_tick_s - self._clock(), 0.0))
        return patience_s

    def _begin(self, channels: MixerChannels, waiting: Waiting) -> None:
        order = waiting.order
        if order.speech:
            channels.play_speech(self._words[order.sound])
        elif not channels.play_tone(order.sound, order.balance):
            return
        taken_s = self._clock() + BUFFER_FRAMES / RATE_HZ
        with self._wake:
            self._played.append(Played(order.number, waiting.asked_s, taken_s))

    def _tilt_now(self) -> float | None:
        tilt = self._tilt
        return None if tilt is None or self._clock() - tilt[0] > _TILT_HOLDS_S else tilt[1]

    def _cadence_now(self) -> float | None:
        last = self._cadence
        return None if last is None or self._clock() - last[0] > _CADENCE_HOLDS_S else last[1]

    def _metronome(self, channels: MixerChannels, next_tick_s: float) -> float:
        cadence_spm, now = self._cadence_now(), self._clock()
        if not self._settings.metronome or not cadence_spm:
            return now
        if now < next_tick_s:
            return next_tick_s
        step_s = 60.0 / (cadence_spm * (1.0 + self._settings.metronome_plus_percent / 100.0))
        channels.play_beat()
        # A beat that came late does not move the next one, a pause does.
        return next_tick_s + step_s if now - next_tick_s < step_s else now + step_s
