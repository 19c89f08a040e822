"""Simulated machines: one file per protocol, as in `hipcue.devices.treadmill.protocols`.

A machine answers questions (`answer`), sends by itself (`stream`), or both. It is given
where its belt is; it does not move it.

May import: devices.
"""

from __future__ import annotations

from collections.abc import Callable

from hipcue.devices.simulated.treadmill.machines.bertec import BertecMachine
from hipcue.devices.simulated.treadmill.machines.csafe import CsafeMachine
from hipcue.devices.simulated.treadmill.machines.ftms import FtmsMachine
from hipcue.devices.simulated.treadmill.machines.hall import HallMachine
from hipcue.devices.simulated.treadmill.machines.lifespan import LifespanMachine
from hipcue.devices.simulated.treadmill.machines.machine import BeltTruth, Machine
from hipcue.devices.simulated.treadmill.machines.precor import PrecorMachine
from hipcue.devices.simulated.treadmill.machines.trackmaster import TrackmasterMachine

MACHINES: dict[str, Callable[[], Machine]] = {
    "csafe": CsafeMachine,
    "trackmaster": TrackmasterMachine,
    "lifespan": LifespanMachine,
    "precor": PrecorMachine,
    "bertec": BertecMachine,
    "hall": HallMachine,
    "ftms": FtmsMachine,
}
"""Every protocol that can be simulated: all that `open_treadmill` knows."""

__all__ = [
    "MACHINES",
    "BeltTruth",
    "BertecMachine",
    "CsafeMachine",
    "Machine",
    "TrackmasterMachine",
]
