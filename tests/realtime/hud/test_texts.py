"""Words in every language, and numbers as that language writes them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from hipcue.config.languages import LANGUAGES
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.hud.facts.metric_style import SHOWN
from hipcue.realtime.hud.facts.texts import (
    Texts,
    all_words,
    clock,
    decimals_deserved,
    sentence,
)
from hipcue.realtime.records import RunnerState

HOUSE = Path(__file__).parents[3]


def literal(node: ast.expr) -> list[str]:
    """The texts that an expression can be; what is filled in becomes ``7``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(p.value if isinstance(p, ast.Constant) else "7" for p in node.values)]
    if isinstance(node, ast.IfExp):
        return literal(node.body) + literal(node.orelse)
    if isinstance(node, ast.BoolOp):
        return [text for value in node.values for text in literal(value)]
    return []


def test_every_word_is_there_in_every_language() -> None:
    lacking = [
        (key, language)
        for key, words in all_words().items()
        for language in LANGUAGES
        if not words.get(language)
    ]
    assert lacking == []


def test_translations_fill_in_the_same_values() -> None:
    for key, words in all_words().items():
        places = {
            language: set(re.findall(r"\{(\w+)\}", words[language])) for language in LANGUAGES
        }
        assert places["en"] == places["de"], key


def test_every_word_that_the_screens_ask_for_is_in_the_table() -> None:
    asked: set[str] = set()
    for path in (HOUSE / "realtime" / "hud").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "texts":
                asked.update(key for arg in node.args[:1] for key in literal(arg))
    fixed = {key for key in asked if "7" not in key}
    assert len(fixed) > 60
    assert sorted(fixed - set(all_words())) == []
    for key in asked - fixed:
        pattern = re.escape(key).replace("7", ".+")
        assert any(re.fullmatch(pattern, known) for known in all_words()), key


def test_every_state_and_metric_has_its_words() -> None:
    words = all_words()
    for state in RunnerState:
        assert f"state.{state.name.lower()}" in words
        assert f"runner.{state.name.lower()}" in words
    for metric, shown in SHOWN.items():
        assert f"metric.{metric}" in words
        assert f"metric_short.{metric}" in words
        assert f"unit.{shown.unit}" in words


def test_reasons_and_advice_are_in_the_language_of_the_screen() -> None:
    german = Texts("de")
    feet = Reason(ReasonCode.FEET_OUT_OF_PICTURE)
    assert german.reason(feet) == "die Füße verlassen das Bild"
    assert german.advice(feet) == "Kamera tiefer oder weiter weg"
    blurred = Reason(ReasonCode.PICTURE_BLURRED)
    assert "camera.exposure_ms" in german.advice(blurred)
    assert "camera.exposure_ms" not in german.advice(blurred, short=True)


def test_numbers_in_both_languages() -> None:
    english, german = Texts("en"), Texts("de")
    assert english.number(2.456, 2) == "2.46"
    assert german.number(2.456, 2) == "2,46"
    assert english.number(-1.24, 1) == "−1.2"
    assert english.number(3.4, 0, sign=True) == "+3"


def test_a_zero_has_no_sign() -> None:
    english = Texts("en")
    assert english.number(-0.04, 1, sign=True) == "0.0"
    assert english.number(0.3, 0, sign=True) == "0"


@pytest.mark.parametrize(
    ("sigma", "decimals"), [(0.6, 1), (0.99, 1), (1.0, 0), (2.0, 0), (None, 0)]
)
def test_a_decimal_has_to_be_deserved(sigma: float | None, decimals: int) -> None:
    assert decimals_deserved(sigma) == decimals


def test_a_sentence_begins_with_a_capital_and_ends() -> None:
    assert sentence("move the camera back") == "Move the camera back."
    assert sentence("über den Zaun") == "Über den Zaun."
    assert sentence("Is it on?") == "Is it on?"
    assert sentence("the feet leave the picture", "") == "The feet leave the picture"
    assert sentence("") == ""


def test_time_is_minutes_and_seconds_and_hours_when_there_are_some() -> None:
    assert clock(1122.9) == "18:42"
    assert clock(0.0) == "00:00"
    assert clock(3725.0) == "1:02:05"
    assert clock(-3.0) == "00:00"


def test_a_tile_says_a_long_reason_in_short() -> None:
    missing = Reason(ReasonCode.NO_SCALE)
    assert Texts("en").reason(missing, short=True) == "scale unknown"
    assert Texts("de").reason(missing, short=True) == "Maßstab unbekannt"
    assert Texts("de").reason(None) == ""


def test_an_unknown_language_is_english() -> None:
    assert Texts("fr")("state.ok") == "as usual"


def test_an_unknown_word_is_a_mistake_that_shows() -> None:
    with pytest.raises(KeyError):
        Texts("en")("state.flying")
