"""The register of faults, by name, and which kinds of samples they befall."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from hipcue.realtime.records import Side
from tests.bench.honesty import belt_faults, clock_faults, marker_faults, pose_faults
from tests.bench.honesty.inputs import Fault, Inputs


class Source(StrEnum):
    """Where the joints of a sample come from."""

    FILM = "film"
    SIMULATED = "simulated"
    MARKERS = "markers"


CALM = "calm"
_SEEN = frozenset({Source.FILM, Source.SIMULATED})
_ANY = frozenset(Source)
_MARKERS = frozenset({Source.MARKERS})


@dataclass(frozen=True)
class NamedFault:
    """A fault, and whom it befalls; `of_belt` ones say nothing new about angles."""

    name: str
    change: Fault
    sources: frozenset[Source] = _SEEN
    of_belt: bool = False


def calm(inputs: Inputs, chance: np.random.Generator) -> Inputs:
    """Change nothing."""
    return inputs


def _belt(name: str, change: Fault) -> NamedFault:
    return NamedFault(name, change, _ANY, of_belt=True)


_ALL = (
    NamedFault(CALM, calm, _ANY),
    NamedFault("mirrored", pose_faults.mirrored),
    NamedFault("rolled 1.5 deg", pose_faults.rolled(1.5)),
    NamedFault("nudged 6 deg", pose_faults.rolled(6.0, from_share=0.5)),
    NamedFault("half the pictures", pose_faults.every(2)),
    NamedFault("a third of the pictures", pose_faults.every(3)),
    NamedFault("25 a second", clock_faults.resampled(25.0)),
    NamedFault("18 a second", clock_faults.resampled(18.0)),
    NamedFault("30 % lost", pose_faults.lost_at_random(0.3), _ANY),
    NamedFault("bursts lost", pose_faults.lost_in_bursts(3.0, 0.1, 0.3), _ANY),
    NamedFault("frozen", pose_faults.frozen(3.1, 0.05, 0.3)),
    NamedFault("held four times", pose_faults.held(4)),
    NamedFault("jitter 10 ms", clock_faults.jittered(0.010)),
    NamedFault("jitter 20 ms", clock_faults.jittered(0.020)),
    NamedFault("15 ms late", clock_faults.late(0.015)),
    NamedFault("24 in 30 a second", clock_faults.pulled_down(24.0, 30.0)),
    NamedFault("33 ms cut out", clock_faults.cut_out(2.9, 0.033), _ANY),
    NamedFault("noise doubled", pose_faults.noise_doubled, _ANY),
    NamedFault("far leg hidden", pose_faults.far_leg_hidden),
    NamedFault("legs swapped", pose_faults.legs_swapped, _ANY),
    NamedFault("outliers", pose_faults.outliers(0.02), _ANY),
    NamedFault("marker gaps", marker_faults.gaps, _MARKERS),
    NamedFault("marker jumps", marker_faults.jumps(1.0, 200.0), _MARKERS),
    NamedFault("thinned to 50", pose_faults.every(3), _MARKERS),
    NamedFault("thinned to 25", pose_faults.every(6), _MARKERS),
    NamedFault("upsampled to 1000", clock_faults.resampled(1000.0, until_s=8.0), _MARKERS),
    NamedFault("left leg 10 mm ahead", marker_faults.leg_offset(Side.L, 10.0), _MARKERS),
    _belt("wire", belt_faults.on_the_wire),
    _belt("wire zero 1 s of 5", belt_faults.wire(lambda t, k: float(t < 0 or t % 5.0 >= 1.0))),
    _belt("wire zero", belt_faults.wire(lambda t, k: 0.0)),
    _belt("wire flips unit", belt_faults.wire(lambda t, k: belt_faults.KMH if t > 8.0 else 1.0)),
    _belt("wire flips at random", belt_faults.unit_flips_at_random(0.1)),
    _belt("wire spikes", belt_faults.wire(lambda t, k: 2.0 if k % 25 < 2 else 1.0)),
    _belt("wire in km/h", belt_faults.wire(lambda t, k: belt_faults.KMH)),
    _belt("wire in mph", belt_faults.wire(lambda t, k: belt_faults.MPH)),
    _belt("wire silent", belt_faults.silent(12.0, 5.0, 9.0)),
    _belt("typed in km/h", belt_faults.typed_wrong(belt_faults.KMH)),
    _belt("speed file, step", belt_faults.speed_file(0.0)),
    _belt("speed file, ramp", belt_faults.speed_file(2.0)),
    _belt("speed file, rows", belt_faults.rows_of_a_file(1.0)),
)

FAULTS = {fault.name: fault for fault in _ALL}
