"""Sessions of version 1 are read as if they were new, and their files stay as they are.

data/version1.db.gz was recorded by the hipcue that wrote version 1: a simulated runner at 30
frames a second, some frames left out, nobody there for a while, the legs of four frames in
forty exchanged by the pose model. data/version1_strides.csv is what it wrote beside it.
"""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample
from hipcue.realtime.gait.leg_tracker import swap_legs
from hipcue.realtime.library.anonymise import anonymise
from hipcue.realtime.library.recover import recover
from hipcue.realtime.library.salvage import salvage
from hipcue.realtime.records import (
    JOINT_COUNT,
    Joint,
    NewBaseline,
    SetBand,
    SetSchedule,
    Side,
    TakeNeutral,
)
from hipcue.realtime.session import SessionReader
from hipcue.realtime.session.migrations import migrate
from hipcue.realtime.session.recorded_steps import RecordedSteps
from hipcue.realtime.session.schema import VERSION, build, columns_in, columns_of
from hipcue.realtime.session.strides_csv import strides_csv
from hipcue.realtime.session.version1 import were_swapped
from hipcue.realtime.view.recorded_view import RecordedView
from tests.realtime.session.killing import ROOT

DATA = Path(__file__).parent / "data"
# The steps whose legs the tracker had exchanged when it was recorded.
SWAPPED = {
    *range(156, 160), *range(196, 200), *range(236, 240), *range(274, 278), *range(311, 315),
    *range(389, 393), *range(427, 431),
}  # fmt: skip
STEPS = 452


def unpacked(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    packed = (DATA / "version1.db.gz").read_bytes()
    (folder / "session.db").write_bytes(gzip.decompress(packed))
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return unpacked(tmp_path_factory.mktemp("old") / "session")


@pytest.fixture(scope="module")
def session(folder):
    with SessionReader(folder) as session:
        yield session


def test_strides_are_what_they_were_to_the_byte(session):
    was = (DATA / "version1_strides.csv").read_bytes()
    assert strides_csv(session).encode() == was


def test_what_was_asked_is_a_command(session):
    kinds = [command for _, command in session.command_steps]
    assert kinds == [TakeNeutral(), SetBand(4.5), SetSchedule("faded"), NewBaseline()]
    assert session.command_steps[0][0] == 3


def test_everything_else_is_there(session):
    assert session.frames.whole_steps == STEPS
    assert [cue.event for cue in session.cues] == ["tilt_out"]
    assert session.played[1].t_sound_s == pytest.approx(session.cues[0].t_capture_s + 0.045)
    assert len(session.responses) == len(session.marks) == 1
    assert [fault.reason.code for fault in session.faults] == [ReasonCode.OTHER]
    [(_, camera)] = session.devices
    assert camera.reason == Reason(ReasonCode.CAMERA_AT, fps=30)
    assert session.belt_steps[0] == (0, BeltSample(99.996, 0.0, 1.0))
    assert session.closed


def test_angles_lie_with_the_frame_that_they_are_of(session):
    """At 30 frames a second one is settled by the next but one, by the next after a gap."""
    frames = [(c, i) for c in session.frames.chunks() for i in range(c.count)]
    after = {}
    for step, (chunk, i) in enumerate(frames):
        frame = chunk.settled_frame(i)
        if frame is not None:
            assert frame.angles.t_s == frame.t_s == chunk.pose(i).t_capture_s
            after[step] = int(chunk.settled["settled_after"][i])
    assert set(after.values()) == {1}
    seen = {step for step, (chunk, i) in enumerate(frames) if chunk.pose(i).seen}
    never = seen - set(after)
    # The first of all is not turned to either side yet; what a step settled beside another,
    # or without angles of its own, was not kept.
    assert len(never) < 6


def test_nothing_is_settled_while_nobody_is_there(session):
    steps = RecordedSteps(session)
    gone = [s for s in range(STEPS) if not steps.at(s).raw_pose.seen]
    assert len(gone) > 30
    assert all(steps.at(step).settled is None for step in gone)
    assert steps.at(gone[0] - 1).settled is not None
    assert steps.at(gone[-1] + 1).settled is None
    assert steps.at(gone[-1] + 2).settled is not None


def test_legs_that_had_been_exchanged_are_found_out_from_the_angles(session):
    swapped = np.concatenate([chunk.settled["swapped"] for chunk in session.frames.chunks()])
    found = set(np.flatnonzero(swapped).tolist())
    assert found >= SWAPPED
    # While the runner stands, both legs are where the other is.
    assert all(step < 90 for step in found - SWAPPED)
    assert len(found - SWAPPED) < 5


def test_the_screen_shows_them_told_apart(session):
    view = RecordedView(session)
    steps = RecordedSteps(session)
    for step in (155, 156, 159, 160):
        raw = steps.at(step).raw_pose
        shown = view.at(raw.t_capture_s).result.preview_pose
        expected = swap_legs(raw) if step in SWAPPED else raw
        assert np.array_equal(shown.xy_px, expected.xy_px)


def test_the_neutral_is_measured_from_when_it_was(session):
    results = list(RecordedSteps(session))
    done = next(i for i, r in enumerate(results) if r.neutral_progress == 1.0)
    assert 30 < done < 90
    assert [r.neutral_measured for r in results] == [i >= done for i in range(STEPS)]


def test_reading_leaves_the_file_as_it_is(tmp_path):
    folder = unpacked(tmp_path / "old")
    (folder / "session.db").chmod(0o400)
    folder.chmod(0o500)
    before = (folder / "session.db").read_bytes()
    try:
        with SessionReader(folder) as session:
            assert len(list(RecordedSteps(session))) == STEPS
            assert len(RecordedView(session).timeline.states) > 3
        assert [p.name for p in folder.iterdir()] == ["session.db"]
        assert (folder / "session.db").read_bytes() == before
    finally:
        folder.chmod(0o700)


def everything(folder: Path) -> list[object]:
    """All that a session says, with poses and angles as plain numbers."""
    with SessionReader(folder) as session:
        frames = []
        for chunk in session.frames.chunks():
            frames += [chunk.poses.tobytes(), chunk.pelvis.tobytes(), chunk.settled.tobytes()]
            frames += [chunk.state.tobytes()]
        return [
            session.header_values, session.strides, session.cues, session.responses,
            session.event_steps, session.belt_steps, session.command_steps, session.played,
            session.marks, session.devices, session.faults, frames,
        ]  # fmt: skip


def migrated(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "session.db", isolation_level=None)) as db:
        migrate(db)


def test_a_migrated_session_says_the_same_in_the_new_layout(folder, tmp_path):
    copy = unpacked(tmp_path / "new")
    migrated(copy)
    assert everything(copy) == everything(folder)
    with closing(sqlite3.connect(copy / "session.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
        for table in ("stride", "belt", "device", "fault"):
            said = db.execute(f"SELECT reason FROM {table} WHERE reason IS NOT NULL").fetchall()
            assert said
            assert all(text.startswith('{"code":') for (text,) in said)
        found = {table: columns_in(db, table) for table in columns_of(VERSION)}
        assert found == columns_of(VERSION)
    with SessionReader(copy) as session:
        said = {str(text) for text in session.frames.words if text}
        assert "nobody in the picture" not in said
        assert {"waiting", "wire", '{"code":"nobody_in_picture"}'} <= said
    with closing(build(tmp_path / "fresh.db")) as fresh:
        assert {t: columns_in(fresh, t) for t in found} == found


_KILLED = """
import os, sqlite3, sys
from hipcue.realtime.session import migrations
steps = iter(range(int(sys.argv[2])))
packed = migrations.pack
def pack(*args, **more):
    if next(steps, None) is None:
        os._exit(9)
    return packed(*args, **more)
migrations.pack = pack
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA cache_size=2")  # What is written goes to the disk at once.
migrations.migrate(db)
"""


@pytest.mark.parametrize("after", [0, 7, 60])
def test_a_kill_in_the_middle_of_a_migration_loses_nothing(folder, tmp_path, after):
    copy = unpacked(tmp_path / "killed")
    run = [sys.executable, "-c", _KILLED, str(copy / "session.db"), str(after)]
    assert subprocess.run(run, cwd=ROOT, check=False).returncode == 9
    recover(copy)
    assert everything(copy)[:-1] == everything(folder)[:-1]
    migrated(copy)
    assert everything(copy) == everything(folder)


def damage(folder: Path) -> None:
    """Spoil the angles of one block of frames."""
    with closing(sqlite3.connect(folder / "session.db", isolation_level=None)) as db:
        db.execute("UPDATE frames SET angles = x'0100ffff' WHERE first = 157")
        assert db.execute("SELECT changes()").fetchone() == (1,)


def test_a_damaged_block_costs_itself_and_is_not_migrated(tmp_path):
    copy = unpacked(tmp_path / "damaged")
    damage(copy)
    before = (copy / "session.db").read_bytes()
    with pytest.raises(UserError, match="damaged"):
        migrated(copy)
    assert (copy / "session.db").read_bytes() == before
    with SessionReader(copy) as session:
        assert len(session.strides) == 17
        assert session.frames.chunk(0).pose(0).seen
    assert "repaired with 17 strides" in salvage(copy)
    with SessionReader(copy) as session:
        assert session.frames.count < STEPS
        assert len(session.command_steps) == 4
    with closing(sqlite3.connect(copy / "session.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION


def test_one_that_was_not_closed_is_finished_as_it_is(tmp_path):
    copy = unpacked(tmp_path / "open")
    with closing(sqlite3.connect(copy / "session.db", isolation_level=None)) as db:
        db.execute("DELETE FROM header WHERE key IN ('closed', 'summary')")
    assert "finished with 17 strides" in recover(copy)
    was = (DATA / "version1_strides.csv").read_bytes()
    assert (copy / "strides.csv").read_bytes() == was
    with closing(sqlite3.connect(copy / "session.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == 1


def test_a_nameless_copy_is_of_the_new_version(folder, tmp_path):
    nameless = anonymise(shutil.copytree(folder, tmp_path / "copy"), tmp_path / "nameless")
    with SessionReader(nameless) as session, SessionReader(folder) as old:
        assert session.strides == old.strides
        assert session.header.runner.startswith("runner-")
    with closing(sqlite3.connect(nameless / "session.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION


def legs(facing: int) -> np.ndarray:
    """Left thigh 20 degrees behind the vertical, right one 30 in front, knees straight."""
    xy = np.full((JOINT_COUNT, 2), np.nan)
    for side, behind_deg in ((Side.L, 20.0), (Side.R, -30.0)):
        along = np.radians(behind_deg)
        step = 100.0 * np.array([-np.sin(along) * facing, np.cos(along)])
        for number, name in enumerate(("hip", "knee", "ankle")):
            xy[Joint.of(side, name)] = np.array([300.0, 200.0]) + number * step
    return xy


@pytest.mark.parametrize("facing", [1, -1])
# Twelve degrees of standing neutral taken off both thighs change nothing.
@pytest.mark.parametrize("neutral_deg", [0.0, 12.0])
def test_angles_tell_whether_legs_were_exchanged(facing, neutral_deg):
    right = (20.0 - neutral_deg, -30.0 - neutral_deg, 0.0, 0.0)
    wrong = (-30.0 - neutral_deg, 20.0 - neutral_deg, 0.0, 0.0)
    angles = np.array([right, wrong], np.float32).T
    found = were_swapped(np.array([legs(facing)] * 2), np.array([facing] * 2, np.int8), angles)
    assert found.tolist() == [False, True]


def test_knees_decide_where_thighs_say_nothing():
    xy = legs(1)
    xy[Joint.R_KNEE] = xy[Joint.L_KNEE]
    xy[Joint.R_ANKLE] = xy[Joint.L_KNEE] + np.array([-100.0, 0.0])
    angles = np.array([(20.0, 20.0, 0.0, 70.0), (20.0, 20.0, 70.0, 0.0)], np.float32).T
    found = were_swapped(np.array([xy, xy]), np.array([1, 1], np.int8), angles)
    assert found.tolist() == [False, True]


def test_a_hidden_leg_says_nothing():
    angles = np.array([(-30.0, np.nan, 0.0, 0.0)], np.float32).T
    assert not were_swapped(legs(1)[None], np.array([1], np.int8), angles)[0]
