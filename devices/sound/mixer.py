"""Plays cues: tones at once, speech when it is quiet, and nothing that comes too late.

One thread owns the mixer. A tone is never covered: speech waits for it, and speech that
is under way is turned down while a tone sounds. Of the spoken cues that wait, only the
most urgent is kept. When the loudspeaker goes away the thread tries again with growing
pauses; the run goes on in silence.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.cues import load_cues
from config.settings import SoundSettings
from devices.quiet import quiet_stderr
from devices.readings import DeviceStatus, LinkState
from devices.sound.speech import SpeechError, render_phrases
from devices.sound.tones import RATE_HZ, glide

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

# 256 frames at 44.1 kHz: 6 ms. Smaller ones crackle on laptops; our choice.
_BUFFER = 256
_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)
# Speech is turned down to this while a tone sounds; our choice.
_DUCKED = 0.35
# Continuous mode: pitch at the neutral, and its rise per degree of tilt; our choices.
_HUM_HZ, _HUM_PER_DEG, _HUM_S = 220.0, 1.03, 0.12


@dataclass(frozen=True, slots=True)
class SoundOrder:
    """What is to be played: a tone by name, or a phrase that was prepared.

    `expires_s` is on the clock of `Sound`; a cue not begun by then is dropped.
    """

    number: int
    speech: bool
    sound: str
    priority: int
    expires_s: float


@dataclass(frozen=True, slots=True)
class Played:
    """When a cue was asked for and when the mixer took its first sample.

    The mixer fetches sound in buffers: `t_mixer_s` is the return of the play call plus
    one buffer, the latest instant at which its first sample can have been taken.
    """

    cue_number: int
    t_request_s: float
    t_mixer_s: float


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
        self._tone: tuple[SoundOrder, float] | None = None
        self._speech: tuple[SoundOrder, float] | None = None
        self._played: list[Played] = []
        self._muted = False
        self._stop = False
        self._cadence_spm: float | None = None
        self._tilt_deg: float | None = None
        self._state = LinkState.WAITING
        self._text = "sound"
        self._advice = ""
        self._speech_trouble = "" if settings.speech else "speech is off"
        self._files: dict[str, Path] = {}
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._phrases: tuple[str, ...] = ()

    def prepare(self, phrases: Iterable[str]) -> None:
        """Name what will be said; rendered by the sound thread when it starts."""
        self._phrases = tuple(phrases)

    def start(self) -> None:
        """Open the loudspeaker and render the phrases, without holding anybody up."""
        self._thread.start()
        if self._settings.speech and self._phrases:
            threading.Thread(target=self._render, name="speech", daemon=True).start()

    def play(self, order: SoundOrder) -> None:
        """Play as soon as it may; returns at once."""
        now = self._clock()
        with self._wake:
            if order.speech:
                if self._speech is None or order.priority >= self._speech[0].priority:
                    self._speech = (order, now)
            elif self._tone is None or order.priority >= self._tone[0].priority:
                self._tone = (order, now)
            self._wake.notify()

    def drain_played(self) -> tuple[Played, ...]:
        """Return what was played since the last call."""
        with self._wake:
            played = tuple(self._played)
            self._played.clear()
        return played

    def set_muted(self, muted: bool) -> None:
        """Silence everything, or go on."""
        with self._wake:
            self._muted = muted
            self._wake.notify()

    def set_cadence(self, cadence_spm: float | None) -> None:
        """Tell the metronome the runner's cadence; None leaves it as it was."""
        if cadence_spm is not None:
            self._cadence_spm = cadence_spm

    def set_pelvis(self, tilt_deg: float | None) -> None:
        """Tell the continuous mode the tilt just now; None is silence."""
        self._tilt_deg = tilt_deg

    def status(self) -> DeviceStatus:
        """Return the light: name ``sound``."""
        advice = self._advice or self._speech_trouble
        text = "muted" if self._muted else self._text
        return DeviceStatus("sound", self._state, text, advice)

    def close(self) -> None:
        """Let what sounds end, for half a second at most, and give the loudspeaker back."""
        with self._wake:
            self._stop = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=3.0)

    def _render(self) -> None:
        try:
            files = render_phrases(
                self._phrases, self._language, self._settings.speech_rate, folder=self._folder
            )
        except SpeechError as trouble:
            self._speech_trouble = f"no speech: {trouble}; tones go on"
            return
        with self._wake:
            self._files = files
            self._wake.notify()

    # Everything below runs on the sound thread.

    def _run(self) -> None:
        failures = 0
        while not self._stop:
            desk = self._open()
            if desk is None:
                pause_s = _PAUSES_S[min(failures, len(_PAUSES_S) - 1)]
                failures += 1
                self._wait_in_silence(pause_s)
                continue
            failures = 0
            try:
                self._play_until_stopped(desk)
            except desk.error:
                self._state, self._text = LinkState.LOST, "sound lost"
                self._advice = "check the loudspeaker or headphones"
            finally:
                desk.close()

    def _open(self) -> _Desk | None:
        try:
            desk = _Desk(self._settings)
        except Exception as error:
            self._state, self._text = LinkState.LOST, "no sound"
            self._advice = f"no sound device ({str(error)[:60]}); plug in a loudspeaker"
            return None
        self._state, self._text, self._advice = LinkState.LIVE, desk.name, ""
        return desk

    def _wait_in_silence(self, pause_s: float) -> None:
        until = self._clock() + pause_s
        with self._wake:
            while not self._stop and self._clock() < until:
                self._wake.wait(min(0.2, pause_s))
                self._drop_expired()

    def _drop_expired(self) -> None:
        now = self._clock()
        if self._tone is not None and self._tone[0].expires_s < now:
            self._tone = None
        if self._speech is not None and self._speech[0].expires_s < now:
            self._speech = None

    def _play_until_stopped(self, desk: _Desk) -> None:
        next_tick_s = self._clock()
        last_look_s = self._clock()
        while True:
            with self._wake:
                if not (self._stop or self._tone or self._speech):
                    self._wake.wait(self._patience(desk))
                if self._stop:
                    break
                self._drop_expired()
                tone, speech, muted = self._tone, self._speech, self._muted
                files = self._files
            desk.volume(0.0 if muted else self._settings.volume)
            if tone is not None:
                self._begin(desk, tone, desk.tone(tone[0].sound))
            elif speech is not None and desk.quiet():
                path = files.get(speech[0].sound)
                if path is not None:
                    self._begin(desk, speech, desk.phrase(path))
                elif self._speech_trouble:
                    self._take(speech)
                else:
                    time.sleep(0.01)  # Still being rendered; it expires by itself.
            elif speech is not None:
                time.sleep(0.01)  # Something sounds: its turn comes.
            desk.duck()
            next_tick_s = self._metronome(desk, next_tick_s)
            if self._settings.continuous and self._tilt_deg is not None:
                desk.hum(self._tilt_deg)
            if self._clock() - last_look_s > 1.0:
                last_look_s = self._clock()
                desk.check()
        desk.let_out(0.5)

    def _patience(self, desk: _Desk) -> float:
        if self._settings.continuous:
            return _HUM_S / 2
        if self._settings.metronome and self._cadence_spm:
            return 0.01
        return 0.02 if desk.busy() else 0.25

    def _begin(self, desk: _Desk, waiting: tuple[SoundOrder, float], sound: Any) -> None:
        order, asked_s = waiting
        desk.play(sound, speech=order.speech)
        begun_s = self._clock() + _BUFFER / RATE_HZ
        self._take(waiting)
        with self._wake:
            self._played.append(Played(order.number, asked_s, begun_s))

    def _take(self, waiting: tuple[SoundOrder, float]) -> None:
        with self._wake:
            if self._tone is waiting:
                self._tone = None
            if self._speech is waiting:
                self._speech = None

    def _metronome(self, desk: _Desk, next_tick_s: float) -> float:
        if not self._settings.metronome or not self._cadence_spm:
            return next_tick_s
        faster = 1.0 + self._settings.metronome_plus_percent / 100.0
        step_s = 60.0 / (self._cadence_spm * faster)
        now = self._clock()
        if now < next_tick_s:
            return next_tick_s
        desk.tick()
        return next_tick_s + step_s if now - next_tick_s < step_s else now + step_s


class _Desk:
    """An open mixer with a channel each for tones, speech, metronome and hum."""

    def __init__(self, settings: SoundSettings) -> None:
        import pygame

        self.error: type[Exception] = pygame.error
        self._pygame = pygame
        pygame.mixer.pre_init(RATE_HZ, -16, 2, _BUFFER)
        with quiet_stderr():
            pygame.mixer.init(
                RATE_HZ, -16, 2, _BUFFER, devicename=settings.device or None, allowedchanges=0
            )
        pygame.mixer.set_num_channels(4)
        self._tones = pygame.mixer.Channel(0)
        self._speech = pygame.mixer.Channel(1)
        self._ticks = pygame.mixer.Channel(2)
        self._hum = pygame.mixer.Channel(3)
        self._ready = {
            name: pygame.mixer.Sound(array=glide(list(tone.frequencies_hz), tone.seconds))
            for name, tone in load_cues().tones.items()
        }
        self._phrases: dict[Path, Any] = {}
        self._loudness = -1.0
        dummy = os.environ.get("SDL_AUDIODRIVER") in ("dummy", "disk")
        self.name = "sound (silent)" if dummy else "sound"
        self._device = settings.device
        self.volume(settings.volume)

    def tone(self, name: str) -> Any:
        return self._ready[name]

    def phrase(self, path: Path) -> Any:
        if path not in self._phrases:
            self._phrases[path] = self._pygame.mixer.Sound(str(path))
        return self._phrases[path]

    def play(self, sound: Any, *, speech: bool) -> None:
        (self._speech if speech else self._tones).play(sound)

    def tick(self) -> None:
        self._ticks.play(self._ready["metronome"])

    def hum(self, tilt_deg: float) -> None:
        """Keep a soft tone going whose pitch rises with the tilt."""
        if self._hum.get_queue() is None:
            pitch = _HUM_HZ * _HUM_PER_DEG ** max(min(tilt_deg, 30.0), -30.0)
            sound = self._pygame.mixer.Sound(array=glide([pitch], _HUM_S) // 4)
            if self._hum.get_busy():
                self._hum.queue(sound)
            else:
                self._hum.play(sound)

    def quiet(self) -> bool:
        return not (self._tones.get_busy() or self._speech.get_busy())

    def busy(self) -> bool:
        return bool(self._tones.get_busy() or self._speech.get_busy())

    def duck(self) -> None:
        """Turn speech down while a tone sounds."""
        if self._loudness > 0:
            share = _DUCKED if self._tones.get_busy() else 1.0
            self._speech.set_volume(share * self._loudness)

    def volume(self, loudness: float) -> None:
        if loudness != self._loudness:
            self._loudness = loudness
            for channel in (self._tones, self._speech, self._ticks, self._hum):
                channel.set_volume(loudness)

    def check(self) -> None:
        """Raise the mixer's error when the chosen loudspeaker is gone."""
        if not self._device:
            return
        from pygame._sdl2 import audio

        if self._device not in audio.get_audio_device_names(False):
            raise self.error(f"{self._device} is gone")

    def let_out(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self.busy() and time.monotonic() < until:
            time.sleep(0.02)

    def close(self) -> None:
        self._pygame.mixer.quit()
