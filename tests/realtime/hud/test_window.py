"""Windows: is there a display, small ones, the runner's own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.settings import ScreenSettings
from hipcue.realtime.hud import Screen, View, display_available
from hipcue.realtime.hud.draw.theme import ACT
from hipcue.realtime.hud.window import Window
from hipcue.realtime.view.snapshot import Snapshot
from tests.hand import needs_x, x_server
from tests.realtime.hud.opened import opened, press, settle, words_on
from tests.realtime.hud.sample_snapshots import snapshot

HOUSE = Path(__file__).parents[3]


def asked_alone(
    question: str = "from hipcue.realtime.hud import *; print(display_available())",
    **environment: str,
) -> str:
    """What a fresh process says, about the display if nothing else is asked."""
    plain = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "XDG_RUNTIME_DIR")
    }
    done = subprocess.run(
        [sys.executable, "-c", question],
        cwd=HOUSE,
        env={**plain, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays have names on Linux")
def test_no_display_is_noticed_and_nothing_else_is_printed() -> None:
    assert asked_alone() == "False"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays have names on Linux")
def test_a_display_that_does_not_answer_is_none() -> None:
    assert asked_alone(DISPLAY=":3") == "False"


@needs_x
def test_a_window_brings_no_graphics_library_into_the_process() -> None:
    question = """
from hipcue.config.settings import ScreenSettings
from hipcue.realtime.hud.window import Window
window = Window((1280, 720), False, False)
window.open()
window.surface.fill((9, 9, 9))
window.flip()
print([line.split()[-1] for line in open("/proc/self/maps") if "_dri.so" in line])
"""
    with x_server() as display:
        assert asked_alone(question, DISPLAY=display) == "[]"


def test_a_driver_that_nobody_sees_is_no_display() -> None:
    assert asked_alone(SDL_VIDEODRIVER="dummy", DISPLAY=":0") == "False"


def test_a_screen_in_memory_is_no_display_either() -> None:
    with opened():
        assert not display_available()


def test_going_headless_leaves_the_environment_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    with opened():
        assert "SDL_VIDEODRIVER" not in os.environ
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with opened():
        assert os.environ["SDL_VIDEODRIVER"] == "dummy"


def test_no_window_at_all_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "no-such-driver")
    screen = Screen(ScreenSettings(), "en")
    with pytest.raises(UserError, match=r"cannot open a window.*--headless"):
        screen.open()
    screen.close()


def test_a_small_window_shows_the_least_screen_scaled_and_clicks_follow() -> None:
    window = Window((640, 400), fullscreen=False, headless=True)
    window.open()
    try:
        assert window.surface.get_size() == (1024, 640)
        assert window.to_surface((320, 200)) == (512, 320)
        window.surface.fill((200, 30, 60))
        window.flip()
        shown = pygame.display.get_surface().get_at((320, 200))[:3]
        assert shown == pytest.approx((200, 30, 60), abs=3)
    finally:
        window.close()


def test_a_window_that_grows_is_filled() -> None:
    with opened((1280, 720)) as screen:
        screen.show(snapshot("good"))
        pygame.display.set_mode((1920, 1080), pygame.RESIZABLE)
        pygame.event.post(pygame.event.Event(pygame.VIDEORESIZE, size=(1920, 1080), w=1920, h=1080))
        screen.show(snapshot("good"))
        assert max(item.box[0] + item.box[2] for item in screen.placed) > 1800


def test_the_runner_has_a_window_of_their_own() -> None:
    with opened() as screen:
        press(pygame.K_F4)
        screen.show(snapshot("compensating"))
        assert screen.runner_window.is_open
        own = [item.words for item in screen.runner_placed if not item.sign]
        assert "Push the belt back" in own
        assert "Hip extension" in words_on(screen), "the coach's window stays the coach's"
        press(pygame.K_F4)
        screen.show(snapshot("compensating"))
        assert not screen.runner_window.is_open


def test_a_picture_of_the_runners_window_is_kept_while_it_is_open(tmp_path: Path) -> None:
    with opened() as screen:
        screen.runner_window.screenshot(tmp_path / "closed.png")
        assert not (tmp_path / "closed.png").exists()
        press(pygame.K_F4)
        screen.show(snapshot("compensating"))
        screen.runner_window.screenshot(tmp_path / "runner.png")
        kept = pygame.image.load(str(tmp_path / "runner.png"))
        assert tuple(kept.get_at((640, 4)))[:3] == ACT
        with pytest.raises(OSError, match=r"runner\.png"):
            screen.runner_window.screenshot(tmp_path / "no such folder" / "runner.png")


def test_the_runners_window_goes_with_the_screen() -> None:
    with opened() as screen:
        press(pygame.K_F4)
        screen.show(snapshot("good"))
        second = screen.runner_window
    assert not second.is_open


def shot() -> NDArray[np.uint8]:
    """Every pixel of the window."""
    return np.asarray(pygame.surfarray.array3d(pygame.display.get_surface()), np.uint8)


def afresh(shown: Snapshot) -> NDArray[np.uint8]:
    """What a screen looks like that has never shown anything else."""
    with opened() as screen:
        settle(screen, shown)
        return shot()


def test_what_is_kept_of_the_last_frame_looks_as_if_it_were_drawn_anew() -> None:
    """Panels that did not change are not laid again: nothing else may be left of before."""
    shown, tall = snapshot("compensating"), snapshot("compensating", size=(720, 1280))
    troubled = replace(shown, notices=snapshot("unknown").notices)
    fresh = afresh(shown)
    with opened() as screen:

        def again() -> bool:
            settle(screen, shown)
            return bool(np.array_equal(shot(), fresh))

        assert again()
        for key in (pygame.K_SPACE, pygame.K_c, pygame.K_l, pygame.K_F1):
            press(key)
            screen.show(shown)
            press(pygame.K_ESCAPE)
            assert again(), pygame.key.name(key)
        for other in (snapshot("camera lost"), snapshot("waiting"), troubled, tall):
            settle(screen, other)
            assert again()
        for view in (View.RUNNER, View.SETUP):
            screen.view = view
            settle(screen, shown)
            screen.view = View.COACH
            assert again(), view
        # The system took the window's picture away.
        pygame.display.get_surface().fill((9, 9, 9))
        pygame.event.post(pygame.event.Event(pygame.VIDEOEXPOSE))
        assert again()
