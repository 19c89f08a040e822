"""What lies over the picture: the source of the tilt on the body, words beside the head."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pygame
import pytest

from hipcue.realtime.hud.draw.theme import BACK, HIP, WATCH
from hipcue.realtime.records import Joint, PelvisReading, PelvisSource
from hipcue.realtime.view.snapshot import Snapshot
from tests.realtime.hud.opened import SIZES, LoggedScreen, opened, settle, words_on
from tests.realtime.hud.sample_snapshots import NOW_S, snapshot

LEGS = ("hip", "knee", "ankle", "heel", "toe")


def picture_of(size: tuple[int, int]) -> pygame.Rect:
    """Where a 16:9 picture lies in a window."""
    scale = min(size[0] / 1920, size[1] / 1080)
    return pygame.Rect(round(24 * scale), 0, round(0.6 * size[0]), round(0.6 * size[0] * 9 / 16))


def words_over_the_picture(screen: LoggedScreen, size: tuple[int, int]) -> list[pygame.Rect]:
    """All but the numbers of thigh and tilt, which belong beside the body."""
    picture = picture_of(size)
    lead = round(0.06 * size[1])
    shown = [i for i in screen.placed if not i.sign and not i.words.endswith("°")]
    boxes = [pygame.Rect(item.box) for item in shown]
    return [b for b in boxes if b.right < picture.right and lead < b.top < lead + picture.h]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_cue_and_what_is_wrong_leave_the_legs_free(size: tuple[int, int]) -> None:
    shown = replace(snapshot("compensating", language="de"), notices=snapshot("unknown").notices)
    assert shown.result is not None
    with opened(size, "de") as screen:
        settle(screen, shown)
        over = words_over_the_picture(screen, size)
        quoted = next(i for i in screen.placed if i.words.startswith("„"))
        assert pygame.Rect(quoted.box) in over
        scale = picture_of(size).w / 1280
        hip_px = shown.result.preview_pose.xy_px[Joint.L_HIP]
        left = picture_of(size).left
        assert max(box.right for box in over) < left + scale * hip_px[0]


def test_praise_is_not_the_colour_of_a_warning() -> None:
    shown = snapshot("compensating")
    praise = replace(shown.cues[-1], event="good_stretch", text="That's it")
    colours = []
    for cue in (shown.cues[-1], praise):
        with opened((1920, 1080)) as screen:
            settle(screen, replace(shown, cues=(cue,)))
            said = next(i for i in screen.placed if i.words == f"“{cue.text}”")
            surface = pygame.display.get_surface()
            at = (said.box[0] - 21, said.box[1] + said.box[3] // 2)
            colours.append(tuple(surface.get_at(at))[:3])
    assert colours == [WATCH, HIP]


def test_strides_since_a_cue_are_those_of_one_leg() -> None:
    """Since the last cue five strides of the left leg and four of the right one have ended."""
    with opened((1920, 1080)) as screen:
        settle(screen, snapshot("compensating"))
        assert any("5 strides ago" in word for word in words_on(screen))


def with_reading(reading: PelvisReading) -> Snapshot:
    shown = snapshot("good")
    assert shown.result is not None
    pose = replace(shown.result.preview_pose, pelvis=(reading,))
    return replace(shown, result=replace(shown.result, preview_pose=pose))


def violet_at(screen: LoggedScreen, x: float, y: float) -> bool:
    """Whether the picture's pixel, in a window of 1920x1080, is drawn over."""
    at = (round(24 + 0.9 * x), round(88 + 0.9 * y))
    return tuple(pygame.display.get_surface().get_at(at))[:3] == BACK


OUTLINE = np.array([[500.0, 420.0], [510.0, 380.0], [505.0, 330.0]])


def test_the_back_is_drawn_where_it_was_read() -> None:
    reading = PelvisReading(NOW_S, PelvisSource.CONTOUR, 20.0, 0.5, paths_px=(OUTLINE,))
    with opened((1920, 1080)) as screen:
        settle(screen, with_reading(reading))
        for first, second in pairwise(OUTLINE):
            assert violet_at(screen, *(first + second) / 2)
        # A back is no closed shape.
        assert not violet_at(screen, *(OUTLINE[0] + OUTLINE[-1]) / 2)


def test_a_square_is_drawn_all_around() -> None:
    square = np.array([[520.0, 360.0], [560.0, 360.0], [560.0, 400.0], [520.0, 400.0]])
    reading = PelvisReading(NOW_S, PelvisSource.TAG, 20.0, 0.5, paths_px=(square,))
    with opened((1920, 1080)) as screen:
        settle(screen, with_reading(reading))
        for first, second in pairwise((*square, square[0])):
            assert violet_at(screen, *(0.6 * first + 0.4 * second))


def test_what_was_read_in_an_earlier_picture_is_not_drawn_on_this_one() -> None:
    reading = PelvisReading(NOW_S - 0.1, PelvisSource.CONTOUR, 20.0, 0.5, paths_px=(OUTLINE,))
    with opened((1920, 1080)) as screen:
        settle(screen, with_reading(reading))
        assert not violet_at(screen, *(OUTLINE[0] + OUTLINE[1]) / 2)


def test_the_coach_sees_the_countdown_of_a_neutral_too() -> None:
    with opened((1280, 720)) as screen:
        settle(screen, snapshot("neutral"))
        words = words_on(screen)
        assert "2" in words
        assert words.count("stand still") == 2  # beside the ring, and the state
