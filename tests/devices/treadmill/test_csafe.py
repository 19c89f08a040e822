"""CSAFE: the frames of the public text, of a rower, and of a cross-trainer that gives rev/min."""

from __future__ import annotations

import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.treadmill.protocols.csafe import CsafeDriver
from hipcue.devices.treadmill.protocols.csafe_frame import FrameReader, encode
from hipcue.devices.treadmill.protocols.csafe_units import speed_mps


def hexed(text: str) -> bytes:
    return bytes.fromhex(text)


def ask(driver: CsafeDriver, wanted: int) -> None:
    """Greet, then poll until the driver has asked for this."""
    driver.feed(hexed("F1 81 81 F2"), -1.0)
    for _ in range(16):
        if driver.poll(0.0)[1] == wanted:
            return
        driver.feed(hexed("F1 85 A5 03 78 00 31 6A F2"), -1.0)
    raise AssertionError(f"{wanted:02X} was never asked")


@pytest.mark.parametrize(
    ("payload", "frame"),
    [
        ("80", "F1 80 80 F2"),
        ("A5", "F1 A5 A5 F2"),
        ("A5A8A1B0", "F1 A5 A8 A1 B0 1C F2"),
        ("05 A5 03 F0 00 31", "F1 05 A5 03 F3 00 00 31 62 F2"),
        ("05 A5 03 60 00 31", "F1 05 A5 03 60 00 31 F3 02 F2"),
    ],
)
def test_frames_are_written_stuffed_in_payload_and_checksum(payload: str, frame: str) -> None:
    assert encode(hexed(payload)) == hexed(frame)
    assert FrameReader().feed(hexed(frame)) == [hexed(payload)]


@pytest.mark.parametrize(
    ("frame", "kmh"),
    [
        ("F1 85 A5 03 78 00 31 6A F2", 12.0),
        ("F1 05 A5 03 B0 04 32 25 F2", 12.0),
        ("F1 85 A5 03 4B 00 11 79 F2", 7.5 * 1.609344),
        ("F1 05 A5 03 F3 00 00 31 62 F2", 24.0),
        ("F1 05 A5 03 60 00 31 F3 02 F2", 9.6),
        ("F1 05 A5 03 61 00 31 F3 03 F2", 9.7),
        ("F1 05 A5 03 62 00 31 F3 00 F2", 9.8),
        ("F1 05 A5 03 63 00 31 F3 01 F2", 9.9),
        ("F1 85 A5 03 E0 00 31 F3 02 F2", 22.4),
    ],
)
def test_every_written_down_reply_gives_its_speed(frame: str, kmh: float) -> None:
    driver = CsafeDriver()
    ask(driver, 0xA5)
    (sample,) = driver.feed(hexed(frame), 7.0)
    assert sample.speed_mps == pytest.approx(kmh / 3.6)
    assert sample.t_s == 7.0


def test_grade_and_distance_go_with_the_next_speed() -> None:
    driver = CsafeDriver()
    ask(driver, 0xA8)
    assert driver.feed(hexed("F1 85 A8 03 0F 00 4C 6D F2"), 1.0) == []
    ask(driver, 0xA1)
    assert driver.feed(hexed("F1 05 A1 03 D2 04 24 55 F2"), 1.1) == []
    ask(driver, 0xA5)
    (sample,) = driver.feed(hexed("F1 85 A5 03 78 00 31 6A F2"), 1.2)
    assert sample.grade_percent == pytest.approx(1.5)
    assert sample.distance_m == pytest.approx(1234.0)


def test_a_downhill_grade_is_negative() -> None:
    driver = CsafeDriver()
    driver.feed(encode(hexed("05 A8 03 E2 FF 4C")), 0.0)
    (sample,) = driver.feed(hexed("F1 85 A5 03 78 00 31 6A F2"), 0.1)
    assert sample.grade_percent == pytest.approx(-3.0)


def test_a_cross_trainer_that_answers_in_revolutions_is_refused() -> None:
    driver = CsafeDriver()
    ask(driver, 0xA5)
    (sample,) = driver.feed(hexed("F1 09 A5 03 26 00 52 DB F2"), 0.0)
    assert sample.speed_mps is None
    assert sample.reason == Reason(ReasonCode.UNIT_IS_NO_SPEED, unit="rev/min")


def test_a_machine_without_speed_answers_with_its_bare_status() -> None:
    driver = CsafeDriver()
    ask(driver, 0xA5)
    (sample,) = driver.feed(hexed("F1 89 89 F2"), 0.0)
    assert sample.speed_mps is None
    assert sample.reason == Reason(ReasonCode.GIVES_NO_SPEED, state="offline")


@pytest.mark.parametrize(
    ("count", "unit", "kmh"),
    [
        (6, 0x10, 9.656064),
        (60, 0x11, 9.656064),
        (600, 0x12, 9.656064),
        (528, 0x13, 9.656064),
        (10, 0x30, 10.0),
        (100, 0x31, 10.0),
        (1000, 0x32, 10.0),
        (200, 0x33, 12.0),
        (6, 0x37, 16.09344),
        (6, 0x38, 10.0),
        (360, 0x39, 10.0),
        (360, 0x3A, 16.09344),
    ],
)
def test_all_units_of_speed_and_pace(count: int, unit: int, kmh: float) -> None:
    speed = speed_mps(count, unit)
    assert speed is not None
    assert 3.6 * speed == pytest.approx(kmh)


def test_our_own_question_coming_back_is_not_an_answer() -> None:
    driver = CsafeDriver()
    question = driver.poll(0.0)
    assert driver.feed(question, 0.0) == []
    assert driver.frames == 0
    ask(driver, 0xA5)
    frames = driver.frames
    assert driver.feed(hexed("F1 A5 A5 F2"), 0.0) == []
    assert driver.frames == frames


def test_the_rowers_recording_is_read_although_it_has_no_speed() -> None:
    driver = CsafeDriver()
    assert driver.feed(hexed("F1 81 76 05 01 03 05 14 13 F3 02 F2"), 0.0) == []
    assert (driver.frames, driver.junk) == (1, 0)


def test_a_machine_that_leaves_the_greeting_unanswered_can_be_asked_at_once() -> None:
    greeting = {hexed("F1 00 F2"), hexed("F1 91 91 F2")}
    assert {CsafeDriver().poll(0.0) for _ in range(8)} <= greeting
    blunt = CsafeDriver(greet=False)
    assert {blunt.poll(0.1 * number) for number in range(20)} == {
        *(hexed("F1 A5 A5 F2"), hexed("F1 A8 A8 F2"), hexed("F1 A1 A1 F2")),
    }
