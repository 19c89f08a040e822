"""What speaks on a port is found without a manual."""

from __future__ import annotations

import time

import pytest

from hipcue.config.errors import UserError
from hipcue.devices.simulated.treadmill.faults import Faults
from hipcue.devices.simulated.treadmill.simulated_treadmill import SimulatedTreadmill
from hipcue.devices.treadmill import probe
from tests.devices.treadmill.traffic import ALL


def hurried() -> float:
    return 3.0 * time.monotonic()


@pytest.mark.parametrize("protocol", [name for name in ALL if name != "bertec"])
def test_each_serial_protocol_is_found_with_its_address_and_speed(protocol: str) -> None:
    tried: list[str] = []
    with SimulatedTreadmill(protocol, hurried, speed_mps=3.0) as sim:
        results = probe(sim.target, hurried, tried.append)
        (found,) = [result for result in results if result.answered]
        assert found.protocol == protocol
        assert found.address == f"{protocol}:{sim.target}"
        assert found.address in tried
        if protocol != "csafe":  # knows more than a probe dares to ask
            assert "belt at 3.00 m/s" in found.detail


@pytest.mark.parametrize("faults", [Faults(stall_s=10.0), Faults(garbage=True)])
def test_on_a_silent_or_a_noisy_port_nothing_is_found(faults: Faults) -> None:
    with SimulatedTreadmill("csafe", faults=faults) as sim:
        results = probe(sim.target, lambda: 4.0 * time.monotonic())
    assert len(results) == 8
    assert not any(result.answered for result in results)


def test_a_port_that_is_not_there_is_one_clear_line() -> None:
    with pytest.raises(UserError, match="no such port"):
        probe("/dev/does-not-exist")
