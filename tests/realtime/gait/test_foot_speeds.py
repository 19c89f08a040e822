"""Which planted feet measure the belt."""

from __future__ import annotations

import pytest

from hipcue.realtime.gait.foot_speeds import FootSpeeds
from hipcue.realtime.gait.pose_buffer import PoseBuffer
from hipcue.realtime.records import Side
from tests.realtime.gait.puppet import BELT_PX_PER_S, STRIDE_S, Puppet

CONTACT_S = STRIDE_S


@pytest.mark.parametrize(
    ("fps", "hole_s", "measures"),
    [(60.0, 0.0, True), (20.0, 0.0, True), (60.0, 0.05, True), (60.0, 0.12, False)],
)
def test_a_heel_is_not_measured_over_pictures_that_a_busy_machine_skipped(
    fps: float, hole_s: float, measures: bool
) -> None:
    paths, feet = PoseBuffer(), FootSpeeds()
    for pose in Puppet().poses(fps, 1.2):
        if not CONTACT_S + 0.02 < pose.t_capture_s < CONTACT_S + 0.02 + hole_s:
            paths.add_pose(pose, 1)
    feet.add_stance(Side.L, CONTACT_S, BELT_PX_PER_S, paths)
    assert (len(feet.between(0.0, 2.0)) == 1) is measures


@pytest.mark.parametrize("hole_s", [-0.09, 0.1])
def test_a_stance_whose_landing_or_end_nobody_saw_is_not_measured(hole_s: float) -> None:
    """The landing is anywhen in the hole: its heel may have been in the air still."""
    paths, feet = PoseBuffer(), FootSpeeds()
    for pose in Puppet().poses(30.0, 1.2):
        if not 0.0 < pose.t_capture_s - CONTACT_S - hole_s < 0.1:
            paths.add_pose(pose, 1)
    feet.add_stance(Side.L, CONTACT_S, BELT_PX_PER_S, paths)
    assert not feet.between(0.0, 2.0)
