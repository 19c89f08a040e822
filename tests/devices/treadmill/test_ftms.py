"""FTMS: the description's own example, and what machines and bridges send instead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample
from hipcue.devices.treadmill.address import parse_address
from hipcue.devices.treadmill.protocols.ftms import FtmsDriver, decode
from hipcue.devices.treadmill.protocols.registry import driver_for
from hipcue.devices.treadmill.protocols.text_line import write_line

KMH12 = "B004"


def hexed(text: str) -> bytes:
    return bytes.fromhex(text)


def packet(flags: int, *fields: tuple[int, int]) -> bytes:
    """Flags and fields of (value, bytes)."""
    return flags.to_bytes(2, "little") + b"".join(
        value.to_bytes(size, "little") for value, size in fields
    )


def played(driver: FtmsDriver, packets: Iterator[bytes], every_s: float = 1.0) -> list[BeltSample]:
    return [
        sample
        for number, data in enumerate(packets)
        for sample in driver.feed(write_line(f"F,{data.hex()}"), every_s * number)
    ]


def told(
    speeds: list[tuple[float, int]], belt_mps: float, step_m: int = 1, first_m: int = 0
) -> Iterator[bytes]:
    """Packets of a speed in m/s, so many of each, and a distance at `belt_mps`, each second."""
    second = 0
    for speed, count in speeds:
        for _ in range(count):
            went = int((first_m + belt_mps * second) // step_m) * step_m % 2**24
            yield packet(0x0004, (round(360 * speed), 2), (went, 3))
            second += 1


def codes(samples: list[BeltSample]) -> list[ReasonCode | None]:
    return [None if sample.reason is None else sample.reason.code for sample in samples]


def test_twelve_kmh_uphill() -> None:
    found = decode(hexed("0C 04 B0 04 80 0D 00 0F 00 09 00 58 02"))
    assert found is not None
    assert (found.speed, found.distance_m) == (1200, 3456.0)
    assert found.grade_percent == pytest.approx(1.5)


def test_downhill_is_negative_and_unknown_is_not_3277_percent() -> None:
    down, unknown = (decode(hexed(f"08 00 B0 04 {tenths} 09 00")) for tenths in ("F1FF", "FF7F"))
    assert down is not None
    assert down.grade_percent == pytest.approx(-1.5)
    assert unknown is not None
    assert unknown.grade_percent is None


def test_reserved_bits_that_machines_use_for_steps_do_not_matter() -> None:
    found = decode(hexed("84 24 B0 04 80 0D 00 01 02 03 04 05 06 07 08 09 0A"))
    assert found is not None
    assert (found.speed, found.distance_m) == (1200, 3456.0)


def test_what_is_cut_off_is_missing_and_what_is_whole_is_read() -> None:
    whole = hexed("0C 04 B0 04 80 0D 00 0F 00 09 00 58 02")
    assert [decode(whole[:length]) for length in range(4)] == [None] * 4
    for length in range(4, 7):
        found = decode(whole[:length])
        assert found is not None
        assert (found.speed, found.distance_m, found.grade_percent) == (1200, None, None)
    found = decode(whole[:8])
    assert found is not None
    assert (found.speed, found.distance_m, found.grade_percent) == (1200, 3456.0, None)


def test_the_half_of_a_long_message_without_the_speed_is_no_silence() -> None:
    halves = (
        packet(0x0501, (120, 1), (n, 2)) if n % 2 else packet(0x0004, (1200, 2), (3 * n, 3))
        for n in range(20)
    )
    samples = played(FtmsDriver(), halves, 0.5)
    assert [sample.speed_mps for sample in samples] == pytest.approx([12 / 3.6] * 10)


def test_a_machine_that_tells_only_its_average_and_no_distance_says_so() -> None:
    driver = FtmsDriver()
    samples = played(driver, (packet(0x0003, (1200, 2)) for _ in range(8)))
    assert {sample.speed_mps for sample in samples} == {None}
    assert samples[-1].reason == Reason(ReasonCode.TELLS_AVERAGE_ONLY)
    assert driver.note == Reason(ReasonCode.TELLS_AVERAGE_ONLY)


def test_beside_an_average_the_distance_speaks() -> None:
    driver = FtmsDriver()
    packets = (packet(0x0007, (999, 2), (int(3.5 * n), 3)) for n in range(30))
    last = played(driver, packets)[-1]
    assert last.speed_mps == pytest.approx(3.5, rel=0.03)
    assert driver.note == Reason(
        ReasonCode.SPEED_FROM_DISTANCE, why=Reason(ReasonCode.TELLS_AVERAGE_ONLY)
    )


@pytest.mark.parametrize(("step_m", "within"), [(1, 0.03), (10, 0.08)])
def test_a_speed_of_0_while_the_distance_counts_is_never_told(step_m: int, within: float) -> None:
    driver = FtmsDriver()
    samples = played(driver, told([(0.0, 60)], 3.5, step_m))
    # Before the odometer first moved nothing speaks against 0.
    moved = next(n for n, sample in enumerate(samples) if sample.distance_m)
    speeds = [sample.speed_mps for sample in samples[moved:]]
    assert 0.0 not in speeds
    known = [speed for speed in speeds if speed is not None]
    assert len(known) > 0.6 * len(speeds)
    assert known == pytest.approx([3.5] * len(known), rel=within)
    assert all(0.0 < s.sigma_mps <= 0.1 * 3.5 for s in samples[moved:] if s.speed_mps is not None)
    assert driver.note == Reason(ReasonCode.SPEED_FROM_DISTANCE, why=Reason(ReasonCode.TELLS_ZERO))


@pytest.mark.parametrize("step_m", [25, 50, 100, 160])
@pytest.mark.parametrize("belt_mps", [1.5, 3.5])
def test_a_distance_in_long_steps_refutes_a_0_and_is_too_coarse(
    step_m: int, belt_mps: float
) -> None:
    driver = FtmsDriver()
    last_s = int(5 * step_m / belt_mps)
    samples = played(driver, told([(0.0, last_s)], belt_mps, step_m))
    # Two steps are a belt that runs; a third one tells that there are no smaller ones.
    assert {s.speed_mps for s in samples[int(2 * step_m / belt_mps) + 1 :]} == {None}
    late = codes(samples)[int(4 * step_m / belt_mps) + 1 :]
    assert set(late) == {ReasonCode.DISTANCE_TOO_COARSE}


def test_a_belt_that_stands_after_long_steps_stands() -> None:
    ran = list(told([(0.0, 60)], 3.5, 25))
    samples = played(FtmsDriver(), iter(ran + ran[-1:] * 30))
    assert samples[60].speed_mps is None
    assert samples[-1].speed_mps == 0.0


def test_a_belt_that_stands_stands() -> None:
    samples = played(FtmsDriver(), told([(0.0, 30)], 0.0, first_m=500))
    assert {sample.speed_mps for sample in samples} == {0.0}


def test_a_belt_that_has_stopped_may_finish_its_metre() -> None:
    driver = FtmsDriver()
    running = list(told([(3.5, 10)], 3.5))
    went = int.from_bytes(running[-1][4:7], "little")
    stopped = [packet(0x0004, (0, 2), (went + (n > 0), 3)) for n in range(10)]
    samples = played(driver, iter(running + stopped))
    assert [sample.speed_mps for sample in samples[-10:]] == [0.0] * 10


def test_a_machine_that_falls_silent_about_its_speed_is_found_out_within_two_steps() -> None:
    samples = played(FtmsDriver(), told([(3.5, 20), (0.0, 20)], 3.5))
    assert samples[20].speed_mps == 0.0  # It may just have stopped.
    late = [sample.speed_mps for sample in samples[21:]]
    assert late == pytest.approx([3.5] * len(late), rel=0.03)


def test_a_set_back_and_a_count_backwards_are_no_speed() -> None:
    back = (packet(0x0004, (0, 2), (5000 - 3 * n, 3)) for n in range(1, 20))
    samples = played(FtmsDriver(), back)
    assert {sample.speed_mps for sample in samples} <= {0.0, None}
    twice = [*told([(0.0, 20)], 3.5, first_m=4000), *told([(0.0, 20)], 3.5)]
    samples = played(FtmsDriver(), iter(twice))
    assert codes(samples)[20] is ReasonCode.DISTANCE_JUMPED
    known = [sample.speed_mps for sample in samples[2:] if sample.speed_mps is not None]
    assert known == pytest.approx([3.5] * len(known), rel=0.03)


def test_the_odometer_may_wrap_around() -> None:
    samples = played(FtmsDriver(), told([(0.0, 40)], 3.5, first_m=2**24 - 70))
    assert ReasonCode.DISTANCE_JUMPED not in codes(samples)
    assert samples[-1].speed_mps == pytest.approx(3.5, rel=0.03)


def test_miles_are_noticed_by_the_distance_and_read_as_such_when_told() -> None:
    driver = FtmsDriver()
    list_of_miles = list(told([(3.5 * 0.621371, 40)], 3.5))
    played(driver, iter(list_of_miles))
    assert driver.note == Reason(ReasonCode.DISTANCE_DISAGREES, told=2.2, counted=3.5)
    right = driver_for(parse_address("ftms:X?unit=mph"))
    samples = [s for p in list_of_miles for s in right.feed(write_line(f"F,{p.hex()}"), 0.0)]
    assert samples[-1].speed_mps == pytest.approx(3.5, abs=0.003)
    assert right.note is None


@pytest.mark.parametrize(
    ("query", "mps"),
    [
        ("", 1000 / 360),
        ("?unit=mps", 10.0),
        ("?unit=mps&step=0.001", 1.0),
        ("?step=0.001", 1 / 3.6),
    ],
)
def test_units_and_steps(query: str, mps: float) -> None:
    driver = driver_for(parse_address(f"ftms:X{query}"))
    (sample,) = driver.feed(write_line("F,0000E803"), 0.0)
    assert sample.speed_mps == pytest.approx(mps)


def test_a_unit_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UserError, match="unit is kmh or mph or mps"):
        driver_for(parse_address("ftms:X?unit=knots"))
