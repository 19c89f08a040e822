"""How soon a cue came, told at the foot of the coach's screen."""

from __future__ import annotations

from dataclasses import replace

import pygame
import pytest

from hipcue.realtime.hud import View
from hipcue.realtime.hud.dialogs import LatencyDialog
from hipcue.realtime.hud.facts.latency import latency_lines, stage_rows
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.view.latency import CueTimes, Latency
from hipcue.realtime.view.snapshot import Snapshot
from tests.realtime.hud.opened import SIZES, click, opened, press, settle, words_on
from tests.realtime.hud.replayed import replayed
from tests.realtime.hud.sample_snapshots import NOW_S, heard_after, snapshot

ENGLISH = Texts("en")


def values(**changes: object) -> tuple[str, str]:
    shown = replace(snapshot("compensating"), **changes)  # type: ignore[arg-type]
    (_, decision), (_, sound) = latency_lines(shown, ENGLISH)
    return decision, sound


def test_both_are_percentiles_in_milliseconds() -> None:
    decision, sound = values(cue_times={n: heard_after(40.0 + n) for n in range(1, 102)})
    assert decision == "p50 34 · p95 48 · p99 61 ms"
    assert sound == "p50 91 · p95 136 · p99 140 ms"


def test_a_few_cues_have_no_percentiles_but_the_newest_is_told() -> None:
    few = {1: heard_after(44.0), 2: heard_after(39.0), 3: heard_after(41.4)}
    assert values(cue_times=few)[1] == "41 ms"


def test_without_a_cue_and_without_a_sound_it_says_so() -> None:
    assert values(cue_times={}, cues=())[1] == "– no cue yet"
    assert values(cue_times={})[1] == "– no sound"


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


def rows_of(shown: Snapshot) -> dict[str, tuple[tuple[str, str, str], str]]:
    return {row.name: (row.values, row.reason) for row in stage_rows(shown, ENGLISH)}


def test_every_stage_of_the_cues_has_its_percentiles() -> None:
    rows = rows_of(snapshot("compensating"))
    assert list(rows) == ["judged", "body found", "cue decided", "sound asked for", "sound begins"]
    assert rows["judged"] == (("34", "48", "61"), "")
    assert rows["body found"] == (("32", "41", "42"), "")
    assert rows["sound begins"] == (("42", "51", "52"), "")


def test_a_stage_without_numbers_says_why() -> None:
    dashes = ("–", "–", "–")
    assert rows_of(snapshot("good"))["sound begins"] == (dashes, "no cue yet")
    assert rows_of(snapshot("camera lost"))["judged"] == (dashes, "camera lost")
    few = replace(snapshot("compensating"), cue_times={1: heard_after(44.0)})
    assert rows_of(few)["cue decided"] == (dashes, "too few cues yet")
    # As kept by an older hipcue.
    old = {n: CueTimes(None, None, 30.0, 40.0) for n in range(5)}
    rows = rows_of(replace(snapshot("compensating"), cue_times=old))
    assert rows["body found"] == (dashes, "not kept")
    assert rows["sound begins"] == (("40", "40", "40"), "")


def test_the_table_opens_by_its_key_or_a_click_on_the_latencies_and_closes_again() -> None:
    shown = snapshot("compensating")
    with opened((1280, 720)) as screen:
        settle(screen, shown)
        press(pygame.K_l)
        screen.show(shown)
        assert isinstance(screen.dialog, LatencyDialog)
        assert {"sound asked for", "35", "43"} <= set(words_on(screen))
        press(pygame.K_l)
        screen.show(shown)
        assert screen.dialog is None
        box = next(t.box for t in screen.targets if t.name == "key:latency")
        click((box[0] + box[2] // 2, box[1] + box[3] // 2))
        screen.show(shown)
        assert isinstance(screen.dialog, LatencyDialog)


def test_the_table_is_there_in_a_replay_too() -> None:
    with opened((1280, 720)) as screen:
        screen.show(replayed("compensating"))
        press(pygame.K_l)
        screen.show(replayed("compensating"))
        assert isinstance(screen.dialog, LatencyDialog)
