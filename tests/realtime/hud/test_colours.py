"""Colours that mean something can be read, and told apart with any eyes."""

from __future__ import annotations

import itertools

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from hipcue.realtime.hud import View
from hipcue.realtime.hud.draw.draw_log import Placed
from hipcue.realtime.hud.draw.theme import (
    ACT,
    BACK,
    BACKGROUND,
    BAND,
    HIP,
    LINE,
    OTHER,
    PELVIS,
    RAISED,
    SECONDARY,
    SURFACE,
    TEXT,
    WATCH,
    Colour,
)
from hipcue.realtime.hud.widgets.skeleton import CHIP_GROUND
from tests.realtime.hud.opened import opened, settle
from tests.realtime.hud.sample_snapshots import STATES, snapshot
from tests.realtime.hud.test_nothing_is_cut_off import contrast

MEANINGS = {"hip": HIP, "pelvis": PELVIS, "back": BACK, "watch": WATCH, "act": ACT, "other": OTHER}

# Machado, Oliveira and Fernandes 2009, severity 1.0; they apply to linear RGB.
EYES = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
# CIE 1976 difference; 2.3 is just noticeable. Our choice of what is plain at a glance.
PLAIN = 20.0


def linear(colour: Colour) -> NDArray[np.float64]:
    part = np.array(colour) / 255.0
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE L*a*b* (D65) of linear RGB."""
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = to_xyz @ np.clip(rgb, 0.0, 1.0) / np.array([0.95047, 1.0, 1.08883])
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def difference(one: Colour, other: Colour, eyes: str) -> float:
    seen = [lab(EYES[eyes] @ linear(colour)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def test_the_measure_itself_is_right() -> None:
    assert lab(linear((255, 255, 255))) == pytest.approx([100.0, 0.0, 0.0], abs=0.02)
    assert lab(linear((255, 0, 0))) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21.0)
    # A red and a green of one lightness: far apart for most, close for deuteranopes.
    red, green = (200, 80, 60), (120, 130, 50)
    assert difference(red, green, "usual") > 2 * difference(red, green, "deuteranopia")


@pytest.mark.parametrize("ground", [BACKGROUND, SURFACE, RAISED, CHIP_GROUND])
@pytest.mark.parametrize("colour", [TEXT, SECONDARY, *MEANINGS.values()])
def test_every_colour_can_be_read_on_every_ground(colour: Colour, ground: Colour) -> None:
    assert contrast(colour, ground) >= 4.5


def seen_ground(picture: NDArray[np.uint8], item: Placed) -> Colour:
    """What words lie on in the picture: of the two commonest colours the one further from ink."""
    box = pygame.Rect(item.box)
    # A dash fills its box: some of what is around it belongs to it.
    box.inflate_ip(4 + item.size_px // 4, 4 + item.size_px // 4)
    box.clamp_ip(pygame.Rect(0, 0, picture.shape[1], picture.shape[0]))
    pixels = picture[box.top : box.bottom, box.left : box.right].reshape(-1, 3)
    # One number a colour: numbers are counted much faster than rows.
    colours, counts = np.unique(pixels @ np.array([1 << 16, 1 << 8, 1]), return_counts=True)
    common = colours[np.argsort(counts)[-2:], None] >> np.array([16, 8, 0]) & 255
    far = common[np.argmax(np.abs(common.astype(int) - item.colour).sum(axis=1))]
    return int(far[0]), int(far[1]), int(far[2])


@pytest.mark.parametrize("view", View)
def test_words_on_the_screen_itself_can_be_read(view: View) -> None:
    """As drawn: what a text says it lies on could be wrong."""
    with opened((1920, 1080), view=view) as screen:
        for state in STATES:
            settle(screen, snapshot(state))
            surface = pygame.display.get_surface()
            picture = pygame.surfarray.array3d(surface).swapaxes(0, 1)
            for item in screen.placed:
                if not item.sign:
                    ground = seen_ground(picture, item)
                    assert contrast(item.colour, ground) >= 4.5, (state, item.words, ground)


def test_curves_stand_out_from_the_band_they_run_through() -> None:
    """WCAG 2.1, 1.4.11: three to one for what is no text."""
    for curve in (HIP, OTHER, PELVIS, WATCH, SECONDARY):
        assert contrast(curve, BAND) >= 3.0
        assert contrast(curve, SURFACE) >= 3.0


def test_buttons_and_bars_can_be_read() -> None:
    for ground in (HIP, PELVIS, TEXT):
        assert contrast(BACKGROUND, ground) >= 4.5
    assert contrast(TEXT, LINE) >= 4.5
    assert contrast(SECONDARY, LINE) >= 4.5


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hip", "pelvis"),  # side by side in the budget
        ("pelvis", "back"),
        ("hip", "back"),
        ("hip", "other"),  # the legs' curves
        ("watch", "act"),  # the two that call
        ("calm", "watch"),  # the runner's number
        ("calm", "act"),
        ("hip", "watch"),
        ("hip", "act"),
    ],
)
def test_colours_that_meet_are_told_apart(one: str, other: str, eyes: str) -> None:
    every = {**MEANINGS, "calm": TEXT}
    assert difference(every[one], every[other], eyes) >= PLAIN


@pytest.mark.parametrize("eyes", EYES)
def test_no_two_meanings_look_the_same(eyes: str) -> None:
    for one, other in itertools.combinations(MEANINGS, 2):
        assert difference(MEANINGS[one], MEANINGS[other], eyes) > 10.0, (one, other)
