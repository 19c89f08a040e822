"""What a container says, and that a damaged one does no harm."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipcue.devices.camera.container import read_container
from tests.devices.camera.films import box, by_sony, captured_at, counting_film, first_part


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = counting_film(tmp_path_factory.mktemp("films") / "film.mp4", frames=6)
    return by_sony(captured_at(path, struct.pack(">f", 240.0)), "120p", "30p").read_bytes()


def test_a_plain_film_tells_its_length_and_no_rate_of_capture(tmp_path: Path) -> None:
    found = read_container(counting_film(tmp_path / "film.mp4", frames=20, fps=50.0))
    assert (found.kind, found.whole, found.indexed) == ("mp4", True, True)
    assert (found.pictures, found.capture_fps, found.tracks) == (20, None, {"vide"})
    assert found.played_fps == pytest.approx(50.0)
    assert found.length_s == pytest.approx(0.4)


@pytest.mark.parametrize("iso", [False, True])
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (23, struct.pack(">f", 240.0)),
        (24, struct.pack(">d", 240.0)),
        (67, struct.pack(">i", 240)),
        (1, b"240.000000"),
    ],
)
def test_a_phone_s_rate_of_capture_is_read(
    tmp_path: Path, kind: int, value: bytes, iso: bool
) -> None:
    path = captured_at(counting_film(tmp_path / "film.mp4"), value, kind, iso=iso)
    assert read_container(path).capture_fps == pytest.approx(240.0)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (23, struct.pack(">f", float("nan"))),
        (23, struct.pack(">f", float("inf"))),
        (23, struct.pack(">f", -30.0)),
        (23, b"\x43"),
        (1, b"many"),
        (67, bytes(4)),
        (21, b"\xff" * 200),
        (13, b"240"),
    ],
)
def test_what_is_no_rate_is_none(tmp_path: Path, kind: int, value: bytes) -> None:
    path = captured_at(counting_film(tmp_path / "film.mp4"), value, kind)
    assert read_container(path).capture_fps is None


def test_sony_s_own_words_are_read(tmp_path: Path) -> None:
    found = read_container(by_sony(counting_film(tmp_path / "f.mp4"), "119.88p", "29.97p"))
    assert (found.capture_fps, found.played_fps) == (119.88, 29.97)


@pytest.mark.parametrize(
    ("name", "code"), [("f.mp4", "mp4v"), ("f.avi", "MJPG"), ("f.mkv", "mp4v"), ("f.webm", "VP80")]
)
def test_a_file_that_is_shorter_than_it_says_is_not_whole(
    tmp_path: Path, name: str, code: str
) -> None:
    path = counting_film(tmp_path / name, code=code)
    assert read_container(path).whole
    assert not read_container(first_part(path, 0.6)).whole


def test_a_file_that_is_not_there_or_something_else_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    assert read_container(path).kind == ""
    path.write_bytes(b"not a film" * 50)
    assert read_container(path) == read_container(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_damage_is_an_error(tagged: bytes, tmp_path: Path, data: st.DataObject) -> None:
    film = bytearray(tagged)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(film) - 1))
        piece = data.draw(
            st.one_of(
                st.binary(min_size=1, max_size=8),
                st.sampled_from([b"\xff\xff\xff\xff", bytes(4), b"\0\0\0\1", b"\0\0\0\x08"]),
            )
        )
        film[at : at + len(piece)] = piece
    path = tmp_path / "damaged.mp4"
    path.write_bytes(film[: data.draw(st.integers(1, len(film)))])
    found = read_container(path)
    assert found.capture_fps is None or 0.01 <= found.capture_fps <= 1e5
    assert found.played_fps is None or found.played_fps > 0.0


def test_boxes_in_boxes_without_end_are_left_at_some_depth(tmp_path: Path) -> None:
    deep = b""
    for _ in range(3000):
        deep = box(b"udta", deep)
    path = tmp_path / "deep.mp4"
    path.write_bytes(box(b"ftyp", b"isom") + box(b"moov", deep))
    assert read_container(path).kind == "mp4"


def test_counts_that_nobody_can_hold_cost_nothing(tmp_path: Path) -> None:
    many = struct.pack(">II", 0, 0xFFFFFFFF)
    table = box(b"stbl", box(b"stts", many) + box(b"stsz", bytes(4) + many))
    track = box(b"trak", box(b"mdia", box(b"minf", table)))
    keys = box(b"meta", box(b"hdlr", bytes(21)) + box(b"keys", many) + box(b"ilst", bytes(8)))
    path = tmp_path / "many.mp4"
    path.write_bytes(box(b"ftyp", b"isom") + box(b"moov", track + keys))
    assert read_container(path).capture_fps is None
