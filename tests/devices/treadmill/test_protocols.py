"""Golden frames: bytes as the manuals and the public recordings have them, speeds by hand."""

from __future__ import annotations

import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.treadmill.protocols.bertec import BertecDriver
from hipcue.devices.treadmill.protocols.csafe import CsafeDriver
from hipcue.devices.treadmill.protocols.csafe_frame import encode
from hipcue.devices.treadmill.protocols.hall import HallDriver
from hipcue.devices.treadmill.protocols.lifespan import LifespanDriver, crc16
from hipcue.devices.treadmill.protocols.precor import PrecorDriver
from hipcue.devices.treadmill.protocols.text_line import write_line
from hipcue.devices.treadmill.protocols.trackmaster import TrackmasterDriver

MPH = 0.44704


def hexed(text: str) -> bytes:
    return bytes.fromhex(text)


class TestTrackmaster:
    def test_the_manuals_answer_is_seven_and_a_half(self) -> None:
        for unit, speed in (("mph", 7.5 * MPH), ("kmh", 7.5 / 3.6)):
            driver = TrackmasterDriver(unit)
            assert driver.poll(0.0) == b"\xc1"
            (sample,) = driver.feed(hexed("D1 30 30 37 35"), 0.0)
            assert sample.speed_mps == pytest.approx(speed)

    def test_the_grade_comes_with_the_next_speed(self) -> None:
        driver = TrackmasterDriver("mph")
        assert driver.feed(hexed("D2 30 30 35 30"), 0.0) == []
        (sample,) = driver.feed(hexed("D1 30 30 37 35"), 0.2)
        assert sample.grade_percent == pytest.approx(5.0)

    def test_a_grade_that_the_machine_cannot_have_is_noise(self) -> None:
        driver = TrackmasterDriver("mph")
        driver.feed(hexed("D2 30 30 35 33"), 0.0)
        (sample,) = driver.feed(hexed("D1 30 30 37 35"), 0.2)
        assert sample.grade_percent is None

    def test_an_old_grade_is_not_the_grade(self) -> None:
        driver = TrackmasterDriver("mph")
        driver.feed(hexed("D2 30 30 35 30"), 0.0)
        (sample,) = driver.feed(hexed("D1 30 30 37 35"), 60.0)
        assert sample.grade_percent is None

    def test_an_answer_cut_off_by_the_next_is_not_half_read(self) -> None:
        driver = TrackmasterDriver("mph")
        (sample,) = driver.feed(hexed("D1 30 30 37 D1 30 30 36 30"), 0.0)
        assert sample.speed_mps == pytest.approx(6.0 * MPH)

    def test_the_self_test_plug_sends_our_question_back_and_nothing_follows(self) -> None:
        driver = TrackmasterDriver("mph")
        assert driver.feed(driver.poll(0.0), 0.0) == []
        assert driver.frames == 0

    def test_without_a_unit_the_screen_says_what_was_assumed(self) -> None:
        assert TrackmasterDriver(None).note == Reason(ReasonCode.READ_AS_MPH)
        assert TrackmasterDriver("mph").note is None


class TestLifespan:
    @pytest.mark.parametrize(
        ("frame", "mph"),
        [
            ("01 06 00 0A 00 32 28 1D", 0.0),
            ("01 06 00 0A 00 75", 0.498),
            ("01 06 00 0A 01 1A", 1.2),
            ("01 06 00 0A 01 D6", 2.0),
        ],
    )
    def test_console_speeds(self, frame: str, mph: float) -> None:
        raw = hexed(frame)
        if len(raw) == 6:
            raw += crc16(raw).to_bytes(2, "little")
        (sample,) = LifespanDriver().feed(raw, 0.0)
        assert sample.speed_mps == pytest.approx(mph * MPH, abs=0.001)

    def test_reading_a_register_is_not_a_speed(self) -> None:
        driver = LifespanDriver()
        traffic = "01 03 00 0F 00 01 B4 09  01 03 02 00 00 B8 44  01 03 D1 0A 00 01 9D 34"
        assert driver.feed(hexed(traffic), 0.0) == []
        assert (driver.frames, driver.junk) == (3, 0)

    def test_a_number_below_standing_is_not_guessed_at(self) -> None:
        raw = hexed("01 06 00 0A 00 14")
        (sample,) = LifespanDriver().feed(raw + crc16(raw).to_bytes(2, "little"), 0.0)
        assert sample.speed_mps is None
        assert sample.reason == Reason(ReasonCode.UNKNOWN_SPEED_NUMBER, number=20)


class TestPrecor:
    def test_one_and_a_half_miles_an_hour(self) -> None:
        (sample,) = PrecorDriver().feed(b"[inc:0]\xff[hmph:96]\xff", 0.0)
        assert sample.speed_mps == pytest.approx(1.5 * MPH)

    def test_the_motor_speaks_without_the_pause_byte(self) -> None:
        driver = PrecorDriver()
        (sample,) = driver.feed(b"[ver:19A][type:20][][loop:4C57][inc:0][hmph:93][amps:FF]", 0.0)
        assert sample.speed_mps == pytest.approx(1.47 * MPH)
        assert driver.junk == 0

    def test_upside_down_text_reads_with_invert(self) -> None:
        # '0', '1', '2' were once written down as 9F, 9D, 9B.
        upside_down = bytes((~(c << 1)) & 0xFF for c in b"[hmph:012]")
        assert upside_down[-4:-1] == hexed("9F 9D 9B")
        (sample,) = PrecorDriver(invert=True).feed(upside_down, 0.0)
        assert sample.speed_mps == pytest.approx(0.18 * MPH)
        assert PrecorDriver().feed(upside_down, 0.0) == []

    @pytest.mark.parametrize("text", [b"[hmph:9G]", b"[hmph:]", b"[hmpx:96]", b"[hmph:96 ]"])
    def test_a_damaged_message_is_no_speed(self, text: bytes) -> None:
        driver = PrecorDriver()
        assert driver.feed(text, 0.0) == []
        assert driver.junk > 0


def bertec_packet(right: int, left: int, incline: int = 0) -> bytes:
    packet = bytearray(32)
    packet[1:3] = right.to_bytes(2, "big", signed=True)
    packet[3:5] = left.to_bytes(2, "big", signed=True)
    packet[9:11] = incline.to_bytes(2, "big", signed=True)
    return bytes(packet)


class TestBertec:
    def test_three_metres_a_second_on_both_belts_uphill(self) -> None:
        (sample,) = BertecDriver().feed(bertec_packet(3000, 3000, 573), 0.0)
        assert sample.speed_mps == pytest.approx(3.0)
        assert sample.grade_percent == pytest.approx(10.03, abs=0.01)

    def test_a_belt_running_backwards_is_signed_and_no_running_speed(self) -> None:
        (sample,) = BertecDriver("left").feed(bertec_packet(0, -500), 0.0)
        assert sample.speed_mps is None
        assert sample.reason == Reason(ReasonCode.IMPOSSIBLE_SPEED, kmh=-2)

    def test_an_encoder_trembling_at_a_stand_is_a_stand(self) -> None:
        (sample,) = BertecDriver().feed(bertec_packet(-3, 1), 0.0)
        assert sample.speed_mps == 0.0

    def test_split_belts_have_no_mean_but_each_its_own(self) -> None:
        packet = bertec_packet(1000, 2000)
        (mean,) = BertecDriver().feed(packet, 0.0)
        assert mean.speed_mps is None
        assert mean.reason == Reason(ReasonCode.BELTS_DIFFER, left=2, right=1)
        (left,) = BertecDriver("left").feed(packet, 0.0)
        (right,) = BertecDriver("right").feed(packet, 0.0)
        assert (left.speed_mps, right.speed_mps) == (2.0, 1.0)


class TestHall:
    @pytest.mark.parametrize(
        ("period_ms", "kmh"),
        [(40.8, 22.0), (45.0, 20.0), (56.0, 16.0), (76.0, 12.0), (90.4, 10.0), (225.0, 4.0)],
    )
    def test_the_published_roller(self, period_ms: float, kmh: float) -> None:
        driver = HallDriver(0.2509)
        driver.feed(write_line("B,1,0,0,0"), 0.0)
        line = write_line(f"B,2,50000,1,{round(1000 * period_ms)}")
        (sample,) = driver.feed(line, 1.0)
        assert sample.speed_mps is not None
        assert 3.6 * sample.speed_mps == pytest.approx(kmh, rel=0.02)
        # True in the middle of the period, which ended in the 50 ms before the report.
        assert sample.t_s == pytest.approx(1.0 - 0.5 * (0.050 + 0.001 * period_ms))

    def test_the_board_may_say_its_circumference_and_the_address_overrules_it(self) -> None:
        lines = [write_line(body) for body in ("C,250000", "B,1,0,0,0", "B,2,50000,1,100000")]
        reported, overruled = HallDriver(), HallDriver(0.3)
        for line in lines[:2]:
            reported.feed(line, 0.0)
            overruled.feed(line, 0.0)
        assert reported.feed(lines[2], 0.1)[0].speed_mps == pytest.approx(2.5)
        assert overruled.feed(lines[2], 0.1)[0].speed_mps == pytest.approx(3.0)

    def test_without_a_circumference_there_is_no_speed(self) -> None:
        (sample,) = HallDriver().feed(write_line("B,1,0,0,0"), 0.0)
        assert sample.speed_mps is None
        assert sample.reason == Reason(ReasonCode.NO_CIRCUMFERENCE)

    def test_clock_and_counter_wrap_around_once_in_71_minutes(self) -> None:
        driver = HallDriver(0.25)
        driver.feed(write_line(f"B,65535,{2**32 - 20000},{2**32 - 1},100000"), 0.0)
        (sample,) = driver.feed(write_line("B,0,30000,0,100000"), 0.05)
        assert sample.speed_mps == pytest.approx(2.5)

    def test_a_second_without_a_pulse_is_missing_not_the_last_speed(self) -> None:
        driver = HallDriver(0.25)
        driver.feed(write_line("B,1,0,0,0"), 0.0)
        assert driver.feed(write_line("B,2,50000,1,100000"), 0.05)[0].speed_mps is not None
        samples = []
        for number in range(3, 30):
            samples += driver.feed(write_line(f"B,{number},{50000 * number},1,100000"), 0.0)
        assert samples and all(s.speed_mps is None for s in samples)
        assert samples[0].reason == Reason(ReasonCode.NO_PULSES)

    def test_a_board_that_restarts_begins_anew(self) -> None:
        driver = HallDriver(0.25)
        driver.feed(write_line("B,900,45000000,500,100000"), 0.0)
        assert driver.feed(write_line("B,0,1000,0,0"), 0.05) == []
        (sample,) = driver.feed(write_line("B,1,51000,1,125000"), 0.1)
        assert sample.speed_mps == pytest.approx(2.0)

    def test_motor_noise_counted_as_pulses_is_refused(self) -> None:
        driver = HallDriver(0.25)
        driver.feed(write_line("B,0,0,0,0"), 0.0)
        samples = []
        for number in range(1, 20):
            # Five pulses a report, though the period speaks of one in two reports.
            line = write_line(f"B,{number},{50000 * number},{5 * number},100000")
            samples += driver.feed(line, 0.05 * number)
        assert samples[-1].speed_mps is None
        assert samples[-1].reason == Reason(ReasonCode.PULSES_NOISY)


class TestCsafeBySpeedOfItsDistance:
    """The Life Fitness cross-trainer: revolutions per minute, and an odometer."""

    def run(
        self,
        unit: int,
        step_m: float,
        speeds: list[tuple[float, float]],
        speed_answer: str = "09 A5 03 26 00 52",
    ) -> list[tuple[float, float | None, Reason | None]]:
        """Poll 8 times a second; `speeds` are (seconds, m/s)."""
        driver = CsafeDriver()
        distance = t_s = 0.0
        out = []
        for seconds, speed in speeds:
            for _ in range(int(8 * seconds)):
                t_s += 0.125
                distance += 0.125 * speed
                question = driver.poll(t_s)
                answer = b"\x05"
                if question == hexed("F1 A5 A5 F2"):
                    answer = hexed(speed_answer)
                elif question == hexed("F1 A1 A1 F2"):
                    count = int(distance / step_m).to_bytes(2, "little")
                    answer = hexed("05 A1 03") + count + bytes([unit])
                for sample in driver.feed(encode(answer), t_s):
                    out.append((t_s, sample.speed_mps, sample.reason))
        return out

    @pytest.mark.parametrize(("unit", "step_m"), [(0x24, 1.0), (0x23, 10.0)])
    def test_a_steady_belt_is_known_within_two_percent(self, unit: int, step_m: float) -> None:
        samples = self.run(unit, step_m, [(60.0, 3.0)])
        late = [speed for t, speed, _ in samples if t > 30.0]
        assert sum(speed is not None for speed in late) > 0.9 * len(late)
        assert [s for s in late if s is not None] == pytest.approx(
            [3.0] * sum(s is not None for s in late), rel=0.03
        )

    def test_a_belt_that_stops_is_missing_within_a_second(self) -> None:
        samples = self.run(0x24, 1.0, [(30.0, 3.0), (10.0, 0.0)])
        assert all(speed is None for t, speed, _ in samples if t > 31.0)
        assert samples[-1][2] == Reason(ReasonCode.DISTANCE_STANDS_STILL)

    def test_a_change_of_speed_is_never_reported_wrong_for_long(self) -> None:
        samples = self.run(0x24, 1.0, [(30.0, 2.0), (30.0, 4.0)])
        after = [(t, speed) for t, speed, _ in samples if t > 42.0 and speed is not None]
        assert [speed for _, speed in after] == pytest.approx([4.0] * len(after), rel=0.03)

    def test_a_speed_of_0_is_not_told_while_the_distance_counts(self) -> None:
        samples = self.run(0x24, 1.0, [(30.0, 3.0)], "05 A5 03 00 00 31")
        late = [speed for t, speed, _ in samples if t > 10.0]
        assert late == pytest.approx([3.0] * len(late), rel=0.03)
        assert 0.0 not in [speed for t, speed, _ in samples if t > 2.0]

    def test_a_speed_of_0_is_told_while_the_distance_stands(self) -> None:
        samples = self.run(0x24, 1.0, [(20.0, 0.0)], "05 A5 03 00 00 31")
        assert {speed for _, speed, _ in samples} == {0.0}

    def test_a_tenth_of_a_kilometre_is_too_coarse(self) -> None:
        samples = self.run(0x22, 100.0, [(120.0, 3.0)])
        assert all(speed is None for _, speed, _ in samples)
        assert samples[-1][2] == Reason(ReasonCode.DISTANCE_TOO_COARSE)
