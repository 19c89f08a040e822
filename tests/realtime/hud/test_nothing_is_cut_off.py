"""Every scene in every state, at every size, in both languages: no word cut off, none over
another, every one large and light enough to be read."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pygame
import pytest

from hipcue.realtime.hud import View
from hipcue.realtime.hud.draw.draw_log import Placed
from hipcue.realtime.records import PelvisSource
from hipcue.realtime.view.snapshot import Choices, Snapshot
from tests.realtime.hud.opened import SIZES, opened, press, settle
from tests.realtime.hud.sample_snapshots import STATES, snapshot
from tests.realtime.hud.setup_stories import stories

DIALOGS = {
    "mark": pygame.K_SPACE,
    "cues": pygame.K_c,
    "name": pygame.K_r,
    "help": pygame.K_F1,
    "latency": pygame.K_l,
    "quit": pygame.K_q,
}
LEAST_PX = 12
LEAST_CONTRAST = 4.5


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Contrast ratio as WCAG 2.1 defines it."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def faults(placed: list[Placed], size: tuple[int, int]) -> Iterator[str]:
    """What a reader would stumble over in the last frame."""
    window = pygame.Rect((0, 0), size)
    for item in placed:
        box, room = pygame.Rect(item.box), pygame.Rect(item.room)
        if not window.contains(box) or not room.contains(box):
            yield f"{item.words!r} at {item.box} leaves {item.room}"
        if item.cut:
            yield f"{item.words!r} is cut short"
        if not item.sign and item.size_px < LEAST_PX:
            yield f"{item.words!r} is only {item.size_px} px"
        if not item.sign and contrast(item.colour, item.ground) < LEAST_CONTRAST:
            yield f"{item.words!r} has contrast {contrast(item.colour, item.ground):.1f}"
    for layer in {item.layer for item in placed}:
        yield from collisions([item for item in placed if item.layer == layer])


def collisions(placed: list[Placed]) -> Iterator[str]:
    """Words over words, and words over signs; signs may fall together."""
    box = np.array([item.box for item in placed])
    word = np.array([not item.sign for item in placed])
    low, high = box[:, :2], box[:, :2] + box[:, 2:]
    apart = (low[:, None] >= high[None]) | (high[:, None] <= low[None])
    over = ~apart.any(axis=2) & (word[:, None] | word[None])
    for one, other in np.argwhere(np.triu(over, 1)):
        first, second = placed[one], placed[other]
        yield f"{first.words!r} {first.box} lies over {second.words!r} {second.box}"


def half_covered(placed: list[Placed], sheets: list[pygame.Rect]) -> Iterator[str]:
    """Words of the scene that a dialog cuts through."""
    for item in placed:
        box = pygame.Rect(item.box)
        for sheet in sheets:
            if item.layer == 0 and sheet.colliderect(box) and not sheet.contains(box):
                yield f"{item.words!r} {item.box} is cut by a dialog at {sheet}"


def told(state: str, language: str) -> Snapshot:
    shown = snapshot(state, language=language)
    chosen = Choices("faded", "external", 4.5)
    return replace(shown, choices=chosen, known_runners=("Ada", "Ben"))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_view_in_every_state(size: tuple[int, int], language: str) -> None:
    with opened(size, language) as screen:
        for view in View:
            screen.view = view
            for state in STATES:
                screen.show(told(state, language))
                assert list(faults(screen.placed, size)) == [], f"{view} {state}"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_step_of_the_set_up(size: tuple[int, int], language: str) -> None:
    with opened(size, language) as screen:
        for name, shown in stories().items():
            for view in View:
                screen.view = view
                screen.show(shown)
                assert list(faults(screen.placed, size)) == [], f"{view} {name}"


@pytest.mark.parametrize("language", ["en", "de"])
def test_on_the_way_from_one_state_to_the_next(language: str) -> None:
    """Panels are drawn anew one after the other: no frame in between may be broken."""
    with opened((1024, 600), language) as screen:
        for before, after in itertools.pairwise((*STATES, *STATES[::-1])):
            settle(screen, told(before, language))
            shown = told(after, language)
            for frame in range(12):
                screen.show(replace(shown, t_s=shown.t_s + frame / 60))
                found = list(faults(screen.placed, (1024, 600)))
                assert found == [], f"{before} to {after}, {frame}"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_dialog_over_every_view(size: tuple[int, int], language: str) -> None:
    with opened(size, language) as screen:
        for view in View:
            screen.view = view
            for name, key in DIALOGS.items():
                press(key)
                screen.show(told("compensating", language))
                assert screen.dialog is not None, name
                assert list(faults(screen.placed, size)) == [], f"{view} {name}"
                sheets = [pygame.Rect(t.box) for t in screen.targets if t.layer == 1 and not t.name]
                assert sheets
                assert list(half_covered(screen.placed, sheets)) == [], f"{view} {name}"
                press(pygame.K_ESCAPE)
                screen.show(told("compensating", language))
                assert screen.dialog is None, name


@pytest.mark.parametrize(
    "size", [(1024, 768), (1280, 1024), (1366, 768), (1600, 1200), (2560, 1080), (1200, 1600)]
)
@pytest.mark.parametrize("picture", [(1280, 720), (720, 1280), (960, 720)], ids=str)
def test_windows_and_cameras_of_other_shapes(
    size: tuple[int, int], picture: tuple[int, int]
) -> None:
    with opened(size, "de") as screen:
        for view in View:
            screen.view = view
            screen.show(snapshot("compensating", size=picture, language="de"))
            assert list(faults(screen.placed, size)) == [], view


@pytest.mark.parametrize("source", [PelvisSource.TAG, PelvisSource.CONTOUR])
def test_decimals_of_a_surer_source_fit_too(source: PelvisSource) -> None:
    with opened((1024, 600), "de") as screen:
        screen.show(snapshot("compensating", language="de", pelvis=source))
        assert list(faults(screen.placed, (1024, 600))) == []


def test_a_window_smaller_than_the_least_shows_it_scaled_down() -> None:
    with opened((1024, 600)) as screen:
        pygame.display.set_mode((640, 400), pygame.RESIZABLE)
        pygame.event.post(pygame.event.Event(pygame.VIDEORESIZE, size=(640, 400), w=640, h=400))
        screen.show(snapshot("good"))
        assert list(faults(screen.placed, (1024, 640))) == []
