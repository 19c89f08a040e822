"""The report says what happened, whatever is missing, and nothing in it can do harm."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample, DeviceStatus, LinkState
from hipcue.realtime.commands.review import review_session
from hipcue.realtime.library.finish import finish
from hipcue.realtime.metrics import METRICS
from hipcue.realtime.records import Measurement, Side, Verdict
from hipcue.realtime.review import build_report
from hipcue.realtime.review.labels import BELT_SPEED, hint_of
from hipcue.realtime.review.moments import moments_of
from hipcue.realtime.review.sections.strips import least_and_most_borrowed
from hipcue.realtime.review.summary_facts import session_facts
from hipcue.realtime.review.summary_text import summary_sentences
from hipcue.realtime.review.texts import Texts
from hipcue.realtime.session import SessionReader, SessionWriter
from hipcue.realtime.session.stride_table import stride_table
from tests.realtime.session.sample_session import (
    T_FIRST_S,
    feed,
    header,
    record,
    sample_steps,
)

SAMPLED = {name for step in sample_steps(10.0) for s in step.result.strides for name in s.values}
WITHOUT = ("hip_extension_deg", "pelvic_tilt_deg", "lumbar_extension_deg")


def changed(steps, change):
    """The same steps with every stride changed."""
    for step in steps:
        strides = tuple(s for stride in step.result.strides if (s := change(stride)) is not None)
        yield replace(step, result=replace(step.result, strides=strides))


def report_of(folder, steps, **how):
    writer = SessionWriter(folder, header(**how), finish=finish)
    feed(writer, steps)
    writer.close()
    return (folder / "report.html").read_text(encoding="utf-8")


def words_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html.partition("<body>")[2]))


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = record(tmp_path_factory.mktemp("report") / "s", 60.0)
    return (folder / "report.html").read_text(encoding="utf-8")


def test_the_summary_says_how_much_was_borrowed_and_what_cues_did(page):
    words = words_of(page)
    assert "Anna ran for 56 seconds at 3.0 m/s (10.8 km/h), 154 strides." in words
    assert re.search(
        r"23° behind the vertical: 1[89]° ± \d° came from the hip itself, [45]° ± \d° from", words
    )
    assert "± is the standard uncertainty" in words
    assert re.search(
        r"Extension was borrowed from the pelvis and the lower back twice "
        r"\(0:\d\d to 0:\d\d, 0:\d\d to 0:\d\d\), in",
        words,
    )
    assert "after 2 cues the tilt was 5° lower than before (median); it fell after all" in words


def test_every_section_is_there_and_the_caution_too(page):
    for title in (
        "Extension budget", "Least and most borrowed", "The stride as a curve",
        "Early against late", "What the cues did", "Over the session", "What to work on",
        "How sure, and what was missing", "Devices and delays", "What the numbers mean",
        "Kneeling hip flexor stretch", "Knee-to-chest glute bridge",
    ):  # fmt: skip
        assert title in page, title
    assert "not a diagnosis" in page
    assert "no hollow in the back: loose shirt (" in page


def test_a_metric_s_sign_is_that_of_its_definition(page):
    words = html.unescape(words_of(page))
    assert "Plantarflexion at toe-off , ° against standing; plantarflexion positive" in words
    for metric in METRICS.values():
        if metric.name in SAMPLED - {BELT_SPEED}:
            assert metric.meaning in words
            hint = hint_of(metric.name, Texts("en"))
            assert hint == "" or metric.positive in hint
    assert "is negative" not in words


def test_the_file_loads_nothing(page):
    assert not re.search(r"(src|href)\s*=\s*[\"'](?!data:)", page)
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_a_runner_with_a_script_for_a_name_stays_a_name(tmp_path):
    name = "</title><script>alert(1)</script><img src=x onerror=alert(2)>"
    page = report_of(tmp_path / "s", sample_steps(12.0), runner=name)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    # And only our own script may run at all.
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/=]{44}'", page)


def test_words_of_a_foreign_session_stay_words_wherever_they_stand(tmp_path):
    bad = "'\"><svg onload=alert(1)>{x}"

    def change(s):
        kept = {name: s.values[name] for name in WITHOUT}
        return replace(s, values={**kept, f"{bad}_deg": Measurement(1.0, 0.1)})

    steps = []
    for step in changed(sample_steps(40.0), change):
        cues = tuple(replace(c, text=bad, focus=bad) for c in step.result.cues)
        responses = tuple(replace(r, metric=bad) for r in step.result.responses)
        result = replace(step.result, cues=cues, responses=responses)
        steps.append(replace(step, result=result))
    page = report_of(tmp_path / "s", steps, runner=bad, extra={"x": bad})
    assert page.count("&lt;svg onload=alert(1)&gt;{x}") > 5
    assert "<svg onload" not in page
    # In the page's data, too, no content can end its block early.
    assert "\\u003csvg onload" in page


@pytest.mark.parametrize("settings", [{}, {"feedback": 7}, {"feedback": {"language": ["de"]}}])
def test_a_session_that_names_no_language_is_told_in_english(tmp_path, settings):
    writer = SessionWriter(tmp_path / "s", replace(header(), settings=settings), finish=finish)
    writer.close()
    assert '<html lang="en">' in (tmp_path / "s" / "report.html").read_text(encoding="utf-8")


def test_strides_that_tell_nothing_of_the_hip_prescribe_nothing(tmp_path):
    def without_hip(stride):
        missing = Measurement.missing(ReasonCode.NO_NEUTRAL)
        values = {**stride.values, **dict.fromkeys(WITHOUT, missing)}
        return replace(stride, values=values, verdict=Verdict.UNKNOWN)

    words = words_of(report_of(tmp_path / "s", changed(sample_steps(20.0), without_hip)))
    assert "Stride length" in words
    assert Texts("en")("advice.title") not in words


def test_few_strides_are_said_to_be_few_and_not_unknown(tmp_path):
    few = []

    def first_six(stride):
        known = stride.values["hip_extension_deg"].known
        few.extend([stride] if known and len(few) < 6 else [])
        return stride if stride in few else None

    words = words_of(report_of(tmp_path / "s", changed(sample_steps(20.0), first_six)))
    assert "6 strides are too few for a mean" in words and "(7 at least)" in words
    assert "known in only" not in words


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "No stride of Anna was recorded. Somebody stands, for 6 s, and does not run."),
        ("de", "kein Doppelschritt aufgezeichnet. Jemand steht 6 s lang und läuft nicht."),
    ],
)
def test_a_session_without_strides_says_what_was_seen_and_prescribes_nothing(
    tmp_path, language, said
):
    still = next(sample_steps(6.0)).result.raw_pose.xy_px
    steps = [
        replace(
            step,
            result=replace(
                step.result, raw_pose=replace(step.result.raw_pose, xy_px=still), strides=()
            ),
        )
        for step in sample_steps(6.0)
    ]
    report_of(tmp_path / "s", steps)
    words = words_of(build_report(tmp_path / "s", language).read_text("utf-8"))
    assert said in words
    texts = Texts(language)
    assert texts("advice.title") not in words
    assert texts("advice.caution") not in words
    # No tiles, charts or tables of numbers that there are not.
    for heading in ("tile.pelvic_tilt", "budget.title", "quality.title", "strips.title"):
        assert texts(heading) not in words


def test_a_session_without_pictures_says_so(tmp_path):
    words = words_of(report_of(tmp_path / "empty", []))
    assert "No stride of Anna was recorded. No picture was kept." in words


def test_a_single_stride_makes_a_report(tmp_path):
    keep = lambda s: s if s.index == 0 else None  # noqa: E731
    assert ", 1 stride." in words_of(report_of(tmp_path / "s", changed(sample_steps(8.0), keep)))


def test_without_a_pelvis_nobody_pretends(tmp_path):
    def blind(s):
        values = {
            **s.values,
            **{m: Measurement.missing(ReasonCode.LOOSE_CLOTHING) for m in WITHOUT},
        }
        return replace(s, values=values, verdict=Verdict.UNKNOWN)

    page = report_of(tmp_path / "s", changed(sample_steps(30.0), blind))
    words = words_of(page)
    assert "The tilt of the pelvis is not known (loose clothing)" in words
    assert "this report says nothing about compensation" in words
    assert "Extension budget" not in page
    assert "Least borrowed" not in page


def test_without_frames_the_strides_are_still_reported(tmp_path):
    writer = SessionWriter(tmp_path / "s", header(), keep_free_bytes=10**18, finish=finish)
    feed(writer, sample_steps(30.0))
    writer.close()
    page = (tmp_path / "s" / "report.html").read_text(encoding="utf-8")
    assert "Extension budget" in page
    assert "frames are not kept" in words_of(page)
    assert "The stride as a curve" not in page


def test_only_one_leg_was_seen(tmp_path):
    right = lambda s: s if s.side is Side.R else None  # noqa: E731
    page = report_of(tmp_path / "s", changed(sample_steps(30.0), right))
    assert "<b>Right</b>" in page
    assert "<b>Left</b>" not in page


def test_a_report_can_be_built_again_and_is_the_same(tmp_path):
    folder = record(tmp_path / "s", 20.0)
    first = (folder / "report.html").read_bytes()
    assert build_report(folder).read_bytes() == first


def strides_with(tilts, verdicts):
    steps = [s for step in sample_steps(60.0) for s in step.result.strides]
    out = []
    for s, tilt, verdict in zip(steps, tilts, verdicts, strict=False):
        values = {**s.values, "pelvic_tilt_deg": Measurement(tilt, 1.0)}
        values["hip_extension_deg"] = Measurement(20.0 - tilt, 1.0)
        values["thigh_extension_deg"] = Measurement(20.0, 1.0)
        out.append(replace(s, values=values, verdict=verdict, confidence=0.9))
    return out


def test_the_summary_counts_by_hand(tmp_path):
    folder = record(tmp_path / "s", 6.0)
    with SessionReader(folder) as session:
        # 30 good strides with 4 degrees of tilt, 10 bad ones with 12.
        tilts = [4.0] * 30 + [12.0] * 10
        verdicts = [Verdict.OK] * 30 + [Verdict.COMPENSATING] * 10
        table = stride_table(strides_with(tilts, verdicts), session.t_first_s)
        moments = moments_of(session, table)
        found = session_facts(table, moments, 0, 0, [])
    assert (found.strides, found.judged, found.compensating) == (40, 40, 10)
    assert (found.thigh_deg, found.hip_deg, found.tilt_deg) == (20.0, 16.0, 4.0)
    assert found.rise_deg == 8.0
    text = " ".join(summary_sentences("Ben", found, Texts("en")))
    assert re.search(
        r"once \(0:\d\d to 0:\d\d\), in 25 % of the judged strides, with the pelvis tipped 8° "
        r"further\.",
        text,
    )
    assert "16° ± 1° came from the hip itself, 4° ± 1° from tipping the pelvis forward" in text
    best, worst = least_and_most_borrowed(table)
    assert table.value("pelvic_tilt_deg")[best[0]] == 4.0
    assert table.value("pelvic_tilt_deg")[worst[0]] == 12.0


def test_a_back_that_arches_is_not_said_to_have_tipped_the_pelvis(tmp_path):
    folder = record(tmp_path / "s", 6.0)
    with SessionReader(folder) as session:
        verdicts = [Verdict.OK] * 30 + [Verdict.COMPENSATING] * 10
        table = stride_table(strides_with([4.0] * 30 + [3.0] * 10, verdicts), session.t_first_s)
        found = session_facts(table, moments_of(session, table), 0, 0, [])
    assert found.rise_deg == -1.0
    text = " ".join(summary_sentences("Ben", found, Texts("en")))
    assert "in 25 % of the judged strides." in text
    assert "further" not in text


def test_only_cues_that_were_heard_have_answers(tmp_path):
    writer = SessionWriter(tmp_path / "s", header(), finish=finish)
    for step in sample_steps(60.0):
        writer.step(step.result)
        for cue in step.result.cues[:1]:
            if cue.number == 1:
                writer.cue_played(cue.number, {"sound_s": cue.t_capture_s + 0.05})
    writer.close()
    words = words_of((tmp_path / "s" / "report.html").read_text(encoding="utf-8"))
    assert "In the strides after 1 cue the tilt was 5° lower than before." in words
    assert "2 in all" in words


def test_cues_that_nobody_heard_are_not_said_to_have_failed(tmp_path):
    writer = SessionWriter(tmp_path / "s", header(), finish=finish)
    for step in sample_steps(60.0):
        writer.step(step.result)
    writer.close()
    words = words_of((tmp_path / "s" / "report.html").read_text(encoding="utf-8"))
    assert "There would have been 2 cues, but nobody heard any." in words
    assert "not played" in words
    assert "2 were due, none heard" in words
    # Nothing is put down to words that nobody heard.
    assert "Cued against not" not in words
    assert "None of these was played" in words


def test_praise_is_no_cue_that_somebody_failed_to_follow(tmp_path):
    writer = SessionWriter(tmp_path / "s", header(), finish=finish)
    for step in sample_steps(60.0):
        praise = [replace(c, event="back", text="That's it") for c in step.result.cues]
        writer.step(replace(step.result, cues=tuple(praise)))
        for cue in praise:
            writer.cue_played(cue.number, {"sound_s": cue.t_capture_s + 0.05})
    writer.close()
    page = (tmp_path / "s" / "report.html").read_text(encoding="utf-8")
    words = words_of(page)
    assert "cues the tilt" not in words
    assert "That's it" in html.unescape(words)
    assert 'class="cue"' not in page.partition("<body>")[2]


def test_few_strides_with_a_pelvis_are_no_statement_about_it(tmp_path):
    def mostly_blind(s):
        if s.index < 5:
            return s
        values = {
            **s.values,
            **{m: Measurement.missing(ReasonCode.LEG_HIDDEN_AT_PEAK) for m in WITHOUT},
        }
        return replace(s, values=values, verdict=Verdict.UNKNOWN)

    page = report_of(tmp_path / "s", changed(sample_steps(40.0), mostly_blind))
    words = words_of(page)
    assert "The tilt of the pelvis is known in only 5 of them (leg hidden at its peak)" in words
    assert "came from the hip itself" not in words
    assert "in only 5 strides" in words
    assert "Least borrowed" not in words


def test_half_of_the_strides_unseen_is_said(tmp_path):
    # Of both legs, every second ten seconds are missing.
    seen = lambda s: s if int(s.contact_s / 10) % 2 else None  # noqa: E731
    words = words_of(report_of(tmp_path / "s", changed(sample_steps(60.0), seen)))
    assert re.search(r"Strides were seen in [4-7]\d % of that time", words)


def test_legs_differ_only_beyond_their_uncertainty(tmp_path):
    def one_sided(gap, sigma):
        def change(s):
            hip = Measurement(18.0 + (gap if s.side is Side.L else 0.0), sigma)
            return replace(s, values={**s.values, "hip_extension_deg": hip})

        return change

    for gap, sigma, said in ((6.0, 0.5, True), (6.0, 3.0, False), (2.0, 0.2, False)):
        folder = tmp_path / f"{gap}-{sigma}"
        words = words_of(report_of(folder, changed(sample_steps(40.0), one_sided(gap, sigma))))
        assert ("more than the right one" in words) is said, (gap, sigma)


def test_too_few_pictures_are_named_as_the_reason(tmp_path):
    for fps, said in ((12.0, True), (30.0, False)):
        words = words_of(report_of(tmp_path / f"{fps:.0f}", sample_steps(30.0, fps)))
        assert ("Only 12 pictures a second were used" in words) is said


def test_marks_are_listed_with_their_notes(page):
    assert re.search(r"<td>0:\d\d</td><td>look at this</td>", page)


def test_a_device_is_one_row_with_what_it_gave_and_what_was_wrong(tmp_path):
    writer = SessionWriter(
        tmp_path / "s",
        replace(header(), devices={"camera": "2"}, size_px=(640, 480)),
        finish=finish,
    )
    for second in range(40):
        rate = Reason(ReasonCode.CAMERA_AT, fps=50 + second % 9)
        status = DeviceStatus("camera", LinkState.LIVE, rate)
        writer.device(T_FIRST_S + second, status)
    csafe = DeviceStatus("belt", LinkState.LIVE, Reason(ReasonCode.BELT, name="CSAFE"))
    for second in (10, 20):
        gone = Reason(ReasonCode.OTHER, text=f"error {second}")
        cable = Reason(ReasonCode.CHECK_CABLE)
        reason = Reason(ReasonCode.BELT_LOST, where="COM3", why=gone, remedy=cable)
        lost = DeviceStatus("belt", LinkState.LOST, reason)
        writer.device(T_FIRST_S + second - 5, csafe)
        writer.device(T_FIRST_S + second, lost)
    feed(writer, sample_steps(40.0))
    writer.close()
    page = (tmp_path / "s" / "report.html").read_text(encoding="utf-8")
    assert page.count("<td>camera</td>") == 1
    assert "<td>2, 640x480, 60 pictures a second measured</td>" in page
    assert (
        "belt lost: COM3: error 10; check the cable; it goes on by itself (0:10, 2 times)" in page
    )
    assert re.search(r"wire, \d+ readings, 7\.5 a second", page)


def test_belt_speeds_that_an_odometer_counted_are_told_as_such(tmp_path):
    with_belt = replace(header(), devices={"belt": "ftms:X"})
    writer = SessionWriter(tmp_path / "s", with_belt, finish=finish)
    counted = Reason(ReasonCode.BELT_COUNTED, sigma=0.05)
    for second in range(4):
        reason = counted if second > 1 else None
        writer.belt([BeltSample(T_FIRST_S + second, 3.0, reason=reason)])
    feed(writer, sample_steps(6.0))
    writer.close()
    page = (tmp_path / "s" / "report.html").read_text(encoding="utf-8")
    assert "2 of them by its distance" in page
    german = build_report(tmp_path / "s", "de").read_text(encoding="utf-8")
    assert "2 davon aus der Strecke" in german
    with SessionReader(tmp_path / "s") as session:
        assert [sample.sigma_mps for _, sample in session.belt_steps[:4]] == [0, 0, 0.05, 0.05]


def test_a_name_written_from_right_to_left_keeps_its_place(tmp_path):
    words = words_of(report_of(tmp_path / "s", sample_steps(12.0), runner="\u202eאנה"))
    assert "\u2068אנה\u2069 ran for" in words
    assert "\u202e ran" not in words


def test_a_report_that_cannot_be_written_names_its_folder_and_the_way_out(tmp_path):
    folder = record(tmp_path / "s", 5.0)
    (folder / "report.html").unlink()
    (folder / "report.html").mkdir()
    with pytest.raises(UserError, match=f"report in {folder}: .*copy the folder"):
        review_session(str(folder), Settings())
