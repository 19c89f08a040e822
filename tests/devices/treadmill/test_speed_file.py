"""Tables of belt speeds as spreadsheets write them: read right, or refused with the true reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.devices.treadmill import read_speed_curve
from hipcue.devices.treadmill.speed_table import MOST_BYTES

SAME = [(0.0, 2.5), (10.5, 3.0)]
TEXTS = {
    "commas": "t_s,speed_mps\n0,2.5\n10.5,3.0\n",
    "semicolons": "t_s;speed_mps\n0;2.5\n10.5;3.0\n",
    "tabs": "t_s\tspeed_mps\n0\t2.5\n10.5\t3.0\n",
    "decimal commas": "t_s;speed_mps\n0;2,5\n10,5;3,0\n",
    "decimal commas, tabs": "t_s\tspeed_mps\n0\t2,5\n10,5\t3,0\n",
    "km/h": "t_s,speed_kmh\n0,9.0\n10.5,10.8\n",
    "km/h in brackets": "Time (s);Speed (km/h)\n0;9,0\n10,5;10,8\n",
    "German": "Zeit [s];Geschwindigkeit [km/h]\n0;9,0\n10,5;10,8\n",
    "m/s in brackets": "time [s], belt speed [m/s]\n0,2.5\n10.5,3.0\n",
    "miles": "time_s,speed_mph\n0,5.592341\n10.5,6.710809\n",
    "milliseconds": "time_ms,speed_mps\n0,2.5\n10500,3.0\n",
    "hours and minutes": "time,speed_mps\n0:00:00,2.5\n0:00:10.5,3.0\n",
    "quotes, Windows": '"t_s","speed_mps"\r\n"0","2.5"\r\n"10.5","3.0"\r\n',
    "trailing commas": "t_s,speed_mps,\n0,2.5,\n10.5,3.0,,\n",
    "both units": "speed_kmh,speed_mps,t_s\n1,2.5,0\n1,3.0,10.5\n",
}


@pytest.mark.parametrize("how", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_same_speeds_however_they_are_written(tmp_path: Path, how: str, encoding: str) -> None:
    path = tmp_path / "speeds.csv"
    path.write_bytes(TEXTS[how].encode(encoding))
    rows = read_speed_curve(path).rows
    assert [t for t, _ in rows] == pytest.approx([t for t, _ in SAME])
    assert [v for _, v in rows] == pytest.approx([v for _, v in SAME], abs=1e-6)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time;speed\n0;9\n", "the speed has no unit; try: the column's name with it: speed_kmh"),
        ("t_s,speed_mps\n0,0,2,5\n", "row 2 has 4 cells for 2 columns; try: semicolons"),
        ("t_s,grade\n0,2\n", "columns: t_s, grade"),
        ("t_s,speed_kmh\n0,80\n", "row 2: 22"),
    ],
)
def test_what_is_not_clear_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "speeds.csv"
    path.write_text(text)
    with pytest.raises(UserError, match=words):
        read_speed_curve(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "speeds.csv"
    with path.open("wb") as file:
        file.truncate(10 * MOST_BYTES)
    with pytest.raises(UserError, match="500 MB"):
        read_speed_curve(path)
