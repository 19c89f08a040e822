"""The demo as a newcomer starts it: a process of its own, nothing plugged in."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.session import SessionReader
from hipcue.realtime.session.stride_table import COLUMNS
from tests.pose_model import needs_pose_model


def hipcue(*words: str, **more: str) -> subprocess.Popen[str]:
    """Start hipcue without a display and without a loudspeaker's sound."""
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment |= {"SDL_AUDIODRIVER": "dummy", "SDL_VIDEODRIVER": "dummy", **more}
    return subprocess.Popen(
        [sys.executable, "-m", "hipcue.realtime.commands.cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


@needs_pose_model
def test_the_demo_runs_by_itself_and_leaves_a_whole_session(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    process = hipcue("demo", "--headless", "--seconds", "14", "--out", str(out))
    said, complained = process.communicate(timeout=120)
    assert process.returncode == 0, complained
    assert "Traceback" not in complained
    assert "session:" in said
    assert {"session.db", "strides.csv", "report.html", "truth.csv", "truth.json"} <= {
        path.name for path in out.iterdir()
    }
    assert list((out / "screens").glob("*.png"))
    log = (out / "session.log").read_text("utf-8")
    assert "camera live" in log
    assert "belt live" in log
    assert "ERROR" not in log
    with (out / "strides.csv").open() as file:
        table = csv.DictReader(file)
        rows = list(table)
    assert tuple(table.fieldnames or ()) == COLUMNS
    # How many strides there are is a matter of the machine: the demo runs in real time. One
    # whose pictures were lost may have no time, and then it says why.
    with SessionReader(out) as session:
        lasted = [stride.values["stride_time_s"] for stride in session.strides]
    assert [row["stride_time_s"] != "" for row in rows] == [one.value is not None for one in lasted]
    for one in lasted:
        if one.value is None:
            assert one.reason is not None
            assert one.reason.code in (ReasonCode.TIMES_UNSURE, ReasonCode.TIME_LOST)
        else:
            assert 0.4 < one.value < 1.6
    assert {row["belt_source"] for row in rows} <= {"wire", "camera", "none"}
    truth = json.loads((out / "truth.json").read_text())
    assert truth["strides"]


@needs_pose_model
def test_without_a_display_it_goes_headless_by_itself_and_a_signal_ends_it_in_good_order(
    tmp_path: Path,
) -> None:
    out = tmp_path / "demo"
    process = hipcue("demo", "--seconds", "60", "--out", str(out))
    deadline = time.monotonic() + 60
    while not (out / "screens").exists() and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 0, complained
    assert "no display found" in said
    assert (out / "strides.csv").exists()
