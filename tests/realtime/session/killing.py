"""Kill a recording at some instant and say what was lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from hipcue.realtime.library.recover import find_unfinished, recover
from hipcue.realtime.session import SessionReader

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Killed:
    """What a kill did: strides handed over, kept, and lost that were older than a second."""

    handed: int
    kept: int
    lost_old: int
    frames: int
    line: str


def record_and_kill(folder: Path, after_s: float, fps: float = 60.0) -> Killed:
    """Start a recording, kill it `after_s` seconds after its start, repair it, count."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.realtime.session.recorder_child", str(folder), str(fps)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(after_s)
    killed_s = time.monotonic()
    os.kill(child.pid, signal.SIGKILL)
    said = child.stdout.read().splitlines()
    child.wait()
    child.stdout.close()
    handed = {}
    for line in said:
        number, _, at = line.partition(" ")
        if at:
            handed[int(number)] = float(at)
    assert find_unfinished(folder.parent) == [folder]
    line = recover(folder)
    assert find_unfinished(folder.parent) == []
    with SessionReader(folder) as session:
        kept = {s.index for s in session.strides}
        frames = session.frames.whole_steps
        assert frames == session.frames.count
    old = {n for n, t in handed.items() if t < killed_s - 1.0}
    return Killed(len(handed), len(kept), len(old - kept), frames, line or "")
