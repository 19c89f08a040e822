"""A row that cannot be read is left out with a line; a command of another hipcue is no damage."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.config.reason_words import in_words
from hipcue.config.settings import Settings
from hipcue.realtime.commands.export import export_everything, export_one
from hipcue.realtime.commands.replay import check_replay
from hipcue.realtime.commands.review import review_session
from hipcue.realtime.commands.sessions import show_sessions
from hipcue.realtime.library.anonymise import anonymise
from hipcue.realtime.library.recover import recover
from hipcue.realtime.session import SessionReader
from tests.realtime.session.sample_session import record

VERSION_1 = Path(__file__).parent.parent / "session" / "data" / "version1.db.gz"
LAST_CHUNK = "WHERE first = (SELECT max(first) FROM frames)"
DAMAGE = {
    1: {
        "chunk": f"UPDATE frames SET angles = substr(angles, 1, 10) {LAST_CHUNK}",
        "verdict": "UPDATE stride SET verdict = 'splendid' WHERE id = 3",
        "values": "UPDATE stride SET measurements = '[1]' WHERE id = 3",
    },
    2: {
        "chunk": f"UPDATE frames SET settled = substr(settled, 1, 10) {LAST_CHUNK}",
        "verdict": "UPDATE stride SET verdict = 'splendid' WHERE id = 3",
        "values": "UPDATE stride SET measurements = '[1]' WHERE id = 3",
        "mark": "INSERT INTO mark VALUES (NULL, 5, 'noon', 'lap')",
    },
}


def session_of(version: int, folder: Path, damage: str) -> Path:
    """Return a session of a version, with something changed in its database."""
    if version == 1:
        folder.mkdir()
        (folder / "session.db").write_bytes(gzip.decompress(VERSION_1.read_bytes()))
    else:
        record(folder, 20.0)
    return changed(folder, damage)


def changed(folder: Path, damage: str) -> Path:
    """Return a session with something changed in its database."""
    with closing(sqlite3.connect(folder / "session.db")) as db:
        db.execute(damage)
        db.commit()
    return folder


@pytest.mark.parametrize(("version", "what"), [(v, w) for v in DAMAGE for w in DAMAGE[v]])
def test_a_damaged_row_costs_only_itself(version, what, tmp_path, capsys):
    whole = session_of(version, tmp_path / "whole", "SELECT 1")
    with SessionReader(whole) as session:
        strides, chunks = session.strides, session.frames.chunk_index
    folder = changed(shutil.copytree(whole, tmp_path / "run"), DAMAGE[version][what])
    (folder / "report.html").unlink(missing_ok=True)
    # The summary is there, as in a session that was damaged after it was finished.
    with closing(sqlite3.connect(folder / "session.db")) as db:
        db.execute("INSERT OR IGNORE INTO header VALUES ('summary', '{}')")
        db.commit()
    review_session(str(folder), Settings())
    said = capsys.readouterr().out
    left = len(strides) - (what in ("verdict", "values"))
    assert f"hipcue: run: was damaged; repaired with {left} strides\n" in said
    assert (folder / "session.db.damaged").is_file()
    with SessionReader(folder) as session:
        assert [s.index for s in session.strides] == [
            s.index for i, s in enumerate(strides) if left == len(strides) or i != 2
        ]
        assert session.frames.chunk_index == (chunks[:-1] if what == "chunk" else chunks)
        assert in_words(session.faults[-1].reason).startswith("was damaged")
    review_session(str(folder), Settings())
    assert "repaired" not in capsys.readouterr().out


def test_an_export_leaves_out_a_damaged_row_with_a_line(tmp_path, capsys):
    folder = session_of(2, tmp_path / "run", DAMAGE[2]["verdict"])
    export_one(str(folder), "csv", tmp_path / "out", Settings())
    assert "hipcue: run: was damaged; repaired with" in capsys.readouterr().out


def test_an_export_of_all_leaves_out_a_damaged_row_with_a_line(tmp_path, capsys):
    for name in ("one", "two"):
        session_of(2, tmp_path / "kept" / name, DAMAGE[2]["verdict"])
    settings = Settings.model_validate({"session": {"folder": tmp_path / "kept"}})
    export_everything("csv", tmp_path / "out", settings)
    said = capsys.readouterr().out
    assert all(f"hipcue: {name}: was damaged; repaired with" in said for name in ("one", "two"))
    assert len({path.parent for path in (tmp_path / "out").rglob("*.csv")}) == 2


def test_the_list_of_sessions_says_what_repairs_a_damaged_one(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    folder = session_of(2, tmp_path / "run", DAMAGE[2]["verdict"])
    changed(folder, "DELETE FROM header WHERE key = 'summary'")
    show_sessions(Settings.model_validate({"session": {"folder": tmp_path}}))
    assert "a stride is damaged; hipcue review repairs what it can" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("version", "command", "shown"),
    [
        (1, "INSERT INTO ask VALUES (NULL, 5, 1.0, 'dance')", "'dance'"),
        (2, """INSERT INTO command VALUES (NULL, 5, 1.0, '{"command":"fly"}')""", "fly"),
    ],
)
def test_an_unknown_command_is_no_damage(version, command, shown, tmp_path, capsys):
    folder = session_of(version, tmp_path / "run", command)
    review_session(str(folder), Settings())
    assert "repaired" not in capsys.readouterr().out
    assert not (folder / "session.db.damaged").exists()
    with pytest.raises(
        UserError, match=f"cannot run the engine over {folder} again: .*command.*{shown}"
    ):
        check_replay(str(folder), Settings())
    # A nameless copy may not keep what could be a name, and still says that there was one.
    with SessionReader(anonymise(folder, tmp_path / "copy")) as session:
        assert session.unknown_commands == ['{"command":"unknown"}']


def test_a_killed_session_with_a_damaged_row_is_finished_and_the_first_original_stays(tmp_path):
    folder = session_of(2, tmp_path / "run", DAMAGE[2]["verdict"])
    changed(folder, "DELETE FROM header WHERE key IN ('closed', 'summary')")
    assert "was damaged; repaired with" in str(recover(folder))
    first = (folder / "session.db.damaged").read_bytes()
    assert b"splendid" in first
    changed(folder, "UPDATE stride SET verdict = 'grand' WHERE id = 5")
    review_session(str(folder), Settings())
    assert (folder / "session.db.damaged").read_bytes() == first
