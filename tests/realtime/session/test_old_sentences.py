"""Sentences of sessions kept before reasons were codes become reasons where they are read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from hipcue.config.reason_words import in_words, reason_table
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Measurement
from hipcue.realtime.session import old_sentences
from hipcue.realtime.session.old_sentences import reason_of_line, reason_of_sentence
from hipcue.realtime.session.reason_text import (
    read_measurement,
    read_reason,
    reason_of_row,
    reason_text,
)
from hipcue.realtime.session.rows import notices_json, read_notices


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("toe-off not seen", Reason(ReasonCode.TOE_OFF_NOT_SEEN)),
        ("belt silent 6 s", Reason(ReasonCode.BELT_SILENT, seconds=6)),
        ("belt silent 2.4 s", Reason(ReasonCode.BELT_SILENT, seconds=2.4)),
        ("pelvis -1.2° against your usual", Reason(ReasonCode.PELVIS_AGAINST_USUAL, deg=-1.2)),
        (
            "lower back +8.0° against your usual",
            Reason(ReasonCode.LOWER_BACK_AGAINST_USUAL, deg=8),
        ),
        ("no standing neutral", Reason(ReasonCode.NO_NEUTRAL)),
        ("no standing neutral for the ankle", Reason(ReasonCode.NO_NEUTRAL_FOR_ANKLE)),
        (
            "left: loose clothing",
            Reason(ReasonCode.LEFT_MISSING, why=Reason(ReasonCode.LOOSE_CLOTHING)),
        ),
        ("gives no speed (in use)", Reason(ReasonCode.GIVES_NO_SPEED, state="in use")),
        (
            "cannot write the session: database or disk is full",
            Reason(ReasonCode.SESSION_NOT_WRITTEN, why="database or disk is full"),
        ),
        (
            "disk nearly full (480 MB): the film stopped",
            Reason(ReasonCode.FILM_STOPPED_FOR_SPACE, mb=480),
        ),
    ],
)
def test_a_sentence_becomes_its_reason_with_its_values(sentence: str, reason: Reason) -> None:
    assert reason_of_sentence(sentence) == reason


def test_every_old_sentence_has_the_places_that_its_reason_has() -> None:
    """A place that is told twice is read once; complaints are the reason behind."""
    for code, places in sentence_places():
        forms = reason_table()[code].values()
        texts = [text for words in forms for text in words.values()]
        needed = {name for text in texts for name in re.findall(r"\{(\w+)", text)}
        assert places == needed, code


def sentence_places() -> Iterator[tuple[ReasonCode, set[str]]]:
    lines = {"".join(line): code for line, code in old_sentences._LINES.items()}
    for sentence, code in (*old_sentences._SENTENCES.items(), *lines.items()):
        places = set(re.findall(r"\{(\w+)\}", sentence)) - {"again"}
        yield code, {"why" if name == "complaints" else name for name in places}


def test_a_sentence_that_nobody_knows_stays_as_it_was_said() -> None:
    found = reason_of_sentence("flux capacitor warm: 7 °C")
    assert found == Reason(ReasonCode.OTHER, text="flux capacitor warm: 7 °C")
    assert in_words(found, "de") == "flux capacitor warm: 7 °C"


def test_what_was_advised_belongs_to_what_was_said() -> None:
    slow = reason_of_line(
        "too slow for the camera (45 of 60 pictures a second seen): the screen is drawn less "
        "often, no film is kept",
        "close other programs, or try 'hipcue devices --tune'",
    )
    given_up = [Reason(ReasonCode.SCREEN_DRAWN_LESS), Reason(ReasonCode.FILM_LEFT_OUT)]
    assert slow == Reason(ReasonCode.TOO_SLOW, seen=45, wanted=60, given_up=Reason.all_of(given_up))
    unknown = reason_of_line("loose clothing", "tuck the shirt in")
    assert unknown == Reason(
        ReasonCode.OTHER_ADVISED, text="loose clothing", advice="tuck the shirt in"
    )


def test_notices_of_an_old_session_are_read_as_of_a_new_one() -> None:
    old = '[["restricted","hip extension is short","a finding of its own: the pelvis does not make up for it"]]'  # noqa: E501
    assert read_notices(old) == (Reason(ReasonCode.HIP_EXTENSION_SHORT),)
    assert read_notices(notices_json(read_notices(old))) == read_notices(old)


def test_a_reason_is_kept_as_its_json() -> None:
    silent = Reason(ReasonCode.BELT_SILENT, seconds=2.4)
    assert reason_text(silent) == '{"code":"belt_silent","seconds":2.4}'
    assert read_reason(reason_text(silent)) == silent
    assert read_reason(silent.to_dict()) == silent
    assert reason_text(None) is read_reason(None) is None


@pytest.mark.parametrize("kept", ['{"code":', 7, ["moving"]])
def test_what_is_no_reason_is_shown_as_it_is(kept: object) -> None:
    assert read_reason(kept) == Reason(ReasonCode.OTHER, text=str(kept))


@pytest.mark.parametrize("form", ["text", "read"])
def test_a_reason_of_a_later_hipcue_shows_its_name(form: str) -> None:
    kept = {"code": "from_the_future", "seconds": 2.4}
    reason = read_reason(json.dumps(kept) if form == "text" else kept)
    assert reason is not None
    assert in_words(reason) == "unknown reason (from_the_future)"


def test_a_number_that_was_lost_has_a_reason_and_one_that_is_there_has_none() -> None:
    assert read_measurement(None, None, None) == Measurement.missing(ReasonCode.NOT_A_NUMBER)
    assert read_measurement(3.0, 0.1, "loose clothing") == Measurement(3.0, 0.1)


@pytest.mark.parametrize(
    ("text", "advice", "reason"),
    [
        ("camera 60", "", Reason(ReasonCode.CAMERA_AT, fps=60)),
        (
            "camera 24",
            "gives 24 of 60 fps: more light, or a smaller picture",
            Reason(ReasonCode.CAMERA_SLOW, fps=24, asked=60),
        ),
        (
            "camera 60",
            "camera keeps its own focus; picture 640x480, not 1280x720",
            Reason(
                ReasonCode.CAMERA_DIFFERS,
                fps=60,
                why=Reason.all_of(
                    [
                        Reason(ReasonCode.KEEPS_FOCUS),
                        Reason(
                            ReasonCode.OTHER_PICTURE_SIZE,
                            width=640,
                            height=480,
                            asked_width=1280,
                            asked_height=720,
                        ),
                    ]
                ),
            ),
        ),
        ("belt CSAFE", "", Reason(ReasonCode.BELT, name="CSAFE")),
        ("belt waiting", "", Reason(ReasonCode.BELT_WAITING)),
        ("belt fixed 3.0", "", Reason(ReasonCode.BELT_FIXED, mps=3)),
        (
            "belt CSAFE",
            "the clock jumped; readings around it were dropped",
            Reason(ReasonCode.BELT_REMARK, name="CSAFE", why=Reason(ReasonCode.CLOCK_JUMPED)),
        ),
        (
            "belt lost",
            "/dev/ttyUSB0: Input/output error; check the cable; it goes on by itself",
            Reason(
                ReasonCode.BELT_LOST,
                where="/dev/ttyUSB0",
                why="Input/output error",
                remedy=Reason(ReasonCode.CHECK_CABLE),
            ),
        ),
        (
            "belt no speed",
            "CSAFE: answers in rev/min, not speed",
            Reason(
                ReasonCode.BELT_NO_SPEED,
                name="CSAFE",
                why=Reason(ReasonCode.UNIT_IS_NO_SPEED, unit="rev/min"),
            ),
        ),
        (
            "belt silent",
            "nothing on COM3 in CSAFE at 9600 baud: check cable, power and protocol; hipcue "
            "devices --probe finds the protocol",
            Reason(
                ReasonCode.BELT_NOT_HEARD,
                where="COM3",
                spoken=Reason(ReasonCode.PROTOCOL_AT_BAUD, name="CSAFE", baud=9600),
            ),
        ),
        (
            "pelvis",
            "loose clothing",
            Reason(ReasonCode.PELVIS_UNKNOWN, why=Reason(ReasonCode.LOOSE_CLOTHING)),
        ),
        (
            "no sound",
            "no sound device (dsp: No such audio device); plug in a loudspeaker, the run goes on",
            Reason(ReasonCode.NO_SOUND, why="dsp: No such audio device"),
        ),
        (
            "tones only",
            "no speech: 3 of 8 phrases came out silent; tones go on",
            Reason(
                ReasonCode.TONES_ONLY,
                why=Reason(
                    ReasonCode.NO_SPEECH,
                    why=Reason(ReasonCode.PHRASES_SILENT, silent=3, all=8),
                ),
            ),
        ),
    ],
)
def test_an_old_line_of_a_device_becomes_its_reason(text: str, advice: str, reason: Reason) -> None:
    assert reason_of_line(text, advice) == reason
    assert reason_of_row(text, advice) == reason
    assert reason_of_row(reason.to_json(), "") == reason
