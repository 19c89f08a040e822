"""The demo in its window, from set-up to the end, by keys and clicks; then what was kept."""

from __future__ import annotations

import time
from pathlib import Path

from realtime.records import Ask, Change, Choice
from realtime.session import SessionReader
from tests.hand import at_the_screen, needs_x, x_server

# The demo's runner stands for five seconds and runs soon after.
_STANDS_S, _RUNS_S = 3.0, 12.0


@needs_x
def test_a_coach_uses_the_window_from_set_up_to_the_end(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    words = ["-m", "realtime.cli", "demo", "--out", str(out)]
    with x_server() as display, at_the_screen(words, display) as coach:
        coach.reaches_the_window()
        time.sleep(_STANDS_S)
        coach.keys("r")
        coach.keys("ctrl+a")
        coach.types("Ada")
        coach.keys("Return")
        coach.keys("n")
        time.sleep(_RUNS_S)
        coach.keys("space")
        coach.types("left shoe")
        coach.keys("Return")
        coach.keys("m", "F2", "m", "F2", "F4")
        coach.keys("c", "Right", "Escape", "s")
        time.sleep(1.0)
        coach.keys("q", "Return")
        said, _ = coach.session.communicate(timeout=60)
        assert coach.session.returncode == 0, said
    with SessionReader(out) as kept:
        assert [mark.note for mark in kept.marks] == ["left shoe"]
        assert kept.header_values["runner"] == "Ada"
        assert "neutral_end" in kept.header_values
        wishes = [wish for _, wish in kept.ask_steps]
        assert wishes == [Ask.NEUTRAL, Change(Choice.BAND, "4.5"), Ask.SAY_IT_NOW]
        assert [cue.event for cue in kept.cues][-1] in ("borrowed", "arching")
        assert kept.strides
        sound = [light.text for _, light in kept.devices if light.name == "sound"]
        assert "muted" in sound
        assert sound[-1] != "muted"
