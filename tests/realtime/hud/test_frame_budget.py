"""Charts are spread over frames; a number that changed or is gone does not wait for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pygame
import pytest

from hipcue.realtime.hud.draw.cached_panel import CachedPanel
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.frame_budget import FrameBudget
from hipcue.realtime.hud.draw.strokes import new_surface
from hipcue.realtime.hud.draw.theme import Theme
from hipcue.realtime.records import Side
from hipcue.realtime.view.snapshot import Snapshot
from tests.realtime.hud.opened import LoggedScreen, opened, settle, words_on
from tests.realtime.hud.sample_snapshots import NOW_S, snapshot

_FRAME_S = 1 / 60


def moved(shown: Snapshot, frame: int) -> Snapshot:
    """The same some frames later, with a picture that is as new."""
    assert shown.frame is not None
    t_s = NOW_S + frame * _FRAME_S
    return replace(shown, t_s=t_s, frame=replace(shown.frame, t_capture_s=t_s - 0.02))


def one_stride_earlier() -> Snapshot:
    shown = snapshot("compensating")
    strides = shown.strides[:-2]
    return replace(shown, strides=strides, last_stride={s.side: s for s in strides[-4:]})


@pytest.fixture
def screen() -> Iterator[LoggedScreen]:
    with opened((1280, 720)) as made:
        yield made


def test_a_frame_has_room_for_one_large_panel() -> None:
    budget = FrameBudget()
    budget.begin(10.0)
    for frame in (1, 2):
        budget.begin(10.0 + frame * _FRAME_S)
        assert [budget.take(), budget.take(), budget.take()] == [True, False, False]


def test_a_frame_in_which_numbers_changed_has_room_for_no_large_panel() -> None:
    budget, canvas = FrameBudget(), Canvas(new_surface((200, 200)), Theme((1280, 720)))
    numbers, chart = CachedPanel(budget=budget), CachedPanel(budget=budget, waits=True)
    drawn: list[str] = []

    def frame(number: int, value: int) -> list[str]:
        drawn.clear()
        now_s, box = 10.0 + number * _FRAME_S, pygame.Rect(0, 0, 90, 90)
        budget.begin(now_s)
        numbers.show(canvas, box, value, None, now_s, lambda panel: drawn.append("numbers"))
        box = box.move(100, 0)
        chart.show(canvas, box, value, None, now_s, lambda panel: drawn.append("chart"))
        return list(drawn)

    assert frame(0, 1) == ["numbers", "chart"]
    assert frame(1, 1) == []
    assert frame(2, 2) == ["numbers"]
    assert frame(3, 2) == ["chart"]
    assert frame(4, 2) == []


@pytest.mark.parametrize("later_s", [0.25, 0.0, -5.0])
def test_after_a_pause_or_a_jump_everything_is_drawn_at_once(later_s: float) -> None:
    budget = FrameBudget()
    budget.begin(10.0)
    budget.begin(10.0 + later_s)
    assert all(budget.take() for _ in range(20))


def test_new_numbers_are_all_there_after_a_tenth_of_a_second(screen: LoggedScreen) -> None:
    before, after = one_stride_earlier(), snapshot("compensating")
    settle(screen, before)
    old = set(words_on(screen))
    for frame in range(1, 9):
        screen.show(moved(after, frame))
    with opened((1280, 720)) as fresh:
        settle(fresh, moved(after, 8))
        assert sorted(words_on(screen)) == sorted(words_on(fresh))
        assert set(words_on(fresh)) != old


def test_a_number_that_is_gone_goes_at_once(screen: LoggedScreen) -> None:
    settle(screen, snapshot("compensating"))
    assert any(word.startswith("+8") for word in words_on(screen))
    screen.show(moved(snapshot("camera lost"), 1))
    words = words_on(screen)
    assert not any(word.startswith("+8") for word in words)
    assert not any("°" in word for word in words)
    assert words.count("camera lost") >= 4


def test_a_value_that_one_leg_misses_goes_at_once(screen: LoggedScreen) -> None:
    shown = snapshot("compensating")
    settle(screen, shown)
    gone = snapshot("unknown")
    lost = replace(shown, last_stride={**shown.last_stride, Side.L: gone.last_stride[Side.L]})
    screen.show(moved(lost, 1))
    assert "loose clothing" in words_on(screen)
