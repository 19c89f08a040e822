"""Whether the stated ± can be believed, calm and under every fault.

    python -m tests.bench.honesty [--keep FOLDER] [--only NAME] [--fault NAME] [--json FILE]

Films take part when the folder `--keep` of `python -m tests.bench.accuracy` holds their
poses. Of every value with a truth: how many lie within 1.65 of their stated standard
uncertainty (90 % should), how many beyond 4 (one in 500 at the most), and what became of the
strides that were taken. Exit code 1 when a share is outside of 85 to 99 %, too many are far
out, or a stride was invented.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache
from pathlib import Path

from tests.bench.honesty import tables
from tests.bench.honesty.bodies import Body, recorded, trimmed
from tests.bench.honesty.faults import CALM, FAULTS
from tests.bench.honesty.judging import Judged, judge
from tests.bench.honesty.other_labs import other_labs
from tests.bench.honesty.simulated import simulated

# Under a fault only so much of a sample is run, and the belt's faults only on these.
_FAULTY_S = 15.0
_BELT_BODIES = ("dev_right_3p0", "dev_lab001_2p5", "rbds001_T35", "sim_small_2p2", "sim_ramp")


@cache
def bodies(keep: Path | None) -> tuple[Body, ...]:
    """Return every sample; loaded once, before the processes part."""
    return (*recorded(keep), *other_labs(), *simulated())


def work(keep: Path | None, name: str, fault: str, whole: bool) -> Judged:
    """Judge one sample under one fault."""
    body = next(body for body in bodies(keep) if body.name == name)
    alike = [other.name for other in bodies(keep) if other.source is body.source]
    if fault != CALM and not whole:
        body = trimmed(body, _FAULTY_S)
    return judge(body, FAULTS[fault], alike.index(name), len(alike))


def tasks(words: argparse.Namespace) -> list[tuple[str, str]]:
    """Return which samples are run under which faults."""
    return [
        (body.name, fault.name)
        for fault in FAULTS.values()
        if words.fault in fault.name
        for body in bodies(words.keep)
        if words.only in body.name and body.source in fault.sources
        if words.whole or words.only or not fault.of_belt or body.name in _BELT_BODIES
    ]


def main() -> int:
    """Print the tables; return 1 when something is dishonest."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--keep", type=Path, default=None, help="folder with the films' poses")
    parser.add_argument("--only", default="", help="samples whose name contains this")
    parser.add_argument("--fault", default="", help="faults whose name contains this")
    parser.add_argument("--whole", action="store_true", help="whole samples under every fault")
    parser.add_argument("--json", type=Path, default=None, help="write every value here")
    parser.add_argument("--markdown", action="store_true", help="print what the README shows")
    words = parser.parse_args()
    todo = tasks(words)
    fork = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    with ProcessPoolExecutor(2, mp_context=fork) as pool:
        names, faults = zip(*todo, strict=True) if todo else ((), ())
        count = len(todo)
        runs = list(pool.map(work, [words.keep] * count, names, faults, [words.whole] * count))
    metrics, rows = tables.by_metric(runs), tables.by_fault(runs)
    show = tables.markdown if words.markdown else tables.lines
    print("\n".join(show(metrics, rows)))
    if words.json is not None:
        words.json.write_text(json.dumps([_as_json(run) for run in runs]))
    found = tables.troubles(metrics, rows)
    print("", *found, sep="\n", file=sys.stderr)
    return 1 if found else 0


def _as_json(run: Judged) -> dict[str, object]:
    """Return a run as JSON takes it."""
    missing = {f"{metric}: {why}": n for (metric, why), n in run.missing.items()}
    return asdict(run) | {"missing": missing, "lost": run.lost}


if __name__ == "__main__":
    sys.exit(main())
