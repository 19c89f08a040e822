"""Every word of the reports exists in every language, is used, and says the same."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from hipcue.config.languages import LANGUAGES
from hipcue.realtime.metrics import METRICS
from hipcue.realtime.records import PelvisSource, Verdict
from hipcue.realtime.review.charts.stick_figures import INSTANTS
from hipcue.realtime.review.labels import change_shown, shown, sign_of
from hipcue.realtime.review.sections.glossary import definition_of
from hipcue.realtime.review.texts import Texts, all_words
from hipcue.realtime.review.waveforms import WAVE_ANGLES

ROOM = Path(__file__).parents[3] / "realtime" / "review"
# Sections whose keys are names in the data, and not written in the code.
NAMED_BY_DATA = {
    *("metric", "hint", "meaning", "usual", "positive", "unit", "verdict", "schedule"),
    *("pelvis_source", "belt_source", "device", "address", "tone", "wording"),
}
HEADED = {"cues", "marks", "quality", "devices", "glossary", "progress"}


def places(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def test_every_word_is_there_in_every_language_with_the_same_places():
    for key, row in all_words().items():
        assert set(row) == set(LANGUAGES), key
        assert len({frozenset(places(words)) for words in row.values()}) == 1, key
        assert all(row.values()) or key == "unit.none", key


def test_no_word_is_left_that_nobody_says():
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in ROOM.rglob("*")
        if path.suffix in (".py", ".j2")
    )
    said = set(re.findall(r'"(\w+\.\w+)"', code))
    # Keys that are put together, as in f"summary.{key}_rose".
    made = re.findall(r'f"(\w+\.\w*{[^"]*)"', code)
    patterns = [re.sub(r"{[^}]*}", r"\\w*", key) for key in made] + [r"advice\.\w+"]
    for key in all_words():
        section, name = key.split(".")
        if section in NAMED_BY_DATA:
            continue
        # Heads of tables are named without their section, numbers choose between two forms.
        head = section in HEADED and f'"{name}"' in code
        counted = re.sub(r"_(one|many)$", "", key)
        put_together = any(re.fullmatch(pattern, key) for pattern in patterns)
        assert {key, counted} & said or head or put_together, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_a_session_can_name_has_words(language):
    texts = Texts(language)
    for section, keys in (
        ("verdict", Verdict),
        ("pelvis_source", PelvisSource),
        ("strips", INSTANTS),
        ("metric", METRICS),
        ("meaning", METRICS),
        ("usual", METRICS),
        ("positive", {m.positive for m in METRICS.values() if m.positive}),
    ):
        for key in keys:
            assert texts(f"{section}.{key}"), key


def test_what_a_metric_means_is_what_its_own_file_says():
    """Who changes a definition sees here that every language has to be changed."""
    english = Texts("en")
    for name, metric in METRICS.items():
        assert english(f"meaning.{name}") == metric.meaning
        assert english(f"usual.{name}") == metric.reference.replace("+-", "±")
        sign = sign_of(name, english)
        assert metric.positive in sign
        assert definition_of(name, english) == metric.meaning + (f"; {sign}." if sign else ".")


def test_the_sign_of_a_waveform_is_that_of_its_angle():
    english = Texts("en")
    names = ("thigh", "knee", "ankle", "pelvis")
    for angle, name in zip(WAVE_ANGLES, names, strict=True):
        # A metric of that name has the sign; otherwise the name itself says it.
        word = METRICS[angle].positive if angle in METRICS else angle.split("_")[1]
        sign = english(f"waves.{name}_sign")
        assert sign.startswith(word), angle
        assert sign.endswith("positive"), angle


def test_numbers_are_written_as_the_language_writes_them():
    english, german = Texts("en"), Texts("de")
    assert (english.number(-1.25, 2), german.number(-1.25, 2)) == ("−1.25", "−1,25")
    assert (english.number(-0.04, 1), german.number(-0.04, 1)) == ("0.0", "0,0")
    assert change_shown("hip_extension_deg", 3.5, german) == "+3,5°"
    assert change_shown("hip_extension_deg", -3.5, german) == "−3,5°"
    assert german.axis_number(2.5) == "2,5"
    assert shown("overstride_m", 0.1234, german) == "12,3\u00a0cm"
    assert shown("hip_extension_deg", -0.2, german) == "−0,2°"
    assert shown("hip_extension_deg", None, german) == "–"


def test_days_are_written_as_the_language_writes_them():
    started = "2026-03-09T17:05:44+01:00"
    english, german = Texts("en"), Texts("de")
    assert (english.moment(started), german.moment(started)) == (
        "2026-03-09 17:05",
        "09.03.2026 17:05",
    )
    # A nameless session knows its day only.
    assert (english.moment(started[:10]), german.moment(started[:10])) == (
        "2026-03-09",
        "09.03.2026",
    )
    assert (english.short_day(started, year=False), german.short_day(started, year=False)) == (
        "03-09",
        "09.03.",
    )
    assert (english.short_day(started, year=True), german.short_day(started, year=True)) == (
        "26-03-09",
        "09.03.26",
    )
    assert german.moment("<b>no day</b> at all") == "<b>no day</b> at"
    assert german.moment("") == ""


def test_a_language_that_nobody_speaks_is_english():
    for foreign in ("xx", "", None, 7, ["de"], {"de": 1}):
        assert Texts(foreign).language == "en"
