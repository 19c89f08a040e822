"""Pictures that show the one before once more are found, whatever the encoder made of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat

import cv2
import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import CameraSettings
from hipcue.devices.camera.film import Film, film_frames
from hipcue.devices.camera.live import LiveCamera, Opened
from hipcue.devices.camera.paced import PacedFilm
from hipcue.devices.camera.repeats import RepeatDetector
from tests.devices.camera.films import Image, write_film
from tests.devices.camera.test_live import TickingClock, wait_for

FPS = 60.0
SIZE = (160, 120)
_X, _Y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
_WALL = 110 + 30 * np.sin(_X / 9.0) * np.cos(_Y / 12.0)


def room(noise: float, chance: np.random.Generator) -> Image:
    """A room in which nothing moves but the noise of the sensor."""
    grey = _WALL + noise * chance.standard_normal(_WALL.shape)
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def runner(t_s: float, noise: float, chance: np.random.Generator) -> Image:
    """Legs and arms that swing before it, never all at rest at once."""
    image = room(noise, chance)
    for limb in range(4):
        swing = 0.7 * np.sin(2 * np.pi * (1.4 * t_s + limb / 8))
        end = (80 + int(45 * np.sin(swing)), 55 + int(45 * np.cos(swing)))
        cv2.line(image, (80, 55), end, (30, 40, 60 + 45 * limb), 8)
    return image


def pictures(count: int, shown: Iterator[int], noise: float = 3.0) -> list[Image]:
    """So many pictures, of each instant the one that is shown (number of a frame at 60)."""
    chance = np.random.default_rng(3)
    taken: dict[int, Image] = {}
    found = []
    for _ in range(count):
        k = next(shown)
        if k not in taken:
            taken[k] = runner(k / FPS, noise, chance)
        found.append(taken[k])
    return found


def held(times: int) -> Iterator[int]:
    return (k - k % times for k in range(10**6))


def look(images: list[Image], fps: float = FPS) -> tuple[list[bool], RepeatDetector]:
    detector = RepeatDetector()
    return [detector.repeats(image, k / fps) for k, image in enumerate(images)], detector


@pytest.mark.parametrize(("times", "real"), [(2, 30), (4, 15)])
def test_pictures_that_are_held_are_found_after_they_were_encoded_anew(tmp_path, times, real):
    film = write_film(tmp_path / "held.mp4", pictures(180, held(times)), FPS)
    detector = RepeatDetector()
    new = [f.index for f in film_frames(film) if not detector.repeats(f.image_bgr, f.t_capture_s)]
    # Of the first few nobody can tell yet.
    assert [k for k in new if k >= 12] == list(range(12, 180, times))
    assert detector.remark() == Reason(ReasonCode.PICTURES_REPEAT, real=real, shown=60)


@pytest.mark.parametrize("noise", [0.0, 3.0, 10.0])
def test_a_runner_never_repeats(noise):
    repeated, detector = look(pictures(120, iter(range(120)), noise))
    assert not any(repeated)
    assert detector.remark() is None


def test_24_pictures_a_second_in_30():
    shown = (round((k * 24 // 30) * FPS / 24) for k in range(10**6))
    repeated, detector = look(pictures(150, shown), 30.0)
    assert [k for k in range(20, 150) if repeated[k]] == list(range(21, 150, 5))
    assert detector.remark() == Reason(ReasonCode.PICTURES_REPEAT, real=24, shown=30)


@pytest.mark.parametrize("hung", [3, 6, 18])
def test_a_picture_that_hangs_for_a_moment(hung):
    shown = chain(range(60), repeat(59, hung), range(60 + hung, 10**6))
    repeated, _ = look(pictures(120, shown))
    assert [k for k in range(120) if repeated[k]] == list(range(60, 60 + hung))


def test_somebody_who_stands_still_is_seen_all_the_same():
    chance = np.random.default_rng(4)
    clean = [room(0.0, chance)] * 180
    assert not any(look(clean)[0])
    noisy = [room(4.0, chance) for _ in range(120)]
    assert not any(look(noisy)[0])


def test_who_comes_to_rest_is_seen_again_after_half_a_second_at_the_latest():
    standing = [room(0.0, np.random.default_rng(4))] * 120
    repeated, _ = look(pictures(60, iter(range(60)), 0.0) + standing)
    assert not any(repeated[60 + 31 :])
    assert not any(repeated[:60])


def test_a_live_camera_does_not_hand_on_what_repeats(tmp_path):
    film = write_film(tmp_path / "webcam.mp4", pictures(120, held(2)), FPS)
    capture = cv2.VideoCapture(str(film))
    clock = TickingClock(1 / FPS)
    camera = LiveCamera(Opened(capture, SIZE, FPS), lambda: None, CameraSettings(fps=60), clock)
    seen = []
    put = camera._mailbox.put
    camera._mailbox.put = lambda frame: (seen.append(frame.index), put(frame))[1]
    camera.start()
    wait_for(lambda: camera._opened is None)
    camera.close()
    assert [k for k in seen if k >= 12] == list(range(12, 120, 2))


def test_a_film_as_a_camera_says_how_many_pictures_are_real(tmp_path):
    film = write_film(tmp_path / "held.mp4", pictures(90, held(3)), FPS)
    camera = PacedFilm(Film(film), TickingClock(1 / FPS))
    frames = []
    camera._mailbox.put = frames.append
    camera.start()
    wait_for(lambda: camera._mailbox.ended)
    assert [f.index for f in frames if f.index >= 12] == list(range(12, 90, 3))
    assert camera._repeats.light() == Reason(ReasonCode.CAMERA_REPEATS, real=20, shown=60)
    camera.close()
