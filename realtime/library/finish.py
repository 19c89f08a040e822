"""Finishing a session: what is made from the database once the run is over."""

from __future__ import annotations

from pathlib import Path

from hipcue.realtime.session.folder import STRIDES_CSV, write_text
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.strides_csv import strides_csv
from hipcue.realtime.session.summary import keep_summary


def finish(folder: Path) -> None:
    """Write strides.csv and report.html from session.db.

    Raises
    ------
    UserError
        When the database cannot be read.
    OSError
        When the files cannot be written, e.g. on a full disk.
    """
    # The report's own libraries are not what a runner waits for at the start.
    from hipcue.realtime.review.report import build_report

    with SessionReader(folder) as session:
        text = strides_csv(session)
    # A repair may have less than what was written before the damage.
    if text.count("\n") >= _lines_in(folder / STRIDES_CSV):
        write_text(folder / STRIDES_CSV, text, private=True)
    build_report(folder)
    keep_summary(folder)


def _lines_in(path: Path) -> int:
    try:
        return path.read_bytes().count(b"\n")
    except OSError:
        return 0
