"""The ring of recent frames."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.pose_buffer import PoseBuffer, height_px, joint
from hipcue.realtime.records import Joint, Side
from tests.realtime.gait.making import pose


def filled(frames: int) -> PoseBuffer:
    """A buffer of ten frames; frame k was at k / 10 s and has the left hip at x = k."""
    memory = PoseBuffer(seconds=1.0, fps_at_most=10.0)
    for k in range(frames):
        memory.add_pose(pose(0.1 * k, L_HIP=(float(k), 2.0 * k), L_KNEE=(float(k), 90.0)), facing=1)
    return memory


def hips(memory: PoseBuffer, since_s: float, until_s: float = np.inf) -> list[float]:
    stretch = memory.stretch(since_s, until_s)
    assert stretch.t.tolist() == pytest.approx([0.1 * x for x in stretch.xy[:, Joint.L_HIP, 0]])
    return list(joint(stretch.xy, Side.L, "hip")[:, 0])


@pytest.mark.parametrize("frames", [3, 10, 11, 19, 20, 21, 27])
def test_the_buffer_is_a_ring_that_reads_in_order(frames: int) -> None:
    memory = filled(frames)
    assert hips(memory, -np.inf) == list(range(max(frames - 10, 0), frames))
    assert memory.newest_s == pytest.approx(0.1 * (frames - 1))
    assert memory.newest_joints[Joint.L_HIP] == [frames - 1, -2.0 * (frames - 1)]


def test_a_stretch_holds_both_its_ends() -> None:
    memory = filled(27)
    assert hips(memory, 1.95, 2.35) == [20, 21, 22, 23]
    assert hips(memory, 9.0) == []


def test_up_is_up_and_forward_is_where_they_run() -> None:
    for facing, forward in ((1, 100.0), (-1, -100.0)):
        memory = PoseBuffer()
        memory.add_pose(pose(0.0, L_HIP=(100.0, 30.0)), facing)
        assert memory.newest_joints[Joint.L_HIP] == [forward, -30.0]
        assert all(at != at for at in memory.newest_joints[Joint.R_HIP])


def test_the_newest_segments_are_those_of_the_newest_frame() -> None:
    memory = filled(27)
    thigh, shank, foot = memory.newest_segments_deg[Side.L]
    assert thigh == memory.stretch(2.6).thigh_deg(Side.L)[0]
    assert np.isnan([shank, foot]).all()


def test_an_emptied_buffer_is_empty() -> None:
    memory = filled(27)
    memory.clear()
    assert memory.newest_s == -np.inf
    assert hips(memory, -np.inf) == []
    memory.add_pose(pose(0.5, L_HIP=(5.0, 0.0)), facing=1)
    assert hips(memory, -np.inf) == [5]


def test_the_body_is_as_tall_as_what_is_seen_of_it() -> None:
    assert height_px(pose(0.0, NOSE=(0.0, 100.0), L_TOE=(0.0, 640.0))) == 540.0
    assert height_px(pose(0.0, NOSE=(0.0, 100.0))) == 1.0
    assert height_px(pose(0.0)) == 1.0
