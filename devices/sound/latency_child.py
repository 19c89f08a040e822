"""Plays chirps and listens for them; runs as a process of its own and may be killed.

A process of its own, because pygame's recorder calls back into Python from the sound
system's thread: pausing or closing it may wait for that thread while that thread waits
for Python, for ever. So it is never closed here; the process ends.

Reads one JSON object from standard input: device, volume, microphone, times. Writes one:
microphone and latencies_s (null where no chirp was found), or seen and try_this.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

import numpy as np
from numpy.typing import NDArray

from hipcue.config.settings import SoundSettings
from hipcue.devices.silence_stderr import quiet_stderr
from hipcue.devices.sound.channels import MixerChannels, MixerChannelsError
from hipcue.devices.sound.chirp import chirp, find_chirp
from hipcue.devices.sound.outputs import device_names
from hipcue.devices.sound.tones import BUFFER_FRAMES, RATE_HZ, stereo

# Wireless headsets take up to 0.3 s; the pause keeps one chirp's echo out of the next.
_LISTEN_S = 0.7


class _TroubleError(Exception):
    """What was seen, and what to try."""


def main() -> None:
    """Do what standard input asks for and end without closing the recorder."""
    order = json.loads(sys.stdin.buffer.read())
    try:
        answer = _measure(order)
    except _TroubleError as trouble:
        answer = {"seen": trouble.args[0], "try_this": trouble.args[1]}
    print(json.dumps(answer), flush=True)
    os._exit(0)


def _measure(order: dict[str, object]) -> dict[str, object]:
    settings = SoundSettings.model_validate({"device": order["device"], "volume": order["volume"]})
    try:
        channels = MixerChannels(settings)
    except MixerChannelsError as error:
        advice = "plug in a loudspeaker, or choose another with sound.device"
        raise _TroubleError(f"no sound device ({error})", advice) from error
    microphone = _choose(str(order["microphone"]))
    recorder = _Recorder(microphone)
    wave = chirp()
    count = int(str(order["times"]))
    return {
        "microphone": microphone,
        "latencies_s": [_once(channels, recorder, wave) for _ in range(count)],
    }


def _choose(wanted: str) -> str:
    names = device_names(True)
    if wanted in names:
        return wanted
    if wanted or not names:
        seen = f"microphones found: {', '.join(names) or 'none'}"
        raise _TroubleError(seen, "plug in a microphone and allow its use")
    return names[0]


def _once(channels: MixerChannels, recorder: _Recorder, wave: NDArray[np.float64]) -> float | None:
    """Return the seconds from request to microphone; None when no chirp was found."""
    recorder.begin()
    asked_s = time.monotonic()
    channels.play_speech(stereo(wave))
    time.sleep(_LISTEN_S)
    samples, arrived_s = recorder.recording()
    place = find_chirp(samples, wave)
    return None if place is None else float(arrived_s[place]) - asked_s


class _Recorder:
    """Records from a microphone from now on."""

    def __init__(self, microphone: str) -> None:
        import pygame
        from pygame._sdl2 import audio

        self._chunks: list[tuple[float, bytes]] = []
        self._flows = threading.Event()
        try:
            with quiet_stderr():
                self._device = audio.AudioDevice(
                    devicename=microphone,
                    iscapture=True,
                    frequency=RATE_HZ,
                    audioformat=audio.AUDIO_S16,
                    numchannels=1,
                    chunksize=BUFFER_FRAMES,
                    allowed_changes=0,
                    callback=self._take,
                )
        except pygame.error as error:
            advice = "allow the use of the microphone, and close what else uses it"
            raise _TroubleError(
                f"microphone {microphone} does not open ({error})", advice
            ) from error
        self._device.pause(0)
        self._flows.wait(2.0)

    def _take(self, device: object, data: memoryview) -> None:
        self._chunks.append((time.monotonic(), bytes(data)))
        self._flows.set()

    def begin(self) -> None:
        """Forget what was recorded before."""
        self._chunks.clear()

    def recording(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return samples, -1 to 1, and when each was taken, counted back from its chunk."""
        chunks = list(self._chunks)
        samples = np.frombuffer(b"".join(data for _, data in chunks), "<i2") / 32768.0
        times = [
            arrived_s - np.arange(len(data) // 2, 0, -1) / RATE_HZ for arrived_s, data in chunks
        ]
        return samples, np.concatenate(times) if times else np.zeros(0)


if __name__ == "__main__":
    main()
