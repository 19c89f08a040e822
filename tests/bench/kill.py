"""Kill a recording at random instants, many times over; count what was lost.

    python -m tests.bench.kill [KILLS] [SEED]

Prints one line of figures; exit code 1 when a session could not be read or a stride
older than a second was lost.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from pathlib import Path

from config.errors import UserError
from tests.realtime.session.killing import record_and_kill


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    handed = kept = lost_old = unreadable = 0
    worst = 0
    with tempfile.TemporaryDirectory() as parent:
        for number in range(kills):
            folder = Path(parent) / "run"
            after_s = chance.uniform(0.0, 4.0)
            try:
                found = record_and_kill(folder, after_s)
            except (UserError, AssertionError) as error:
                unreadable += 1
                print(f"kill {number} after {after_s:.3f} s: {error}", file=sys.stderr)
            else:
                handed, kept = handed + found.handed, kept + found.kept
                lost_old += found.lost_old
                worst = max(worst, found.handed - found.kept)
            shutil.rmtree(folder, ignore_errors=True)
    print(
        f"{kills} kills: {unreadable} sessions unreadable, {handed} strides handed over, "
        f"{kept} kept, at most {worst} lost by one kill, {lost_old} older than 1 s lost"
    )
    return 1 if unreadable or lost_old else 0


if __name__ == "__main__":
    sys.exit(main())
