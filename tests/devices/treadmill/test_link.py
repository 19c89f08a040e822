"""The link over real pseudo-terminals and sockets: stamps, interruptions, noisy lines."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.config.reason_words import advice_on
from hipcue.config.reasons import ReasonCode
from hipcue.config.settings import TreadmillSettings
from hipcue.devices.readings import BeltSource, LinkState
from hipcue.devices.serial_ports import SerialPort
from hipcue.devices.simulated.treadmill.faults import Faults
from hipcue.devices.simulated.treadmill.machines import BeltTruth, BertecMachine
from hipcue.devices.simulated.treadmill.simulated_treadmill import SimulatedTreadmill
from hipcue.devices.tcp_transport import TcpEndpoint
from hipcue.devices.treadmill import open_treadmill
from hipcue.devices.treadmill.treadmill import Treadmill
from tests.devices.treadmill.traffic import ALL
from tests.devices.treadmill.waiting import samples, until, until_state

SETTINGS = TreadmillSettings()


def hurried() -> float:
    """A clock four times as fast: patience of seconds ends soon."""
    return 4.0 * time.monotonic()


@contextmanager
def listening(address: str, **options: object) -> Iterator[Treadmill]:
    treadmill = open_treadmill(address, SETTINGS, **options)  # type: ignore[arg-type]
    treadmill.start()
    try:
        yield treadmill
    finally:
        treadmill.close()


@pytest.mark.parametrize("protocol", ALL)
def test_every_protocol_runs_over_a_real_port_and_follows_the_belt(protocol: str) -> None:
    with (
        SimulatedTreadmill(protocol, hurried, speed_mps=3.0, grade_percent=1.5) as sim,
        listening(sim.address, clock=hurried) as treadmill,
    ):
        got = samples(treadmill, 3)
        assert got[-1].speed_mps == pytest.approx(3.0, rel=0.01)
        assert got[-1].source is BeltSource.WIRE
        until_state(treadmill, LinkState.LIVE)
        sim.set_speed(3.6)
        until(lambda: any((s.speed_mps or 0) > 3.55 for s in treadmill.drain()), "the faster belt")
        later = samples(treadmill, 2)
        assert [s.speed_mps for s in later] == pytest.approx([3.6] * len(later), rel=0.01)
    assert treadmill.status().state is LinkState.OFF


def test_samples_come_in_the_order_of_time_and_once() -> None:
    with SimulatedTreadmill("csafe", speed_mps=3.0) as sim, listening(sim.address) as treadmill:
        times = [sample.t_s for sample in samples(treadmill, 5)]
        assert times == sorted(set(times))


def test_the_stamp_is_half_the_way_of_the_question_and_the_answer_back() -> None:
    # The belt's speed is the time itself: what the machine looked at is in the answer.
    began_s = time.monotonic()
    with (
        SimulatedTreadmill(
            "csafe", speed_source=lambda: 0.1 * (time.monotonic() - began_s), thinking_s=0.2
        ) as sim,
        listening(sim.address) as treadmill,
    ):
        got = samples(treadmill, 3)
    late = [s.t_s - (began_s + 10.0 * (s.speed_mps or 0.0)) for s in got]
    # The machine looks at once and answers 0.2 s later: the middle is 0.1 s behind its
    # look. Stamped at the answer it would be 0.2 s or more, at the question 0.0 or less.
    assert all(0.02 < seconds < 0.18 for seconds in late)


def test_the_machines_own_lag_is_taken_off_the_stamp() -> None:
    lagging = TreadmillSettings(latency_s=1.0)
    with SimulatedTreadmill("bertec", speed_mps=3.0) as sim:
        treadmill = open_treadmill(sim.address, lagging)
        opened_s = time.monotonic()
        treadmill.start()
        first = samples(treadmill, 1)[0]
        seen_s = time.monotonic()
        treadmill.close()
    assert opened_s - 1.0 <= first.t_s <= seen_s - 1.0


def test_a_cable_pulled_and_plugged_back_goes_on_by_itself(tmp_path: Path) -> None:
    port = tmp_path / "ttyBelt"
    sim = SimulatedTreadmill("csafe", speed_mps=3.0, link=port)
    sim.start()
    with listening(sim.address) as treadmill:
        until_state(treadmill, LinkState.LIVE)
        sim.close()
        until_state(treadmill, LinkState.LOST, "belt lost")
        assert "goes on by itself" in advice_on(treadmill.status().reason)
        treadmill.drain()
        time.sleep(0.6)
        assert treadmill.drain() == ()  # silence, not the last good number
        with SimulatedTreadmill("csafe", speed_mps=2.0, link=port):
            until_state(treadmill, LinkState.LIVE)
            assert samples(treadmill, 2)[-1].speed_mps == pytest.approx(2.0)


def test_an_adapter_that_comes_back_under_another_name_is_found_by_its_number() -> None:
    def named(sim: SimulatedTreadmill, serial_number: str) -> SerialPort:
        return SerialPort(sim.target, "FT232R", "0403:6001", serial_number, "1-2:1.0")

    sim = SimulatedTreadmill("csafe", speed_mps=3.0)
    ports = [named(sim, "A50285BI")]
    sim.start()
    with listening(sim.address, ports=lambda: list(ports)) as treadmill:
        until_state(treadmill, LinkState.LIVE)
        # Hold the old name, so that the new port cannot get it.
        placeholder = os.open(sim.target, os.O_RDWR | os.O_NOCTTY)
        sim.close()
        with SimulatedTreadmill("csafe", speed_mps=2.0) as moved:
            assert moved.target != ports[0].device
            ports[:] = [named(moved, "A50285BI")]
            until(lambda: any(s.speed_mps == 2.0 for s in treadmill.drain()), "the moved port")
        os.close(placeholder)


def test_a_network_that_comes_back_goes_on_by_itself() -> None:
    sim = SimulatedTreadmill("bertec", speed_mps=3.0)
    sim.start()
    port = int(sim.target.rpartition(":")[2])
    with listening(f"bertec:127.0.0.1?port={port}") as treadmill:
        until_state(treadmill, LinkState.LIVE)
        sim.close()
        until_state(treadmill, LinkState.LOST)
        with SimulatedTreadmill("bertec", speed_mps=2.0, tcp_port=port):
            until(lambda: any(s.speed_mps == 2.0 for s in treadmill.drain()), "the panel again")


def test_a_silent_port_is_named_and_listened_to_on() -> None:
    with (
        SimulatedTreadmill("csafe", hurried, faults=Faults(stall_s=10.0)) as sim,
        listening(sim.address, clock=hurried) as treadmill,
    ):
        assert treadmill.status().state is LinkState.WAITING
        until_state(treadmill, LinkState.LOST, "belt silent")
        assert "check cable, power and protocol" in advice_on(treadmill.status().reason)
        sim.faults = Faults()
        sim.set_speed(3.0)
        until_state(treadmill, LinkState.LIVE)


@pytest.mark.parametrize("protocol", ["csafe", "trackmaster", "hall"])
def test_garbage_for_ever_is_named_and_gives_no_speed(protocol: str) -> None:
    with (
        SimulatedTreadmill("csafe", hurried, faults=Faults(garbage=True)) as sim,
        listening(f"{protocol}:{sim.target}", clock=hurried) as treadmill,
    ):
        until_state(treadmill, LinkState.STALE, "belt garbage")
        assert "wrong protocol or baud" in advice_on(treadmill.status().reason)
        assert [s for s in treadmill.drain() if s.speed_mps is not None] == []


@pytest.mark.parametrize(
    ("spoken", "address"),
    [
        ("csafe", "csafe:{}?baud=19200"),
        ("lifespan", "lifespan:{}?baud=9600"),
        ("trackmaster", "csafe:{}"),
        ("csafe", "trackmaster:{}"),
    ],
)
def test_the_wrong_baud_rate_or_protocol_gives_no_speed(spoken: str, address: str) -> None:
    with (
        SimulatedTreadmill(spoken, hurried, speed_mps=3.0) as sim,
        listening(address.format(sim.target), clock=hurried) as treadmill,
    ):
        until(lambda: treadmill.status().state is not LinkState.WAITING, "a verdict")
        status = treadmill.status()
        assert status.reason.code in (ReasonCode.BELT_GARBAGE, ReasonCode.BELT_NOT_HEARD)
        assert "--probe" in advice_on(status.reason)
        assert [s for s in treadmill.drain() if s.speed_mps is not None] == []


def test_a_noisy_line_costs_readings_but_never_gives_a_wrong_one() -> None:
    noisy = Faults(noise=0.02, drop=0.02, split=True)
    with (
        SimulatedTreadmill("csafe", hurried, speed_mps=3.0, faults=noisy) as sim,
        listening(sim.address, clock=hurried) as treadmill,
    ):
        got = samples(treadmill, 15)
    known = [s.speed_mps for s in got if s.speed_mps is not None]
    assert known == pytest.approx([3.0] * len(known), abs=0.1)


def test_a_port_that_is_in_use_is_refused_and_free_again_afterwards() -> None:
    with SimulatedTreadmill("csafe", speed_mps=3.0) as sim:
        with listening(sim.address) as treadmill:
            until_state(treadmill, LinkState.LIVE)
            with pytest.raises(UserError, match="another program uses it"):
                open_treadmill(sim.address, SETTINGS)
        open_treadmill(sim.address, SETTINGS).close()


@pytest.mark.parametrize("jump_s", [100.0, -100.0])
def test_a_clock_that_jumps_is_named_and_no_reading_bridges_it(jump_s: float) -> None:
    offset = [0.0]
    with (
        SimulatedTreadmill("csafe", speed_mps=3.0) as sim,
        listening(sim.address, clock=lambda: time.monotonic() + offset[0]) as treadmill,
    ):
        before = samples(treadmill, 3)
        offset[0] = jump_s
        until(lambda: "clock jumped" in advice_on(treadmill.status().reason), "the notice")
        after = samples(treadmill, 3)
        now = time.monotonic() + offset[0]
    assert all(sample.t_s > now - 30.0 for sample in after[-3:])
    middle = sorted((before[-1].t_s, now))
    assert not any(middle[0] + 40.0 < sample.t_s < middle[1] - 40.0 for sample in [*before, *after])


def test_closing_ends_the_thread_also_while_the_port_is_lost() -> None:
    sim = SimulatedTreadmill("csafe", speed_mps=3.0)
    sim.start()
    with listening(sim.address) as treadmill:
        until_state(treadmill, LinkState.LIVE)
        sim.close()
        until_state(treadmill, LinkState.LOST)
    assert not [thread for thread in threading.enumerate() if thread.name == "belt"]


def test_a_panel_that_vanishes_without_a_word_is_connected_to_again() -> None:
    """Its power is cut: no end of the connection ever arrives, only silence."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20.0)
        port = server.getsockname()[1]
        with listening(f"bertec:127.0.0.1:{port}", clock=hurried) as treadmill:
            vanished, _ = server.accept()
            vanished.sendall(2 * bertec_packet(3.0))
            until(lambda: any(s.speed_mps == 3.0 for s in treadmill.drain()), "the panel")
            again, _ = server.accept()
            again.sendall(2 * bertec_packet(2.0))
            until(lambda: any(s.speed_mps == 2.0 for s in treadmill.drain()), "the panel again")
            vanished.close()
            again.close()


def test_what_a_panel_sends_with_the_connection_is_not_thrown_away() -> None:
    """Its packets have no marks: a byte lost at the beginning would shift all that follow."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20.0)

        def talk_at_once() -> None:
            for _ in range(20):
                client, _ = server.accept()
                with client:
                    client.sendall(bytes(range(20)))
                    time.sleep(0.005)
                    client.sendall(bytes(range(20, 32)))
                    client.recv(1)  # until the other side hangs up

        panel = threading.Thread(target=talk_at_once, daemon=True)
        panel.start()
        endpoint = TcpEndpoint("127.0.0.1", server.getsockname()[1])
        for _ in range(20):
            transport, came = endpoint.open(), b""
            end_s = time.monotonic() + 10.0
            while len(came) < 32 and time.monotonic() < end_s:
                came += transport.read(1.0)
            transport.close()
            assert came == bytes(range(32))
        panel.join()


def bertec_packet(speed_mps: float) -> bytes:
    return BertecMachine().message(BeltTruth(0.0, speed_mps, 0.0, 0.0))


def test_bluetooth_without_an_adapter_says_so_and_keeps_trying() -> None:
    pytest.importorskip("bleak", reason="the Bluetooth extra is not installed")
    with listening("ftms:no such treadmill") as treadmill:
        until_state(treadmill, LinkState.LOST)
        assert "Bluetooth" in advice_on(treadmill.status().reason)
        assert treadmill.drain() == ()
