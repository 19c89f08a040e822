"""`hipcue simulate treadmill` in a process of its own, with and without a keyboard."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import TreadmillSettings
from hipcue.devices.readings import LinkState
from hipcue.devices.simulated.treadmill.faults import Faults
from hipcue.devices.simulated.treadmill.simulated_treadmill import SimulatedTreadmill
from hipcue.devices.treadmill import open_treadmill
from hipcue.realtime.commands.simulate import simulate_treadmill
from tests.devices.treadmill.waiting import samples, until, until_state

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = TreadmillSettings()


@contextmanager
def child(call: str, stdin: int = subprocess.DEVNULL) -> Iterator[subprocess.Popen[str]]:
    words = (
        "from pathlib import Path; "
        "from hipcue.realtime.commands.simulate import simulate_treadmill; "
        f"simulate_treadmill({call})"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", words],
        cwd=ROOT,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_the_first_line_names_the_port_and_a_polite_kill_ends_it_cleanly() -> None:
    with child("'csafe', 3.0") as process:
        port = line(process).split()[0]
        treadmill = open_treadmill(f"csafe:{port}", SETTINGS)
        treadmill.start()
        assert samples(treadmill, 2)[-1].speed_mps == pytest.approx(3.0)
        assert line(process) == "first contact\n"
        treadmill.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_killed_and_started_again_under_the_same_name_the_link_is_live_again(
    tmp_path: Path,
) -> None:
    port = tmp_path / "ttyBelt"
    call = f"'trackmaster', 3.0, link=Path({str(port)!r})"
    with child(call) as process:
        assert str(port) in line(process)
        treadmill = open_treadmill(f"trackmaster:{port}?unit=mph", SETTINGS)
        treadmill.start()
        until_state(treadmill, LinkState.LIVE)
        process.kill()
        until_state(treadmill, LinkState.LOST)
    with child(call) as process:
        line(process)
        until_state(treadmill, LinkState.LIVE)
        treadmill.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert not port.is_symlink()


def test_the_keyboard_sets_the_speed() -> None:
    mine, keyboard = pty.openpty()
    try:
        with child("'bertec', 3.0", stdin=keyboard) as process:
            host = line(process).split()[0]
            assert "keys" in line(process)
            treadmill = open_treadmill(f"bertec:{host}", SETTINGS)
            treadmill.start()
            assert line(process) == "first contact\n"
            os.write(mine, b"+")
            assert line(process).startswith("speed 3.10 m/s")
            os.write(mine, b"--")
            assert line(process).startswith("speed 3.00 m/s")
            assert line(process).startswith("speed 2.90 m/s")
            os.write(mine, b"4,25\n")
            assert line(process).startswith("speed 4.25 m/s")
            until(lambda: any(s.speed_mps == 4.25 for s in treadmill.drain()), "4.25 m/s")
            os.write(mine, b"fast\n")
            assert line(process).startswith("not a speed: fast")
            treadmill.close()
            os.write(mine, b"q")
            assert process.wait(10) == 0
    finally:
        os.close(mine)
        os.close(keyboard)


def test_a_profile_counts_from_the_first_question(tmp_path: Path) -> None:
    path = tmp_path / "ramp.csv"
    path.write_text("t_s,speed_mps\n0,2.0\n0.5,4.0\n")
    with child(f"'csafe', profile=Path({str(path)!r})") as process:
        port = line(process).split()[0]
        time.sleep(0.4)  # nobody asks yet, so nothing moves
        treadmill = open_treadmill(f"csafe:{port}", SETTINGS)
        asked_s = time.monotonic()
        treadmill.start()
        assert line(process) == "first contact; the profile starts\n"
        first = samples(treadmill, 2)[0]
        # 4 m/s every second, from the first question on: 0.4 s earlier would be 3.6 already.
        assert first.speed_mps is not None
        assert 2.0 <= first.speed_mps <= 2.1 + 4.0 * (first.t_s - asked_s)
        until(lambda: any(s.speed_mps == 4.0 for s in treadmill.drain()), "the top of the ramp")
        treadmill.close()


def test_it_ends_by_itself_when_its_time_is_up(capsys: pytest.CaptureFixture[str]) -> None:
    simulate_treadmill("precor", 2.0, seconds=0.1)
    assert "precor" in capsys.readouterr().out.splitlines()[0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"protocol": "morse"}, "csafe"),
        ({"speed": -1.0}, "m/s from 0 to 15"),
        ({"faults": "noise=2"}, "noise=0.001,drop=0.01"),
        ({"faults": "rain"}, "'rain'"),
        ({"profile": Path("does-not-exist.csv")}, "No such file"),
        ({"link": Path(__file__)}, "a file is there"),
        ({"link": Path("/does/not/exist")}, "No such file"),
    ],
)
def test_wrong_words_are_one_clear_line(call: dict[str, object], words: str) -> None:
    with pytest.raises(UserError, match=words):
        simulate_treadmill(**{"seconds": 0.0, **call})  # type: ignore[arg-type]


def test_faults_are_read_as_written_on_the_command_line() -> None:
    assert Faults.parse("noise=0.001,drop=0.01,split,stall=2s") == Faults(0.001, 0.01, True, 2.0)
    assert Faults.parse("") == Faults()
    assert Faults.parse("stall=2, garbage") == Faults(stall_s=2.0, garbage=True)


def test_a_stalling_machine_is_silent_two_seconds_in_ten() -> None:
    faults = Faults(stall_s=2.0)
    assert [faults.stalled(t) for t in (0.0, 7.9, 8.1, 9.9, 10.1, 18.5)] == [
        *(False, False, True),
        *(True, False, True),
    ]


def test_a_client_at_the_wrong_speed_hears_noise_of_the_right_length() -> None:
    with SimulatedTreadmill("precor", speed_mps=3.0) as sim:
        treadmill = open_treadmill(f"precor:{sim.target}?baud=4800", SETTINGS)
        treadmill.start()
        time.sleep(0.8)
        assert treadmill.drain() == ()
        treadmill.close()


def test_an_unread_port_never_blocks_the_machine() -> None:
    with SimulatedTreadmill("hall", lambda: 500.0 * time.monotonic(), speed_mps=3.0) as sim:
        lazy = os.open(sim.target, os.O_RDWR | os.O_NOCTTY)
        time.sleep(0.5)
        sim.set_speed(2.0)
        assert select.select([lazy], [], [], 1.0)[0]
        os.close(lazy)
    assert sim.speed_mps == 2.0
