"""The main thread of a replay: lets time pass, draws, and does what people ask for."""

from __future__ import annotations

import time

from hipcue.realtime.hud import Screen, View
from hipcue.realtime.run.stop_signals import stop_signals
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
from hipcue.realtime.view.player import Player

# Without a window the screen is drawn for nobody; it only has to get to the end.
_HEADLESS_FPS = 4


def show_again(player: Player, screen: Screen, *, headless: bool, fps: int) -> None:
    """Show a recorded session until somebody leaves, or without a window until its end."""
    screen.view = View.COACH
    step_s = 1.0 / (_HEADLESS_FPS if headless else fps)
    before_s = time.monotonic()
    with stop_signals() as stop:
        while not stop.is_set():
            now_s = time.monotonic()
            player.tick(now_s - before_s)
            before_s = now_s
            for command in screen.show(player.snapshot()):
                if isinstance(command, Quit):
                    return
                obey(player, command)
            if headless and not player.playing:
                return
            stop.wait(max(step_s - (time.monotonic() - now_s), 0.001))


def obey(player: Player, command: UserCommand) -> None:
    """Do what somebody asked; what makes no sense in a replay is not done."""
    match command:
        case TogglePlaying():
            player.toggle()
        case Seek(t_s, held):
            player.held = held
            player.seek(t_s)
        case Skip(seconds):
            player.skip(seconds)
        case StepStride(steps):
            player.step_stride(steps)
        case StepPicture(steps):
            player.step_picture(steps)
        case ShowPeak():
            player.show_peak()
        case ChangeSpeed(steps):
            player.faster(steps)
