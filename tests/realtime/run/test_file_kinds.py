"""What a file is, by its content: opened, or refused before anything is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.devices.treadmill import read_speed_csv
from hipcue.realtime.run.batch import plan
from hipcue.realtime.run.file_kinds import FileKind, kind_of
from hipcue.realtime.run.offline import analyze
from tests.devices.camera.films import write_film
from tests.devices.camera.test_repeats import held, pictures
from tests.realtime.vision.walker import body, write_trc

C3D = bytes([2, 0x50, 0, 4, 0, 0]) + bytes(600)


@pytest.mark.parametrize("name", ["run.trc", "run.mp4", "run", "run.TXT"])
def test_markers_are_known_by_their_first_word(tmp_path: Path, name: str) -> None:
    path = write_trc(tmp_path / name, body())
    assert kind_of(path) is FileKind.TRC
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert kind_of(path) is FileKind.TRC
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode("utf-16"))
    assert kind_of(path) is FileKind.TRC


@pytest.mark.parametrize("name", ["run.trc", "run.csv", "run.mp4"])
def test_a_film_is_one_by_any_name(tmp_path: Path, name: str) -> None:
    film = write_film(tmp_path / "film.mp4", pictures(12, held(4)), 60.0)
    assert kind_of(film.rename(tmp_path / name)) is FileKind.FILM


@pytest.mark.parametrize(
    ("name", "content", "seen"),
    [
        ("run.trc", b"", "empty"),
        ("run.mp4", b"", "empty"),
        ("run.c3d", C3D, "C3D files are not read yet"),
        ("run.trc", C3D, "C3D files are not read yet"),
        ("run.c3d", b"anything", "C3D files are not read yet"),
        ("run.trc.gz", b"\x1f\x8b" + bytes(60), "gzip"),
        ("run.zip", b"PK\x03\x04" + bytes(60), "zip"),
        ("run.xlsx", b"PK\x03\x04" + bytes(60), "spreadsheet"),
        ("run.mat", b"MATLAB 5.0 MAT-file", "MATLAB"),
        ("run.trc", b"time,x\n0,1\n", "PathFileType"),
        ("run.doc", b"Dear Sirs,\n", "neither a film nor markers; it begins with 'Dear Sirs,'"),
        ("run.trc", b"\0\xff" * 900, "no text"),
        ("run.csv", b"\0\xff" * 900, "no text"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_line_and_leaves_nothing(
    tmp_path: Path, name: str, content: bytes, seen: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError) as caught:
        analyze(tmp_path / name, Settings(), (), tmp_path / "out")
    assert seen in caught.value.seen and "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_is_searched_for_what_is_known_of(tmp_path: Path) -> None:
    for name in ("a.trc", "b.c3d", "c.MP4", "d.txt"):
        (tmp_path / name).write_bytes(b"x")
    found = [job.path.name for job in plan([tmp_path], None, Settings())]
    assert found == ["a.trc", "b.c3d", "c.MP4"]


def test_belt_speeds_of_another_clock_are_refused(tmp_path: Path) -> None:
    path = write_trc(tmp_path / "run.trc", body())
    path.write_text(re.sub(r"(?m)^(\d+)\t0\.", r"\1\t600.", path.read_text()))
    speeds = tmp_path / "speeds.csv"
    speeds.write_text("t_s,speed_mps\n0,2\n100,3\n")
    with pytest.raises(UserError, match="go from 0 to 100 s, its first frame is at 600"):
        analyze(path, Settings(), read_speed_csv(speeds), tmp_path / "out")
    assert not (tmp_path / "out").exists()
