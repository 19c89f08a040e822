"""A report in German has no English left, and a report can be made anew in another language."""

from __future__ import annotations

import html
import json
import re
import shutil
from dataclasses import replace

import pytest

from hipcue.config.errors import UserError
from hipcue.config.reason_words import advice_on, in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import DeviceStatus, LinkState
from hipcue.realtime.commands.cli import review
from hipcue.realtime.commands.export import export_one
from hipcue.realtime.commands.review import review_session
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import Mark, Measurement, Verdict
from hipcue.realtime.review import progress_report
from hipcue.realtime.session import SessionHeader, SessionWriter
from tests.realtime.session.sample_session import T_FIRST_S, header, record, sample_steps

# Words of English sentences that no German word is spelt like.
ENGLISH = {
    "and", "are", "at", "back", "be", "been", "belt", "borrowed", "but", "by", "cadence",
    "contact", "cue", "cues", "far", "for", "from", "had", "has", "hidden", "hip", "is", "it",
    "its", "judged", "knee", "known", "left", "leg", "length", "less", "mean", "missing", "more",
    "near", "no", "nobody", "not", "of", "off", "on", "only", "or", "pelvis", "pictures",
    "played", "positive", "push", "right", "runner", "second", "seen", "session", "settings",
    "speed", "stride", "strides", "than", "that", "the", "their", "them", "there", "they",
    "thigh", "this", "tilt", "time", "times", "to", "toe", "trunk", "usual", "were", "what",
    "when", "which", "with", "would",
}  # fmt: skip
# What is a name in every language: the title of a book, keys of the settings file.
NAMES = (r"Running: It's All in The Hips", r"<pre>.*?</pre>", r"`belt_source`")

REASONS = (
    ReasonCode.LOOSE_CLOTHING,
    ReasonCode.NO_NEUTRAL,
    ReasonCode.LEG_HIDDEN_AT_PEAK,
    ReasonCode.NO_BELT_SPEED,
)


def german_header(**more) -> SessionHeader:
    made = replace(header(**more), devices={"camera": "0"}, source="0")
    settings = Settings.model_validate({**made.settings, "feedback": {"language": "de"}})
    return replace(made, settings=settings.model_dump(mode="json"))


def blind(step, without):
    """A step whose strides miss some metrics, each for another reason."""
    reasons = [Measurement.missing(code) for code in REASONS]

    def change(s):
        missing = {name: reasons[(s.index + k) % len(reasons)] for k, name in enumerate(without)}
        return replace(s, values={**s.values, **missing}, verdict=Verdict.UNKNOWN)

    strides = tuple(map(change, step.result.strides))
    return replace(step, result=replace(step.result, strides=strides, responses=()))


def record_german(folder, steps=None, *, heard=True):
    """A session in German with all that a report can show."""
    writer = SessionWriter(folder, german_header(), finish=finish)
    for step in steps if steps is not None else sample_steps(60.0):
        cues = tuple(replace(cue, text="Hüfte hoch") for cue in step.result.cues)
        writer.belt(step.belt)
        writer.step(replace(step.result, cues=cues))
        for cue in cues:
            if heard:
                writer.cue_played(cue.number, {"sound_s": cue.t_capture_s + 0.045})
            writer.mark(Mark(step.result.t_s, "hier"))
    writer.close()
    assert writer.fault is None, writer.fault
    return (folder / "report.html").read_text(encoding="utf-8")


def visible(page: str) -> str:
    """What a reader or a screen reader is told, and what the script may write."""
    body = page.partition("<body>")[2].replace("&#39;", "'")
    for name in NAMES:
        body = re.sub(name, " ", body, flags=re.DOTALL)
    found = re.search(r'id="data">(.*?)</script>', body, re.DOTALL)
    data = json.loads(found[1]) if found else {"words": {}, "metrics": []}
    # Names of places in the words are not seen.
    written = [re.sub(r"{\w+}", " ", str(words)) for words in data["words"].values()]
    names = [metric["name"] + " " + metric["unit"] for metric in data["metrics"]]
    spoken = re.findall(r'(?:aria-label|alt|title)="([^"]*)"', body)
    shown = re.sub(r"<[^>]*>", " ", re.sub(r"<script.*?</script>", " ", body, flags=re.DOTALL))
    return html.unescape(" ".join([shown, *spoken, *written, *names]))


def english_in(page: str) -> set[str]:
    return set(re.findall(r"[a-zäöüß]+", visible(page).lower())) & ENGLISH


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return record_german(tmp_path_factory.mktemp("german") / "s")


def test_the_test_would_see_english(tmp_path):
    english = (record(tmp_path / "s", 12.0) / "report.html").read_text(encoding="utf-8")
    assert len(english_in(english)) > 30


def test_a_session_in_german_has_a_report_in_german(page):
    assert '<html lang="de">' in page
    assert english_in(page) == set()
    words = re.sub(r"\s+", " ", visible(page))
    assert "Anna lief 56 Sekunden mit 3,0 m/s (10,8 km/h): 154 Doppelschritte." in words
    assert re.search(r"zweimal \(0:\d\d bis 0:\d\d, 0:\d\d bis 0:\d\d\) vom Becken", words)
    assert "war die Kippung 5° geringer als davor (Median); sie sank nach allen davon." in words
    for title in ("Herkunft der Streckung", "Was die Hinweise bewirkten", "Früh gegen spät"):
        assert title in words


def test_every_number_in_it_has_a_decimal_comma(page):
    shown = visible(page)
    # Days have points, too: 28.11.2026.
    numbers = re.sub(r"\d\d\.\d\d\.(\d{4})?", " ", shown)
    assert re.search(r"\d,\d°", numbers)
    assert re.findall(r"\d\.\d", numbers) == []
    assert re.search(r"\d\d\.\d\d\.\d{4} \d\d:\d\d", shown)


@pytest.mark.parametrize("heard", [True, False])
def test_whatever_is_missing_is_said_in_german(tmp_path, heard):
    without = ("hip_extension_deg", "pelvic_tilt_deg", "lumbar_extension_deg", "stride_length_m")

    steps = [blind(step, without) for step in sample_steps(40.0, 12.0)]
    assert english_in(record_german(tmp_path / "s", steps, heard=heard)) == set()
    assert english_in(record_german(tmp_path / "none", [], heard=heard)) == set()


def test_what_devices_said_and_what_went_wrong_is_told_in_german(tmp_path):
    writer = SessionWriter(tmp_path / "s", german_header(), finish=finish)
    cable = Reason(ReasonCode.CHECK_CABLE)
    lost = Reason(ReasonCode.BELT_LOST, where="COM3", why=cable, remedy=cable)
    for t_s, name, state, reason in (
        (0.0, "camera", LinkState.LIVE, Reason(ReasonCode.CAMERA_AT, fps=60)),
        (8.0, "camera", LinkState.LOST, Reason(ReasonCode.CAMERA_LOST)),
        (0.0, "belt", LinkState.LIVE, Reason(ReasonCode.BELT, name="CSAFE")),
        (9.0, "belt", LinkState.LOST, lost),
    ):
        writer.device(T_FIRST_S + t_s, DeviceStatus(name, state, reason))
    writer.note_fault(T_FIRST_S + 5.0, Reason(ReasonCode.CAMERA_LOST))
    for step in sample_steps(20.0):
        writer.step(step.result)
    writer.close()
    page = (tmp_path / "s" / "report.html").read_text(encoding="utf-8")
    assert english_in(page) == set()
    assert "Laufband" in page
    assert "Kabel prüfen" in page


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_has_german_words(code):
    reason = Reason(code)
    words = " ".join((in_words(reason, "de"), advice_on(reason, "de"))).lower()
    # Options of the command line and settings are names.
    words = re.sub(r"--[\w-]+|'[^']*'|\b[a-z]+\.[a-z_]+", " ", words)
    assert set(re.findall(r"[a-zäöüß]+", words)) & ENGLISH == set()


def test_a_report_is_made_anew_in_another_language(tmp_path, capsys):
    folder = record(tmp_path / "s", 12.0)
    english = (folder / "report.html").read_bytes()
    review(str(folder), language="de")
    assert 'lang="de"' in (folder / "report.html").read_text(encoding="utf-8")
    # Without a language it speaks that of the session again.
    review(str(folder))
    assert (folder / "report.html").read_bytes() == english
    with pytest.raises(UserError, match=r"--language xx.*en, de"):
        review(str(folder), language="xx")


def test_a_mailed_session_speaks_the_language_that_is_asked_for(tmp_path):
    folder = record(tmp_path / "s", 12.0)
    export_one(str(folder), "zip", tmp_path, Settings())
    review_session(str(tmp_path / "s.zip"), Settings(), "de")
    assert 'lang="de"' in (tmp_path / "s.html").read_text(encoding="utf-8")


def test_progress_in_german(tmp_path):
    record(tmp_path / "one", 60.0)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    page = progress_report(tmp_path, "Anna", "de").read_text(encoding="utf-8")
    assert english_in(page) == set()
    assert re.search(r"Hüftstreckung ging von \d\d,\d° auf \d\d,\d°", visible(page))
    assert re.search(r"2 Sitzungen vom \d\d\.\d\d\.\d{4} bis zum", visible(page))
    english = progress_report(tmp_path, "Anna").read_text(encoding="utf-8")
    assert "Hip extension went from" in english
