"""Addresses: what opens what, and the one clear line when it cannot be opened."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest
import serial

import hipcue.devices.serial_transport as serial_transport
from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import TreadmillSettings
from hipcue.devices.readings import BeltSource, DeviceStatus, LinkState
from hipcue.devices.serial_ports import SerialPort, same_adapter
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill import open_treadmill, read_speed_csv

SETTINGS = TreadmillSettings()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("csafe", "no protocol in it"),
        ("csafe:", "no port in it"),
        ("csafe:/dev/does-not-exist", "no such port; ports found:"),
        ("csafe:/dev/null", "not a serial port"),
        ("csafe:/dev/null?baud=fast", "a number from 300"),
        ("csafe:/dev/null?unit=mph", "options of csafe: baud, greet"),
        ("csafe:/dev/null?baud", "options are written name=value"),
        ("trackmaster:/dev/null?unit=knots", "unit is mph or kmh"),
        ("hall:/dev/null?circumference=0", "a number from 0.005 to 10"),
        ("bertec:", "no port in it"),
        ("bertec:127.0.0.1:1", "cannot reach the treadmill at 127.0.0.1:1"),
        ("bertec:127.0.0.1?belt=middle", "belt is mean or left or right"),
        ("fixed:fast", "m/s from 0 to 15"),
        ("fixed:-3", "m/s from 0 to 15"),
        ("fixed:111", "m/s from 0 to 15"),
        ("fixed:nan", "m/s from 0 to 15"),
        ("nonsense:/dev/null", "one of csafe, trackmaster"),
        ("woodway:/dev/ttyUSB0", "not supported yet"),
        ("biodex:/dev/ttyUSB0", "not supported yet"),
        ("h/p/cosmos:/dev/ttyUSB0", "hpcosmos treadmills are not supported yet"),
        ("hpcosmos:/dev/ttyUSB0", "coscom.org"),
        ("file:does-not-exist.csv", "No such file"),
    ],
)
def test_a_wrong_address_ends_in_one_line_that_says_what_to_try(address: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        open_treadmill(address, SETTINGS)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bluetooth_without_its_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bleak", None)
    with pytest.raises(UserError, match=r"\.\[ble\]"):
        open_treadmill("ftms:RunPro", SETTINGS)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (serial.SerialException(errno.EACCES, "could not open port"), "dialout"),
        (serial.SerialException(errno.EBUSY, "could not open port"), "another program uses it"),
        (serial.SerialException(errno.ENXIO, "could not open port"), "no such port"),
        (serial.SerialException(errno.EIO, "Input/output error"), "Input/output error"),
        (ValueError("Invalid baud rate: 12345"), "12345"),
    ],
)
def test_what_the_system_says_about_a_port_is_put_into_words(error: Exception, words: str) -> None:
    assert words in str(
        serial_transport.explain_open_error("COM3", SerialParameters(baud=12345), error)
    )


def test_a_terminal_programs_lock_file_is_honoured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serial_transport, "LOCK_FOLDERS", (str(tmp_path),))
    (tmp_path / "LCK..null").write_text(f"{os.getpid():10d}\n")
    with pytest.raises(UserError, match=f"process {os.getpid()} has locked it"):
        open_treadmill("csafe:/dev/null", SETTINGS)
    (tmp_path / "LCK..null").write_text("not a number")
    with pytest.raises(UserError, match="not a serial port"):
        open_treadmill("csafe:/dev/null", SETTINGS)


class TestTheSameAdapterUnderAnotherName:
    MINE = SerialPort("/dev/ttyUSB0", "FT232R", "0403:6001", "A50285BI", "1-2:1.0")

    def test_it_is_found_by_its_serial_number(self) -> None:
        other = SerialPort("/dev/ttyUSB0", "FT232R", "0403:6001", "B7777", "1-3:1.0")
        moved = SerialPort("/dev/ttyUSB1", "FT232R", "0403:6001", "A50285BI", "1-4:1.0")
        assert same_adapter(self.MINE, [other, moved]) == "/dev/ttyUSB1"

    def test_a_stranger_of_the_same_make_is_not_taken(self) -> None:
        stranger = SerialPort("/dev/ttyUSB1", "FT232R", "0403:6001", "B7777", "1-4:1.0")
        assert same_adapter(self.MINE, [stranger]) is None
        nameless = SerialPort("/dev/ttyUSB0", "CH340", "1a86:7523", "", "1-2:1.0")
        twin = SerialPort("/dev/ttyUSB1", "CH340", "1a86:7523", "", "1-4:1.0")
        assert same_adapter(nameless, [twin]) is None

    def test_of_an_adapter_with_two_sockets_the_same_socket_is_taken(self) -> None:
        moved = [
            SerialPort("/dev/ttyUSB3", "FT2232", "0403:6001", "A50285BI", "1-4:1.1"),
            SerialPort("/dev/ttyUSB2", "FT2232", "0403:6001", "A50285BI", "1-4:1.0"),
        ]
        assert same_adapter(self.MINE, moved) == "/dev/ttyUSB2"


class TestScheduledBelts:
    def test_a_fixed_speed_is_repeated_while_the_session_runs(self) -> None:
        now = [100.0]
        belt = open_treadmill("fixed:3.0", SETTINGS, lambda: now[0])
        assert belt.drain() == ()
        belt.start()
        (first,) = belt.drain()
        assert (first.t_s, first.speed_mps, first.source) == (100.0, 3.0, BeltSource.FIXED)
        assert belt.drain() == ()
        now[0] = 102.5
        assert [s.t_s for s in belt.drain()] == [101.0, 102.0]
        assert belt.status().state is LinkState.LIVE
        belt.close()
        assert belt.status().state is LinkState.OFF
        assert belt.drain() == ()

    def test_a_file_is_counted_from_the_start_and_runs_straight_between_rows(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "speeds.csv"
        path.write_text("t_s,speed_mps\n0,2.0\n10,3.0\n10,4.0\n")
        now = [50.0]
        belt = open_treadmill(f"file:{path}", SETTINGS, lambda: now[0])
        belt.start()
        assert belt.drain()[0].speed_mps == 2.0
        now[0] = 55.0
        newest = belt.drain()[-1]
        assert newest.t_s == pytest.approx(55.0)
        assert newest.speed_mps == pytest.approx(2.5)
        now[0] = 70.0
        assert belt.drain()[-1].speed_mps == 4.0

    def test_no_treadmill_says_so(self) -> None:
        belt = open_treadmill("none", SETTINGS)
        belt.start()
        assert belt.drain() == ()
        assert belt.status() == DeviceStatus("belt", LinkState.OFF, Reason(ReasonCode.BELT_NONE))

    def test_a_speed_file_becomes_samples_ten_a_second(self, tmp_path: Path) -> None:
        path = tmp_path / "speeds.csv"
        path.write_text("speed_mps,note,t_s\n2.0,easy,0\n3.0,fast,1\n")
        samples = read_speed_csv(path)
        assert len(samples) == 11
        assert samples[5].t_s == pytest.approx(0.5)
        assert samples[5].speed_mps == pytest.approx(2.5)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "columns: none"),
            ("time,speed\n0,3\n", "columns: time, speed"),
            ("t_s,speed_mps\n", "no rows"),
            ("t_s,speed_mps\n0,fast\n", "row 2"),
            ("t_s,speed_mps\n0,3\n1\n", "row 3"),
            ("t_s,speed_mps\n0,-3\n", "row 2: -3 m/s"),
            ("t_s,speed_mps\n0,111\n", "row 2: 111 m/s"),
            ("t_s,speed_mps\n0,nan\n", "row 2: nan m/s"),
            ("t_s,speed_mps\n5,3\n4,3\n", "time runs backwards"),
            ("t_s,speed_mps\n0,3\n1e9,3\n", "row 3: 1e"),
        ],
    )
    def test_a_wrong_speed_file_names_its_row(self, tmp_path: Path, text: str, words: str) -> None:
        path = tmp_path / "speeds.csv"
        path.write_text(text)
        with pytest.raises(UserError, match=words):
            read_speed_csv(path)

    def test_a_speed_file_that_is_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "speeds.csv"
        path.write_bytes(bytes(range(128, 256)))
        with pytest.raises(UserError, match="not a text file"):
            read_speed_csv(path)
