"""What is said: complete in every language, short, and read with a clear word when wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hipcue.config.cues import load_cues
from hipcue.config.errors import UserError
from hipcue.realtime.feedback.cue_rules import CUES
from hipcue.realtime.records import CueKind

GOOD = """
[tone.tilt_out]
frequencies_hz = [880.0, 587.0]
seconds = 0.16
[phrase.borrowed]
external.en = ["Run tall"]
internal.en = ["Ribs over hips"]
external.de = ["Lauf groß"]
internal.de = ["Rippen über die Hüfte"]
"""


@pytest.mark.parametrize("row", CUES.values(), ids=lambda row: row.event)
def test_every_cue_has_its_sound(row):
    table = load_cues()
    if row.kind is CueKind.TONE:
        assert row.sound in table.tones
        return
    for focus in ("external", "internal"):
        for language in ("en", "de"):
            for phrase in table.phrases(row.sound, focus, language):
                # They go in one ear at 12 km/h.
                assert 1 <= len(phrase.split()) <= 4, phrase
                assert phrase in table.all_phrases(language)


def test_leaving_falls_and_coming_back_rises():
    tones = load_cues().tones
    out, back = tones["tilt_out"].frequencies_hz, tones["tilt_back"].frequencies_hz
    assert out[0] > out[-1]
    assert back[0] < back[-1]
    assert max(tones["tilt_out"].seconds, tones["tilt_back"].seconds) <= 0.2


def test_focus_makes_a_difference_for_every_fault():
    table = load_cues()
    for event in ("borrowed", "arching", "short_hip"):
        for language in ("en", "de"):
            external = set(table.phrases(event, "external", language))
            assert external.isdisjoint(table.phrases(event, "internal", language))
            assert len(external) >= 2


def test_a_table_of_ones_own_is_read(tmp_path: Path):
    file = tmp_path / "own.toml"
    file.write_text(GOOD, encoding="utf-8")
    table = load_cues(file)
    assert table.phrases("borrowed", "external", "de") == ("Lauf groß",)
    assert table.all_phrases("en") == ("Run tall", "Ribs over hips")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (GOOD.replace("880.0", "88000.0"), "tone.tilt_out.frequencies_hz.0"),
        (GOOD.replace("0.16", "16"), "tone.tilt_out.seconds"),
        (GOOD.replace('["Run tall"]', "[]"), "phrase.borrowed.external.en"),
        (GOOD.replace("external.en", "externel.en"), "phrase.borrowed.externel"),
        (GOOD.replace("external.en", "external.fr"), "phrase.borrowed.external.fr"),
        (GOOD.replace('external.en = ["Run tall"]\n', ""), "phrase.borrowed.external.en"),
        ("[tone", "TOML"),
    ],
)
def test_a_wrong_table_is_one_line_that_names_the_place(tmp_path: Path, wrong: str, words: str):
    file = tmp_path / "own.toml"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_cues(file)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_table_that_is_not_there_or_not_text_is_one_line(tmp_path: Path):
    with pytest.raises(UserError, match="cannot read cues"):
        load_cues(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="cannot read cues"):
        load_cues(broken)


def test_the_table_is_found_wherever_hipcue_is_started(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from hipcue.config.cues import load_cues; load_cues()"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
