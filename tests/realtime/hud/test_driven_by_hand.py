"""A real window on a real X server, driven by real keys and clicks from set-up to the end."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hand import Hand, at_the_screen, needs_x, x_server

HOUSE = Path(__file__).parents[3]

pytestmark = needs_x

# What a session does with its screen; tells every command and change of view on a line.
_SESSION = """
    import sys, time
    from dataclasses import replace
    import pygame
    from hipcue.config.settings import ScreenSettings
    from hipcue.realtime.hud import Screen, display_available
    from hipcue.realtime.records import TakeNeutral
    from hipcue.realtime.view.commands import Quit
    from hipcue.realtime.view.snapshot import Choices
    from tests.realtime.hud.sample_snapshots import snapshot

    assert display_available()
    screen = Screen(ScreenSettings(width=1280, height=720), "en")
    screen.open()
    stories = {
        "setup": [snapshot("neutral"), snapshot("waiting")],
        "run": [snapshot("good")],
    }
    choices = Choices("faded", "external", 4.0)
    story, seen, size, until = "setup", None, None, time.monotonic() + 60.0
    while time.monotonic() < until:
        shown = stories[story][0]
        dialog = type(screen.dialog).__name__ if screen.dialog else "no dialog"
        for command in screen.show(replace(shown, choices=choices)):
            print("command", command, flush=True)
            if isinstance(command, TakeNeutral):
                story = "run"
            if isinstance(command, Quit):
                screen.screenshot(sys.argv[1])
                screen.close()
                sys.exit(0)
        now = (screen.view.value, type(screen.dialog).__name__ if screen.dialog else "no dialog")
        if now != seen:
            seen = now
            print("sees", *now, flush=True)
        if size != pygame.display.get_surface().get_size():
            size = pygame.display.get_surface().get_size()
            print("fills", *size, flush=True)
        time.sleep(0.01)
    sys.exit("nobody ended the session")
"""


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[Hand]:
    words = ["-c", textwrap.dedent(_SESSION), str(tmp_path / "end.png")]
    with x_server() as display, at_the_screen(words, display) as hand:
        yield hand


def test_from_set_up_to_the_end(hand: Hand, tmp_path: Path) -> None:
    hand.waits_for("sees setup no dialog")
    hand.reaches_the_window()
    hand.keys("r")
    hand.waits_for("sees setup NameDialog")
    hand.types("Ada")
    hand.keys("Return")
    hand.waits_until("command NewRunner(name='Ada'")
    hand.keys("n")
    hand.waits_for("command TakeNeutral()")
    hand.waits_for("sees coach no dialog")
    hand.keys("space")
    hand.waits_for("sees coach MarkDialog")
    hand.types("left shoe? quick")
    hand.keys("Return")
    hand.waits_until("command AddMark(note='left shoe? quick'")
    hand.keys("m")
    hand.waits_for("command ToggleMute()")
    hand.keys("F2")
    hand.waits_for("sees runner no dialog")
    hand.keys("F2")
    hand.waits_for("sees coach no dialog")
    hand.keys("question")
    hand.waits_for("sees coach HelpDialog")
    hand.keys("Escape")
    hand.waits_for("sees coach no dialog")
    hand.clicks(230, 695)  # the hint "C cues"
    hand.waits_for("sees coach CueDialog")
    hand.keys("Right")
    hand.waits_for("command SetBand(min_rise_deg=4.5)")
    hand.keys("Escape")
    hand.waits_for("sees coach no dialog")
    hand.keys("q")
    hand.waits_for("sees coach QuitDialog")
    hand.keys("Return")
    hand.waits_for("command Quit()")
    assert hand.session.wait(timeout=20) == 0
    assert (tmp_path / "end.png").stat().st_size > 10_000


def test_full_screen_and_back(hand: Hand) -> None:
    hand.waits_for("sees setup no dialog")
    hand.reaches_the_window()
    hand.keys("F11")
    hand.waits_for("fills 1600 900")
    hand.reaches_the_window()
    hand.keys("F2", "F11")
    hand.waits_for("sees coach no dialog")
    hand.waits_for("fills 1280 720")
    hand.reaches_the_window()
    hand.keys("q", "q")
    hand.waits_for("command Quit()")
    assert hand.session.wait(timeout=20) == 0
