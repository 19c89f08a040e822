"""The demo in its window, from set-up to the end, by keys and clicks; then what was kept."""

from __future__ import annotations

import textwrap
from pathlib import Path

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.records import NewRunner, SayCueNow, SetBand
from hipcue.realtime.session import SessionReader
from tests.hand import at_the_screen, needs_x, x_server
from tests.pose_model import needs_pose_model

# The demo as it is, but that the runner's patience has no end: a slow machine may need longer
# for the neutral than the demo's runner waits. Every change of what the screen shows, and every
# command, on a line.
_DEMO = """
    import sys
    from pathlib import Path
    from hipcue.config.settings import Settings
    from hipcue.devices.simulated import scenario
    from hipcue.realtime.commands import demo as live
    from hipcue.realtime.hud import Screen

    show, seen = Screen.show, None

    def told(self, snapshot):
        global seen
        commands = show(self, snapshot)
        for command in commands:
            print("command", command, flush=True)
        dialog = type(self.dialog).__name__ if self.dialog else "no dialog"
        muted = "muted" if snapshot.muted else "loud"
        now = ("sees", self.view.value, dialog, muted, f"{len(snapshot.marks)} marks")
        now += ("with neutral" if snapshot.result and snapshot.result.neutral_measured else "",)
        if now != seen:
            seen = now
            print(*now, flush=True)
        return commands

    Screen.show, scenario._PATIENCE_S = told, 1e6
    live.run_demo(Settings(), headless=False, seconds=None, out=Path(sys.argv[1]))
"""


@needs_x
@needs_pose_model
def test_a_coach_uses_the_window_from_set_up_to_the_end(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    words = ["-c", textwrap.dedent(_DEMO), str(out)]
    with x_server() as display, at_the_screen(words, display) as coach:
        coach.waits_until("sees setup")
        coach.reaches_the_window()
        coach.keys("r")
        coach.waits_until("NameDialog")
        coach.keys("ctrl+a")
        coach.types("Ada")
        coach.keys("Return")
        coach.waits_until("command NewRunner(name='Ada'")
        coach.waits_until("with neutral")
        # The first strides open the coach's screen too, sooner or later: from the set-up it
        # is one key away in any case.
        coach.keys("F3", "F2")
        coach.waits_until_it_sees("sees coach no dialog")
        coach.keys("space")
        coach.waits_until("MarkDialog")
        coach.types("left shoe")
        coach.keys("Return")
        coach.waits_until("sees coach no dialog loud 1 marks")
        coach.keys("m")
        coach.waits_until("muted")
        coach.keys("m")
        coach.waits_until("loud")
        coach.keys("F2")
        coach.waits_until("sees runner")
        coach.keys("F2")
        coach.waits_until("sees coach")
        coach.keys("c")
        coach.waits_until("CueDialog")
        coach.keys("Right")
        coach.waits_until("command SetBand")
        coach.keys("Escape")
        coach.waits_until("no dialog")
        coach.clicks(230, 695)  # The hint "C cues".
        coach.waits_until("CueDialog")
        coach.keys("Escape")
        coach.waits_until("no dialog")
        coach.keys("l")
        coach.waits_until("LatencyDialog")
        coach.keys("Escape")
        coach.waits_until("no dialog")
        coach.keys("s")
        coach.waits_until("command SayCueNow")
        coach.keys("n")
        coach.waits_until("command TakeNeutral")
        coach.keys("q")
        coach.waits_until("QuitDialog")
        coach.keys("Return")
        coach.waits_until("command Quit")
        said, _ = coach.session.communicate(timeout=120)
        assert coach.session.returncode == 0, said
    with SessionReader(out) as kept:
        assert [mark.note for mark in kept.marks] == ["left shoe"]
        assert kept.header_values["runner"] == "Ada"
        assert "neutral_end" in kept.header_values
        # The last command may come after the last picture.
        commands = [command for _, command in kept.command_steps]
        assert isinstance(commands[0], NewRunner)
        assert commands[0].name == "Ada"
        assert commands[1:3] == [SetBand(4.5), SayCueNow()]
        assert [cue.event for cue in kept.cues][-1] in ("borrowed", "arching")
        sound = [light.reason.code for _, light in kept.devices if light.name == "sound"]
        assert ReasonCode.SOUND_MUTED in sound
        assert sound[-1] is not ReasonCode.SOUND_MUTED
