"""What a step of the engine costs, by what it finds out: the median, one in a hundred, the worst.

    python -m tests.bench.engine_step [--seconds 60] [--repeats 5] [--against CHECKOUT]

The simulated runner stands, runs, borrows and recovers at 60 pictures a second, with a pose
model's noise, and as markers at 150; the same steps again and again. A step's time is the least
of its repeats: what it costs where no other program is in the way. With `--against` another
checkout of the project does the same in turns, piece by piece, and the ratio to it is told.

Where the time of a step goes, microseconds in a picture in which nothing happens, two cores of
an EPYC with others at work (a rendered runner at 60 fps, 2015 such pictures):

                                         before   after
    whole step                              440     310
    legs told apart: hypotheses             108      71   flat rows, one product
    events of both legs                      70      50   plain numbers; toe-off and peak later
    camera watched                           54      42   all parts at once, hips before the rest
    angles for the screen                    41      22   plain numbers
    tilt of the pelvis                       37      19   the trunk's median slides
    body as a clock                          24       5   looked at once a stride
    belt, state, cues, result                24      23
    joints into the ring                      9      11
    facing, height, times                    23      20

and the steps by what they find, ms, before -> after, side by side in one run:

                    p50                   p99                 worst
    nothing    0.38 -> 0.26 (0.68)   0.70 -> 0.52 (0.74)   1.10 -> 0.68 (0.62)
    toe-off    1.01 -> 0.92 (0.92)   1.58 -> 1.54 (0.98)   1.91 -> 1.60 (0.84)
    peak       0.46 -> 0.39 (0.85)   0.70 -> 0.54 (0.77)   0.77 -> 0.56 (0.73)
    stride     2.87 -> 2.36 (0.82)   4.26 -> 3.53 (0.83)   4.66 -> 4.16 (0.89)
    all        0.40 -> 0.28 (0.69)   3.03 -> 2.56 (0.85)   4.66 -> 4.16 (0.89)

A belt that tells its speed with every picture made a stride's step 3.6 ms (7.8 at one in a
hundred): samples of half a minute were walked three times and hashed; now 2.4. What is left of it
is twenty metrics and their like, each a few calls of NumPy on a few dozen numbers.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import EventKind, Pose, StepResult
from tests.realtime.test_engine import PX_PER_M, Treadmill

# The first strides run other ways; they are left out.
_SKIPPED_S = 8.0
_KINDS = ("nothing", "contact", "toe-off", "peak", "stride", "all")
_RUNNERS = {"pictures, 60 a second": (60.0, False), "markers, 150 a second": (150.0, True)}

_Steps = list[tuple[Pose, list[BeltSample]]]


def simulated(seconds: float, fps: float, markers: bool) -> _Steps:
    """What an engine is given while the simulated runner runs: the same every time."""
    track, steps = Treadmill(), []
    belt_due_s = 0.0
    for index in range(1, round(seconds * fps)):
        t_s = index / fps
        track.index = index
        runner = track.runner.advance(t_s, track.speed(t_s))
        track.runner.truth.forget()
        pose = track.pose(runner)
        if markers:
            pose = replace(pose, pelvis=(), px_per_m=PX_PER_M)
        told = []
        if t_s >= belt_due_s:  # A console tells its speed ten times a second.
            belt_due_s += 0.1
            told.append(BeltSample(t_s, round(track.speed(t_s), 2)))
        steps.append((pose, told))
    return steps


def replay(steps: _Steps, markers: bool) -> tuple[list[float], list[str]]:
    """Take every step; return how long each took, ms, and what it found."""
    engine, took_ms, kinds = Engine(Settings(), markers=markers), [], []
    gc.collect()
    for pose, belt in steps:
        begun_s = time.perf_counter()
        result = engine.step(pose, belt)
        took_ms.append(1e3 * (time.perf_counter() - begun_s))
        kinds.append(_kind(result))
    return took_ms, kinds


def _kind(result: StepResult) -> str:
    kinds = {event.kind for event in result.events}
    if result.strides:
        return "stride"
    if EventKind.TOE_OFF in kinds:
        return "toe-off"
    if EventKind.CONTACT in kinds:
        return "contact"
    return "peak" if kinds else "nothing"


class _Checkout:
    """A process that replays with one checkout of the project whatever it is told."""

    def __init__(self, root: Path, seconds: float) -> None:
        links = os.pathsep.join([str(root / ".ci" / "links"), str(Path.cwd())])
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--child", "--seconds", str(seconds)],
            env={**os.environ, "PYTHONPATH": links},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def replay(self, name: str) -> tuple[list[float], list[str]]:
        """Replay one of the runners."""
        pipe, answers = self._process.stdin, self._process.stdout
        assert pipe is not None and answers is not None
        pipe.write(f"{name}\n")
        pipe.flush()
        took_ms, kinds = json.loads(answers.readline())
        return took_ms, kinds

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _answer(seconds: float) -> None:
    """Be such a process."""
    made: dict[str, _Steps] = {}
    for line in sys.stdin:
        name = line.strip()
        fps, markers = _RUNNERS[name]
        if name not in made:
            made[name] = simulated(seconds, fps, markers)
        print(json.dumps(replay(made[name], markers)), flush=True)


@contextmanager
def _checkouts(roots: list[Path], seconds: float) -> Iterator[list[_Checkout]]:
    opened = [_Checkout(root, seconds) for root in roots]
    try:
        yield opened
    finally:
        for one in opened:
            one.close()


def measure(roots: list[Path], seconds: float, repeats: int) -> None:
    """Let every checkout replay every runner in turns; print the table."""
    with _checkouts(roots, seconds) as checkouts:
        for name, (fps, _) in _RUNNERS.items():
            least: list[np.ndarray] = []
            kinds: list[str] = []
            for repeat in range(repeats):
                for number, checkout in enumerate(checkouts):
                    took_ms, kinds = checkout.replay(name)
                    if not repeat:
                        least.append(np.array(took_ms))
                    least[number] = np.minimum(least[number], took_ms)
            _tell(name, np.array(kinds), least, round(_SKIPPED_S * fps))


def _tell(name: str, kinds: np.ndarray, least: list[np.ndarray], skipped: int) -> None:
    print(f"\n{name}; ms" + (", the other checkout -> this one" if len(least) > 1 else ""))
    print(f"{'a step with':14}{'n':>6}{'p50':>22}{'p99':>22}{'worst':>22}")
    late = np.arange(len(kinds)) >= skipped
    for kind in _KINDS:
        chosen = late & ((kinds == kind) | (kind == "all"))
        if not chosen.any():
            continue
        cells = []
        for measured in (np.median, lambda ms: np.percentile(ms, 99), np.max):
            values = [float(measured(ms[chosen])) for ms in least]
            told = " -> ".join(f"{value:.2f}" for value in values)
            cells.append(told + (f" ({values[-1] / values[0]:.2f})" if len(values) > 1 else ""))
        print(f"{kind:14}{chosen.sum():6}" + "".join(f"{cell:>22}" for cell in cells), flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the runner is seen")
    parser.add_argument("--repeats", type=int, default=5, help="of the same steps")
    parser.add_argument("--against", type=Path, help="another checkout of the project")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.child:
        _answer(words.seconds)
        return
    here = Path(__file__).parents[2]
    roots = [here] if words.against is None else [words.against.resolve(), here]
    measure(roots, words.seconds, words.repeats)


if __name__ == "__main__":
    main()
