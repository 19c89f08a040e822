"""`hipcue demo`: a simulated runner on a simulated treadmill, everything between them real."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from hipcue.config.settings import Settings
from hipcue.devices.readings import Clock, Frame
from hipcue.devices.simulated import Scenario, SimulatedCamera, demo_scenario
from hipcue.devices.simulated.treadmill.simulated_treadmill import SimulatedTreadmill
from hipcue.devices.treadmill import open_treadmill
from hipcue.realtime.commands.session_run import open_sound, run_session
from hipcue.realtime.records import StepResult
from hipcue.realtime.run.device_set import DeviceSet
from hipcue.realtime.run.live_session import Listener
from hipcue.realtime.session import default_session_folder

# A demo without a window has to end by itself.
_DEMO_SECONDS = 60.0
# From the word that the standing is measured to the hand on the console: as quick as can be,
# and late enough that the belt is asked for no time that is over.
_HAND_S = 0.05


def run_demo(
    settings: Settings,
    *,
    headless: bool,
    seconds: float | None,
    out: Path | None,
    outline: bool = False,
) -> None:
    """Run the demo: simulated runner and treadmill, everything between them real.

    The runner wears the printed squares; with `outline` nothing, and the pelvis is read
    from the outline of the back.
    """
    clock = time.monotonic
    length_s = seconds or (_DEMO_SECONDS if headless else 3600.0)
    scenario = demo_scenario(length_s, tag=not outline)
    scenario.wait()
    eye = SimulatedCamera(scenario, settings.camera, clock)
    machine = SimulatedTreadmill(
        "csafe", clock, speed_source=lambda: scenario.belt_speed_at(clock())
    )
    machine.start()
    folder = out or default_session_folder(settings, "demo")
    try:
        belt = open_treadmill(machine.address, settings.treadmill, clock)
        devices = DeviceSet(eye, belt, open_sound(settings, clock))
        runner = Listener(
            on_cue=lambda cue: eye.hear(cue.event, clock()),
            on_step=partial(_set_off, scenario, clock),
        )
        tally = run_session(
            settings,
            devices,
            plugged={"camera": "demo", "belt": "simulated csafe"},
            headless=headless,
            seconds=None,
            folder=folder,
            listeners=[runner],
        )
    finally:
        machine.close()
    eye.truth.write(folder)
    tally.tell_demo()


def _set_off(scenario: Scenario, clock: Clock, frame: Frame, result: StepResult) -> None:
    """Start the belt when the screen says that the standing is measured, as people do."""
    if result.neutral_measured and scenario.started_s is not None:
        scenario.set_off(clock() - scenario.started_s + _HAND_S)
