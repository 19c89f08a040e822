"""A replay from its first to its last frame, in a window that nobody sees."""

from __future__ import annotations

import shutil
from pathlib import Path

import pygame
import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import ScreenSettings, Settings
from hipcue.realtime.commands.replay import play
from hipcue.realtime.hud import View
from hipcue.realtime.run.replay_loop import show_again
from hipcue.realtime.session import SessionReader
from hipcue.realtime.view.player import Player
from hipcue.realtime.view.recorded_view import RecordedView
from tests.realtime.hud.opened import LoggedScreen, press, words_on
from tests.realtime.session.sample_session import record


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("replaying") / "run", 6.0, fps=30.0)


def test_without_a_window_it_ends_by_itself_with_the_last_frame(folder: Path) -> None:
    screen = LoggedScreen(ScreenSettings(width=1024, height=600))
    screen.open()
    try:
        with SessionReader(folder) as session:
            player = Player(RecordedView(session), 8.0)
            show_again(player, screen, headless=True, fps=30)
            assert player.position_s == session_end(player)
        assert screen.view is View.COACH
        assert {"00:05", "REPLAY", "8×"} <= set(words_on(screen))
    finally:
        screen.close()


def test_in_a_window_it_stays_at_the_end_until_somebody_leaves(folder: Path) -> None:
    screen = LoggedScreen(ScreenSettings(width=1024, height=600))
    screen.open()
    try:
        with SessionReader(folder) as session:
            player = Player(RecordedView(session))
            press(pygame.K_END)
            leaves = pygame.event.Event(pygame.KEYDOWN, key=pygame.K_q, unicode="q", mod=0)
            pygame.time.set_timer(leaves, 300, loops=1)
            show_again(player, screen, headless=False, fps=30)
            assert player.position_s == session_end(player)
            assert not player.playing
            # Nobody was left waiting to press it.
            assert pygame.event.wait(600).type == pygame.NOEVENT
    finally:
        screen.close()


def test_keys_are_obeyed_in_their_order_until_somebody_leaves(folder: Path) -> None:
    screen = LoggedScreen(ScreenSettings(width=1024, height=600))
    screen.open()
    try:
        with SessionReader(folder) as session:
            player = Player(RecordedView(session))
            for key in (pygame.K_END, pygame.K_DOWN, pygame.K_q, pygame.K_HOME):
                press(key)
            show_again(player, screen, headless=False, fps=30)
            assert player.position_s == session.strides[-1].t_decided_s
    finally:
        screen.close()


def session_end(player: Player) -> float:
    replay = player.snapshot().replay
    assert replay is not None
    return replay.timeline.end_s


def test_the_command_plays_a_kept_session_and_a_mailed_one(folder: Path, tmp_path: Path) -> None:
    play(str(folder), Settings(), 20.0, headless=True)
    mailed = shutil.make_archive(str(tmp_path / "mailed"), "zip", folder)
    play(mailed, Settings(), 20.0, headless=True)


def test_what_is_no_session_is_refused_in_a_line(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no session"):
        play("nosuch", Settings(), 1.0, headless=True)
    (tmp_path / "torn").mkdir()
    torn = (folder / "session.db").read_bytes()[:5000]
    (tmp_path / "torn" / "session.db").write_bytes(torn)
    with pytest.raises(UserError):
        play(str(tmp_path / "torn"), Settings(), 1.0, headless=True)
