"""Long names, notes and remarks, tall pictures and the runner's own window: nothing is cut
off or lies over anything else there either; and the test that finds such faults finds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pygame
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.hud import View
from hipcue.realtime.hud.dialogs import LatencyDialog
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.draw_log import DrawLog
from hipcue.realtime.hud.draw.theme import LINE, SECONDARY, SURFACE, TEXT, Theme, Type
from hipcue.realtime.view.snapshot import Choices, Snapshot
from tests.realtime.hud.opened import SIZES, opened, press, settle, type_in, words_on
from tests.realtime.hud.replayed import replayed
from tests.realtime.hud.sample_snapshots import STATES, snapshot, statuses
from tests.realtime.hud.setup_stories import BELT_SILENT, NO_SOUND
from tests.realtime.hud.test_nothing_is_cut_off import DIALOGS, faults

every_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
every_language = pytest.mark.parametrize("language", ["en", "de"])

NAME = "Maximiliane Freifrau von Wolkenstein-Aue"
NOTE = "left shoe tied again, then a sip of water; the belt was a little faster from here on: +0.2"
TALL = (720, 1280)
GIVEN_UP = Reason.all_of(
    [
        Reason(ReasonCode.SCREEN_DRAWN_LESS),
        Reason(ReasonCode.FILM_LEFT_OUT),
        Reason(ReasonCode.OUTLINE_READ_LESS),
    ]
)
SLOW = Reason(ReasonCode.TOO_SLOW, seen=31, wanted=60, given_up=GIVEN_UP)
CALIBRATE = Reason(ReasonCode.BELT_DISAGREES, percent=-112)


def named(shown: Snapshot) -> Snapshot:
    return replace(
        shown,
        runner=NAME,
        programme=Reason(ReasonCode.PROGRAMME_FADED, session=8, percent=100),
        choices=Choices("every_stride", "ab", 20.0),
        known_runners=(NAME, "Ada", *(f"{NAME} the {number}th" for number in range(9))),
    )


@every_language
@every_size
def test_a_long_name_gives_way_to_what_stands_beside_it(
    size: tuple[int, int], language: str
) -> None:
    with opened(size, language) as screen:
        for view in View:
            screen.view = view
            for state in STATES:
                shown = named(snapshot(state, language=language))
                settle(screen, replace(shown, elapsed_s=35_999.0))
                assert list(faults(screen.placed, size)) == [], f"{view} {state}"


@every_language
@every_size
def test_a_long_note_and_many_long_names_are_typed(size: tuple[int, int], language: str) -> None:
    shown = named(snapshot("compensating", language=language))
    with opened(size, language) as screen:
        for view in View:
            screen.view = view
            for key, words in ((pygame.K_SPACE, NOTE), (pygame.K_r, NAME)):
                press(key)
                screen.show(shown)
                type_in(words)
                screen.show(shown)
                assert list(faults(screen.placed, size)) == [], view
                assert any(words.endswith(told) for told in words_on(screen) if len(told) > 12)
                press(pygame.K_ESCAPE)
                screen.show(shown)


@every_language
@every_size
@pytest.mark.parametrize("picture", [(1280, 720), TALL], ids=["wide", "tall"])
def test_long_remarks_leave_room_for_each_other_and_the_cue(
    size: tuple[int, int], language: str, picture: tuple[int, int]
) -> None:
    shown = snapshot("compensating", language=language, size=picture)
    troubles = (
        replace(shown, notices=(SLOW, CALIBRATE)),
        replace(shown, devices=statuses(belt=BELT_SILENT, sound=NO_SOUND)),
        replace(shown, devices=statuses(sound=NO_SOUND), notices=(SLOW,)),
    )
    with opened(size, language) as screen:
        for view in View:
            screen.view = view
            for told in troubles:
                settle(screen, told)
                assert list(faults(screen.placed, size)) == [], view


@every_language
@pytest.mark.parametrize("size", [(1024, 600), (1920, 1080)], ids=["small", "usual"])
def test_a_tall_picture_in_every_state_and_under_every_dialog(
    size: tuple[int, int], language: str
) -> None:
    with opened(size, language) as screen:
        for view in View:
            screen.view = view
            for state in STATES:
                settle(screen, snapshot(state, language=language, size=TALL))
                assert list(faults(screen.placed, size)) == [], f"{view} {state}"
            shown = named(snapshot("compensating", language=language, size=TALL))
            for name, key in DIALOGS.items():
                press(key)
                screen.show(shown)
                assert screen.dialog is not None
                assert list(faults(screen.placed, size)) == [], f"{view} {name}"
                press(pygame.K_ESCAPE)
                screen.show(shown)


@every_language
@every_size
def test_the_table_of_latencies_without_numbers(size: tuple[int, int], language: str) -> None:
    with opened(size, language) as screen:
        for state in STATES:
            for shown in (snapshot(state, language=language), replayed(state, language)):
                for view in View:
                    screen.view = view  # Another one every time, which closes the dialog.
                    press(pygame.K_l)
                    screen.show(shown)
                    assert isinstance(screen.dialog, LatencyDialog), f"{view} {state}"
                    assert list(faults(screen.placed, size)) == [], f"{view} {state}"


@every_language
def test_the_runners_own_window_in_every_state(language: str) -> None:
    with opened((1024, 600), language) as screen:
        screen.show(snapshot("good"))
        press(pygame.K_F4)
        for number in (pygame.K_1, pygame.K_2, pygame.K_3, pygame.K_4):
            press(number)
            for state in STATES:
                settle(screen, snapshot(state, language=language))
                own = screen.runner_window
                surface = own._surface
                assert surface is not None
                assert screen.runner_placed
                assert list(faults(screen.runner_placed, surface.get_size())) == [], state


def drawn(draw: Callable[[Canvas], object]) -> list[str]:
    """Faults of a canvas of 400x200 on which something was drawn."""
    log = DrawLog()
    draw(Canvas(pygame.Surface((400, 200)), Theme((1920, 1080)), log=log))
    return list(faults(log.placed, (400, 200)))


def test_what_is_well_has_no_fault_and_every_fault_is_found() -> None:
    with opened():
        assert drawn(lambda c: c.text("well", 20, 100, Type.NAME, TEXT)) == []
        (out,) = drawn(lambda c: c.text("half outside", 350, 100, Type.NAME, TEXT))
        assert "leaves" in out
        room = pygame.Rect(20, 80, 30, 30)
        (out,) = drawn(lambda c: c.text("out of its room", 20, 100, Type.NAME, TEXT, room=room))
        assert "leaves" in out
        (cut,) = drawn(lambda c: c.text("cut…", 20, 100, Type.NAME, TEXT, cut=True))
        assert "cut short" in cut
        (small,) = drawn(lambda c: c.text("small", 20, 100, 9, TEXT))
        assert "only 9 px" in small
        (faint,) = drawn(lambda c: c.text("faint", 20, 100, Type.NAME, LINE, ground=SURFACE))
        assert "contrast" in faint

        def twice(canvas: Canvas) -> None:
            canvas.text("one", 20, 100, Type.NAME, TEXT)
            canvas.text("other", 30, 104, Type.NAME, SECONDARY)

        (over,) = drawn(twice)
        assert "lies over" in over

        def signed(canvas: Canvas) -> None:
            canvas.text("word", 20, 100, Type.NAME, TEXT)
            canvas.icon("dot", 40, 95, 12, TEXT)

        (over,) = drawn(signed)
        assert "lies over" in over
