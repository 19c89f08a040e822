"""A coach at the keyboard and the mouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pygame
import pytest

from hipcue.config.settings import ScreenSettings
from hipcue.realtime.hud import Screen, View
from hipcue.realtime.hud.draw.theme import TEXT
from hipcue.realtime.records import (
    NewBaseline,
    NewRunner,
    SayCueNow,
    SetBand,
    SetFocus,
    SetSchedule,
    TakeNeutral,
)
from hipcue.realtime.view.commands import AddMark, Quit, ToggleMute, UserCommand
from hipcue.realtime.view.snapshot import Choices, Snapshot
from tests.realtime.hud.opened import LoggedScreen, click, opened, press, type_in, words_on
from tests.realtime.hud.sample_snapshots import NOW_S, snapshot


@pytest.fixture
def screen() -> Iterator[LoggedScreen]:
    with opened() as made:
        yield made


def running(state: str = "good") -> Snapshot:
    chosen = Choices("faded", "external", 4.0)
    return replace(snapshot(state), choices=chosen, known_runners=("Ada", "Ben"))


def press_and_show(screen: LoggedScreen, *keys: int) -> list[UserCommand]:
    for key in keys:
        press(key)
    return screen.show(running())


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (pygame.K_n, TakeNeutral()),
        (pygame.K_b, NewBaseline()),
        (pygame.K_m, ToggleMute()),
        (pygame.K_s, SayCueNow()),
    ],
)
def test_one_key_one_command(screen: LoggedScreen, key: int, command: UserCommand) -> None:
    assert press_and_show(screen, key) == [command]
    assert screen.show(running()) == []


def test_a_mark_lies_where_space_was_pressed_and_carries_the_note(screen: LoggedScreen) -> None:
    press(pygame.K_SPACE, " ")
    assert screen.show(running()) == []
    assert "Mark at 18:42" in words_on(screen)
    type_in("new shoes")
    later = replace(running(), t_s=NOW_S + 4.0)
    assert screen.show(later) == []
    assert "new shoes" in words_on(screen)
    press(pygame.K_RETURN, "\r")
    assert screen.show(later) == [AddMark("new shoes", NOW_S)]
    assert screen.dialog is None


def test_letters_of_a_note_are_no_commands(screen: LoggedScreen) -> None:
    press(pygame.K_SPACE, " ")
    type_in("q n m c quick")
    assert screen.show(running()) == []
    press(pygame.K_RETURN)
    assert screen.show(running()) == [AddMark("q n m c quick", NOW_S)]


def test_a_note_can_be_mended_and_dropped(screen: LoggedScreen) -> None:
    press(pygame.K_SPACE, " ")
    type_in("stumblee")
    press(pygame.K_BACKSPACE)
    screen.show(running())
    assert "stumble" in words_on(screen)
    assert press_and_show(screen, pygame.K_ESCAPE) == []
    assert screen.dialog is None


def test_a_mark_without_a_note_is_a_mark(screen: LoggedScreen) -> None:
    assert press_and_show(screen, pygame.K_SPACE, pygame.K_RETURN) == [AddMark("", NOW_S)]


def test_ending_is_asked_before_it_is_done(screen: LoggedScreen) -> None:
    assert press_and_show(screen, pygame.K_q) == []
    assert "End the session?" in words_on(screen)
    assert press_and_show(screen, pygame.K_ESCAPE) == []
    assert press_and_show(screen, pygame.K_ESCAPE) == []
    assert press_and_show(screen, pygame.K_q) == [Quit()]


def test_closing_the_window_ends_at_once(screen: LoggedScreen) -> None:
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    assert screen.show(running()) == [Quit()]


def test_the_set_up_gives_way_to_the_coach_with_the_first_strides() -> None:
    fresh = Screen(ScreenSettings(), headless=True)
    fresh.open()
    try:
        for state in ("waiting", "neutral"):
            fresh.show(snapshot(state))
            assert fresh.view is View.SETUP
        fresh.show(snapshot("good"))
        assert fresh.view is View.COACH
        fresh.show(snapshot("waiting"))
        assert fresh.view is View.COACH, "it does not go back by itself"
    finally:
        fresh.close()


def test_who_came_to_the_set_up_by_hand_stays_there(screen: LoggedScreen) -> None:
    press_and_show(screen, pygame.K_F3)
    assert screen.view is View.SETUP
    assert press_and_show(screen, pygame.K_RETURN) == []
    assert screen.view is View.COACH


def test_f2_goes_to_the_runner_and_back(screen: LoggedScreen) -> None:
    press_and_show(screen, pygame.K_F2)
    assert screen.view is View.RUNNER
    press_and_show(screen, pygame.K_F2)
    assert screen.view is View.COACH


def test_the_coach_chooses_the_runners_number(screen: LoggedScreen) -> None:
    press_and_show(screen, pygame.K_F2, pygame.K_4)
    words = words_on(screen)
    assert "CADENCE" in [word.replace("\u200a", "") for word in words]
    assert "167" in words or "168" in words or "169" in words


def test_help_opens_by_the_question_mark_and_closes_by_it(screen: LoggedScreen) -> None:
    press(pygame.K_SLASH, "?")
    screen.show(running())
    assert "Colours and signs" in words_on(screen)
    press(pygame.K_SLASH, "?")
    screen.show(running())
    assert screen.dialog is None


def test_cue_control_by_arrow_keys(screen: LoggedScreen) -> None:
    press_and_show(screen, pygame.K_c)
    assert press_and_show(screen, pygame.K_RIGHT) == [SetBand(4.5)]
    assert press_and_show(screen, pygame.K_LEFT, pygame.K_LEFT) == [SetBand(4.0), SetBand(3.5)]
    assert press_and_show(screen, pygame.K_DOWN, pygame.K_RIGHT) == [SetFocus("internal")]
    assert press_and_show(screen, pygame.K_DOWN, pygame.K_RIGHT) == [SetSchedule("retention")]
    press_and_show(screen, pygame.K_DOWN, pygame.K_RIGHT)  # what the runner sees
    assert press_and_show(screen, pygame.K_DOWN, pygame.K_RIGHT) == [ToggleMute()]
    assert press_and_show(screen, pygame.K_DOWN) == []
    assert press_and_show(screen, pygame.K_RETURN) == [SayCueNow()]
    assert press_and_show(screen, pygame.K_RIGHT, pygame.K_RETURN) == [NewBaseline()]
    press_and_show(screen, pygame.K_c)
    assert screen.dialog is None


def test_the_band_stays_within_its_range(screen: LoggedScreen) -> None:
    press_and_show(screen, pygame.K_c)
    wide = press_and_show(screen, *[pygame.K_RIGHT] * 60)
    assert wide[-1] == SetBand(20.0)
    narrow = press_and_show(screen, *[pygame.K_LEFT] * 60)
    assert narrow[-1] == SetBand(1.0)


def target(screen: LoggedScreen, name: str) -> tuple[int, int]:
    box = next(t.box for t in screen.targets if t.name == name)
    return pygame.Rect(box).center


def test_everything_in_cue_control_can_be_clicked(screen: LoggedScreen) -> None:
    screen.show(running())
    click(target(screen, "key:cues"))
    screen.show(running())
    click(target(screen, "schedule:bandwidth"))
    assert screen.show(running()) == [SetSchedule("bandwidth")]
    click(target(screen, "now:say"))
    assert screen.show(running()) == [SayCueNow()]
    click(target(screen, "band:more"))
    assert screen.show(running()) == [SetBand(4.5)]


def test_a_click_on_a_hint_is_its_key(screen: LoggedScreen) -> None:
    screen.show(running())
    click(target(screen, "key:mute"))
    assert screen.show(running()) == [ToggleMute()]
    click(target(screen, "key:view"))
    screen.show(running())
    assert screen.view is View.RUNNER


def test_a_click_on_a_dialog_does_not_reach_what_is_below(screen: LoggedScreen) -> None:
    press_and_show(screen, pygame.K_c)
    screen.show(running())
    click(target(screen, ""))
    assert screen.show(running()) == []
    assert screen.dialog is not None


def test_the_runners_name_is_typed(screen: LoggedScreen) -> None:
    press(pygame.K_r, "r")
    screen.show(running())
    type_in("Åsa 7")
    screen.show(running())
    press(pygame.K_RETURN)
    assert screen.show(running()) == [NewRunner("Åsa 7")]


def test_or_chosen_from_those_who_ran_before(screen: LoggedScreen) -> None:
    keys = (pygame.K_r, pygame.K_DOWN, pygame.K_DOWN, pygame.K_RETURN)
    assert press_and_show(screen, *keys) == [NewRunner("Ben")]


def test_those_who_ran_before_lie_ready_for_a_click(screen: LoggedScreen) -> None:
    press_and_show(screen, pygame.K_r)
    assert {"Ada", "Ben"} <= set(words_on(screen))
    click(target(screen, "runner:Ben"))
    assert screen.show(running()) == [NewRunner("Ben")]
    assert screen.dialog is None


def test_typing_leaves_those_whose_names_begin_so(screen: LoggedScreen) -> None:
    press(pygame.K_r, "r")
    screen.show(running())
    type_in("b")
    screen.show(running())
    assert "Ben" in words_on(screen)
    assert "Ada" not in words_on(screen)
    assert press_and_show(screen, pygame.K_DOWN, pygame.K_RETURN) == [NewRunner("Ben")]


def test_who_goes_on_past_the_last_name_begins_again(screen: LoggedScreen) -> None:
    keys = (pygame.K_r, pygame.K_DOWN, pygame.K_DOWN, pygame.K_DOWN, pygame.K_RETURN)
    assert press_and_show(screen, *keys) == [NewRunner("Ada")]
    keys = (pygame.K_r, pygame.K_UP, pygame.K_RETURN)
    assert press_and_show(screen, *keys) == [NewRunner("Ben")]


def test_more_names_than_there_is_room_for_are_reached_all_the_same() -> None:
    names = [f"Runner {number:02d} of the club" for number in range(40)]
    many = replace(running(), known_runners=tuple(names))
    with opened((1024, 600)) as screen:
        press(pygame.K_r)
        for _ in range(37):
            press(pygame.K_DOWN)
        screen.show(many)
        assert words_on(screen).count(names[36]) == 2  # typed, and offered
        press(pygame.K_RETURN)
        assert screen.show(many) == [NewRunner(names[36])]


def chosen(screen: LoggedScreen) -> set[str]:
    """The words of buttons that are in force."""
    return {item.words for item in screen.placed if item.layer == 1 and item.ground == TEXT}


def test_cue_control_shows_what_the_session_says_is_in_force(screen: LoggedScreen) -> None:
    press_and_show(screen, pygame.K_c)
    assert {"external", "faded", "on"} <= chosen(screen)
    assert "up to +4.0°" in words_on(screen)
    click(target(screen, "schedule:bandwidth"))
    screen.show(running())
    assert "band" in chosen(screen), "a choice shows at once"
    other = Choices("retention", "ab", 2.5)
    screen.show(replace(running(), choices=other))
    assert {"silent test", "A/B"} <= chosen(screen)
    assert "up to +2.5°" in words_on(screen)
    screen.show(replace(running(), choices=replace(other, schedule="faded")))
    assert "faded" in chosen(screen)


def test_an_empty_name_changes_nothing(screen: LoggedScreen) -> None:
    assert press_and_show(screen, pygame.K_r, pygame.K_RETURN) == []
    assert screen.dialog is None


def test_f11_is_harmless_where_there_is_no_window(screen: LoggedScreen) -> None:
    assert press_and_show(screen, pygame.K_F11) == []
    assert "Hip extension" in words_on(screen)
