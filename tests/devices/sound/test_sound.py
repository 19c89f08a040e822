"""The loudspeaker's room: tones, words rendered by a process of their own, one mixer."""

from __future__ import annotations

import time
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.reason_words import advice_on
from hipcue.config.settings import SoundSettings
from hipcue.devices.readings import LinkState
from hipcue.devices.sound import Sound, SoundOrder, SpeechError, render_phrases


def words_in(path: Path) -> np.ndarray:
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(float)


def until(true: Callable[[], bool], patience_s: float = 10.0) -> bool:
    deadline = time.monotonic() + patience_s
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def test_words_are_really_rendered_and_kept_for_the_next_time(tmp_path: Path) -> None:
    files = render_phrases(["Run tall"], "en", 175, folder=tmp_path)
    sound = words_in(files["Run tall"])
    assert sound.std() > 100
    again = render_phrases(
        ["Run tall"], "en", 175, folder=tmp_path, child=("-c", "raise SystemExit(3)")
    )
    assert again == files


def test_the_voice_speaks_the_language_and_the_rate_is_the_rate(tmp_path: Path) -> None:
    word = "Tag"  # English and German say it differently.
    german = words_in(render_phrases([word], "de", 175, folder=tmp_path)[word])
    english = words_in(render_phrases([word], "en", 175, folder=tmp_path)[word])
    assert len(german) != len(english) or not np.array_equal(german, english)
    slow = words_in(render_phrases([word], "de", 90, folder=tmp_path)[word])
    assert len(slow) > 1.2 * len(german)


def test_a_voice_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="no voice named 'Nobody'"):
        render_phrases(["Run tall"], "en", 175, voice="Nobody", folder=tmp_path)


def test_a_renderer_that_hangs_is_ended_and_said(tmp_path: Path) -> None:
    with pytest.raises(SpeechError):
        render_phrases(
            ["Run tall"],
            "en",
            175,
            folder=tmp_path,
            limit_s=1.0,
            child=("-c", "import time; time.sleep(60)"),
        )


def test_a_tone_is_played_and_stamped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    sound = Sound(SoundSettings(speech=False), speech_folder=tmp_path)
    sound.start()
    try:
        assert until(lambda: sound.status().state is LinkState.LIVE)
        sound.play(SoundOrder(7, False, "tilt_out", 20, time.monotonic() + 5.0))
        played = []
        assert until(lambda: bool(played.extend(sound.drain_played()) or played))
        assert played[0].cue_number == 7
        assert played[0].t_mixer_s >= played[0].t_request_s
    finally:
        sound.close()


def test_without_a_loudspeaker_the_run_goes_on_and_the_light_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "nonsense")
    sound = Sound(SoundSettings(speech=False), speech_folder=tmp_path)
    sound.start()
    try:
        assert until(lambda: sound.status().state is LinkState.LOST)
        sound.play(SoundOrder(1, False, "tilt_out", 20, time.monotonic() + 5.0))
        assert advice_on(sound.status().reason)
        assert sound.drain_played() == ()
    finally:
        sound.close()
