"""A coach changes their mind while somebody runs; the recording knows when."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.realtime.engine import Engine
from hipcue.realtime.library.finish import finish
from hipcue.realtime.library.runners import known_runners, next_in_programme
from hipcue.realtime.records import EngineCommand, SayCueNow, SetBand, SetFocus, SetSchedule
from hipcue.realtime.run.replay_check import check
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionHeader, SessionReader, SessionWriter
from hipcue.realtime.session.summary import SessionSummary, summaries
from tests.realtime.test_engine import FPS, BeltSample, Treadmill

# At these seconds of the run somebody chooses.
COMMANDS: dict[int, EngineCommand] = {
    14: SetBand(2.5),
    20: SetSchedule("every_stride"),
    24: SetFocus("internal"),
    25: SayCueNow(),
    30: SetSchedule("retention"),
}
# Nobody could have asked for these; the first three as older sessions would hold them.
STRANGE = (
    "runner.name=Eve",
    "fly",
    "feedback.schedule=never",
    "neutral=1",
    '{"command":"fly"}',
    '{"command":"set_band"}',
    '{"command":"set_band","min_rise_deg":99.0}',
    '{"command":["set_band"]}',
    "{",
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 40 seconds that borrows from second 18 on, as it was recorded."""
    folder = tmp_path_factory.mktemp("kept") / "run"
    track = Treadmill()
    writer = SessionWriter(folder, SessionHeader.now(Settings(), "simulated joints"), finish=finish)
    stepper = Stepper(track.engine, writer)
    for _ in range(round(40 * FPS)):
        track.index += 1
        t_s = track.index / FPS
        if t_s > 18.0:
            track.runner.compensate()
        pose = track.pose(track.runner.advance(t_s, track.speed(t_s)))
        belt = [BeltSample(t_s, track.speed(t_s))]
        at_s, between = divmod(track.index, round(FPS))
        commands = [COMMANDS[at_s]] if between == 0 and at_s in COMMANDS else []
        stepper.step(pose, belt, commands)
    writer.close()
    assert writer.fault is None
    return folder


@pytest.fixture
def session(kept: Path) -> Iterator[SessionReader]:
    with SessionReader(kept) as reader:
        yield reader


def test_the_recording_gives_the_same_cues_again(session: SessionReader) -> None:
    assert [command for _, command in session.command_steps] == list(COMMANDS.values())
    found = check(session, Engine(Settings()))
    assert found.differences == []
    assert found.cues > 10


def test_the_wording_is_the_one_that_was_chosen(session: SessionReader) -> None:
    said = [cue for cue in session.cues if cue.focus is not None]
    assert {cue.focus for cue in said if cue.t_capture_s < 24.0} == {"external"}
    assert {cue.focus for cue in said if cue.t_capture_s > 24.0} == {"internal"}


def test_a_retention_test_chosen_in_mid_run_is_silent_from_then_on(session: SessionReader) -> None:
    assert [cue for cue in session.cues if cue.t_capture_s > 30.0] == []
    assert [one.schedule for one in summaries(session.folder)] == ["retention"]


def test_a_command_that_nobody_could_have_given_is_one_line(kept: Path, tmp_path: Path) -> None:
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "session.db").write_bytes((kept / "session.db").read_bytes())
    for text in STRANGE:
        db = sqlite3.connect(strange / "session.db")
        db.execute("UPDATE command SET json = ? WHERE step < 1000", (text,))
        db.commit()
        db.close()
        with SessionReader(strange) as reader, pytest.raises(UserError) as told:
            check(reader, Engine(Settings()))
        assert "\n" not in str(told.value)


def one(runner: str, schedule: str = "faded", minutes: float = 15.0) -> SessionSummary:
    return SessionSummary(Path("x"), runner=runner, schedule=schedule, minutes=minutes)


def test_the_programme_counts_the_sessions_of_this_runner_that_taught_something() -> None:
    kept = [one("Ada"), one("Ben"), one("Ada", "retention"), one("Ada", minutes=1.0), one("Ada")]
    assert next_in_programme(kept, "Ada") == 3
    assert next_in_programme(kept, "Ben") == 2
    assert next_in_programme(kept, "Cleo") == 1
    assert next_in_programme([one("Ada")] * 20, "Ada") == 8


def test_who_ran_last_is_offered_first() -> None:
    assert known_runners([one("Ada"), one("Ben"), one("Ada"), one("")]) == ("Ada", "Ben")


def test_the_report_says_what_was_chosen_and_when(session: SessionReader) -> None:
    page = (session.folder / "report.html").read_text()
    assert "verdict.min_rise_deg = 2.5 from 0:14 on" in page
    assert "feedback.schedule = retention from 0:30 on" in page
