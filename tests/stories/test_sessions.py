"""What somebody does with kept sessions from the command line, whatever state they are in."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample, TiltSample
from hipcue.realtime.commands.export import export_one
from hipcue.realtime.commands.replay import check_replay
from hipcue.realtime.commands.review import review_session
from hipcue.realtime.commands.sessions import show_sessions
from hipcue.realtime.engine import Engine
from hipcue.realtime.gait.pelvis import imu_readings
from hipcue.realtime.library.anonymise import anonymise
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import PelvisSource, SetBand
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionHeader, SessionReader, SessionWriter
from hipcue.realtime.session.schema import DATABASE
from tests.realtime.session.sample_session import record
from tests.realtime.test_engine import FPS, Treadmill
from tests.stories.test_demo import hipcue

# A sensor speaks faster than a camera sees.
SAMPLES_A_FRAME = 3


@pytest.fixture(scope="module")
def worn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 24 seconds with a sensor on the sacrum; the coach changes the band in it."""
    folder = tmp_path_factory.mktemp("worn") / "run"
    settings = Settings.model_validate({"runner": {"name": "Anna", "height_m": 1.68}})
    writer = SessionWriter(folder, SessionHeader.now(settings, "simulated joints"), finish=finish)
    track = Treadmill()
    stepper = Stepper(Engine(settings), writer)
    for _ in range(round(24 * FPS)):
        track.index += 1
        t_s = track.index / FPS
        if t_s > 16.0:
            track.runner.compensate()
        pose = track.pose(track.runner.advance(t_s, track.speed(t_s)))
        tilt_deg = pose.pelvis[0].angle_deg or 0.0
        said = [
            TiltSample(t_s - k / FPS / SAMPLES_A_FRAME, 71.3 + tilt_deg + 0.1 * k, 1.0)
            for k in reversed(range(SAMPLES_A_FRAME))
        ]
        pose = replace(pose, pelvis=imu_readings(said))
        belt = [BeltSample(t_s, track.speed(t_s))]
        commands = [SetBand(2.5)] if track.index == round(14 * FPS) else []
        stepper.step(pose, belt, commands)
    writer.close()
    assert writer.fault is None
    return folder


def checked(folder: Path | str, capsys: pytest.CaptureFixture[str]) -> str:
    assert check_replay(str(folder), Settings()), capsys.readouterr().out
    return capsys.readouterr().out


def test_a_session_with_a_sensor_and_a_change_gives_the_same_again_in_every_form(
    worn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with SessionReader(worn) as session:
        assert {s.pelvis_source for s in session.strides[-8:]} == {PelvisSource.IMU}
        strides = len(session.strides)
    said = checked(worn, capsys)
    assert said.startswith(f"identical: {strides} strides, ")
    assert checked(anonymise(worn, tmp_path / "nameless"), capsys) == said
    export_one(str(worn), "zip", tmp_path, Settings())
    mailed = Path(capsys.readouterr().out.strip())
    assert checked(mailed, capsys) == said


def test_a_marker_session_is_read_as_markers_without_its_name_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = record(tmp_path / "run", 20.0, fps=30.0)
    export_one(str(run), "trc", tmp_path, Settings())
    markers = tmp_path / "run.trc"
    process = hipcue("analyze", str(markers), "--speed", "3.0", "--out", str(tmp_path / "markers"))
    assert "session:" in process.communicate(timeout=120)[0]
    capsys.readouterr()
    said = checked(tmp_path / "markers", capsys)
    assert checked(anonymise(tmp_path / "markers"), capsys) == said


def test_another_engine_is_told_in_a_few_lines(
    worn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(worn, tmp_path / "run")
    with SessionReader(folder) as session:
        settings = {**session.header.settings}
    settings["verdict"] = {**settings["verdict"], "baseline_strides": 30}
    forge(folder, "settings", settings)
    assert not check_replay(str(folder), Settings())
    lines = capsys.readouterr().out.splitlines()
    assert 0 < len(lines) <= 21


def test_settings_of_another_version_are_one_line(worn: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(worn, tmp_path / "run")
    forge(folder, "settings", {"warp": {"factor": 9}})
    with pytest.raises(UserError, match=r"settings that this hipcue does not know \(warp\)"):
        check_replay(str(folder), Settings())


def test_without_frames_nothing_is_called_identical(tmp_path: Path) -> None:
    folder = record(tmp_path / "run", 10.0)
    db = sqlite3.connect(folder / DATABASE)
    db.execute("DELETE FROM frames")
    db.commit()
    db.close()
    with pytest.raises(UserError, match="no frame was kept"):
        check_replay(str(folder), Settings())


def forge(folder: Path, key: str, value: object) -> None:
    db = sqlite3.connect(folder / DATABASE)
    db.execute("INSERT OR REPLACE INTO header VALUES (?, ?)", (key, json.dumps(value)))
    db.commit()
    db.close()


def unfinished(folder: Path) -> Path:
    """A session as a power cut leaves it: its rows, but neither an end nor a report."""
    record(folder, 10.0)
    db = sqlite3.connect(folder / DATABASE)
    db.execute("DELETE FROM header WHERE key IN ('closed', 'summary')")
    db.commit()
    db.close()
    (folder / "report.html").unlink()
    return folder


@pytest.mark.parametrize(
    "command",
    [
        ("sessions",),
        ("review", "--runner", "Anna"),
        ("export", "--all", "--format", "json"),
        ("analyze", "nothing.mp4"),
        ("run", "--camera", "nothing.mp4", "--headless"),
    ],
)
def test_every_start_finishes_what_was_left(command: tuple[str, ...], tmp_path: Path) -> None:
    folder = unfinished(tmp_path / "all" / "left")
    (tmp_path / "my.toml").write_text(f'[session]\nfolder = "{(tmp_path / "all").as_posix()}"\n')
    words = list(command)
    if "--all" in words:
        words += ["--out", str(tmp_path / "out")]
    process = hipcue(*words, "--config", str(tmp_path / "my.toml"))
    said, complained = process.communicate(timeout=120)
    assert "hipcue: left: was not closed; finished with" in said, (said, complained)
    assert (folder / "report.html").exists()


def test_a_session_given_by_name_is_finished_before_it_is_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = unfinished(tmp_path / "left")
    export_one(str(folder), "csv", tmp_path / "out", Settings())
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("hipcue: left: was not closed; finished with")
    assert len(said) == 5


def test_a_mailed_session_is_reviewed_beside_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = record(tmp_path / "run", 12.0)
    export_one(str(run), "zip", tmp_path / "mail", Settings())
    mailed = tmp_path / "mail" / "run.zip"
    review_session(str(mailed), Settings())
    assert capsys.readouterr().out.endswith(f"report: {tmp_path / 'mail' / 'run.html'}\n")
    assert "Anna" in (tmp_path / "mail" / "run.html").read_text()
    assert sorted(p.name for p in mailed.parent.iterdir()) == ["run.html", "run.zip"]


def test_a_session_that_cannot_be_read_is_listed_with_its_trouble(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    record(tmp_path / "good", 10.0, runner="[red]\x1b[2J")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / DATABASE).write_bytes(b"\0" * 9000)
    show_sessions(Settings.model_validate({"session": {"folder": tmp_path}}))
    said = capsys.readouterr().out
    bad = next(line for line in said.splitlines() if "bad" in line)
    assert "file is not a database" in bad or "not written by hipcue" in bad
    # A name is shown as it is: no colour, no order to the terminal.
    assert "[red]?[2J" in said
    assert "\x1b[2J" not in said
