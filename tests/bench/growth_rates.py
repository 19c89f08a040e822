"""What markers cost against their rate: per frame, and per stride, which must not run away.

Before a source of more than 400 frames a second was thinned (`hipcue.realtime.gait.time_ring`)
and windows were made once a frame, and after; 40 s of the simulated runner, two cores of an EPYC
with others at work, one after the other:

    markers a second    ms a frame        ms a stride
                  50   0.87 -> 0.46      17.1 ->   9.2
                 100   0.79 -> 0.34      31.8 ->  13.7
                 200   0.50 -> 0.35      40.2 ->  27.8
                 500   0.50 -> 0.29      99.3 ->  57.3
                1000   0.47 -> 0.33     186.2 -> 130.3

Side by side in turns it was 0.56 -> 0.48 at 50, 0.52 -> 0.37 at 100 and 0.50 -> 0.38 at 200. So a
stride costs 14 times as much at twenty times the rate. Nothing is lost by it: as many strides,
their contacts apart from those at 200 by 3.2 ms where it was 2.9, which is this runner's noise of
6 mm in every frame; and the ring, which held one second of 1000 frames a second, holds four.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from hipcue.config.settings import Settings
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import EventKind
from tests.bench.engine_step import simulated

_RATES = (50, 100, 200, 500, 1000)
_SECONDS = 40.0
# Events of two rates that are nearer to each other than this are the same.
_MATCH_S = 0.06


@dataclass
class _Run:
    frame_ms: float
    stride_ms: float
    strides: int
    contacts_s: np.ndarray


def by_rate(seconds: float = _SECONDS) -> str:
    """Run the same runner's markers at every rate; return the table."""
    runs = {rate: _run(rate, seconds) for rate in _RATES}
    lines = [
        f"{'markers a second':>16}{'ms a frame':>12}{'ms a stride':>13}{'strides':>9}"
        f"{'contacts apart, SD ms':>23}"
    ]
    usual = runs[200].contacts_s
    for rate, run in runs.items():
        lines.append(
            f"{rate:16}{run.frame_ms:12.3f}{run.stride_ms:13.1f}{run.strides:9}"
            f"{1e3 * _apart_s(run.contacts_s, usual):23.2f}"
        )
    return "\n".join(lines)


def _run(rate: int, seconds: float) -> _Run:
    engine, strides, contacts_s = Engine(Settings(), markers=True), 0, []
    steps = simulated(seconds, float(rate), markers=True)
    begun_s = time.thread_time()
    for pose, belt in steps:
        result = engine.step(pose, belt)
        strides += len(result.strides)
        contacts_s += [e.t_s for e in result.events if e.kind is EventKind.CONTACT]
    took_ms = 1e3 * (time.thread_time() - begun_s)
    return _Run(took_ms / len(steps), took_ms / max(strides, 1), strides, np.array(contacts_s))


def _apart_s(contacts_s: np.ndarray, usual_s: np.ndarray) -> float:
    """By how much contacts differ from those at the usual rate; SD."""
    nearest = np.abs(contacts_s[:, None] - usual_s[None, :]).argmin(axis=1)
    apart_s = contacts_s - usual_s[nearest]
    return float(np.std(apart_s[np.abs(apart_s) < _MATCH_S]))


if __name__ == "__main__":
    print(by_rate())
