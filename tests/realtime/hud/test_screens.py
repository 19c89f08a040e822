from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["SDL_VIDEODRIVER"] = "dummy"

import pygame

from config.settings import ScreenSettings
from realtime.hud import ActionKind, Screen, UserAction
from realtime.hud.texts import Texts, languages
from realtime.hud.theme import ACT, BACKGROUND, GREY, HIP, PELVIS, SURFACE, TEXT, WATCH
from tests.realtime.hud.sample_snapshots import STATES, sample


@pytest.fixture
def screen() -> Iterator[Screen]:
    made = Screen(ScreenSettings(), headless=True)
    made.open()
    yield made
    made.close()


@pytest.mark.parametrize("size", [(1024, 600), (1280, 720), (1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("language", ["en", "de"])
def test_no_text_is_cut_off_or_lies_over_another(size: tuple[int, int], language: str) -> None:
    screen = Screen(ScreenSettings(width=size[0], height=size[1]), language, headless=True)
    screen.open()
    try:
        for state in STATES:
            for view in ("coach", "runner"):
                screen.view(view)
                screen.show(sample(state))
                placed = screen.placed
                assert placed
                for text in placed:
                    assert text.inside.contains(text.rect), f"{state} {view}: {text}"
                for k, one in enumerate(placed):
                    for other in placed[k + 1 :]:
                        overlap = one.rect.clip(other.rect)
                        assert overlap.w <= 1 or overlap.h <= 1, (
                            f"{state} {view}: {one.text!r} over {other.text!r}"
                        )
    finally:
        screen.close()


def test_every_language_has_every_word() -> None:
    tables = [set(Texts(language)._table) for language in languages()]
    assert tables[0] == tables[1]


@pytest.mark.parametrize("colour", [TEXT, GREY, HIP, PELVIS, WATCH, ACT])
def test_every_colour_can_be_read_on_a_panel(colour: tuple[int, int, int]) -> None:
    assert _contrast(colour, SURFACE) >= 4.5
    assert _contrast(colour, BACKGROUND) >= 4.5


def _contrast(a: tuple[int, int, int], b: tuple[int, int, int]) -> float:
    def luminance(colour: tuple[int, int, int]) -> float:
        linear = [
            c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
            for c in (part / 255 for part in colour)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def press(key: int, unicode: str = "") -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=unicode, mod=0))


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (pygame.K_n, ActionKind.NEUTRAL),
        (pygame.K_b, ActionKind.BASELINE),
        (pygame.K_m, ActionKind.MUTE),
        (pygame.K_c, ActionKind.SAY_IT_NOW),
        (pygame.K_q, ActionKind.QUIT),
    ],
)
def test_a_key_is_a_wish(screen: Screen, key: int, kind: ActionKind) -> None:
    press(key)
    assert screen.show(sample("good")) == [UserAction(kind)]


def test_a_mark_carries_a_typed_note_and_its_letters_are_no_wishes(screen: Screen) -> None:
    press(pygame.K_SPACE, " ")
    for letter in "quick":
        press(ord(letter), letter)
    assert screen.show(sample("good")) == []
    assert any(text.text.startswith("quick") for text in screen.placed)
    press(pygame.K_RETURN, "\r")
    assert screen.show(sample("good")) == [UserAction(ActionKind.MARK, "quick")]


def test_a_missing_value_is_a_dash_with_its_reason_never_an_old_number(screen: Screen) -> None:
    screen.show(sample("good"))
    assert any(text.text.startswith("+3") for text in screen.placed)
    screen.show(sample("unknown"))
    words = [text.text for text in screen.placed]
    assert "loose clothing" in words
    assert not any(word.startswith("+3") for word in words)


def test_a_lost_camera_says_what_to_do(screen: Screen) -> None:
    screen.show(sample("camera lost"))
    assert any("cable" in text.text for text in screen.placed)


def test_the_view_changes_and_help_opens(screen: Screen) -> None:
    press(pygame.K_F2)
    screen.show(sample("good"))
    assert any(text.text == "HIP EXTENSION" for text in screen.placed)
    press(pygame.K_QUESTION, "?")
    screen.show(sample("good"))
    assert any(text.text == "Keys" for text in screen.placed)


def test_a_picture_of_the_screen_can_be_kept(screen: Screen, tmp_path: Path) -> None:
    screen.show(sample("good"))
    screen.screenshot(tmp_path / "screen.png")
    kept = pygame.image.load(str(tmp_path / "screen.png"))
    assert kept.get_size() == (1280, 720)
