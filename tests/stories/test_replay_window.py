"""`hipcue replay` in its window, by real keys and clicks: pause, stride by stride, scrub, leave."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pygame
import pytest

from hipcue.realtime.hud.draw.theme import TEXT
from hipcue.realtime.hud.input.replay_keys import TRACK
from hipcue.realtime.session import SessionReader
from hipcue.realtime.view.player import Player
from hipcue.realtime.view.recorded_view import RecordedView
from tests.hand import Hand, at_the_screen, needs_x, seen, x_server
from tests.realtime import recorded
from tests.realtime.hud.opened import opened

pytestmark = needs_x

SIZE = (1280, 720)
# Where the playhead's knob is, from the top of the bar: 12 of 1080 lines at 720.
KNOB_Y = 8
LONGEST_S = 20.0


@dataclass
class Coach:
    """Somebody who watches the time bar."""

    hand: Hand
    pictures: Path
    track: pygame.Rect

    def window_at(self) -> tuple[int, int]:
        window = self.hand.reaches_the_window()
        told = dict(
            line.split("=", 1)
            for line in self.hand.tool("getwindowgeometry", "--shell", window).split()
        )
        return int(told["X"]), int(told["Y"])

    def playhead(self) -> float | None:
        """How far along the bar the playhead is, 0 to 1; None while there is none."""
        left, top = self.window_at()
        box = self.track.move(left, top).inflate(20, 0)
        row = seen(self.pictures)[box.top + KNOB_Y, box.left : box.right]
        knob = np.flatnonzero((row == np.array(TEXT)).all(axis=1))
        if not 3 <= len(knob) <= 20:
            return None
        return float((knob.mean() - 10) / (self.track.w - 1))

    def waits_for(self, right: Callable[[float], bool], what: str) -> float:
        until, found = time.monotonic() + LONGEST_S, None
        while time.monotonic() < until:
            found = self.playhead()
            if found is not None and right(found):
                return found
            time.sleep(0.05)
        raise AssertionError(f"{what}: the playhead is at {found}")

    def waits_at(self, share: float) -> None:
        """Wait until the playhead is there, to two pixels."""
        self.waits_for(lambda at: abs(at - share) < 2.0 / self.track.w, f"never at {share:.3f}")

    def mouse(self, share: float) -> tuple[str, ...]:
        x = self.track.x + round(share * (self.track.w - 1))
        window = self.hand.reaches_the_window()
        return "mousemove", "--window", window, str(x), str(self.track.centery)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded.record_run(tmp_path_factory.mktemp("replay") / "run")


def test_a_coach_watches_a_session_again(folder: Path, tmp_path: Path) -> None:
    with SessionReader(folder) as session:
        past = RecordedView(session)
        player = Player(past)
        with opened(SIZE) as screen:
            screen.show(player.snapshot())
            track = next(pygame.Rect(t.box) for t in screen.targets if t.name == TRACK)
    span_s = past.end_s - past.start_s

    def share(t_s: float) -> float:
        return (t_s - past.start_s) / span_s

    words = ["-m", "hipcue.realtime.commands.cli", "replay", str(folder)]
    with x_server(tmp_path) as display, at_the_screen(words, display) as hand:
        coach = Coach(hand, tmp_path, track)
        began = coach.waits_for(lambda at: at >= 0.0, "never began")
        coach.waits_for(lambda at: at > began + 0.01, "does not play")
        hand.keys("space")
        # Paused: the click below goes somewhere, and there it stays.
        hand.tool(*coach.mouse(0.5), "click", "1")
        coach.waits_at(0.5)
        time.sleep(0.5)
        coach.waits_at(0.5)
        player.seek(past.start_s + 0.5 * span_s)
        hand.keys("Up", "Up")
        player.step_stride(2)
        coach.waits_at(share(player.position_s))
        hand.keys("Down")
        player.step_stride(-1)
        coach.waits_at(share(player.position_s))
        hand.keys("shift+Left")
        player.skip(-10.0)
        coach.waits_at(share(player.position_s))
        hand.tool(*coach.mouse(0.25), "mousedown", "1")
        coach.waits_at(0.25)
        hand.tool(*coach.mouse(0.8))
        coach.waits_at(0.8)
        hand.tool("mouseup", "1")
        coach.waits_at(0.8)
        # At eight times the speed it comes to its end, and stays there.
        hand.keys("plus", "plus", "plus", "space")
        coach.waits_at(1.0)
        hand.keys("Home")
        coach.waits_at(0.0)
        hand.keys("q")
        said, _ = hand.session.communicate(timeout=60)
        assert hand.session.returncode == 0, said
