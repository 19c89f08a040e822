"""Killed, cut and older sessions open, repair themselves and say so."""

from __future__ import annotations

import csv
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time

import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.library.finish import finish
from hipcue.realtime.library.recover import find_unfinished, recover
from hipcue.realtime.records import Mark
from hipcue.realtime.session import SessionReader, SessionWriter
from tests.realtime.session.killing import ROOT, record_and_kill
from tests.realtime.session.sample_session import feed, header, record, sample_steps, strides_in


@pytest.mark.parametrize("after_s", [0.02, 2.3])
def test_a_killed_recording_loses_at_most_a_second(tmp_path, after_s):
    found = record_and_kill(tmp_path / "run", after_s)
    assert found.lost_old == 0
    assert "was not closed; finished with" in found.line
    with (tmp_path / "run" / "strides.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == found.kept
    assert (tmp_path / "run" / "report.html").stat().st_size > 1000
    if after_s > 2:
        assert found.kept > 2
        assert found.frames > 60


def test_a_recording_is_left_alone_by_repairs(tmp_path):
    writer = SessionWriter(tmp_path / "run", header(), finish=finish)
    feed(writer, sample_steps(2.0))
    # Another process looks, as a second hipcue would.
    code = (
        "import sys; from pathlib import Path; from hipcue.config.errors import UserError\n"
        "from hipcue.realtime.library.recover import find_unfinished, recover\n"
        "folder = Path(sys.argv[1]); print(find_unfinished(folder.parent))\n"
        "try: recover(folder)\n"
        "except UserError as error: print(error.seen)\n"
    )
    run = [sys.executable, "-c", code, str(tmp_path / "run")]
    out = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    writer.close()
    assert out.splitlines() == ["[]", "it is being recorded right now"]
    with SessionReader(tmp_path / "run") as session:
        assert session.frames.count == 120


def test_a_finished_session_needs_nothing(tmp_path):
    folder = record(tmp_path / "run", 10.0)
    before = (folder / "session.db").read_bytes()
    assert find_unfinished(tmp_path) == []
    assert recover(folder) is None
    assert (folder / "session.db").read_bytes() == before


def test_killed_before_its_report_was_written_it_is_finished_too(tmp_path):
    folder = record(tmp_path / "run", 10.0)
    table = (folder / "strides.csv").read_bytes()
    for name in ("strides.csv", "report.html"):
        (folder / name).unlink()
    db = sqlite3.connect(folder / "session.db")
    db.execute("DELETE FROM header WHERE key = 'summary'")
    db.commit()
    db.close()
    assert find_unfinished(tmp_path) == [folder]
    assert "its report was not written yet; done" in recover(folder)
    assert (folder / "strides.csv").read_bytes() == table
    assert (folder / "report.html").stat().st_size > 1000
    assert find_unfinished(tmp_path) == []


def test_a_row_that_no_database_takes_costs_only_itself(tmp_path):
    writer = SessionWriter(tmp_path / "run", header(runner="Half \ud83d letter"), finish=finish)
    writer.mark(Mark(float("nan"), "no time"))
    writer.mark(Mark(1001.0, "half \ud83d letter"))
    writer.note_fault(1001.0, Reason(ReasonCode.OTHER, text="\udcff"))
    feed(writer, sample_steps(8.0))
    writer.close()
    assert writer.fault is None
    with SessionReader(tmp_path / "run") as session:
        assert session.header.runner == "Half ? letter"
        assert "half ? letter" in [mark.note for mark in session.marks]
        assert "no time" not in [mark.note for mark in session.marks]
        assert {fault.reason for fault in session.faults} == {
            Reason(ReasonCode.ROWS_NOT_KEPT, count=1, table="mark"),
            Reason(ReasonCode.OTHER, text="?"),
        }
        assert session.frames.count == 480
        assert len(session.strides) > 5


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A session written as a live run writes it: every stride before the next one comes."""
    folder = tmp_path_factory.mktemp("cut") / "whole"
    writer = SessionWriter(folder, header(), finish=finish)
    for step in sample_steps(40.0):
        feed(writer, [step])
        while step.result.strides and writer.waiting:
            time.sleep(0.001)
    writer.close()
    return folder, strides_in(folder)


def test_a_database_cut_anywhere_gives_back_what_is_left(whole, tmp_path):
    folder, strides = whole
    data = (folder / "session.db").read_bytes()
    chance = random.Random(7)
    by_number = {s.index: s for s in strides}
    kept_at, refused_at = {}, []
    for k in range(12):
        length = chance.randrange(1, len(data))
        copy = tmp_path / f"cut{k}"
        shutil.copytree(folder, copy)
        (copy / "session.db").write_bytes(data[:length])
        try:
            line = recover(copy)
        except UserError as error:
            refused_at.append((length, str(error)))
            assert (copy / "session.db").stat().st_size == length
            assert (copy / "strides.csv").stat().st_size > 1000
            continue
        with SessionReader(copy) as session:
            assert all(by_number[s.index] == s for s in session.strides)
            kept_at[length] = len(session.strides)
        if line is not None:
            assert f"repaired with {kept_at[length]} strides" in line
            assert (copy / "session.db.damaged").stat().st_size == length
    # Only a file that ends before its first second of frames is given up. Where that second
    # ends depends on how the writer's transactions fell: about a sixth of these 40 s.
    assert max(length for length, _ in refused_at) < min(min(kept_at), len(data) / 4)
    assert all(re.search(r"nothing can be read|not written by", why) for _, why in refused_at)
    # More of the file gives back more, up to nearly everything.
    assert max(kept_at.values()) > 0.5 * len(strides)


def test_garbage_in_the_middle_costs_only_what_was_there(whole, tmp_path):
    folder, strides = whole
    copy = tmp_path / "scratched"
    shutil.copytree(folder, copy)
    data = bytearray((copy / "session.db").read_bytes())
    middle = len(data) // 2 // 8192 * 8192
    data[middle : middle + 8192] = os.urandom(8192)
    (copy / "session.db").write_bytes(data)
    if find_unfinished(tmp_path) != [copy]:
        with SessionReader(copy) as session:
            assert session.closed
    recover(copy)
    with SessionReader(copy) as session:
        assert len(session.strides) > 0.5 * len(strides)
        assert session.frames.count > 0.5 * 2400


def test_an_empty_file_is_one_clear_line_and_nothing_is_deleted(tmp_path):
    folder = record(tmp_path / "run", 10.0)
    (folder / "session.db").write_bytes(b"")
    with pytest.raises(UserError):
        recover(folder)
    assert sorted(p.name for p in folder.iterdir()) == ["report.html", "session.db", "strides.csv"]


def test_a_session_of_a_newer_hipcue_says_so(tmp_path):
    folder = record(tmp_path / "new", 5.0)
    db = sqlite3.connect(folder / "session.db")
    db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(UserError, match=f"session {folder}: .*newer hipcue"):
        SessionReader(folder)


def test_a_disk_that_really_runs_full_keeps_strides_as_long_as_it_can(tmp_path):
    # The operating system refuses every byte of a file beyond 400 kB in this process.
    code = (
        "import resource, sys; from pathlib import Path\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
        "from hipcue.realtime.library.finish import finish\n"
        "from hipcue.realtime.session import SessionWriter\n"
        "from tests.realtime.session.sample_session import header, feed, sample_steps\n"
        "writer = SessionWriter(Path(sys.argv[1]), header(), finish=finish)\n"
        "feed(writer, sample_steps(60.0))\n"
        "writer.close(); print(writer.fault)\n"
    )
    run = [sys.executable, "-c", code, str(tmp_path / "run")]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "disk" in done.stdout or "cannot" in done.stdout
    recover(tmp_path / "run")
    with SessionReader(tmp_path / "run") as session:
        assert len(session.strides) > 0
        assert session.strides == sorted(session.strides, key=lambda s: s.index)
