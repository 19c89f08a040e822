"""Films: every frame once, with the container's own times."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import CameraSettings
from hipcue.devices.camera import Film, film_frames, open_camera
from hipcue.devices.camera.film import FilmClock
from hipcue.devices.readings import DeviceStatus, LinkState
from tests.devices.camera.films import (
    counting_film,
    lying_down,
    number_of,
    timescale_of,
    with_durations,
)


def test_every_frame_comes_once_in_order_with_its_time(tmp_path):
    frames = list(film_frames(counting_film(tmp_path / "film.mp4", frames=20, fps=50.0)))
    assert [number_of(frame.image_bgr) for frame in frames] == list(range(20))
    assert [frame.index for frame in frames] == list(range(20))
    assert [frame.t_capture_s for frame in frames] == pytest.approx(
        [0.02 * number for number in range(20)]
    )
    assert frames[-1].dropped == 0


def test_a_film_tells_its_size_rate_and_length_for_the_progress_bar(tmp_path):
    with Film(counting_film(tmp_path / "film.mp4", frames=20, fps=50.0)) as film:
        assert film.size_px == (96, 64)
        assert film.fps == pytest.approx(50.0)
        assert film.frames == 20
        assert film.duration_s == pytest.approx(0.4)
        assert len(list(film_frames(film))) == 20


def test_nobody_can_draw_into_a_frame_that_others_read(tmp_path):
    frame = next(film_frames(counting_film(tmp_path / "film.mp4")))
    with pytest.raises(ValueError, match="read-only"):
        frame.image_bgr[0, 0] = 0


def test_a_phone_film_with_variable_frame_rate_keeps_its_own_times(tmp_path):
    path = counting_film(tmp_path / "phone.mp4", frames=8, fps=50.0)
    tick = timescale_of(path) // 50
    with_durations(path, [tick, tick, 2 * tick, tick, 3 * tick, tick, tick, tick])
    times = [frame.t_capture_s for frame in film_frames(path)]
    assert times == pytest.approx([0.0, 0.02, 0.04, 0.08, 0.10, 0.16, 0.18, 0.20])


def test_a_film_taken_upright_stands_upright(tmp_path):
    path = lying_down(counting_film(tmp_path / "upright.mp4"))
    with Film(path) as film:
        assert film.size_px == (64, 96)
    image = next(film_frames(path)).image_bgr
    assert image.shape == (96, 64, 3)
    # The white corner was top left of the lying picture; a turn to the right moves it.
    assert image[:10, -10:].mean() > 200
    assert image[:10, :10].mean() < 50


def test_frames_that_share_a_time_stamp_are_still_one_after_the_other(tmp_path):
    path = counting_film(tmp_path / "odd.mp4", frames=10, fps=50.0)
    tick = timescale_of(path) // 50
    with_durations(path, [tick, 0, 0, tick, tick, tick, tick, tick, tick, tick])
    times = [frame.t_capture_s for frame in film_frames(path)]
    assert len(times) == 10
    assert all(later > earlier for earlier, later in itertools.pairwise(times))


@pytest.mark.parametrize(
    ("stamps_ms", "times_s"),
    [
        ([0, 20, 40, 60], [0, 0.02, 0.04, 0.06]),
        ([500, 520, 540, 560], [0, 0.02, 0.04, 0.06]),  # a film cut out of a longer one
        ([0, 0, 0, 0], [0, 0.02, 0.04, 0.06]),  # no stamps at all
        ([0, 20, 20, 60], [0, 0.02, 0.04, 0.06]),  # one repeated
        ([0, 20, 10, 60], [0, 0.02, 0.04, 0.06]),  # one out of order
        ([0, 20, 120, 140], [0, 0.02, 0.12, 0.14]),  # a real gap stays a gap
        ([0, 2000, 0, 20], [0, 2.0, 2.02, 2.04]),  # joined from two pieces
        ([0, float("nan"), 40, 60], [0, 0.02, 0.04, 0.06]),
    ],
)
def test_times_only_ever_grow(stamps_ms, times_s):
    clock = FilmClock(fps=50.0)
    assert [clock.stamp(stamp) for stamp in stamps_ms] == pytest.approx(times_s)


def test_without_stamps_and_without_a_rate_the_time_is_unknown_not_guessed():
    clock = FilmClock(fps=None)
    assert clock.stamp(0.0) == 0.0
    assert clock.stamp(0.0) is None


@pytest.mark.parametrize(
    ("name", "content", "seen"),
    [
        ("empty.mp4", b"", "empty"),
        ("notes.mp4", b"not a film " * 500, "no film"),
        ("film.jpg.txt", b"\x00" * 4000, "no film"),
    ],
)
def test_a_file_that_is_no_film_ends_in_one_line(tmp_path, capfd, name, content, seen):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        film_frames(path)
    assert str(path) in caught.value.failed
    assert seen in caught.value.seen
    assert caught.value.try_this
    assert capfd.readouterr().err == "", "OpenCV must not print its own words"


def test_a_cut_off_film_ends_in_one_line(tmp_path, capfd):
    path = counting_film(tmp_path / "cut.mp4")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(UserError, match="cut off"):
        film_frames(path)
    assert capfd.readouterr().err == ""


def test_a_film_without_a_picture_ends_in_one_line(tmp_path):
    path = with_durations(counting_film(tmp_path / "none.mp4", frames=1), [])
    path.write_bytes(path.read_bytes().replace(b"stsz", b"free", 1))
    with pytest.raises(UserError, match=r"cannot (open|read) film"):
        film_frames(path)


def test_a_missing_film_and_a_folder_end_in_one_line(tmp_path):
    with pytest.raises(UserError, match="No such file"):
        film_frames(tmp_path / "none.mp4")
    with pytest.raises(UserError, match="folder"):
        film_frames(tmp_path)


def play(camera):
    """Take every frame of a camera until it ends."""
    frames = []
    camera.start()
    while not camera.ended:
        frame = camera.latest(timeout_s=5.0)
        if frame is not None:
            frames.append(frame)
    camera.close()
    return frames


def test_a_film_as_a_camera_plays_at_its_own_pace_and_ends(tmp_path):
    path = counting_film(tmp_path / "film.mp4", frames=20, fps=50.0)
    camera = open_camera(str(path), CameraSettings(), time.monotonic)
    assert camera.status().state is LinkState.WAITING
    before_s = time.monotonic()
    frames = play(camera)
    after_s = time.monotonic()
    # The stamps lie on the session's clock and step exactly as the container says,
    # whatever the machine had to do meanwhile.
    first_s = frames[0].t_capture_s - 0.02 * frames[0].index
    assert before_s <= first_s <= after_s
    for frame in frames:
        assert frame.t_capture_s - first_s == pytest.approx(0.02 * frame.index)
        assert frame.t_capture_s <= after_s, "no frame comes before its time"
        assert number_of(frame.image_bgr) == frame.index
    assert len(frames) + frames[-1].dropped >= frames[-1].index + 1
    assert camera.status() == DeviceStatus("camera", LinkState.OFF, Reason(ReasonCode.FILM_OVER))
    assert camera.latest(0.0) is None


def test_a_slow_consumer_gets_the_newest_frame_and_the_count_of_the_lost(tmp_path):
    path = counting_film(tmp_path / "film.mp4", frames=10, fps=100.0)
    ticks = itertools.count()
    camera = open_camera(str(path), CameraSettings(), lambda: 0.005 * next(ticks))
    camera.start()
    camera._thread.join(30.0)
    assert not camera.ended, "the last frame is still to be had"
    frame = camera.latest(0.0)
    assert frame.index == 9
    assert frame.dropped == 9
    assert camera.ended


def test_closing_in_the_middle_of_a_film_ends_it(tmp_path):
    path = counting_film(tmp_path / "film.mp4", frames=300, fps=30.0)
    camera = open_camera(str(path), CameraSettings(), time.monotonic)
    camera.start()
    assert camera.latest(5.0) is not None
    camera.close()
    camera.latest(0.0)
    assert camera.ended
    camera.close()  # a second time does nothing


def test_a_film_that_was_never_started_closes_too(tmp_path):
    path = counting_film(tmp_path / "film.mp4")
    camera = open_camera(str(path), CameraSettings(), time.monotonic)
    assert camera.size_px == (96, 64)
    assert camera.fps.got == pytest.approx(50.0)
    assert camera.fps.asked is None
    camera.close()
    assert camera.ended


def test_frames_of_a_black_and_white_camera_get_three_channels():
    from hipcue.devices.camera.film import as_bgr

    image = as_bgr(np.full((4, 6), 7, np.uint8))
    assert image.shape == (4, 6, 3)
    assert (image == 7).all()
