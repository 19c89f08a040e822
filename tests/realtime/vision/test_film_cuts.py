"""Cuts in films: another scene, or a later moment of the same one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.vision.film_cuts import FilmCuts

FPS, STRIDE_S = 50.0, 0.7
SIZE = (320, 200)
Image = NDArray[np.uint8]


def room(seed: int) -> Image:
    """A room: large patches, each of its own grey."""
    patches = np.random.default_rng(seed).integers(40, 200, (6, 9), np.uint8)
    grey = cv2.resize(patches, SIZE, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


ROOMS = [room(seed) for seed in range(3)]


def scene(t_s: float, number: int = 0, runs: bool = True) -> Image:
    """Two legs that swing before a room."""
    image = ROOMS[number].copy()
    for k in range(2):
        swing = np.sin(2 * np.pi * (t_s / STRIDE_S + k / 2)) if runs else 0.2 * k
        foot = (round(160 + 50 * swing), 180 - round(20 * max(0.0, swing)))
        cv2.line(image, (160, 90), foot, (250, 250, 250) if k else (10, 10, 10), 14)
    cv2.line(image, (160, 90), (162, 30), (30, 30, 90), 22)
    return image


def cuts(pictures: Iterable[Image], step_s: Callable[[int], float] | None = None) -> dict:
    """What is found, by the number of the picture that it begins with."""
    found, watch, t_s, asked = {}, FilmCuts(), 0.0, 0

    def take(last: bool) -> None:
        nonlocal asked
        while (decided := watch.next_decided(last)) is not None:
            if decided[0] is not None:
                found[asked] = decided[0].code
            asked += 1

    for number, image in enumerate(pictures):
        watch.add(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), t_s)
        t_s += 1 / FPS if step_s is None else step_s(number)
        take(False)
    take(True)
    assert asked == number + 1, "every picture is decided once"
    assert len(watch.found) == len(found)
    return found


def times(*spans: tuple[float, float]) -> list[float]:
    return [start + k / FPS for start, end in spans for k in range(round((end - start) * FPS))]


def test_a_film_that_is_not_cut_has_no_cuts() -> None:
    assert cuts(scene(t) for t in times((0.0, 4.0))) == {}


def test_another_scene_is_found_at_its_first_picture() -> None:
    film = [scene(t, number=int(t // 1.6)) for t in times((0.0, 4.0))]
    assert cuts(film) == {80: ReasonCode.FILM_CUT, 160: ReasonCode.FILM_CUT}


def test_another_scene_in_which_nobody_moves_is_found_too() -> None:
    film = [scene(0.0, number=int(t // 1.6), runs=False) for t in times((0.0, 3.0))]
    assert cuts(film) == {80: ReasonCode.FILM_CUT}


@pytest.mark.parametrize("skipped_s", [0.12, 0.2, 0.3, 1.6, -0.5, -1.2])
def test_a_later_or_earlier_moment_of_the_scene_is_a_jump(skipped_s: float) -> None:
    film = [scene(t) for t in times((0.0, 2.0), (2.0 + skipped_s, 4.0 + skipped_s))]
    assert cuts(film) == {100: ReasonCode.FILM_JUMPS}


def test_who_begins_to_run_or_stops_is_no_jump() -> None:
    film = [scene(0.0, runs=False) for _ in range(80)]
    film += [scene(t) for t in times((0.0, 2.0))]
    film += [scene(2.0) for _ in range(80)]
    assert cuts(film) == {}


def test_a_film_that_stutters_is_not_cut_all_over() -> None:
    """Three pictures are missing twice a second."""
    film = [scene(t) for k, t in enumerate(times((0.0, 6.0))) if k < 60 or k % 25 > 2]
    assert len(cuts(film)) <= 2


def test_pictures_whose_stamps_say_that_time_went_by_are_no_jump() -> None:
    film = [scene(t) for t in times((0.0, 2.0), (2.2, 4.0))]
    assert cuts(film, lambda number: 0.22 if number == 99 else 0.02) == {}


def test_a_scene_that_fades_into_another_is_noticed_and_counted_once() -> None:
    watch, faded = FilmCuts(), []
    for k, t_s in enumerate(times((0.0, 4.0))):
        share = min(max((k - 80) / 25, 0.0), 1.0)
        image = cv2.addWeighted(scene(t_s), 1 - share, scene(t_s, 1), share, 0)
        watch.add(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), t_s)
        while (decided := watch.next_decided()) is not None:
            assert decided == (None,)
            if watch.faded:
                faded.append(watch._steps[-1 - watch._undecided].t_s)
                watch.take_fade(faded[-1])
    assert len(faded) == len(watch.found) == 1
    assert 1.6 < faded[0] < 2.3


def test_light_that_changes_is_no_cut() -> None:
    film = [scene(t) for t in times((0.0, 4.0))]
    lit = [
        cv2.convertScaleAbs(image, alpha=1.0, beta=30.0 * (k > 90)) for k, image in enumerate(film)
    ]
    assert cuts(np.asarray(image, np.uint8) for image in lit) == {}


def test_a_camera_that_begins_to_swing_is_no_cut() -> None:
    wide = [
        cv2.copyMakeBorder(scene(t), 0, 0, 80, 80, cv2.BORDER_REFLECT) for t in times((0.0, 4.0))
    ]
    film = []
    for k, image in enumerate(wide):
        x = round(80 + 60 * np.sin(max(0, k - 80) / 12))
        film.append(np.ascontiguousarray(image[:, x : x + 320], np.uint8))
    assert cuts(film) == {}


def test_pictures_of_another_size_and_few_pictures_do_no_harm() -> None:
    assert cuts([scene(0.0)]) == {}
    assert cuts([scene(0.0), scene(0.1)]) == {}
    assert (
        cuts([scene(0.0)] * 30 + [np.asarray(cv2.resize(scene(0.0), (64, 64)), np.uint8)] * 30)
        == {}
    )
