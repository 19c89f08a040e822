"""The sensor over a real pseudo-terminal: read, aligned, unplugged, plugged in again."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reason_words import advice_on
from hipcue.devices.imu import open_imu
from hipcue.devices.readings import LinkState, TiltSample
from hipcue.devices.simulated.imu import SimulatedImu
from tests.devices.treadmill.waiting import until


def swing_deg(t_s: float) -> float:
    """A pelvis at 3 m/s: 8 degrees forward, 3 degrees of swing, twice a stride."""
    return 8.0 + 3.0 * math.sin(2.0 * math.pi * 2.8 * t_s)


def gather(imu, count: int) -> list[TiltSample]:  # type: ignore[no-untyped-def]
    got: list[TiltSample] = []

    def enough() -> bool:
        got.extend(imu.drain())
        return len(got) >= count

    until(enough, f"{count} samples")
    return got


def test_the_swing_of_a_running_pelvis_is_heard_at_its_own_time() -> None:
    with SimulatedImu(swing_deg, mounted_deg=0.0, lag_s=0.02) as sim:
        imu = open_imu(sim.address, latency_s=0.02)
        imu.start()
        try:
            until(lambda: imu.status().state is LinkState.LIVE, "the status")
            got = gather(imu, 100)
        finally:
            imu.close()
    errors = np.array([s.pitch_deg - swing_deg(s.t_s) for s in got])
    assert float(np.sqrt(np.mean(errors**2))) < 1.5
    assert imu.status().state is LinkState.OFF
    assert imu.status().name == "pelvis"


def test_an_unplugged_sensor_is_missed_and_found_again(tmp_path: Path) -> None:
    port = tmp_path / "sensor"
    sim = SimulatedImu(lambda t_s: 5.0, link=port)
    sim.start()
    imu = open_imu(f"witmotion:{port}")
    imu.start()
    try:
        gather(imu, 3)
        sim.close()
        until(lambda: imu.status().state is LinkState.LOST, "the lost sensor")
        assert "goes on by itself" in advice_on(imu.status().reason)
        with SimulatedImu(lambda t_s: 5.0, link=port):
            until(lambda: imu.status().state is LinkState.LIVE, "the sensor again")
            assert gather(imu, 3)
    finally:
        imu.close()


@pytest.mark.parametrize("jump_s", [100.0, -100.0])
def test_a_clock_that_jumps_begins_anew_with_samples_of_the_new_time(jump_s: float) -> None:
    offset = [0.0]

    def clock() -> float:
        return time.monotonic() + offset[0]

    with SimulatedImu(swing_deg) as sim:
        imu = open_imu(sim.address, clock)
        imu.start()
        try:
            gather(imu, 20)
            offset[0] = jump_s
            until(lambda: any(abs(s.t_s - clock()) < 5.0 for s in imu.drain()), "the new time")
            assert all(abs(s.t_s - clock()) < 5.0 for s in gather(imu, 20))
        finally:
            imu.close()


def test_a_port_with_other_traffic_is_called_garbage() -> None:
    terminal, port = os.openpty()
    imu = open_imu(f"witmotion:{os.ttyname(port)}?baud=9600")
    imu.start()
    try:

        def garbage() -> bool:
            os.write(terminal, b"\x55\x12\x00 nothing of ours ")
            time.sleep(0.02)
            return imu.status().state is LinkState.STALE

        until(garbage, "the stale status")
        assert "baud" in advice_on(imu.status().reason)
        assert imu.drain() == ()
    finally:
        imu.close()
        os.close(terminal)
        os.close(port)


def test_a_silent_port_is_waited_for() -> None:
    terminal, port = os.openpty()
    imu = open_imu(f"witmotion:{os.ttyname(port)}")
    imu.start()
    try:
        assert imu.status().state is LinkState.WAITING
        assert imu.drain() == ()
    finally:
        imu.close()
        os.close(terminal)
        os.close(port)


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("xsens:/dev/null", "xsens"),
        ("witmotion:", "port ''"),
        ("witmotion:/dev/null?baud=7", "baud=7"),
        ("witmotion:/dev/null?up=y&out=-y", "up=y and out=-y"),
        ("witmotion:/dev/null?speed=3", "unknown option 'speed'"),
        ("witmotion:/dev/null?lag_ms=-3", "lag_ms=-3"),
        ("witmotion:/dev/null?baud", "option 'baud'"),
    ],
)
def test_a_wrong_address_says_what_is_wrong(address: str, seen: str) -> None:
    with pytest.raises(UserError) as error:
        open_imu(address)
    assert seen in error.value.seen


def test_a_port_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such port"):
        open_imu(f"witmotion:{tmp_path / 'nothing'}")
