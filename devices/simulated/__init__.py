"""A runner and a treadmill made of formulas, seen and heard through real interfaces.

Verbs
-----
demo_scenario
    What happens when: stand, run, borrow extension, hear a cue, correct.
SimulatedCamera
    Draws the scenario's runner, in real time or frame by frame; a camera like every other.
SimulatedRunner
    The gait itself, without pictures; `Truth` is what it really did.
SimulatedTreadmill
    A treadmill that answers in its maker's protocol on a pseudo-terminal.
Figure
    Draws a pose of the runner.

Everything behind these is real: the pose model looks at drawn pictures and has to find
the runner in them; nothing is handed past it.

May import: devices, config.
"""

from hipcue.devices.simulated.body import Body
from hipcue.devices.simulated.camera import SimulatedCamera
from hipcue.devices.simulated.figure import Figure
from hipcue.devices.simulated.pose import RunnerPose
from hipcue.devices.simulated.runner import SimulatedRunner
from hipcue.devices.simulated.scenario import Scenario, demo_scenario
from hipcue.devices.simulated.treadmill.simulated_treadmill import SimulatedTreadmill
from hipcue.devices.simulated.truth import Episode, TrueEvent, TrueStride, Truth

__all__ = [
    "Body",
    "Episode",
    "Figure",
    "RunnerPose",
    "Scenario",
    "SimulatedCamera",
    "SimulatedRunner",
    "SimulatedTreadmill",
    "TrueEvent",
    "TrueStride",
    "Truth",
    "demo_scenario",
]
