"""The frames of a session as columns: what was recorded, in order, and the nearest to a time."""

from __future__ import annotations

import numpy as np

from hipcue.realtime.records import JOINT_COUNT
from hipcue.realtime.review.frame_table import FrameTable, frame_table, in_order, nearest_frames
from hipcue.realtime.session import SessionReader
from hipcue.realtime.session.frame_layout import ANGLES
from tests.realtime.session.sample_session import record, sample_steps


def table_at(*t_s: float) -> FrameTable:
    """A table whose frames carry their own number wherever there is a place for it."""
    n = len(t_s)
    number = np.arange(n, dtype=np.float32)
    xy = np.broadcast_to(number[:, None, None], (n, JOINT_COUNT, 2))
    angles = np.broadcast_to(number, (len(ANGLES), n))
    return FrameTable(np.array(t_s, float), xy, number % 2 == 0, angles)


def test_every_frame_is_there_as_it_was_settled(tmp_path):
    folder = record(tmp_path / "s", 8.0)
    with SessionReader(folder) as session:
        table = frame_table(session)
    settled = [step.result.settled for step in sample_steps(8.0)]
    assert len(table) == len(settled)
    assert table.measured.all()
    assert table.t_s.tolist() == [frame.pose.t_capture_s for frame in settled]
    xy = np.array([frame.pose.xy_px for frame in settled])
    assert np.array_equal(table.xy_px, xy.astype(np.float32), equal_nan=True)
    tilt = [frame.angles.pelvic_tilt_deg.value for frame in settled]
    assert np.allclose(table.angles_deg[ANGLES.index("pelvic_tilt_deg")], tilt, atol=1e-4)


def test_frames_of_a_foreign_session_are_put_in_order():
    table = in_order(table_at(3.0, 1.0, np.nan, 2.0))
    assert table.t_s.tolist() == [1.0, 2.0, 3.0]
    assert table.xy_px[:, 0, 0].tolist() == [1.0, 3.0, 0.0]
    assert table.angles_deg[0].tolist() == [1.0, 3.0, 0.0]
    assert table.measured.tolist() == [False, False, True]


def test_the_nearest_frame_is_found_and_none_that_is_far():
    table = table_at(1.0, 1.1, 2.0)
    wanted = np.array([0.98, 1.04, 1.07, 1.5, 2.04, 9.0])
    assert nearest_frames(table, wanted, 0.05).tolist() == [0, 0, 1, -1, 2, -1]
    assert nearest_frames(table_at(), wanted, 0.05).tolist() == [-1] * 6
