"""The screen draws right after a picture was worked on, and not while one is."""

from __future__ import annotations

import threading

from hipcue.realtime.run.low_jitter import ScreenTurn

# Seconds until somebody gives up: no test may depend on how fast a machine is.
PATIENCE_S = 120.0


def test_the_screen_waits_for_the_end_of_a_picture() -> None:
    turn, order = ScreenTurn(), []
    turn.begin_picture()

    def draw() -> None:
        turn.wait(PATIENCE_S)
        order.append("drawn")

    screen = threading.Thread(target=draw)
    screen.start()
    order.append("worked on")
    # The thread may not wait yet: whoever comes too late for an end waits for the next one.
    while screen.is_alive():
        turn.end_picture()
        screen.join(0.01)
    assert order == ["worked on", "drawn"]
