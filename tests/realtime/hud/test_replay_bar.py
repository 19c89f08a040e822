"""A coach at the keyboard and the mouse of a replay; every word of it in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pygame
import pytest

from hipcue.realtime.hud import View
from hipcue.realtime.hud.input.replay_keys import TRACK
from hipcue.realtime.hud.widgets.footer import REPLAY_KEYS
from hipcue.realtime.hud.widgets.session_track import ranks
from hipcue.realtime.records import RunnerState
from hipcue.realtime.view.commands import (
    ChangeSpeed,
    Quit,
    Seek,
    ShowPeak,
    Skip,
    StepPicture,
    StepStride,
    TogglePlaying,
    UserCommand,
)
from hipcue.realtime.view.snapshot import Timeline
from tests.realtime.hud.opened import SIZES, LoggedScreen, click, opened, press, words_on
from tests.realtime.hud.replayed import CUE_S, END_S, FAULT_S, MARK_S, START_S, replayed
from tests.realtime.hud.sample_snapshots import NOW_S, STATES
from tests.realtime.hud.test_nothing_is_cut_off import faults


@pytest.fixture
def screen() -> Iterator[LoggedScreen]:
    with opened() as made:
        made.show(replayed())
        yield made


def box_of(screen: LoggedScreen, name: str) -> pygame.Rect:
    return next(pygame.Rect(target.box) for target in screen.targets if target.name == name)


def place_of(screen: LoggedScreen, t_s: float) -> tuple[int, int]:
    """Where a moment is on the time bar."""
    track = box_of(screen, TRACK)
    return round(track.x + (t_s - START_S) / (END_S - START_S) * (track.w - 1)), track.centery


def seeks(commands: list[UserCommand]) -> list[Seek]:
    """Where the time bar was asked to go."""
    return [command for command in commands if isinstance(command, Seek)]


def mouse(kind: int, at: tuple[int, int], *, down: bool = False) -> None:
    more = {"button": 1} if kind != pygame.MOUSEMOTION else {"buttons": (int(down), 0, 0)}
    pygame.event.post(pygame.event.Event(kind, pos=at, **more))


@pytest.mark.parametrize(
    ("key", "letter", "mod", "command"),
    [
        (pygame.K_SPACE, " ", 0, TogglePlaying()),
        (pygame.K_LEFT, "", 0, Skip(-1.0)),
        (pygame.K_RIGHT, "", 0, Skip(1.0)),
        (pygame.K_RIGHT, "", pygame.KMOD_LSHIFT, Skip(10.0)),
        (pygame.K_LEFT, "", pygame.KMOD_RSHIFT, Skip(-10.0)),
        (pygame.K_DOWN, "", 0, StepStride(-1)),
        (pygame.K_UP, "", 0, StepStride(1)),
        (pygame.K_COMMA, ",", 0, StepPicture(-1)),
        (pygame.K_PERIOD, ".", 0, StepPicture(1)),
        (pygame.K_MINUS, "-", 0, ChangeSpeed(-1)),
        (pygame.K_KP_PLUS, "+", 0, ChangeSpeed(1)),
        (pygame.K_EQUALS, "+", pygame.KMOD_LSHIFT, ChangeSpeed(1)),
        (pygame.K_p, "p", 0, ShowPeak()),
        (pygame.K_HOME, "", 0, Seek(START_S)),
        (pygame.K_END, "", 0, Seek(END_S)),
        (pygame.K_q, "q", 0, Quit()),
        (pygame.K_ESCAPE, "", 0, Quit()),
    ],
)
def test_one_key_one_command(
    screen: LoggedScreen, key: int, letter: str, mod: int, command: UserCommand
) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=letter, mod=mod))
    assert screen.show(replayed()) == [command]


@pytest.mark.parametrize("letter", [*"nbmscr", "\r"])
def test_what_needs_a_live_runner_is_not_there(screen: LoggedScreen, letter: str) -> None:
    press(pygame.K_RETURN if letter == "\r" else pygame.key.key_code(letter), letter)
    assert screen.show(replayed()) == []
    assert screen.dialog is None


def test_there_is_no_way_to_the_set_up(screen: LoggedScreen) -> None:
    press(pygame.K_F3)
    assert screen.show(replayed()) == []
    assert screen.view is View.COACH


def test_only_what_works_is_offered(screen: LoggedScreen) -> None:
    offered = {t.name.removeprefix("key:") for t in screen.targets if t.name.startswith("key:")}
    assert offered <= {*REPLAY_KEYS, "stride_before", "slower", "latency"}
    assert {"pause", "strides", "speed", "stride_before", "slower", "leave"} <= offered
    press(pygame.K_F1)
    screen.show(replayed())
    words = words_on(screen)
    assert "leave the replay" in words
    assert "sound off and on" not in words


def test_views_full_screen_and_the_runners_number_work_as_ever(screen: LoggedScreen) -> None:
    press(pygame.K_F2)
    screen.show(replayed())
    assert screen.view is View.RUNNER
    press(pygame.K_2, "2")
    screen.show(replayed())
    assert "P\u200aE\u200aL\u200aV\u200aI\u200aC\u200a \u200aT\u200aI\u200aL\u200aT" in words_on(
        screen
    )
    assert box_of(screen, TRACK).w > 300


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("pause", TogglePlaying()),
        ("stride_before", StepStride(-1)),
        ("strides", StepStride(1)),
        ("slower", ChangeSpeed(-1)),
        ("speed", ChangeSpeed(1)),
    ],
)
@pytest.mark.parametrize("view", [View.COACH, View.RUNNER])
def test_buttons_of_the_bar(
    screen: LoggedScreen, view: View, name: str, command: UserCommand
) -> None:
    screen.view = view
    screen.show(replayed())
    boxes = [pygame.Rect(t.box) for t in screen.targets if t.name == f"key:{name}"]
    click(boxes[-1].center)
    assert screen.show(replayed()) == [command]


def test_every_hint_of_the_footer_does_something(screen: LoggedScreen) -> None:
    footer = {t.name: pygame.Rect(t.box) for t in reversed(screen.targets) if t.name != TRACK}
    for name in ("pause", "strides", "seconds", "peak", "speed"):
        click(footer[f"key:{name}"].center)
        assert len(screen.show(replayed())) == 1, name


def test_a_click_on_the_bar_goes_there(screen: LoggedScreen) -> None:
    at = place_of(screen, START_S + 1800.0)
    mouse(pygame.MOUSEBUTTONDOWN, at)
    mouse(pygame.MOUSEBUTTONUP, at)
    held, let_go = screen.show(replayed())
    assert isinstance(held, Seek)
    assert isinstance(let_go, Seek)
    assert (held.held, let_go.held) == (True, False)
    second_per_px = 3599.0 / box_of(screen, TRACK).w
    assert let_go.t_s == pytest.approx(START_S + 1800.0, abs=second_per_px)


def test_both_ends_of_the_bar_are_both_ends_of_the_session(screen: LoggedScreen) -> None:
    track = box_of(screen, TRACK)
    mouse(pygame.MOUSEBUTTONDOWN, (track.left, track.centery))
    mouse(pygame.MOUSEMOTION, (track.right - 1, track.centery), down=True)
    assert [seek.t_s for seek in seeks(screen.show(replayed()))] == [START_S, END_S]


def test_dragging_goes_on_beside_the_bar_until_the_mouse_is_let_go(screen: LoggedScreen) -> None:
    track = box_of(screen, TRACK)
    mouse(pygame.MOUSEBUTTONDOWN, place_of(screen, START_S + 600.0))
    mouse(pygame.MOUSEMOTION, (track.right + 300, 10), down=True)
    mouse(pygame.MOUSEBUTTONUP, (track.right + 300, 10))
    assert [seek.held for seek in seeks(screen.show(replayed()))] == [True, True, False]
    mouse(pygame.MOUSEMOTION, place_of(screen, START_S + 600.0))
    assert screen.show(replayed()) == []


def test_a_button_let_go_outside_of_the_window_drags_no_more(screen: LoggedScreen) -> None:
    mouse(pygame.MOUSEBUTTONDOWN, place_of(screen, START_S + 600.0))
    screen.show(replayed())
    mouse(pygame.MOUSEMOTION, place_of(screen, START_S + 900.0), down=False)
    assert screen.show(replayed()) == []


def test_the_mouse_names_what_lies_on_the_bar(screen: LoggedScreen) -> None:
    for t_s, said in (
        (MARK_S, "28:42 · new shoes"),
        (CUE_S, "17:02 · “Hips tall”"),
        (FAULT_S, "38:42 · disk nearly full: frames are not kept, strides are"),
    ):
        mouse(pygame.MOUSEMOTION, place_of(screen, t_s))
        screen.show(replayed())
        # Three seconds share a pixel.
        found = [words for words in words_on(screen) if words.endswith(said[5:])]
        assert len(found) == 1, said
    mouse(pygame.MOUSEMOTION, (5, 5))
    screen.show(replayed())
    assert not [words for words in words_on(screen) if "new shoes" in words]


def test_time_stride_and_speed_are_told(screen: LoggedScreen) -> None:
    screen.show(replayed(speed=0.25))
    words = words_on(screen)
    assert {"REPLAY", "18:42", " / 59:59", "stride 3117 of 9987", "0.25×"} <= set(words)
    assert "REC" not in words
    assert "not kept" not in words
    screen.show(replayed(at_peak=True))
    assert "peak extension, stride 3117" in words_on(screen)


def test_what_was_not_recorded_is_missing_with_a_reason(screen: LoggedScreen) -> None:
    shown = replayed()
    blank = replace(shown.latency, p50_ms=None, p95_ms=None, p99_ms=None)
    screen.show(replace(shown, latency=blank, t_s=NOW_S + 2.0))
    assert "– not kept" in words_on(screen)


def test_a_live_run_has_no_bar() -> None:
    with opened() as screen:
        screen.show(replace(replayed(), replay=None))
        assert not [target for target in screen.targets if target.name == TRACK]


def test_a_lost_device_is_seen_in_a_picture_that_stands_still() -> None:
    with opened() as screen:
        signs = []
        for part in (0.1, 0.6):
            shown = replace(replayed("belt lost", playing=False), t_s=NOW_S + part)
            for _ in range(3):
                screen.show(shown)
            signs.append(sum(item.words == "cross" and item.box[1] < 60 for item in screen.placed))
        assert signs[0] == signs[1] > 0


def test_the_worst_state_within_a_pixel_is_drawn() -> None:
    states = (
        (0.0, RunnerState.OK),
        (50.0, RunnerState.COMPENSATING),
        (50.2, RunnerState.OK),
        (80.0, None),
    )
    line = Timeline(0.0, 99.0, states, (), (), (), 10)
    found = ranks(line, 100)
    assert found[50] == 5
    assert set(found[:50]) == set(found[51:80]) == {3}
    assert found[85] == 0


@pytest.mark.parametrize("span_s", [0.0, 0.5, 36_000.0, 1e15])
def test_sessions_of_any_length(span_s: float) -> None:
    line = Timeline(NOW_S, NOW_S + span_s, ((NOW_S, RunnerState.OK),), (), (), (), 0)
    shown = replayed()
    assert shown.replay is not None
    with opened() as screen:
        screen.show(replace(shown, replay=replace(shown.replay, timeline=line, stride=0)))
        assert box_of(screen, TRACK).w > 0


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_is_cut_off_in_any_state(size: tuple[int, int], language: str) -> None:
    with opened(size, language) as screen:
        for view in (View.COACH, View.RUNNER):
            screen.view = view
            for state in STATES:
                screen.show(replayed(state, language))
                assert list(faults(screen.placed, size)) == [], f"{view} {state}"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nor_with_help_the_mouse_on_the_bar_or_at_a_peak(
    size: tuple[int, int], language: str
) -> None:
    with opened(size, language) as screen:
        screen.show(replayed(language=language))
        for t_s in (START_S, CUE_S, MARK_S, FAULT_S, END_S):
            mouse(pygame.MOUSEMOTION, place_of(screen, t_s))
            for speed in (0.25, 8.0):
                screen.show(replayed(language=language, speed=speed, at_peak=True))
                assert list(faults(screen.placed, size)) == [], t_s
        press(pygame.K_F1)
        screen.show(replayed(language=language))
        assert screen.dialog is not None
        assert list(faults(screen.placed, size)) == []


@pytest.mark.parametrize("size", [(1024, 768), (1366, 768), (2560, 1080), (1200, 1600)])
@pytest.mark.parametrize("picture", [(1280, 720), (720, 1280)], ids=str)
def test_windows_and_cameras_of_other_shapes(
    size: tuple[int, int], picture: tuple[int, int]
) -> None:
    with opened(size, "de") as screen:
        for view in (View.COACH, View.RUNNER):
            screen.view = view
            screen.show(replayed(language="de", size=picture))
            assert list(faults(screen.placed, size)) == [], view
