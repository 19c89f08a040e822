"""The open mixer: a channel each for tones, speech, metronome and hum."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from hipcue.config.cues import load_cues
from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import SoundSettings
from hipcue.devices.silence_stderr import quiet_stderr
from hipcue.devices.sound.outputs import Change, device_names, what_changed
from hipcue.devices.sound.tones import BUFFER_FRAMES, RATE_HZ, Hum, Samples, glide

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

# Speech that is under way is turned down to this while a tone sounds, the hum while
# anything does; our choices.
_DUCKED = 0.35
# SDL's drivers that reach no loudspeaker; only a user who names one gets it.
_SILENT_DRIVERS = ("dummy", "disk")


class MixerChannelsError(Exception):
    """The mixer cannot be opened, or is gone, for a reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(in_words(reason))
        self.reason = reason


class MixerChannels:
    """Plays sounds at once. Belongs to one thread.

    A channel's volume goes back to full whenever it plays something new, so loudness is
    a property of each sound here and the channels only duck.

    Raises
    ------
    MixerChannelsError
        When there is no loudspeaker, or not the one that was chosen.
    """

    def __init__(self, settings: SoundSettings) -> None:
        import pygame

        self._pygame = pygame
        # pygame-ce's type hints do not know that a sound can be made of an array.
        self._sound: Callable[..., pygame.mixer.Sound] = pygame.mixer.Sound
        self.error: type[Exception] = pygame.error
        self._device = settings.device
        self._volume = settings.volume
        try:
            with quiet_stderr():
                pygame.mixer.init(
                    RATE_HZ,
                    -16,
                    2,
                    BUFFER_FRAMES,
                    devicename=settings.device or None,
                    allowedchanges=0,
                )
        except pygame.error as error:
            raise MixerChannelsError(Reason(ReasonCode.OTHER, text=str(error))) from error
        pygame.mixer.set_num_channels(4)
        self._tones, self._speech, self._ticks, self._hums = map(pygame.mixer.Channel, range(4))
        self._shapes = load_cues().tones
        self._ready: dict[tuple[str, float], Any] = {}
        for name in self._shapes:
            self._tone(name, 0.0)
        self._hum = Hum()
        self._there = frozenset(device_names(False))
        silent = os.environ.get("SDL_AUDIODRIVER") in _SILENT_DRIVERS
        self.reason = Reason(ReasonCode.SOUND_NOWHERE if silent else ReasonCode.SOUND)

    def play_tone(self, name: str, balance: float = 0.0) -> bool:
        """Begin a tone; False when there is none of that name."""
        if name not in self._shapes:
            return False
        self._start(self._tones, self._tone(name, balance))
        self.duck()
        return True

    def play_speech(self, samples: Samples) -> None:
        """Begin a phrase."""
        self._start(self._speech, self._sound(array=samples))
        self.duck()

    def play_beat(self) -> None:
        """Begin a beat of the metronome."""
        if "metronome" in self._shapes:
            self._start(self._ticks, self._tone("metronome", 0.0))

    def continue_hum(self, tilt_deg: float | None) -> None:
        """Keep the hum going: its pitch follows the tilt, None lets it fade."""
        busy = self._hums.get_busy()
        if tilt_deg is None and not self._hum.sounding:
            return
        if busy and self._hums.get_queue() is not None:
            return
        level = self._volume * (_DUCKED if self.sounding else 1.0)
        piece = self._sound(array=self._hum.piece(tilt_deg, level))
        if busy:
            self._hums.queue(piece)
        else:
            self._hums.play(piece)

    @property
    def sounding(self) -> bool:
        """Whether a tone or speech is under way."""
        return bool(self._tones.get_busy() or self._speech.get_busy())

    def duck(self) -> None:
        """Turn speech down while a tone sounds."""
        if self._speech.get_busy():
            self._speech.set_volume(_DUCKED if self._tones.get_busy() else 1.0)

    def stop_all(self) -> None:
        """Stop everything."""
        for channel in (self._tones, self._speech, self._ticks, self._hums):
            channel.stop()
        self._hum = Hum()

    def set_volume(self, volume: float) -> None:
        """Take a loudness, 0 to 1, for sounds that begin from now on."""
        self._volume = volume

    def output_came(self) -> bool:
        """Whether loudspeakers came; the default may be another one now.

        Raises
        ------
        MixerChannelsError
            When the one in use is gone, as far as the system says.
        """
        change = what_changed(self._device, self._there, frozenset(device_names(False)))
        if change is Change.GONE:
            raise MixerChannelsError(Reason(ReasonCode.LOUDSPEAKER_GONE))
        return change is Change.CAME

    def wait_until_quiet(self, seconds: float) -> None:
        """Wait until nothing sounds, at most this long."""
        until = time.monotonic() + seconds
        while self.sounding and time.monotonic() < until:
            time.sleep(0.02)

    def close(self) -> None:
        """Give the loudspeaker back."""
        self._pygame.mixer.quit()

    def _tone(self, name: str, balance: float) -> Any:
        key = (name, balance)
        if key not in self._ready:
            shape = self._shapes[name]
            wave = glide(shape.frequencies_hz, shape.seconds, balance)
            self._ready[key] = self._sound(array=wave)
        return self._ready[key]

    def _start(self, channel: Any, sound: Any) -> None:
        sound.set_volume(self._volume)
        channel.play(sound)
