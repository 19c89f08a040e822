"""The sensor's bytes: golden packets, torn and damaged ones, and how it may be worn."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcue.devices.imu import Mounting, WitMotion
from hipcue.devices.readings import TiltSample
from hipcue.devices.simulated.imu import angle_packet, packet

# Roll 90, pitch 0, yaw 0: 90 / 180 x 32768 = 16384 = 0x4000, low byte first; the sum of
# 0x55 0x53 0x40 is 0xE8.
UPRIGHT = bytes.fromhex("55 53 00 40 00 00 00 00 00 00 E8")
# Roll 80: 14563.6 rounds to 14564 = 0x38E4; 0x55 + 0x53 + 0xE4 + 0x38 = 0x1C4.
TIPPED = bytes.fromhex("55 53 E4 38 00 00 00 00 00 00 C4")


def feed_all(driver: WitMotion, data: bytes) -> list[float]:
    return [sample.pitch_deg for sample in driver.feed(data, 1.0)]


def test_an_upright_sensor_reads_no_tilt_and_a_tipped_one_ten_degrees() -> None:
    driver = WitMotion()
    assert feed_all(driver, UPRIGHT) == pytest.approx([0.0], abs=0.01)
    assert feed_all(driver, TIPPED) == pytest.approx([10.0], abs=0.01)


def test_the_simulated_sensor_makes_the_very_same_bytes() -> None:
    assert angle_packet(90.0, 0.0) == UPRIGHT
    assert angle_packet(80.0, 0.0) == TIPPED


def test_only_angles_make_samples() -> None:
    driver = WitMotion()
    assert driver.feed(packet(0x51, (1, 2, 3, 4)) + packet(0x52, (5, 6, 7, 8)), 1.0) == []
    assert len(driver.feed(packet(0x59, (1, 2, 3, 4)) + UPRIGHT, 1.1)) == 1


@given(st.integers(0, 2**32), st.integers(1, 9))
def test_however_the_bytes_are_cut_the_tilts_are_the_same(seed: int, longest: int) -> None:
    rng = random.Random(seed)
    sent = b"".join(angle_packet(90.0 - tilt, 0.0) for tilt in (1.0, 2.0, 3.0, -4.0, 5.5))
    driver, got, at = WitMotion(), [], 0
    while at < len(sent):
        size = rng.randint(1, longest)
        got += feed_all(driver, sent[at : at + size])
        at += size
    assert got == pytest.approx([1.0, 2.0, 3.0, -4.0, 5.5], abs=0.01)


@given(st.integers(0, len(UPRIGHT) * 8 - 1))
def test_one_flipped_bit_is_never_taken_for_an_angle(bit: int) -> None:
    damaged = bytearray(TIPPED)
    damaged[bit // 8] ^= 1 << bit % 8
    # What follows the damaged packet is read again.
    got = feed_all(WitMotion(), bytes(damaged) + UPRIGHT + UPRIGHT)
    assert len(got) >= 1
    assert got == pytest.approx([0.0] * len(got), abs=0.01)


@given(st.binary(max_size=200))
def test_any_noise_before_it_leaves_the_stream_readable(noise: bytes) -> None:
    got = feed_all(WitMotion(), noise + 3 * TIPPED)
    assert got[-1] == pytest.approx(10.0, abs=0.01)


def test_samples_that_come_at_once_are_as_far_apart_as_usual() -> None:
    driver = WitMotion()
    stamps = [driver.feed(UPRIGHT, 0.01 * k)[0].t_s for k in range(50)]
    assert stamps == pytest.approx([0.01 * k for k in range(50)])
    late: list[TiltSample] = driver.feed(4 * UPRIGHT, 0.53)
    assert [s.t_s for s in late] == pytest.approx([0.50, 0.51, 0.52, 0.53], abs=1e-3)


def test_an_interruption_does_not_count_as_the_usual_time_between_samples() -> None:
    driver = WitMotion()
    for k in range(50):
        driver.feed(UPRIGHT, 0.01 * k)
    driver.reset()
    driver.feed(UPRIGHT, 60.0)
    late: list[TiltSample] = driver.feed(4 * UPRIGHT, 60.5)
    assert [s.t_s for s in late] == pytest.approx([60.47, 60.48, 60.49, 60.5], abs=0.05)


def test_samples_never_run_backwards_in_time() -> None:
    driver, rng = WitMotion(), random.Random(4)
    now, stamps = 0.0, []
    for _ in range(300):
        now += rng.choice((0.002, 0.01, 0.03, 0.2))
        stamps += [s.t_s for s in driver.feed(rng.randint(0, 5) * UPRIGHT, now)]
    assert stamps == sorted(stamps)


@pytest.mark.parametrize(
    ("mounting", "roll_deg", "pitch_deg"),
    [
        # The runner tips 15 degrees forward; the sensor is worn in five ways.
        (Mounting("y", "z"), 90.0 - 15.0, 0.0),
        (Mounting("-y", "z"), -(90.0 - 15.0), 0.0),
        (Mounting("z", "y"), 15.0, 0.0),
        # x to the head: pitch is near its pole, and the tilt is read all the same.
        (Mounting("x", "z"), 0.0, -(90.0 - 15.0)),
        (Mounting("-x", "z"), 0.0, 90.0 - 15.0),
    ],
)
def test_it_may_be_worn_in_any_upright_way(
    mounting: Mounting, roll_deg: float, pitch_deg: float
) -> None:
    assert mounting.tilt_deg(roll_deg, pitch_deg) == pytest.approx(15.0)


def test_a_sensor_that_lies_on_its_side_says_nothing() -> None:
    assert Mounting("y", "z").tilt_deg(0.0, 89.0) is None
    driver = WitMotion(Mounting("y", "z"))
    assert driver.feed(angle_packet(0.0, 89.0), 1.0) == []


@given(st.floats(-60.0, 60.0), st.floats(-20.0, 20.0))
def test_a_hip_that_drops_hardly_changes_the_tilt(tilt_deg: float, drop_deg: float) -> None:
    """The pelvis drops to one side by up to 20 degrees while it tips forward."""
    tilt, drop = math.radians(tilt_deg), math.radians(drop_deg)
    # "Up" seen from the sensor, worn y to the head and z out of the back.
    up = (math.sin(drop), math.cos(drop) * math.cos(tilt), math.cos(drop) * math.sin(tilt))
    roll, pitch = math.degrees(math.atan2(up[1], up[2])), math.degrees(math.asin(-up[0]))
    assert Mounting().tilt_deg(roll, pitch) == pytest.approx(tilt_deg, abs=1e-6)
