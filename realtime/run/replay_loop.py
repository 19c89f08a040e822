"""The main thread of a replay: lets time pass, draws, and does what people ask for."""

from __future__ import annotations

import time

from hipcue.realtime.hud import ActionKind, Screen, UserAction, View
from hipcue.realtime.run.live_loop import stop_signals
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
            for action in screen.show(player.snapshot()):
                if action.kind is ActionKind.QUIT:
                    return
                obey(player, action)
            if headless and not player.playing:
                return
            stop.wait(max(step_s - (time.monotonic() - now_s), 0.001))


def obey(player: Player, action: UserAction) -> None:
    """Do what somebody asked; what makes no sense in a replay is not done."""
    number = action.number or 0.0
    if action.kind is ActionKind.PAUSE:
        player.toggle()
    elif action.kind is ActionKind.SEEK and action.number is not None:
        player.held = action.text == "held"
        player.seek(action.number)
    elif action.kind is ActionKind.SKIP:
        player.skip(number)
    elif action.kind is ActionKind.STRIDE:
        player.step_stride(round(number))
    elif action.kind is ActionKind.PICTURE:
        player.step_picture(round(number))
    elif action.kind is ActionKind.PEAK:
        player.show_peak()
    elif action.kind is ActionKind.SPEED:
        player.faster(round(number))
