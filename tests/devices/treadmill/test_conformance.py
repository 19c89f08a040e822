"""Every protocol, the same trials: cut, joined, truncated, corrupted, drowned in noise."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcue.config.reasons import ReasonCode
from hipcue.config.settings import TreadmillSettings
from hipcue.devices.simulated.treadmill.machines import MACHINES, BeltTruth
from hipcue.devices.treadmill.belt_reader import BeltReader
from hipcue.devices.treadmill.spike_filter import TOLERANCE_MPS
from hipcue.devices.treadmill.treadmill import MAX_SPEED_MPS
from tests.devices.treadmill.traffic import (
    ALL,
    SPEED_QUESTION,
    STEP_MPS,
    cut,
    deep_size,
    driver,
    known,
    messages,
    speeds_of,
)

# TCP delivers every byte or ends the connection: these trials are for serial wires.
SERIAL = tuple(name for name in ALL if name != "bertec")
STEADY = [3.0] * 12


def test_every_protocol_can_be_simulated() -> None:
    assert set(MACHINES) == set(ALL)


@pytest.mark.parametrize("protocol", ALL)
def test_what_the_machine_says_is_what_the_driver_reads(protocol: str) -> None:
    sent = messages(protocol, [2.0] * 20 + [4.2] * 20)
    speeds = known(speeds_of(driver(protocol), sent))
    tolerance = STEP_MPS.get(protocol, 0.003)
    assert speeds[1] == pytest.approx(2.0, abs=tolerance)
    assert speeds[-1] == pytest.approx(4.2, abs=tolerance)


@pytest.mark.parametrize("protocol", ALL)
def test_cut_at_every_byte_and_joined_into_one_nothing_changes(protocol: str) -> None:
    sent = messages(protocol, [2.0, 2.5, 3.0, 3.5, 0.0, 4.0] * 3)
    whole = speeds_of(driver(protocol), sent)
    assert len(known(whole)) >= 10
    stream = b"".join(sent)
    assert known(speeds_of(driver(protocol), [stream])) == pytest.approx(known(whole))
    assert known(speeds_of(driver(protocol), list(cut(stream, 1)))) == pytest.approx(known(whole))
    for at in range(1, min(len(stream), 300)):
        pieces = [stream[:at], stream[at:]]
        assert known(speeds_of(driver(protocol), pieces)) == pytest.approx(known(whole))


@pytest.mark.parametrize("protocol", SERIAL)
def test_a_message_cut_short_costs_no_more_than_itself_and_the_next(protocol: str) -> None:
    sent = messages(protocol, STEADY)
    usual = len(known(speeds_of(driver(protocol), sent)))
    each = len(known(speeds_of(driver(protocol), sent[:7]))) - len(
        known(speeds_of(driver(protocol), sent[:6]))
    )
    for length in range(len(sent[5])):
        short = [*sent[:5], sent[5][:length], *sent[6:]]
        speeds = known(speeds_of(driver(protocol), short))
        assert len(speeds) >= usual - 2 * max(each, 1)
        assert speeds == pytest.approx([3.0] * len(speeds), abs=STEP_MPS.get(protocol, 0.003))


@pytest.mark.parametrize("protocol", SERIAL)
def test_no_flipped_bit_makes_a_speed_that_the_guard_lets_through(protocol: str) -> None:
    sent = messages(protocol, STEADY)
    for at in range(len(sent[6])):
        for bit in range(8):
            bad = bytearray(sent[6])
            bad[at] ^= 1 << bit
            trial = [*sent[:6], bytes(bad), *sent[7:]]
            for speed in known(speeds_of(driver(protocol), trial, guarded=True)):
                assert abs(speed - 3.0) <= TOLERANCE_MPS + STEP_MPS.get(protocol, 0.003)


@pytest.mark.parametrize("protocol", SERIAL)
def test_noise_between_messages_adds_no_speed_and_ends_with_the_noise(protocol: str) -> None:
    rng = random.Random(7)
    sent = messages(protocol, [3.0] * 60)
    noisy = [rng.randbytes(rng.randrange(12)) + message for message in sent[:40]]
    reader = driver(protocol)
    for speed in known(speeds_of(reader, noisy, guarded=True)):
        assert abs(speed - 3.0) <= TOLERANCE_MPS + STEP_MPS.get(protocol, 0.003)
    clean = driver(protocol)
    speeds_of(clean, sent[:40])
    usual = len(known(speeds_of(clean, sent[40:])))
    assert usual >= 15
    assert len(known(speeds_of(reader, sent[40:]))) >= usual - 2
    assert reader.junk > 0


_CHUNK = st.one_of(
    st.binary(max_size=60),
    st.integers(0, 30),  # a message of the machine
    st.tuples(st.integers(0, 30), st.integers(0, 255), st.integers(0, 255)),  # damaged
)
_RUSH = [0.0, 1.0, 3.0, 8.0, 15.0, 15.5, 30.0, 111.0] * 4


@pytest.mark.parametrize("protocol", ALL)
@settings(max_examples=60, deadline=None)
@given(chunks=st.lists(_CHUNK, max_size=40), ask=st.booleans())
def test_no_input_raises_or_yields_an_impossible_speed(
    protocol: str, chunks: list[bytes | int | tuple[int, int, int]], ask: bool
) -> None:
    sent = messages(protocol, _RUSH[:31])
    reader = driver(protocol)
    for number, chunk in enumerate(chunks):
        if isinstance(chunk, bytes):
            data = chunk
        elif isinstance(chunk, int):
            data = sent[chunk]
        else:
            damaged = bytearray(sent[chunk[0]] or b"\0")
            damaged[chunk[1] % len(damaged)] = chunk[2]
            data = bytes(damaged)
        if ask:
            reader.poll(0.1 * number)
        for sample in reader.feed(data, 0.1 * number):
            if sample.speed_mps is None:
                assert sample.reason
            else:
                assert 0.0 <= sample.speed_mps <= MAX_SPEED_MPS
            assert sample.grade_percent is None or abs(sample.grade_percent) <= 50.0
    assert deep_size(reader) < 60_000


@pytest.mark.parametrize("protocol", ALL)
@pytest.mark.parametrize("speed", [-3.0, 400.0 / 3.6])
def test_a_belt_that_says_minus_3_or_400_kmh_gives_a_reason_and_no_speed(
    protocol: str, speed: float
) -> None:
    samples = []
    reader = driver(protocol)
    for message in messages(protocol, [speed] * 20):
        samples += reader.feed(message, 0.0)
    # A protocol without a sign sends what it can: nothing, or a standing belt, never more.
    assert all(sample.speed_mps in (None, 0.0) for sample in samples)
    if speed > 0:
        why = next(s.reason for s in samples if s.reason)
        assert why.code is ReasonCode.IMPOSSIBLE_SPEED or protocol == "hall"


@pytest.mark.parametrize("protocol", ALL)
def test_a_day_of_traffic_leaves_nothing_behind_in_memory(protocol: str) -> None:
    reader = driver(protocol)
    link_reader = BeltReader(reader, TreadmillSettings(), where="port", spoken=protocol)
    machine = MACHINES[protocol]()
    rng = random.Random(3)
    question = SPEED_QUESTION.get(protocol, b"")
    distance = 0.0
    after_an_hour = 0
    # One look every five seconds is enough to live through every counter's wrap-around.
    for second in range(0, 86_400, 5):
        speed = 3.0 + 0.5 * rng.random()
        distance += 5.0 * speed
        belt = BeltTruth(float(second), speed, 0.0, distance)
        data = machine.stream(belt) + machine.answer(question, belt)
        if protocol in SERIAL and rng.random() < 0.01:
            data = data[: rng.randrange(len(data) + 1)] + rng.randbytes(5)
        link_reader.feed(data, float(second))
        if second == 3600:
            after_an_hour = deep_size(reader)
    assert reader.frames > 15_000
    assert deep_size(reader) <= 1.5 * after_an_hour + 2_000
