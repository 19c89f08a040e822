"""How soon a cue came, told at the foot of the coach's screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from realtime.hud import View
from realtime.hud.latency_facts import latency_lines
from realtime.hud.texts import Texts
from realtime.records import Latency
from tests.realtime.hud.opened import SIZES, opened, settle, words_on
from tests.realtime.hud.sample_snapshots import NOW_S, snapshot

ENGLISH = Texts("en")


def values(**changes: object) -> tuple[str, str]:
    shown = replace(snapshot("compensating"), **changes)  # type: ignore[arg-type]
    (_, decision), (_, sound) = latency_lines(shown, ENGLISH)
    return decision, sound


def test_both_are_percentiles_in_milliseconds() -> None:
    decision, sound = values(cue_latency_ms={n: 40.0 + n for n in range(1, 102)})
    assert decision == "p50 34 · p95 48 · p99 61 ms"
    assert sound == "p50 91 · p95 136 · p99 140 ms"


def test_a_few_cues_have_no_percentiles_but_the_newest_is_told() -> None:
    assert values(cue_latency_ms={1: 44.0, 2: 39.0, 3: 41.4})[1] == "41 ms"


def test_without_a_cue_and_without_a_sound_it_says_so() -> None:
    assert values(cue_latency_ms={}, cues=())[1] == "– no cue yet"
    assert values(cue_latency_ms={})[1] == "– no sound"


def test_a_lost_camera_has_no_latency_of_decisions() -> None:
    (_, decision), _ = latency_lines(snapshot("camera lost"), ENGLISH)
    assert decision == "–"
    assert values(latency=Latency())[0] == "–"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_coach_reads_both_at_every_size(size: tuple[int, int], language: str) -> None:
    with opened(size, language) as screen:
        settle(screen, snapshot("compensating", language=language))
        words = words_on(screen)
        assert "p50 34 · p95 48 · p99 61 ms" in words
        assert "p50 42 · p95 51 · p99 52 ms" in words


def test_they_change_once_a_second_not_with_every_frame() -> None:
    shown = snapshot("good")
    with opened((1280, 720), view=View.COACH) as screen:
        settle(screen, shown)

        def told(after_s: float, p50_ms: float) -> bool:
            later = replace(shown, t_s=NOW_S + after_s, latency=Latency(p50_ms, 48.0, 61.0))
            screen.show(later)
            screen.show(later)
            return f"p50 {p50_ms:.0f} · p95 48 · p99 61 ms" in words_on(screen)

        assert not told(0.3, 71.0)
        assert not told(0.6, 72.0)
        assert told(1.1, 73.0)
