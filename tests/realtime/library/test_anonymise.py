"""Forgotten means gone, nameless means nameless, and a stranger's session can do nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import stat
import zipfile
import zlib

import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import DeviceStatus, LinkState
from hipcue.realtime.commands.replay import check_replay
from hipcue.realtime.library.anonymise import anonymise, delete_session
from hipcue.realtime.library.finish import finish
from hipcue.realtime.library.mail_zip import pack, unpack
from hipcue.realtime.library.recover import recover
from hipcue.realtime.records import Mark, NewRunner, SetBand
from hipcue.realtime.review import build_report, progress_report
from hipcue.realtime.session import SessionReader, SessionWriter
from hipcue.realtime.session.export import FORMATS, export
from hipcue.realtime.session.frame_layout import FORMAT
from hipcue.realtime.session.summary import list_sessions
from hipcue.realtime.view.recorded_view import RecordedView
from tests.realtime.session.sample_session import feed, header, record, sample_steps, strides_in


def test_deleted_is_gone_and_others_stay(tmp_path):
    one, other = record(tmp_path / "one", 6.0), record(tmp_path / "other", 6.0)
    export(one, "csv")
    delete_session(one)
    assert not one.exists()
    assert [s.folder for s in list_sessions(tmp_path)] == [other]


def test_only_sessions_are_deleted(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"x")
    with pytest.raises(UserError, match=r"no session\.db"):
        delete_session(tmp_path / "photos")
    real = record(tmp_path / "real", 6.0)
    (tmp_path / "link").symlink_to(real)
    with pytest.raises(UserError, match="link"):
        delete_session(tmp_path / "link")
    writer = SessionWriter(tmp_path / "running", header(), finish=finish)
    feed(writer, sample_steps(1.0))
    with pytest.raises(UserError, match="recorded right now"):
        delete_session(tmp_path / "running")
    writer.close()
    assert (real / "session.db").exists()


def test_only_its_owner_can_read_a_session(tmp_path):
    folder = record(tmp_path / "all" / "of" / "them" / "s", 6.0)
    progress = progress_report(folder.parent, "Anna")
    made = [folder, folder.parent, folder.parent.parent, folder.parent.parent.parent]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}
    files = [progress, *folder.iterdir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_while_it_is_recorded_nobody_else_can_read_it_either(tmp_path):
    writer = SessionWriter(tmp_path / "s", header(), finish=finish)
    feed(writer, sample_steps(3.0))
    files = list((tmp_path / "s").iterdir())
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
    writer.close()
    assert set(modes.values()) == {0o600}
    assert "session.db-wal" in modes


def test_a_folder_of_another_program_is_not_deleted(tmp_path):
    project = tmp_path / "project"
    (project / "src").mkdir(parents=True)
    db = sqlite3.connect(project / "session.db")
    db.execute("CREATE TABLE session (id)")
    db.commit()
    db.close()
    with pytest.raises(UserError, match="not written by hipcue"):
        delete_session(project)
    # A damaged one may go, but not with what is somebody's.
    broken = record(tmp_path / "broken", 6.0)
    (broken / "session.db").write_bytes(b"\0" * 5000)
    (broken / "thesis.txt").write_text("mine")
    with pytest.raises(UserError, match=r"thesis\.txt"):
        delete_session(broken)
    (broken / "thesis.txt").unlink()
    delete_session(broken)
    assert not broken.exists()
    parent = record(tmp_path / "parent", 6.0)
    record(parent / "child", 6.0)
    with pytest.raises(UserError, match="other sessions"):
        delete_session(parent)
    assert (parent / "child" / "session.db").exists()
    assert (project / "src").is_dir()


def test_deleted_and_nameless_sessions_leave_no_progress_page(tmp_path):
    for forget in (delete_session, anonymise):
        folder = record(tmp_path / "s", 12.0)
        page = progress_report(tmp_path, "Anna")
        assert page.exists()
        forget(folder)
        assert not page.exists()


def test_who_took_over_in_mid_session_is_nameless_too(tmp_path):
    writer = SessionWriter(tmp_path / "s", header(), finish=finish)
    for runner in ("Berta", "Anna"):
        writer.command(0.0, NewRunner(runner))
    writer.command(0.0, SetBand(3.5))
    feed(writer, sample_steps(6.0))
    writer.close()
    nameless = anonymise(tmp_path / "s")
    told = (nameless / "session.db").read_bytes()
    assert b"Berta" not in told
    assert b"Anna" not in told
    with SessionReader(nameless) as session:
        commands = [command for _, command in session.command_steps[:3]]
    assert commands[2] == SetBand(3.5)
    # Still two runners, each with a name of their own.
    assert all(isinstance(command, NewRunner) for command in commands[:2])
    assert len({command.name for command in commands[:2]}) == 2


def test_a_nameless_copy_leaves_the_session_as_it_is(tmp_path):
    folder = record(tmp_path / "anna", 12.0)
    before = (folder / "session.db").read_bytes()
    copy = anonymise(folder, tmp_path / "to-show")
    assert copy == tmp_path / "to-show"
    assert (folder / "session.db").read_bytes() == before
    assert b"Anna" not in (copy / "session.db").read_bytes()
    assert stat.S_IMODE((copy / "session.db").stat().st_mode) == 0o600
    assert strides_in(copy) == strides_in(folder)
    with pytest.raises(UserError, match="not empty"):
        anonymise(folder, copy)


def test_a_nameless_session_holds_the_name_nowhere(tmp_path):
    folder = tmp_path / "2025-03-01_18-00-00_zarathustra"
    writer = SessionWriter(
        folder, header("Zarathustra", extra={"club": "Zarathustra AC"}), finish=finish
    )
    writer.mark(Mark(1001.0, "Zarathustra limps"))
    cam = Reason(ReasonCode.OTHER, text="Zarathustra cam")
    writer.device(1001.0, DeviceStatus("camera", LinkState.LIVE, cam))
    place = "/".join(("", "home", "zarathustra", "x"))
    writer.note_fault(1001.0, Reason(ReasonCode.FILM_STOPPED, why=place))
    feed(writer, sample_steps(12.0))
    writer.close()
    (folder / "screen.png").write_bytes(b"face")
    (folder / "video.mp4").write_bytes(b"face")
    strides = strides_in(folder)
    new = anonymise(folder)
    assert not folder.exists()
    assert sorted(p.name for p in new.iterdir()) == ["report.html", "session.db", "strides.csv"]
    for path in new.iterdir():
        assert b"zarathustra" not in path.read_bytes().lower(), path.name
    with SessionReader(new) as session:
        assert session.strides == strides
        assert session.header.runner.startswith("runner-")
        assert session.header.started_at.endswith("T00:00:00+00:00")
        assert session.frames.whole_steps == 720


def test_a_session_travels_in_a_zip(tmp_path):
    folder = record(tmp_path / "s", 10.0)
    archive = pack(folder, tmp_path / "mail.zip")
    back = unpack(archive, tmp_path / "got")
    assert stat.S_IMODE(back.stat().st_mode) == 0o700
    assert strides_in(back) == strides_in(folder)
    assert (back / "strides.csv").read_bytes() == (folder / "strides.csv").read_bytes()


def zip_of(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_paths_in_a_zip_lead_nowhere(tmp_path):
    data = (record(tmp_path / "s", 6.0) / "session.db").read_bytes()
    for name in ("../session.db", "/session.db", "a/../../session.db", "C:\\x\\session.db",
                 "..\\session.db"):  # fmt: skip
        archive = zip_of(tmp_path / "evil.zip", **{name: data})
        with pytest.raises(UserError, match="leads outside"):
            unpack(archive, tmp_path / "got")
    link = zipfile.ZipInfo("s/session.db")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as packed:
        packed.writestr(link, "/etc/passwd")
    with pytest.raises(UserError, match="is a link"):
        unpack(tmp_path / "link.zip", tmp_path / "got")
    assert not (tmp_path / "got").exists()
    extra = {"s/session.db": data, "s/../../.bashrc": b"evil", "s/run.sh": b"evil",
             "s/report.html": b"<script>evil</script>"}  # fmt: skip
    got = unpack(zip_of(tmp_path / "more.zip", **extra), tmp_path / "got")
    assert sorted(p.name for p in got.iterdir()) == ["report.html", "session.db", "strides.csv"]
    assert b"<script>evil" not in (got / "report.html").read_bytes()


def test_what_is_no_session_is_one_clear_line(tmp_path):
    (tmp_path / "not.zip").write_bytes(b"PK\x03\x04 no")
    for archive, said in (
        (tmp_path / "not.zip", "cannot open"),
        (tmp_path / "missing.zip", "cannot open"),
        (zip_of(tmp_path / "empty.zip", **{"a.txt": b"x"}), r"no session\.db in it"),
        (zip_of(tmp_path / "two.zip", **{"a/session.db": b"x", "b/session.db": b"x"}), "twice"),
    ):
        with pytest.raises(UserError, match=said):
            unpack(archive, tmp_path / "x")


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    # Thirty pictures a second: every forgery of it is run through the engine again.
    return record(tmp_path_factory.mktemp("honest") / "s", 24.0, fps=30.0)


@pytest.fixture
def foreign(honest, tmp_path):
    shutil.copytree(honest, tmp_path / "s")
    return tmp_path / "s"


def forge(folder, *statements):
    """A stranger's hand in the database."""
    db = sqlite3.connect(folder / "session.db")
    for sql, *values in statements:
        db.execute(sql, values)
    db.commit()
    db.close()
    return folder


HOSTILE = {
    "a view instead of a table": [
        ("DROP TABLE stride",),
        (
            "CREATE VIEW stride AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
            "FROM n) SELECT x id FROM n",
        ),
    ],
    "a trigger": [("CREATE TRIGGER evil AFTER INSERT ON fault BEGIN DELETE FROM stride; END",)],
    "a computed column": [
        ("DROP TABLE fault",),
        (
            "CREATE TABLE fault (id INTEGER PRIMARY KEY, t_s REAL, "
            "text TEXT AS (hex(zeroblob(1000000000))))",
        ),
    ],
    "an index on an expression": [("CREATE INDEX evil ON stride (abs(number))",)],
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_strangers_database_can_run_nothing(foreign, tmp_path, what):
    folder = forge(foreign, *HOSTILE[what])
    for use in (SessionReader, recover, build_report):
        with pytest.raises(UserError, match=r"holds a|computed column"):
            use(folder)
    assert list_sessions(tmp_path)[0].trouble


def test_a_link_instead_of_a_database_is_refused(tmp_path):
    folder = record(tmp_path / "s", 6.0)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "session.db").symlink_to(folder / "session.db")
    with pytest.raises(UserError, match="link to somewhere else"):
        SessionReader(tmp_path / "other")


BOMB = bytes((FORMAT, 0)) + zlib.compress(bytes(90_000_000), 1)
WRONG = {
    "a stride that is text": [("UPDATE stride SET contact_s = 'soon'",)],
    "a stride of no leg": [("UPDATE stride SET side = '../../x'",)],
    "measurements that are a list": [("UPDATE stride SET measurements = '[1]'",)],
    "a measurement that is a word": [
        ("UPDATE stride SET measurements = '{\"a\": [\"b\", null, null]}'",)
    ],
    "endless brackets": [("UPDATE stride SET measurements = ?", "[" * 100_000)],
    "a bomb of frames": [("UPDATE frames SET pose = ?", BOMB)],
    "frames without end": [("UPDATE frames SET count = 999999999",)],
    "frames that are text": [("UPDATE frames SET pose = 'x'",)],
    "a header that is a list": [("UPDATE header SET json = '[1, 2]'",)],
    "words beyond count": [("INSERT INTO word VALUES (2000000000, 'x')",)],
    "a summary full of lies": [
        ("INSERT OR REPLACE INTO header VALUES ('summary', '{\"by_speed\": {\"x\": 1}}')",)
    ],
    "a cue of another kind": [("UPDATE cue SET kind = 'shell'",)],
    "a missing table": [("DROP TABLE belt",)],
    "a table with a column less": [("ALTER TABLE stride DROP COLUMN reason",)],
    "a table with a column more": [("ALTER TABLE header ADD COLUMN more TEXT",)],
    "columns that have changed places": [
        ("DROP TABLE mark",), ("CREATE TABLE mark (note, t_s, step, id)",),
        ("INSERT INTO mark VALUES ('x', 'y', 'z', 'a')",),
    ],
    "a version before the first": [("PRAGMA user_version=-3",)],
    "a version that was none": [("PRAGMA user_version=0",)],
    "stamps that are text": [("UPDATE played SET stamps = '\"x\"'",)],
    "a stride without end": [("UPDATE stride SET end_s = 9e999",)],
    "a stride of three hundred years": [("UPDATE stride SET end_s = 9e9 WHERE id = 3",)],
    "a stride before all time": [("UPDATE stride SET contact_s = -9e999 WHERE id = 3",)],
    "a confidence beyond certainty": [("UPDATE stride SET confidence = 9e999",)],
    "measurements without measure": [
        ("UPDATE stride SET measurements = ?",
         '{"pelvic_tilt_deg": [NaN, 1e999, null], "stride_length_m": [1e999, null, null],'
         '"cadence_spm": [-1e308, 1e308, null], "hip_extension_deg": [1e308, 1, null]}')
    ],
    "a mark at no time": [("UPDATE mark SET t_s = 9e999",)],
    "a fault at no time": [("INSERT INTO fault VALUES (NULL, -9e999, 'x')",)],
    "a light at no time": [("INSERT INTO device VALUES (NULL, 9e999, 'x', 'live', 'x')",)],
    "a belt at no time": [("UPDATE belt SET t_s = 9e999, speed_mps = 9e999",)],
    "an event at a step that is a long text": [("UPDATE event SET step = ?", "9" * 5000)],
    "a header full of infinities": [
        ("UPDATE header SET json = '1e999' WHERE key IN ('t_first_s', 'size_px', 'extra')",),
        ("UPDATE header SET json = '[1e999, NaN]' WHERE key = 'size_px'",),
        ("INSERT OR REPLACE INTO header VALUES ('latency_ms', '{\"p50\": 1e999}')",),
    ],
    "settings of another planet": [
        ("UPDATE header SET json = '{\"warp\": {\"factor\": 9}}' WHERE key = 'settings'",)
    ],
    "frames at no time": [("UPDATE frames SET t_first_s = 9e999, t_last_s = -9e999",)],
    "frames that begin before the first": [("UPDATE frames SET first = -first",)],
}  # fmt: skip


def show_some(folder):
    with SessionReader(folder) as session:
        past = RecordedView(session)
        for t_s in (past.start_s, (past.start_s + past.end_s) / 2, past.end_s):
            past.at(t_s)


def run_again(folder):
    check_replay(str(folder), Settings())


@pytest.mark.parametrize("what", WRONG)
def test_a_strangers_numbers_are_one_clear_line_or_a_report(foreign, tmp_path, what):
    folder = forge(foreign, *WRONG[what])
    exports = [lambda f, form=form: export(f, form, tmp_path / "out") for form in FORMATS]
    for use in (build_report, show_some, run_again, *exports):
        # Anything but a clear line for the user would fail here.
        with contextlib.suppress(UserError):
            use(folder)
    list_sessions(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} <= {"s", "out"}


def test_a_hostile_name_stays_inside_its_folder(tmp_path):
    record(tmp_path / "all" / "s", 12.0, runner="../../../etc/<b>x</b>")
    path = progress_report(tmp_path / "all", "../../../etc/<b>x</b>")
    assert path.parent == tmp_path / "all"
    assert "<b>x</b>" not in path.read_text()
    with pytest.raises(UserError, match="no session of that name"):
        progress_report(tmp_path / "all", "nobody")


def test_a_list_of_sessions_is_quick_and_complete(tmp_path):
    for number in range(3):
        record(tmp_path / f"s{number}", 30.0, seed=number)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "session.db").write_bytes(os.urandom(9000))
    found = list_sessions(tmp_path)
    by_name = {s.folder.name: s for s in found}
    assert by_name["broken"].trouble
    line = by_name["s1"]
    assert (line.runner, line.closed, line.cues) == ("Anna", True, 1)
    assert line.medians["belt_speed_mps"] == 3.0
    mean, sd, count = line.by_speed["3.00"]["hip_extension_deg"]
    with SessionReader(tmp_path / "s1") as session:
        known = [v for s in session.strides if (v := s.measure("hip_extension_deg").value)]
    assert count == len(known)
    assert mean == pytest.approx(sum(known) / count, abs=1e-3)
    assert sd > 0
