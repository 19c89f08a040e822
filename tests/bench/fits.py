"""How fast the small fits are, against NumPy's; side by side.

    python -m tests.bench.fits [--repeats 7]

Each line is the median of the repeats, in microseconds a call, over as many points as the
engine fits at once. Both take turns, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import statistics
import timeit
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.gait.fits import fit_line, fit_parabola, known_median

_SIZES = (3, 7, 15)
_CALLS = 2000

_Task = tuple[str, Callable[[], object], str, Callable[[], object]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    repeats = parser.parse_args().repeats
    for size in _SIZES:
        print(f"{size} points")
        for name, ours, other_name, other in _tasks(size):
            ours_us, other_us = _take_turns(ours, other, repeats)
            print(
                f"  {name:14} {ours_us:6.1f} us   {other_name:20} {other_us:6.1f} us"
                f"   {other_us / ours_us:4.1f} times"
            )


def _tasks(size: int) -> list[_Task]:
    chance = np.random.default_rng(size)
    x: NDArray[np.float64] = np.sort(chance.uniform(-0.05, 0.05, size))
    y: NDArray[np.float64] = chance.normal(size=size)
    return [
        ("fit_parabola", lambda: fit_parabola(x, y), "np.polyfit, 2", lambda: np.polyfit(x, y, 2)),
        ("fit_line", lambda: fit_line(x, y), "np.polyfit, 1", lambda: np.polyfit(x, y, 1)),
        ("known_median", lambda: known_median(y), "np.nanmedian", lambda: np.nanmedian(y)),
    ]


def _take_turns(
    ours: Callable[[], object], other: Callable[[], object], repeats: int
) -> tuple[float, float]:
    """Median time of a call of each, us."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for call, seconds in zip((ours, other), took, strict=True):
            seconds.append(timeit.timeit(call, number=_CALLS) / _CALLS * 1e6)
    return statistics.median(took[0]), statistics.median(took[1])


if __name__ == "__main__":
    main()
