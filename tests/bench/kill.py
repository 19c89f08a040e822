"""Kill a recording at random instants, many times over; count what was lost.

    python -m tests.bench.kill [KILLS] [--seed N] [--store]

Each time a real run is started on a film of the simulated runner (`kill_child`), killed with
kill -9 at some instant between its first breath and the end of its report, finished as the
next start of hipcue would, read, exported and replayed. With --store only the store is run,
with made-up steps: quicker, and all kills hit it while it writes.

Prints one line of figures; exit code 1 when a session could not be read, did not replay to
the same results, or a stride older than a second was lost.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.realtime.engine import Engine
from hipcue.realtime.library.recover import find_unfinished, recover
from hipcue.realtime.run.replay_check import check
from hipcue.realtime.session import SessionReader
from hipcue.realtime.session.export import export
from hipcue.realtime.session.schema import DATABASE
from tests.realtime.session.killing import record_and_kill
from tests.stories.test_film import film_runner

HOUSE = Path(__file__).parents[2]
FILM_S = 9.0
# Kills fall between the first breath of a run and a little after its end, which is measured
# first: on a slow machine loading alone takes longer than a whole run on a fast one.
A_LITTLE_LONGER = 1.05


@dataclass
class Tally:
    """What all kills did."""

    handed: int = 0
    kept: int = 0
    worst: int = 0
    lost_old: int = 0
    early: int = 0
    whole: int = 0
    trouble: list[str] = field(default_factory=list)

    def add(self, handed: int, kept: int, lost_old: int) -> None:
        """Count one kill."""
        self.handed += handed
        self.kept += kept
        self.worst = max(self.worst, handed - kept)
        self.lost_old += lost_old


def start_run(film: Path, folder: Path) -> subprocess.Popen[str]:
    """Start a run that tells its strides."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.kill_child", str(film), str(folder)],
        cwd=HOUSE,
        env={**os.environ, "SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def whole_run_s(film: Path, folder: Path) -> float:
    """Let a run come to its end; return how long that took."""
    begin = time.monotonic()
    start_run(film, folder).communicate()
    shutil.rmtree(folder, ignore_errors=True)
    return time.monotonic() - begin


def kill_run(film: Path, folder: Path, after_s: float, tally: Tally) -> None:
    """Start a run, kill it after a while, and look at what it left.

    Raises
    ------
    UserError
        When what it left cannot be read.
    """
    child = start_run(film, folder)
    assert child.stdout is not None
    time.sleep(after_s)
    killed_s = time.monotonic()
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    else:
        tally.whole += 1
    told = [line.split() for line in child.stdout.read().splitlines()]
    child.wait()
    child.stdout.close()
    handed = {int(w[0]): float(w[1]) for w in told if len(w) == 2 and w[0].isdigit()}
    if not (folder / DATABASE).exists():
        tally.early += 1
        if handed:
            tally.trouble.append(f"{len(handed)} strides and no session")
        return
    if find_unfinished(folder.parent):
        recover(folder)
    with SessionReader(folder) as session:
        kept = {stride.index for stride in session.strides}
        found = check(session, Engine(Settings.model_validate(session.header.settings)))
        tally.trouble += found.differences
    for form in ("csv", "json"):
        if kept:
            export(folder, form, folder / "out")
    old = {n for n, t in handed.items() if t < killed_s - 1.0}
    tally.add(len(handed), len(kept & set(handed)), len(old - kept))


def kill_store(folder: Path, after_s: float, tally: Tally) -> None:
    """Kill the store alone."""
    found = record_and_kill(folder, after_s)
    tally.add(found.handed, found.kept, found.lost_old)


def main() -> int:
    """Kill them all."""
    parser = argparse.ArgumentParser(description="Kill recordings at random instants.")
    parser.add_argument("kills", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", action="store_true", help="the store alone")
    words = parser.parse_args()
    chance = random.Random(words.seed)
    tally = Tally()
    unreadable = 0
    with tempfile.TemporaryDirectory() as parent:
        room = Path(parent) / "sessions"
        room.mkdir()
        film = Path(parent) / "runner.mp4"
        longest_s = 4.0
        if not words.store:
            film_runner(film, FILM_S)
            longest_s = A_LITTLE_LONGER * whole_run_s(film, room / "run")
        for number in range(words.kills):
            folder = room / "run"
            after_s = chance.uniform(0.0, longest_s)
            try:
                if words.store:
                    kill_store(folder, after_s, tally)
                else:
                    kill_run(film, folder, after_s, tally)
            except (UserError, AssertionError) as error:
                unreadable += 1
                print(f"kill {number} after {after_s:.3f} s: {error}", file=sys.stderr)
            shutil.rmtree(folder, ignore_errors=True)
    for line in tally.trouble:
        print(line, file=sys.stderr)
    print(
        f"{words.kills} kills ({tally.early} before there was a session, {tally.whole} after its "
        f"end): {unreadable} sessions unreadable, {len(tally.trouble)} replayed otherwise, "
        f"{tally.handed} strides handed over, {tally.kept} kept, at most {tally.worst} lost by "
        f"one kill, {tally.lost_old} older than 1 s lost"
    )
    return 1 if unreadable or tally.lost_old or tally.trouble else 0


if __name__ == "__main__":
    sys.exit(main())
