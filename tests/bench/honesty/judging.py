"""One sample under one fault: what the engine said of its strides, against the truth."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np

from hipcue.config.settings import PelvisSettings, Settings
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import RunnerState, StepResult, Stride
from hipcue.realtime.run.offline import BeltFeed
from hipcue.realtime.run.stepper import Stepper
from tests.bench.honesty.bodies import Body, TrueStride
from tests.bench.honesty.faults import NamedFault, Source
from tests.bench.honesty.inputs import Inputs, with_speeds

# A stride that begins this near to a true one's contact is that one.
MATCH_S = 0.12
# One that ends with the film cannot be decided any more.
_DECIDED_S = 0.15
# A stride that was lost is explained when the engine said something within this after it.
_SAID_S = 1.0
# Belts run at 98 to 103 % of their consoles' word (Willwacher 2021): each run gets a console
# of its own, so that the uncertainty of the belt's speed has something to hold.
_CONSOLE_SIGMA = 0.01


@dataclass(frozen=True)
class Said:
    """One value against the truth."""

    body: str
    source: Source
    fault: str
    metric: str
    side: str
    contact_s: float
    value: float
    sigma: float
    true: float
    spread: float = 0.0
    exact: bool = False

    @property
    def score(self) -> float:
        """Size of the error in standard uncertainties."""
        sigma = float(np.hypot(self.sigma, self.spread))
        return abs(self.value - self.true) / max(sigma, 1e-9)


@dataclass
class Judged:
    """All of one run."""

    body: str
    source: Source
    fault: str
    said: list[Said] = field(default_factory=list)
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)
    taken: int = 0
    kept: int = 0
    explained: int = 0
    invented: int = 0

    @property
    def lost(self) -> int:
        """Strides that were taken, not told, and never spoken of."""
        return self.taken - self.kept - self.explained


def judge(body: Body, fault: NamedFault, rank: int = 0, ranks: int = 1) -> Judged:
    """Run the engine over a sample with a fault laid on it, and compare.

    `rank` of `ranks` bodies says which console this run has: all together are as wrong as
    real ones.
    """
    seed = zlib.crc32(f"{body.name}/{fault.name}".encode())
    places = np.random.default_rng(zlib.crc32(fault.name.encode())).permutation(ranks)
    off = NormalDist(1.0, _CONSOLE_SIGMA).inv_cdf((float(places[rank]) + 0.5) / ranks)
    told = with_speeds(body.inputs, lambda s: None if s.speed_mps is None else s.speed_mps * off)
    inputs = fault.change(told, np.random.default_rng(seed))
    return compare(body, fault.name, inputs, run(body, inputs))


def run(body: Body, inputs: Inputs) -> list[StepResult]:
    """Run the engine over what it is given."""
    settings = Settings(pelvis=PelvisSettings(standing_tilt_deg=body.standing_tilt_deg))
    stepper = Stepper(Engine(settings, markers=body.source is Source.MARKERS))
    feed = BeltFeed(inputs.belt)
    results = [stepper.step(pose, feed.until(pose.t_capture_s)) for pose in inputs.poses]
    last = stepper.settle_last_frames()
    return results if last is None else [*results, last]


def compare(body: Body, fault: str, inputs: Inputs, results: list[StepResult]) -> Judged:
    """Match strides with true ones and take down every value that has a truth."""
    judged = Judged(body.name, body.source, fault)
    mine = [stride for result in results for stride in result.strides]
    end_s = inputs.poses[-1].t_capture_s - _DECIDED_S
    for side in ("L", "R"):
        true = [s for s in body.strides if (s.side.value == side) is not inputs.mirrored]
        true = [s for s in true if inputs.stamped(s.end_s) < end_s]
        ours = [s for s in mine if s.side.value == side]
        _compare_side(judged, body, inputs, results, true, ours)
    return judged


def _compare_side(
    judged: Judged,
    body: Body,
    inputs: Inputs,
    results: list[StepResult],
    true: list[TrueStride],
    ours: list[Stride],
) -> None:
    if not true:
        return
    starts = np.array([inputs.stamped(s.contact_s) for s in true])
    late_s = _late_s(starts, ours) if body.by_thigh else 0.0
    starts += late_s
    matched: dict[int, Stride] = {}
    for stride in ours:
        k = int(np.argmin(np.abs(starts - stride.contact_s)))
        if abs(starts[k] - stride.contact_s) < MATCH_S and k not in matched:
            matched[k] = stride
        elif stride.end_s < starts[0] + MATCH_S:
            # Before the first true one only standing is known for sure.
            judged.invented += stride.contact_s < inputs.starts_s - 0.3
        elif stride.contact_s < starts[-1] + MATCH_S:
            judged.invented += 1
    judged.taken += len(true)
    judged.kept += len(matched)
    for k, one in enumerate(true):
        if k in matched:
            _take_down(judged, body, one, matched[k])
        else:
            judged.explained += _spoken_of(results, starts[k], inputs.stamped(one.end_s) + late_s)


def _late_s(starts: np.ndarray, ours: list[Stride]) -> float:
    """From the thigh's peak flexion to the contact, much the same in every stride."""
    gaps = [s.contact_s - starts[starts < s.contact_s][-1] for s in ours if s.contact_s > starts[0]]
    return float(np.median(gaps)) if gaps else 0.0


def _take_down(judged: Judged, body: Body, one: TrueStride, stride: Stride) -> None:
    for metric, true in one.values.items():
        found = stride.measure(metric)
        if found.value is None:
            assert found.reason is not None
            judged.missing[metric, found.reason.code.value] += 1
            continue
        judged.said.append(
            Said(
                judged.body,
                judged.source,
                judged.fault,
                metric,
                stride.side.value,
                stride.contact_s,
                found.value,
                found.sigma or 0.0,
                true,
                float(one.spread.get(metric, 0.0)),
                metric in body.exact,
            )
        )


def _spoken_of(results: list[StepResult], start_s: float, end_s: float) -> bool:
    """Whether the engine said that something was wrong when a stride got lost."""
    quiet = {RunnerState.WAITING, RunnerState.UNKNOWN}
    during = (r for r in results if start_s <= r.t_s <= end_s + _SAID_S)
    return any(r.notices or r.state in quiet for r in during)
