"""What is recorded comes back exactly, and recording never holds up the run."""

from __future__ import annotations

import csv
import sqlite3
import stat
import threading

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSource
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import Measurement, Side, TakeNeutral
from hipcue.realtime.session import SessionReader, SessionWriter, default_session_folder
from hipcue.realtime.session.codec import StringTable, pack, unpack
from hipcue.realtime.session.folder import slug
from hipcue.realtime.session.frame_columns import pose_columns
from hipcue.realtime.session.frame_layout import FORMAT, POSE
from hipcue.realtime.session.recorded_steps import RecordedSteps
from hipcue.realtime.session.stride_table import COLUMNS
from hipcue.realtime.session.strides_csv import number, text_cell
from tests.realtime.session.sample_session import (
    T_FIRST_S,
    SampleRun,
    feed,
    header,
    pose_at,
    record,
    sample_steps,
)


@pytest.fixture(scope="module")
def steps():
    return list(sample_steps(45.0, 60.0))


@pytest.fixture(scope="module")
def session(steps, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept") / "session"
    writer = SessionWriter(folder, header(extra={"tilt_deg": 0.1 + 0.2}), finish=finish)
    feed(writer, steps)
    writer.close()
    with SessionReader(folder) as reader:
        yield reader


def same_pose(a, b):
    same = np.array_equal(a.xy_px, b.xy_px, equal_nan=True)
    same &= np.array_equal(a.confidence, b.confidence)
    rest = ("t_capture_s", "index", "size_px", "pelvis", "px_per_m", "reason")
    return same and all(getattr(a, name) == getattr(b, name) for name in rest)


def test_every_pose_comes_back_bit_for_bit(steps, session):
    back = [chunk.pose(i) for chunk in session.frames.chunks() for i in range(chunk.count)]
    assert len(back) == len(steps) == session.frames.whole_steps
    assert all(same_pose(a, s.result.raw_pose) for a, s in zip(back, steps, strict=True))


def test_strides_cues_events_and_responses_come_back_equal(steps, session):
    results = [s.result for s in steps]
    assert session.stride_steps == [(i, x) for i, r in enumerate(results) for x in r.strides]
    assert session.cue_steps == [(i, x) for i, r in enumerate(results) for x in r.cues]
    assert session.event_steps == [(i, x) for i, r in enumerate(results) for x in r.events]
    assert session.response_steps == [(i, x) for i, r in enumerate(results) for x in r.responses]
    assert len(session.strides) > 100
    assert len(session.cues) == 2


def test_belt_samples_and_asks_know_the_step_they_were_given_to(steps, session):
    assert session.belt_steps == [(i, b) for i, s in enumerate(steps) for b in s.belt]
    assert session.command_steps == [(3, TakeNeutral())]


def test_what_the_screen_showed_comes_back(steps, session):
    for i in (0, 700, 2000, 2699):
        was, now = steps[i].result, RecordedSteps(session).at(i)
        for name in ("t_s", "events", "strides", "cues", "responses", "state", "state_reason",
                     "strides_in_state", "bands", "belt_speed_mps", "belt_source", "grade_percent",
                     "distance_m", "neutral_progress", "notices", "swaps"):  # fmt: skip
            assert getattr(now, name) == getattr(was, name), name
        assert same_pose(now.raw_pose, was.raw_pose)
        knee = now.settled.angles.knee_flexion_deg[Side.R].value
        assert knee == pytest.approx(was.settled.angles.knee_flexion_deg[Side.R].value, rel=1e-6)


def test_far_leg_hidden_stays_missing_with_its_reason(session):
    hidden = RecordedSteps(session).at(97).settled.angles.thigh_extension_deg[Side.L]
    assert hidden == Measurement.missing(ReasonCode.FAR_LEG_HIDDEN)


def test_the_header_says_who_ran_with_what(session):
    head = session.header
    assert head.runner == "Anna"
    assert head.settings["feedback"]["cooldown_s"] == 8.0
    assert head.extra == {"tilt_deg": 0.30000000000000004}
    assert head.t_first_s == session.t_first_s == T_FIRST_S
    assert head.started.utcoffset() is not None
    assert "numpy" in head.versions
    assert session.closed


def test_the_header_says_what_was_usual_at_the_end(steps, session):
    band = steps[-1].result.bands["pelvic_tilt_deg"]
    assert session.header_values["baseline_end"] == {
        "pelvic_tilt_deg": [band.centre, band.low, band.high]
    }


def test_a_cue_knows_when_it_sounded(session):
    cue = session.cues[0]
    assert session.played[1].t_sound_s == cue.t_capture_s + 0.045
    assert [m.note for m in session.marks] == ["look at this"] * 2


def test_the_closed_folder_is_private_and_has_no_log_beside_it(session):
    names = sorted(p.name for p in session.folder.iterdir())
    assert names == ["report.html", "session.db", "strides.csv"]
    assert stat.S_IMODE(session.folder.stat().st_mode) == 0o700


def test_strides_csv_has_the_columns_in_order_and_empty_where_missing(session):
    with (session.folder / "strides.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(session.strides)
    first = rows[0]
    # The runner stands for 4 s; contact to contact is 0.72 s; 3 m/s times 0.72 s is 2.16 m.
    assert (first["contact_s"], first["end_s"]) == ("4.0000", "4.7200")
    assert (first["side"], first["near"], first["stride_length_m"]) == ("R", "1", "2.1600")
    assert (first["belt_source"], first["pelvis_source"]) == ("wire", "contour")
    assert first["ankle_toe_off_deg"] == ""
    hidden = [r for r in rows if r["pelvis_source"] == "none"]
    assert hidden
    assert all(r["hip_extension_deg"] == "" and r["verdict"] == "unknown" for r in hidden)


def test_numbers_in_the_csv_do_not_depend_on_taste():
    assert number(-0.00001) == "0.0000"
    assert number(1e-9) == "0.0000"
    assert number(1234567.0) == "1234567.0000"
    assert number(None) == number(float("nan")) == ""
    assert text_cell("=1+1") == "'=1+1"
    assert text_cell("Åsa") == "Åsa"


def test_positions_finer_than_float32_are_kept_too():
    pose = pose_at(SampleRun(1.0), 0)
    xy = pose.xy_px.copy()
    xy[0, 0] = 0.1 + 0.2
    fine = type(pose)(0.1, 0, xy, pose.confidence, (640, 480), reason=None, px_per_m=123.4)
    blob = pack(pose_columns([fine], StringTable(), wide=True), wide=True)
    back = unpack(blob, POSE, 1)
    assert np.array_equal(back["xy_px"][..., 0], xy)
    assert back["px_per_m"][0] == 123.4


def test_a_forged_block_cannot_fill_the_memory():
    import zlib

    bomb = bytes((FORMAT, 0)) + zlib.compress(bytes(50_000_000))
    with pytest.raises(UserError, match="wrong length"):
        unpack(bomb, POSE, 1)
    with pytest.raises(UserError, match="block of 99999999"):
        unpack(bomb, POSE, 99_999_999)
    with pytest.raises(UserError, match="damaged"):
        unpack(bytes((FORMAT, 0)) + b"not zlib at all", POSE, 1)


def test_a_folder_that_holds_something_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UserError, match="not empty"):
        SessionWriter(tmp_path, header())
    with pytest.raises(UserError, match="not empty"):
        SessionWriter(record(tmp_path / "a", 5.0), header())


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot write a session"):
        SessionWriter(tmp_path / "file" / "session", header())


def test_names_lead_nowhere(tmp_path):
    settings = Settings.model_validate({"session": {"folder": tmp_path}})
    folder = default_session_folder(settings, "../../etc/Päul O'K\n")
    assert folder.parent == tmp_path
    assert folder.name.endswith("_etc-päul-o-k")
    assert slug("../..") == "runner"
    folder.mkdir()
    assert default_session_folder(settings, "../../etc/Päul O'K\n") != folder


def test_a_running_session_cannot_be_opened_by_anybody_else(tmp_path):
    writer = SessionWriter(tmp_path / "s", header(), finish=finish)
    feed(writer, sample_steps(2.0))
    with pytest.raises(UserError, match="recorded right now"):
        SessionReader(tmp_path / "s")
    writer.close()
    with SessionReader(tmp_path / "s") as session:
        assert session.frames.count == 120


def test_marks_and_devices_from_other_threads_while_it_runs(tmp_path):
    from hipcue.realtime.records import Mark

    writer = SessionWriter(tmp_path / "s", header(), finish=finish)
    others = [
        threading.Thread(target=lambda: [writer.mark(Mark(1.0, "x")) for _ in range(200)])
        for _ in range(4)
    ]
    for thread in others:
        thread.start()
    feed(writer, sample_steps(6.0))
    for thread in others:
        thread.join()
    writer.close()
    with SessionReader(tmp_path / "s") as session:
        assert len(session.marks) == 800
        assert session.frames.whole_steps == 360


def test_when_space_runs_out_frames_stop_and_strides_go_on(tmp_path):
    writer = SessionWriter(tmp_path / "s", header(), keep_free_bytes=10**18, finish=finish)
    feed(writer, sample_steps(20.0))
    writer.close()
    assert writer.fault == Reason(ReasonCode.DISK_NEARLY_FULL)
    with SessionReader(tmp_path / "s") as session:
        assert session.frames.count == 0
        assert len(session.strides) > 30
        assert session.faults[0].reason == Reason(ReasonCode.DISK_NEARLY_FULL)
        assert session.strides[0].belt_source is BeltSource.WIRE


def test_a_strange_database_is_not_a_session(tmp_path):
    db = sqlite3.connect(tmp_path / "session.db")
    db.execute("CREATE TABLE stride (a)")
    db.commit()
    db.close()
    with pytest.raises(UserError, match="not written by hipcue"):
        SessionReader(tmp_path)
    with pytest.raises(UserError, match=r"no session\.db"):
        SessionReader(tmp_path.parent)
