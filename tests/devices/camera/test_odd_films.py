"""Films as phones, cameras and editors write them: their pixels, their pace, their end."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import CameraSettings
from hipcue.devices.camera import Film, film_frames, open_camera
from tests.devices.camera.films import (
    box,
    by_sony,
    captured_at,
    counting_film,
    first_part,
    index_first,
    lying_down,
    number_of,
    picture,
    with_pixels,
    write_film,
)


def times_of(film: Film) -> list[float]:
    return [frame.t_capture_s for frame in film_frames(film)]


def codes(film: Film) -> list[ReasonCode]:
    return [remark.code for remark in film.remarks()]


@pytest.mark.parametrize(
    ("wide", "high", "size"), [(4, 3, (128, 64)), (3, 4, (96, 85)), (1, 1, (96, 64))]
)
def test_pixels_are_made_square(
    tmp_path: Path, wide: int, high: int, size: tuple[int, int]
) -> None:
    path = with_pixels(counting_film(tmp_path / "film.mp4"), wide, high)
    with Film(path) as film:
        assert film.size_px == size
        assert film.grab() == 0.0
        image = film.picture()
        assert image is not None
        assert image.shape == (size[1], size[0], 3)
        # The white corner is a quarter of the picture, as before.
        assert image[: size[1] // 4 - 2, : size[0] // 4 - 3].min() > 200
        assert image[:, size[0] // 4 + 4 :].max() < 100
        assert film.grab() == pytest.approx(0.02)
        assert (film.picture() is not None) and film.picture().shape == image.shape  # type: ignore[union-attr]
        said = (Reason(ReasonCode.FILM_PIXELS, wide=wide, high=high),) if wide != high else ()
        assert film.remarks() == said


def test_pixels_of_a_film_that_stands_upright_are_turned_with_it(tmp_path: Path) -> None:
    with Film(lying_down(with_pixels(counting_film(tmp_path / "film.mp4"), 4, 3))) as film:
        assert film.size_px == (64, 128)


def test_pixels_that_no_film_has_are_not_believed(tmp_path: Path) -> None:
    with Film(with_pixels(counting_film(tmp_path / "film.mp4"), 1, 4000)) as film:
        assert film.size_px == (96, 64)
        assert film.remarks() == ()


def test_a_film_played_as_a_camera_has_square_pixels_and_says_so(tmp_path: Path) -> None:
    path = with_pixels(counting_film(tmp_path / "film.mp4"), 4, 3)
    camera = open_camera(str(path), CameraSettings(), time.monotonic)
    assert camera.size_px == (128, 64)
    camera.start()
    frame = camera.latest(5.0)
    assert frame is not None
    assert frame.image_bgr.shape == (64, 128, 3)
    assert camera.status().reason.code is ReasonCode.FILM_PIXELS
    camera.close()


def test_a_turn_that_somebody_else_knows_of_is_made(tmp_path: Path) -> None:
    with Film(with_pixels(counting_film(tmp_path / "film.mp4"), 4, 3)) as film:
        film.turned = 1
        assert film.size_px == (64, 128)
        frame = next(film_frames(film))
        assert frame.image_bgr.shape == (128, 64, 3)
        assert frame.image_bgr[-20:, :10].min() > 200, "the corner at the top left goes down"
        with pytest.raises(ValueError, match="read-only"):
            frame.image_bgr[0, 0] = 0


def test_slow_motion_that_a_phone_has_tagged_runs_at_the_pace_of_life(tmp_path: Path) -> None:
    path = captured_at(counting_film(tmp_path / "f.mp4", fps=30.0), struct.pack(">f", 120.0))
    with Film(path) as film:
        assert film.fps == pytest.approx(120.0)
        assert film.remarks() == (Reason(ReasonCode.FILM_SLOWED, times=4, captured=120, played=30),)
        assert times_of(film) == pytest.approx([n / 120.0 for n in range(20)])


def test_rates_that_are_rounded_in_the_tag_are_a_whole_factor(tmp_path: Path) -> None:
    path = captured_at(counting_film(tmp_path / "f.mp4", fps=29.97), struct.pack(">f", 240.0))
    assert times_of(Film(path))[-1] == pytest.approx(19 / 29.97 / 8)
    path = by_sony(counting_film(tmp_path / "s.mp4", fps=29.97), "119.88p", "29.97p")
    assert times_of(Film(path))[-1] == pytest.approx(19 / 29.97 / 4)


@pytest.mark.parametrize("tag", [30.0, 36.0, 24.0, 29.97])
def test_a_tag_that_says_about_what_is_played_changes_nothing(tmp_path: Path, tag: float) -> None:
    """A phone that takes fewer pictures in the dark than its tag promises films no slow motion."""
    path = captured_at(counting_film(tmp_path / "f.mp4", fps=30.0), struct.pack(">f", tag))
    with Film(path) as film:
        assert film.remarks() == ()
        assert film.fps == pytest.approx(30.0)


def test_high_speed_that_plays_at_its_own_rate_is_no_slow_motion(tmp_path: Path) -> None:
    path = captured_at(counting_film(tmp_path / "f.mp4", fps=240.0), struct.pack(">f", 240.0))
    assert times_of(Film(path))[-1] == pytest.approx(19 / 240.0)


def test_a_time_lapse_is_told_too(tmp_path: Path) -> None:
    path = captured_at(counting_film(tmp_path / "f.mp4", fps=30.0), struct.pack(">f", 2.0))
    with Film(path) as film:
        assert codes(film) == [ReasonCode.FILM_SPED_UP]
        assert times_of(film)[-1] == pytest.approx(19 / 2.0)


def test_what_somebody_says_of_the_pace_counts_more_than_the_tag(tmp_path: Path) -> None:
    path = captured_at(counting_film(tmp_path / "f.mp4", fps=30.0), struct.pack(">f", 120.0))
    with Film(path, slow_motion=2.0) as film:
        assert film.remarks() == (Reason(ReasonCode.FILM_SLOWED_TOLD, times=2),)
        assert times_of(film)[-1] == pytest.approx(19 / 60.0)
    with Film(path, slow_motion=1.0) as film:
        assert film.remarks() == ()
        assert times_of(film)[-1] == pytest.approx(19 / 30.0)


def test_a_film_that_plays_as_a_camera_runs_at_the_pace_of_life(tmp_path: Path) -> None:
    path = counting_film(tmp_path / "f.mp4", fps=10.0)
    camera = open_camera(str(path), CameraSettings(), time.monotonic, slow_motion=10.0)
    camera.start()
    assert camera.fps.got == pytest.approx(100.0)
    seen = {}
    while not camera.ended:
        frame = camera.latest(5.0)
        if frame is not None:
            seen[frame.index] = frame.t_capture_s
    camera.close()
    (first, start_s), *others = seen.items()
    for index, t_s in others:
        assert t_s - start_s == pytest.approx(0.01 * (index - first))


def test_a_film_that_is_cut_off_says_where_it_ends(tmp_path: Path) -> None:
    path = index_first(counting_film(tmp_path / "film.mp4", frames=100))
    assert codes(_played(path)) == []
    film = _played(first_part(path, 0.7))
    (said,) = film.remarks()
    assert said.code is ReasonCode.FILM_CUT_OFF
    assert said.value("length") == pytest.approx(2.0)
    seconds = said.value("seconds")
    assert isinstance(seconds, float | int)
    assert 0.8 < seconds < 1.8


def test_a_film_that_is_cut_off_says_so_as_a_camera_too(tmp_path: Path) -> None:
    path = first_part(index_first(counting_film(tmp_path / "film.mp4", frames=100)), 0.7)
    camera = open_camera(str(path), CameraSettings(), time.monotonic, slow_motion=8.0)
    camera.start()
    while not camera.ended:
        camera.latest(5.0)
    camera.close()
    assert camera.status().reason.code is ReasonCode.FILM_CUT_OFF


def test_a_film_whose_end_was_never_copied_says_so(tmp_path: Path) -> None:
    """The file has its length, but nothing is in its second half."""
    path = index_first(counting_film(tmp_path / "film.mp4", frames=100))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))
    assert codes(_played(path)) == [ReasonCode.FILM_CUT_OFF]


@pytest.mark.parametrize(("name", "code"), [("f.avi", "MJPG"), ("f.mkv", "mp4v")])
def test_other_containers_that_are_cut_off_say_so(tmp_path: Path, name: str, code: str) -> None:
    path = counting_film(tmp_path / name, frames=100, code=code)
    assert codes(_played(path)) == []
    film = _played(first_part(path, 0.7))
    assert set(codes(film)) <= {ReasonCode.FILM_CUT_OFF, ReasonCode.FILM_BREAKS_OFF}
    assert codes(film)


def _played(path: Path) -> Film:
    film = Film(path)
    numbers = [number_of(frame.image_bgr) for frame in film_frames(film)]
    assert numbers
    return film


def encoded(suffix: str) -> bytes:
    ok, data = cv2.imencode(suffix, picture(3))
    assert ok
    return bytes(data)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp", ".tiff", ".webp"])
def test_a_picture_is_no_film(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(encoded(suffix))
    with pytest.raises(UserError, match="it is a picture"):
        Film(path)


def test_a_film_of_one_picture_is_none(tmp_path: Path) -> None:
    for name, code in (("one.mp4", "mp4v"), ("one.avi", "MJPG"), ("one.mkv", "mp4v")):
        path = write_film(tmp_path / name, [picture(3)], code=code)
        with pytest.raises(UserError, match="only one picture"):
            Film(path)
        with pytest.raises(UserError, match="only one picture"):
            open_camera(str(path), CameraSettings(), time.monotonic)
    with Film(write_film(tmp_path / "two.mp4", [picture(3), picture(4)])) as film:
        assert times_of(film) == pytest.approx([0.0, 0.02])


def test_sound_alone_is_no_film(tmp_path: Path) -> None:
    path = counting_film(tmp_path / "sound.mp4")
    path.write_bytes(path.read_bytes().replace(b"vide", b"soun").replace(b"vmhd", b"smhd"))
    with pytest.raises(UserError, match=r"no pictures in it, only sound"):
        Film(path)


def test_a_recording_that_broke_off_has_no_index(tmp_path: Path) -> None:
    path = counting_film(tmp_path / "film.mp4")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"moov") - 4])
    with pytest.raises(UserError, match=r"index \(moov\), which is written last, is missing"):
        Film(path)


def test_a_film_of_which_hardly_anything_is_there_is_cut_off(tmp_path: Path) -> None:
    path = index_first(counting_film(tmp_path / "film.mp4"))
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"mdat") + 40])
    with pytest.raises(UserError, match="cut off"):
        Film(path)


def test_a_film_of_noise_in_a_film_s_clothes_ends_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    noise = np.random.default_rng(3).integers(0, 255, 4000, np.uint8).tobytes()
    path.write_bytes(box(b"ftyp", b"isom" + bytes(4)) + box(b"moov", noise))
    with pytest.raises(UserError, match="cannot open film"):
        Film(path)
