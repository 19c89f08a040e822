"""Frames that a stranger wrote, in either version: a clear line, and never all of the memory."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import zlib
from contextlib import closing

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.realtime.session import SessionReader, frame_layout, version1
from hipcue.realtime.session.frame_layout import PELVIS, POSE, SETTLED, STATE, layout
from hipcue.realtime.session.recorded_steps import RecordedSteps
from hipcue.realtime.view.recorded_view import RecordedView
from tests.realtime.session.sample_session import record
from tests.realtime.session.test_version1 import unpacked

NEW = {"pose": POSE, "pelvis": PELVIS, "settled": SETTLED, "state": STATE}
OLD = {"pose": version1._POSE, "angles": version1._ANGLES, "state": version1._STATE}
FIELDS = [
    *(("new", column, field[0]) for column, fields in NEW.items() for field in fields),
    *(("old", column, field[0]) for column, fields in OLD.items() for field in fields),
]


@pytest.fixture(scope="module")
def sessions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("honest")
    return {"new": record(folder / "new", 5.0), "old": unpacked(folder / "old")}


def look_at_all(folder):
    with SessionReader(folder) as session:
        view = RecordedView(session)
        for t_s in (view.start_s, (view.start_s + view.end_s) / 2, view.end_s):
            view.at(t_s)
        for chunk in session.frames.chunks():
            _ = chunk.settled_xy_px
        steps = RecordedSteps(session)
        for step in range(0, session.frames.whole_steps, 9):
            steps.at(step)


@pytest.mark.parametrize(("version", "column", "field"), FIELDS)
def test_any_numbers_are_one_clear_line_or_shown(sessions, tmp_path, version, column, field):
    folder = shutil.copytree(sessions[version], tmp_path / "forged")
    chance = np.random.default_rng(3)
    fields = (NEW if version == "new" else OLD)[column]
    with closing(sqlite3.connect(folder / "session.db", isolation_level=None)) as db:
        found = db.execute(f"SELECT first, count, {column} FROM frames").fetchall()
        for first, n, blob in found[::2]:
            raw = bytearray(zlib.decompress(blob[2:]))
            rows = len(raw) // layout(PELVIS, 1).itemsize if column == "pelvis" else n
            kind = layout(fields, rows)
            columns = np.frombuffer(bytes(raw[: kind.itemsize]), kind, 1).copy()
            columns[field][0] = np.frombuffer(
                chance.bytes(columns[field].nbytes), columns[field].dtype
            ).reshape(columns[field].shape[1:])
            raw[: kind.itemsize] = columns.tobytes()
            forged = blob[:2] + zlib.compress(bytes(raw))
            db.execute(f"UPDATE frames SET {column} = ? WHERE first = ?", (forged, first))
    # Anything but a clear line for the user would fail here.
    with contextlib.suppress(UserError):
        look_at_all(folder)


@pytest.mark.parametrize(
    ("version", "column"), [*(("new", c) for c in NEW), *(("old", c) for c in OLD)]
)
def test_a_bomb_does_not_go_off(sessions, tmp_path, version, column):
    folder = shutil.copytree(sessions[version], tmp_path / "forged")
    format = frame_layout.FORMAT if version == "new" else version1.FORMAT
    bomb = bytes((format, 0)) + zlib.compress(bytes(90_000_000), 1)
    with closing(sqlite3.connect(folder / "session.db", isolation_level=None)) as db:
        db.execute(f"UPDATE frames SET {column} = ?", (bomb,))
    with pytest.raises(UserError, match="wrong length"):
        look_at_all(folder)
