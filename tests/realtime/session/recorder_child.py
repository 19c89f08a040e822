"""Records a made-up session at its own pace until it is killed; a program of its own.

Prints "ready", then the number of every stride right before it is handed over, with the
time on the system's monotonic clock, which is the same for the parent process.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from hipcue.realtime.library.finish import finish
from hipcue.realtime.session import SessionWriter
from tests.realtime.session.sample_session import STANDING_S, header, sample_steps


def main() -> None:
    folder, fps = Path(sys.argv[1]), float(sys.argv[2])
    writer = SessionWriter(folder, header(), finish=finish)
    print("ready", flush=True)
    begin = time.monotonic() - STANDING_S
    for step in sample_steps(600.0, fps, pictures=False):
        elapsed = step.result.t_s - 1000.125
        wait_s = begin + elapsed - time.monotonic()
        if wait_s > 0:
            time.sleep(wait_s)
        for stride in step.result.strides:
            print(stride.index, time.monotonic(), flush=True)
        writer.belt(step.belt)
        writer.step(step.result)


if __name__ == "__main__":
    main()
