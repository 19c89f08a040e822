"""A treadmill on the air, over a simulated radio: found, listened to, lost, found again."""

from __future__ import annotations

import sys
import threading
import time

import pytest

from hipcue.config.reason_words import advice_on
from hipcue.config.settings import TreadmillSettings
from hipcue.devices.readings import LinkState
from hipcue.devices.treadmill import open_treadmill
from hipcue.devices.treadmill.bluetooth import TREADMILL_DATA
from tests.devices.treadmill.radio import Machine, bleak_with
from tests.devices.treadmill.waiting import samples, until, until_state

SETTINGS = TreadmillSettings()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setitem(sys.modules, "bleak", bleak_with(machine))
    return machine


@pytest.mark.parametrize("wanted", ["", "runpro", "a0:b1:c2:d3:e4:f5"])
def test_a_machine_is_found_by_its_name_its_address_or_as_the_first(
    machine: Machine, wanted: str
) -> None:
    treadmill = open_treadmill(f"ftms:{wanted}", SETTINGS)
    treadmill.start()
    try:
        got = samples(treadmill, 3)
        assert [s.speed_mps for s in got] == pytest.approx([3.0] * len(got))
        assert [s.t_s for s in got] == sorted({s.t_s for s in got})
        until_state(treadmill, LinkState.LIVE, "belt FTMS")
        machine.speed_kmh = 14.4
        until(lambda: any(s.speed_mps == 4.0 for s in treadmill.drain()), "the faster belt")
    finally:
        treadmill.close()
    assert treadmill.status().state is LinkState.OFF
    assert (machine.connected, machine.connections) == (0, 1)
    assert machine.subscribed == {TREADMILL_DATA}


def test_a_notification_is_stamped_when_it_comes(machine: Machine) -> None:
    treadmill = open_treadmill("ftms:", SETTINGS)
    treadmill.start()
    try:
        samples(treadmill, 2)
        before_s = time.monotonic()
        newest = samples(treadmill, 3)[-1]
        assert before_s - 0.5 <= newest.t_s <= time.monotonic()
    finally:
        treadmill.close()


def test_a_machine_switched_off_is_lost_and_on_again_is_found(machine: Machine) -> None:
    treadmill = open_treadmill("ftms:RunPro", SETTINGS)
    treadmill.start()
    try:
        until_state(treadmill, LinkState.LIVE)
        machine.on = False
        until_state(treadmill, LinkState.LOST, "belt lost")
        until(
            lambda: "no such treadmill in reach" in advice_on(treadmill.status().reason),
            "the reason",
        )
        assert "wake the treadmill" in advice_on(treadmill.status().reason)
        treadmill.drain()
        machine.on = True
        until_state(treadmill, LinkState.LIVE)
        assert samples(treadmill, 2)
    finally:
        treadmill.close()
    assert machine.connections == 2


def test_another_machine_in_reach_is_not_taken(machine: Machine) -> None:
    treadmill = open_treadmill("ftms:Elliptical", SETTINGS)
    treadmill.start()
    until_state(treadmill, LinkState.LOST)
    treadmill.close()
    assert machine.connections == 0


def test_closing_while_it_searches_ends_the_thread(machine: Machine) -> None:
    machine.on = False
    treadmill = open_treadmill("ftms:", SETTINGS)
    treadmill.start()
    treadmill.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "belt"]
