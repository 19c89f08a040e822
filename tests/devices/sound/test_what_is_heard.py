"""What really leaves the mixer: SDL writes every sample of it into a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hipcue.config.cues import load_cues
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import SoundSettings
from hipcue.devices.readings import LinkState
from hipcue.devices.sound import Played, Sound, SoundOrder, render_phrases
from hipcue.devices.sound.playback_queue import PlaybackQueue
from hipcue.devices.sound.speech_file import spoken_samples
from hipcue.devices.sound.tones import RATE_HZ
from tests.devices.sound.test_sound import until

Floats = NDArray[np.float64]
TALL, BACK = "Run tall", "Push the belt back"
LATER_S = 60.0


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both phrases, rendered before any mixer is open."""
    folder = tmp_path_factory.mktemp("voice")
    render_phrases([TALL, BACK], "en", SoundSettings().speech_rate, folder=folder)
    return folder


class Ear:
    """A loudspeaker, and what came out of it."""

    def __init__(self, sound: Sound, file: Path) -> None:
        self.sound, self._file = sound, file
        self._number = 0
        self._played: list[Played] = []

    def tone(self, name: str = "tilt_out", balance: float = 0.0, priority: int = 20) -> int:
        return self._order(False, name, balance, priority)

    def say(self, text: str, priority: int = 10) -> int:
        return self._order(True, text, 0.0, priority)

    def _order(self, speech: bool, what: str, balance: float, priority: int) -> int:
        self._number += 1
        expires_s = time.monotonic() + LATER_S
        order = SoundOrder(self._number, speech, what, priority, expires_s, balance)
        self.sound.play(order)
        return self._number

    def played(self) -> list[int]:
        self._played += self.sound.drain_played()
        return [one.cue_number for one in self._played]

    def waits_for(self, number: int) -> None:
        assert until(lambda: number in self.played(), 30.0), f"{number} never began"

    def waits(self, seconds_of_sound: float) -> None:
        """Wait until so much more has left the mixer."""
        goal = self.length() + seconds_of_sound
        assert until(lambda: self.length() >= goal, 60.0)

    def length(self) -> float:
        return self._file.stat().st_size / 4 / RATE_HZ

    def heard(self) -> Floats:
        """All samples so far, shape (samples, 2), -1 to 1."""
        raw = self._file.read_bytes()
        return np.frombuffer(raw[: len(raw) // 4 * 4], "<i2").reshape(-1, 2) / 32768.0


@contextmanager
def open_ear(
    monkeypatch: pytest.MonkeyPatch,
    room: Path,
    settings: SoundSettings,
    voice: Path | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Ear]:
    file = room / "heard.raw"
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(file))
    sound = Sound(settings, clock=clock, speech_folder=voice)
    sound.prepare([TALL, BACK])
    sound.start()
    try:
        assert until(lambda: sound.status().state is LinkState.LIVE, 30.0)
        yield Ear(sound, file)
    finally:
        sound.close()


def bursts(wave: Floats) -> list[tuple[int, int]]:
    """Stretches that are not silent, a twentieth of a second apart or more."""
    loud = np.flatnonzero(np.abs(wave).max(axis=1) > 0.005)
    if len(loud) == 0:
        return []
    cuts = np.flatnonzero(np.diff(loud) > RATE_HZ // 20)
    starts = np.concatenate([loud[:1], loud[cuts + 1]])
    ends = np.concatenate([loud[cuts], loud[-1:]])
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def pitch_hz(wave: Floats) -> float:
    """The strongest frequency of a stretch."""
    mono = wave.mean(axis=1) * np.hanning(len(wave))
    power = np.abs(np.fft.rfft(mono, 1 << 16))
    return float(np.argmax(power)) * RATE_HZ / (1 << 16)


def find(wave: Floats, phrase: Path) -> int:
    """Where a phrase begins in what was heard."""
    mono, words = wave.mean(axis=1), spoken_samples(phrase)
    size = 1 << (len(mono) + len(words)).bit_length()
    match = np.fft.irfft(np.fft.rfft(mono, size) * np.conj(np.fft.rfft(words, size)), size)
    return int(np.argmax(match[: len(mono)]))


QUIET = SoundSettings(speech=False)


def test_a_tone_falls_when_the_band_is_left_and_rises_when_it_is_found_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with open_ear(monkeypatch, tmp_path, QUIET) as ear:
        for name in ("tilt_out", "tilt_back"):
            ear.waits_for(ear.tone(name))
            ear.waits(0.3)
        out, back = bursts(ear.heard())
        wave = ear.heard()
    for (start, end), falls in ((out, True), (back, False)):
        third = (end - start) // 3
        early, late = pitch_hz(wave[start : start + third]), pitch_hz(wave[end - third : end])
        assert (early > 1.15 * late) is falls
        assert (late > 1.15 * early) is not falls


def test_muted_nothing_is_heard_and_unmuted_it_is_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with open_ear(monkeypatch, tmp_path, QUIET) as ear:
        ear.sound.set_muted(True)
        assert ear.sound.status().reason == Reason(ReasonCode.SOUND_MUTED)
        silent = ear.tone()
        ear.waits(0.4)
        assert bursts(ear.heard()) == []
        ear.sound.set_muted(False)
        ear.waits_for(ear.tone())
        ear.waits(0.3)
        assert len(bursts(ear.heard())) == 1
        assert silent not in ear.played()


def test_mute_cuts_off_what_sounds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, voice: Path
) -> None:
    with open_ear(monkeypatch, tmp_path, SoundSettings(), voice) as ear:
        ear.waits_for(ear.say(BACK))
        ear.sound.set_muted(True)
        ear.waits(1.5)
        (start, end) = bursts(ear.heard())[0]
    whole = render_phrases([BACK], "en", SoundSettings().speech_rate, folder=voice)[BACK]
    assert end - start < len(spoken_samples(whole)) - RATE_HZ // 10


def test_the_volume_is_the_volume(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with open_ear(monkeypatch, tmp_path, QUIET) as ear:
        for volume in (0.8, 0.2):
            ear.sound.set_volume(volume)
            ear.waits(0.4)
            ear.waits_for(ear.tone())
            ear.waits(0.3)
        wave = ear.heard()
        peaks = [float(np.abs(wave[a:b]).max()) for a, b in bursts(wave)]
    assert peaks[1] / peaks[0] == pytest.approx(0.25, abs=0.03)


def test_a_tone_about_the_left_leg_is_heard_on_the_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with open_ear(monkeypatch, tmp_path, QUIET) as ear:
        for balance in (-1.0, 1.0):
            ear.waits_for(ear.tone(balance=balance))
            ear.waits(0.3)
        wave = ear.heard()
        levels = [np.abs(wave[a:b]).max(axis=0) for a, b in bursts(wave)]
    assert levels[0][0] > 2 * levels[0][1] > 0
    assert levels[1][1] > 2 * levels[1][0] > 0


def test_words_wait_for_the_tone_and_never_cover_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, voice: Path
) -> None:
    tone_s = load_cues().tones["tilt_out"].seconds
    with open_ear(monkeypatch, tmp_path, SoundSettings(), voice) as ear:
        tone, words = ear.tone(), ear.say(BACK)
        ear.waits_for(words)
        assert ear.played().index(tone) < ear.played().index(words)
        ear.waits(1.7)
        wave = ear.heard()
        begins = bursts(wave)[0][0]
    phrase = render_phrases([BACK], "en", SoundSettings().speech_rate, folder=voice)[BACK]
    assert find(wave, phrase) >= begins + int(0.95 * tone_s * RATE_HZ)


def test_a_tone_in_the_middle_of_words_turns_them_down(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, voice: Path
) -> None:
    with open_ear(monkeypatch, tmp_path, SoundSettings(), voice) as ear:
        ear.waits_for(ear.say(BACK))
        ear.waits(0.25)
        ear.waits_for(ear.tone())
        ear.waits(1.7)
        mono = ear.heard().mean(axis=1)
    phrase = render_phrases([BACK], "en", SoundSettings().speech_rate, folder=voice)[BACK]
    words = spoken_samples(phrase)
    start = find(np.column_stack([mono, mono]), phrase)
    gains = []
    for at in range(0, len(words) - 2048, 512):
        part, heard = words[at : at + 2048], mono[start + at : start + at + 2048]
        if np.std(part) > 0.05 and len(heard) == 2048:
            gains.append(float(part @ heard / (part @ part)))
    # The words go on under the tone, at about a third of their loudness.
    shares = np.array(gains) / max(gains)
    assert ((shares > 0.2) & (shares < 0.5)).sum() >= 3
    assert (shares > 0.95).sum() >= 3


def test_words_never_overlap_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, voice: Path
) -> None:
    with open_ear(monkeypatch, tmp_path, SoundSettings(), voice) as ear:
        ear.waits_for(ear.say(BACK))
        ear.waits_for(ear.say(TALL))
        ear.waits(1.5)
        wave = ear.heard()
    files = render_phrases([TALL, BACK], "en", SoundSettings().speech_rate, folder=voice)
    first, second = find(wave, files[BACK]), find(wave, files[TALL])
    assert second >= first + len(spoken_samples(files[BACK])) - RATE_HZ // 50


def test_of_words_that_wait_the_most_urgent_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, voice: Path
) -> None:
    with open_ear(monkeypatch, tmp_path, SoundSettings(), voice) as ear:
        ear.waits_for(ear.say(BACK))
        urgent = ear.say(TALL, priority=30)
        spare = ear.say(BACK, priority=5)
        ear.waits_for(urgent)
        ear.waits(1.7)
        assert spare not in ear.played()


def test_the_metronome_ticks_evenly_and_stops_with_the_runner(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ticking = SoundSettings(speech=False, metronome=True, metronome_plus_percent=5.0)
    with open_ear(monkeypatch, tmp_path, ticking) as ear:
        ear.waits(0.3)
        assert bursts(ear.heard()) == []
        goal = ear.length() + 2.6
        while ear.length() < goal:
            ear.sound.set_cadence(170.0)
            time.sleep(0.01)
        ear.sound.set_cadence(None)
        ear.waits(0.3)
        ticks = len(bursts(ear.heard()))
        ear.waits(0.8)
        wave = ear.heard()
        assert len(bursts(wave)) == ticks
    gaps = np.diff([start for start, _ in bursts(wave)])
    assert len(gaps) >= 5
    # SDL's file takes sound a little faster than an ear: only evenness can be told.
    assert np.median(np.abs(gaps / np.median(gaps) - 1.0)) < 0.2


def test_the_metronome_falls_silent_when_nobody_tells_the_cadence_any_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A lost camera must not leave it ticking at an empty belt."""
    passed_s = [0.0]
    settings = SoundSettings(speech=False, metronome=True)
    with open_ear(monkeypatch, tmp_path, settings, clock=lambda: passed_s[0]) as ear:
        ear.sound.set_cadence(170.0)
        while not bursts(ear.heard()):
            passed_s[0] = min(passed_s[0] + 0.05, 2.9)
            ear.waits(0.05)
        passed_s[0] = 3.1
        ear.waits(0.5)
        ticks = len(bursts(ear.heard()))
        for _ in range(20):
            passed_s[0] += 0.1
            ear.waits(0.1)
        assert len(bursts(ear.heard())) == ticks


def test_the_hum_rises_with_the_pelvis_and_is_silent_without_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    humming = SoundSettings(speech=False, continuous=True)
    with open_ear(monkeypatch, tmp_path, humming) as ear:
        pitches = []
        for tilt_deg in (0.0, 14.0):
            goal = ear.length() + 0.8
            while ear.length() < goal:
                ear.sound.set_pelvis(tilt_deg)
                time.sleep(0.01)
            pitches.append(pitch_hz(ear.heard()[-RATE_HZ // 2 :]))
        ear.sound.set_pelvis(None)
        ear.waits(1.0)
        assert np.abs(ear.heard()[-RATE_HZ // 4 :]).max() < 0.005
    assert pitches[1] / pitches[0] == pytest.approx(1.03**14, rel=0.05)


def test_a_loudspeaker_that_comes_back_is_used_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "nonsense")
    sound = Sound(QUIET, speech_folder=tmp_path)
    sound.start()
    try:
        assert until(lambda: sound.status().state is LinkState.LOST, 30.0)
        monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
        monkeypatch.setenv("SDL_DISKAUDIOFILE", str(tmp_path / "heard.raw"))
        assert until(lambda: sound.status().state is LinkState.LIVE, 60.0)
        ear = Ear(sound, tmp_path / "heard.raw")
        ear.waits_for(ear.tone())
        ear.waits(0.3)
        assert len(bursts(ear.heard())) == 1
    finally:
        sound.close()


def test_what_comes_too_late_is_not_played_and_a_lesser_cue_does_not_replace_a_greater() -> None:
    ready: Callable[[str], bool] = lambda text: True  # noqa: E731
    room = PlaybackQueue()
    room.put(SoundOrder(1, True, TALL, 10, expires_s=5.0), 0.0)
    room.put(SoundOrder(2, True, BACK, 5, expires_s=9.0), 0.1)
    assert room.take(1.0, False, ready) is None  # Something sounds: words wait.
    first = room.take(2.0, True, ready)
    assert first is not None
    assert first.order.number == 1
    room.put(SoundOrder(3, True, TALL, 10, expires_s=5.0), 3.0)
    assert room.take(5.1, True, ready) is None
    assert room.empty
