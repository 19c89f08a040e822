from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import Pose
from hipcue.realtime.run.belt_delay import measure_offset
from tests.realtime.test_engine import FPS, Speed, Treadmill


@cache
def filmed(speed: Speed) -> list[Pose]:
    """What is seen of a run of 26 s."""
    treadmill = Treadmill(speed=speed)
    return [treadmill.look(k / FPS) for k in range(1, round(26 * FPS) + 1)]


def recorded(speed: Speed, late_s: float) -> list[tuple[Pose, list[BeltSample]]]:
    """A run, and a wire that tells the belt's speed late, five times a second."""
    steps: list[tuple[Pose, list[BeltSample]]] = []
    for k, pose in enumerate(filmed(speed)):
        t_s = pose.t_capture_s
        steps.append((pose, [BeltSample(t_s, speed(t_s - late_s))] if k % 12 == 0 else []))
    return steps


def up_and_down(t_s: float) -> float:
    return float(np.interp(t_s, [3, 5, 10, 13, 18, 21], [0.0, 2.6, 2.6, 3.8, 3.8, 2.6]))


@pytest.mark.parametrize("late_s", [0.0, 0.4])
def test_a_change_of_speed_tells_how_late_the_wire_is(late_s: float) -> None:
    found = measure_offset(Engine(Settings()), recorded(up_and_down, late_s))
    assert found.delay_s == pytest.approx(late_s, abs=0.12)
    assert found.sigma_s < 0.12


def test_a_steady_belt_tells_nothing_and_says_so() -> None:
    def steady(t_s: float) -> float:
        return float(np.clip((t_s - 3.0) / 2.0, 0.0, 1.0)) * 3.0

    steps = [step for step in recorded(steady, 0.0) if step[0].t_capture_s > 8.0]
    with pytest.raises(UserError, match="kept its speed"):
        measure_offset(Engine(Settings()), steps)
