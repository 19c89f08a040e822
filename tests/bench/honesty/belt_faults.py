"""What goes wrong with the treadmill's word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from hipcue.devices.readings import BeltSample, BeltSource
from tests.bench.honesty.inputs import Fault, Inputs, with_speeds

WIRE_HZ = 5.0
KMH, MPH = 3.6, 2.23694


def on_the_wire(inputs: Inputs, chance: np.random.Generator) -> Inputs:
    """Say the speed on a wire, five times a second."""
    if any(sample.source is BeltSource.WIRE for sample in inputs.belt):
        return inputs
    t_s = np.arange(0.0, inputs.poses[-1].t_capture_s, 1.0 / WIRE_HZ)
    speed = np.interp(t_s, [s.t_s for s in inputs.belt], [s.speed_mps or 0.0 for s in inputs.belt])
    said = (BeltSample(float(t), float(v)) for t, v in zip(t_s, speed, strict=True))
    return replace(inputs, belt=tuple(said))


def wire(change: Callable[[float, int], float]) -> Fault:
    """Multiply what the wire says by a factor of the time since the start and the sample."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        told = on_the_wire(inputs, chance)
        numbers = {id(sample): k for k, sample in enumerate(told.belt)}
        return with_speeds(
            told, lambda s: (s.speed_mps or 0.0) * change(s.t_s - told.starts_s, numbers[id(s)])
        )

    return fault


def unit_flips_at_random(share: float) -> Fault:
    """Say some samples in km/h."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        return with_speeds(
            on_the_wire(inputs, chance),
            lambda s: (s.speed_mps or 0.0) * (KMH if chance.random() < share else 1.0),
        )

    return fault


def silent(every_s: float, from_s: float, to_s: float) -> Fault:
    """Say nothing for a while, again and again."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        told = on_the_wire(inputs, chance)
        spoken = (
            s
            for s in told.belt
            if s.t_s < told.starts_s or not from_s <= (s.t_s - told.starts_s) % every_s < to_s
        )
        return replace(told, belt=tuple(spoken))

    return fault


def typed_wrong(factor: float) -> Fault:
    """Type the speed in another unit than m/s."""
    return lambda inputs, chance: with_speeds(inputs, lambda s: (s.speed_mps or 0.0) * factor)


def speed_file(ramp_s: float) -> Fault:
    """Give the speed as a file: from standing to running within `ramp_s` before they run."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        start = inputs.starts_s
        speeds = [s.speed_mps or 0.0 for s in inputs.belt if s.t_s > start] or [0.0]
        if max(speeds) - min(speeds) > 0.05:
            return rows_of_a_file(0.5)(inputs, chance)
        speed = inputs.belt[-1].speed_mps or 0.0
        rows = [(0.0, 0.0), (max(start - ramp_s, 0.0), 0.0), (start, speed)]
        said = (BeltSample(t_s, mps, source=BeltSource.FILE) for t_s, mps in rows)
        return replace(inputs, belt=tuple(said))

    return fault


def rows_of_a_file(every_s: float) -> Fault:
    """Give the speed as a file with a row every so often."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        told = on_the_wire(inputs, chance).belt
        t_s = np.arange(0.0, told[-1].t_s, every_s)
        speed = np.interp(t_s, [s.t_s for s in told], [s.speed_mps or 0.0 for s in told])
        said = zip(t_s, speed, strict=True)
        rows = (BeltSample(float(t), float(v), source=BeltSource.FILE) for t, v in said)
        return replace(inputs, belt=tuple(rows))

    return fault
