"""Simulated runners whose hips a pose model puts elsewhere: the thigh is what they did."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hipcue.realtime.records import Joint, Pose, Side
from tests.realtime.test_engine import Filmed, usual

# How far a rendered body stood out by its standing hips, degrees: 4.1 less than the mean.
STANDS_OUT_DEG = -4.1


class Wandering(Filmed):
    """The usual run with hips that wander: standing out, and after the thighs as they swing.

    Parameters
    ----------
    follows : float
        By this share of how far a knee is ahead of its hip, the hip's landmark goes ahead.
    """

    def __init__(self, follows: float) -> None:
        super().__init__()
        self.follows = follows
        self.change = self._wander

    def _wander(self, pose: Pose) -> Pose:
        xy = pose.xy_px.copy()
        # Two thirds of what stands out is left in running.
        out = STANDS_OUT_DEG * (1.0 if pose.t_capture_s < 3.5 else 2.0 / 3.0)
        for side in Side:
            hip, knee = (pose.xy_px[Joint.of(side, name)] for name in ("hip", "knee"))
            way = self.follows * (knee[0] - hip[0])
            way += self.facing * float(np.hypot(*(knee - hip))) * np.sin(np.radians(out))
            xy[Joint.of(side, "hip"), 0] += way
        return replace(pose, xy_px=xy)


def measured(treadmill: Filmed, name: str, near: bool) -> list[float]:
    """What a metric said of the strides of the near or the far leg, once they run steadily."""
    return [
        value
        for stride in treadmill.strides
        if 6.5 < stride.contact_s < 10.5 and stride.near is near
        if (value := stride.measure(name).value) is not None
    ]


@pytest.mark.parametrize("follows", [-0.05, 0.05])
def test_hips_that_stand_out_and_follow_the_thighs_do_not_move_the_thighs_peak(
    follows: float,
) -> None:
    treadmill = Wandering(follows)
    treadmill.run(11.5)
    for name, within in (
        ("thigh_extension_deg", 1.5),
        ("trunk_lean_deg", 1.0),
        ("overstride_m", 0.02),
    ):
        for near in (True, False):
            wandering = measured(treadmill, name, near)
            steady = measured(usual(), name, near)
            assert len(wandering) >= 3
            assert np.mean(wandering) == pytest.approx(np.mean(steady), abs=within), name
            assert np.std(wandering) < 1.3 * np.std(steady)


def test_the_curve_of_the_frames_peaks_where_the_stride_says() -> None:
    treadmill = Wandering(0.08)
    treadmill.run(10.0)
    frames = [
        frame.angles
        for result in treadmill.results
        for frame in result.settled_frames
        if frame.angles is not None
    ]
    t_s = np.array([angles.t_s for angles in frames])
    strides = [stride for stride in treadmill.strides if stride.contact_s > 6.0]
    assert len(strides) >= 5
    highest = []
    for stride in strides:
        curve = np.array([a.thigh_extension_deg[stride.side].value for a in frames], dtype=float)
        inside = (t_s >= stride.contact_s) & (t_s < stride.end_s)
        peak = stride.measure("thigh_extension_deg").value
        # A single frame has its own noise; the peak is a parabola through 50 ms on both sides.
        assert np.nanmax(curve[inside]) == pytest.approx(peak, abs=3.0)
        highest.append(float(np.nanmax(curve[inside])) - (peak or 0.0))
    assert np.median(highest) == pytest.approx(1.0, abs=0.7)
