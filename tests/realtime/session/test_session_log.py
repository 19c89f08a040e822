"""session.log tells of the machine, never of the runner, and holds nobody up."""

from __future__ import annotations

import logging
import os
import stat
import threading

import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import DeviceStatus, LinkState
from hipcue.realtime.records import NewRunner
from hipcue.realtime.session import SessionWriter
from hipcue.realtime.session.session_log import LOG, SessionLog, log_versions, logger
from tests.realtime.session.killing import ROOT
from tests.realtime.session.sample_session import feed, header, sample_steps


def test_a_run_leaves_what_happened_to_its_machine(tmp_path):
    head = header("Anna")
    writer = SessionWriter(tmp_path / "s", head)
    with SessionLog(writer.folder, lambda: writer.runners):
        log_versions(head)
        feed(writer, sample_steps(5.0))
        lost = DeviceStatus("belt", LinkState.LOST, Reason(ReasonCode.BELT_WAITING))
        writer.device(1.0, lost)
        writer.note_fault(2.0, Reason(ReasonCode.DISK_FULL))
        writer.close()
    text = (writer.folder / LOG).read_text("utf-8")
    assert f"numpy {head.versions['numpy']}" in text
    assert "camera at 1280x720 at 60" in text
    assert "INFO    camera live: camera 60" in text
    assert "INFO    belt lost: belt waiting" in text
    assert "WARNING disk full: frames are not kept, strides are" in text
    assert stat.S_IMODE((writer.folder / LOG).stat().st_mode) == 0o600


def test_an_error_leaves_its_traceback_without_names_or_this_machine(tmp_path):
    folder = tmp_path / "2025-03-01_18-30-05_zoë-o-k"
    writer = SessionWriter(folder, header("Zoë O'K"))
    writer.command(1.0, NewRunner("Ben"))

    def fails() -> None:
        with SessionLog(folder, lambda: writer.runners):
            logger.info("zoë o'k and Ben's bench in %s", folder)
            (folder / "missing").read_text()

    with pytest.raises(FileNotFoundError):
        fails()
    writer.close()
    text = (folder / LOG).read_text("utf-8")
    assert "runner and runner's bench" in text
    assert "zoë" not in text.lower()
    assert "Ben" not in text
    assert "FileNotFoundError" in text
    # Files by their names, lines by their numbers, folders of nobody.
    assert 'File "test_session_log.py", line ' in text
    assert str(ROOT) not in text


def test_a_disk_that_hangs_holds_nobody_up(tmp_path):
    """A pipe that nobody reads blocks whoever opens it."""
    os.mkfifo(tmp_path / LOG)
    with SessionLog(tmp_path, tuple):
        for number in range(5000):
            logger.info("line %d", number)
    readers = [t for t in threading.enumerate() if t.name == "session-log"]
    assert readers
    with open(tmp_path / LOG, encoding="utf-8") as late:
        lines = late.read().splitlines()
    assert len(lines) == 999
    assert lines[0].endswith("line 1")


def test_nothing_is_said_where_nobody_listens(capfd):
    logger.warning("nobody hears this")
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("hipcue.devices").getEffectiveLevel() == logging.WARNING
