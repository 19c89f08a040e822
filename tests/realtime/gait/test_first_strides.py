"""Of markers the first strides are as right as the others, though the belt was a guess then."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hipcue.config.settings import Settings
from hipcue.realtime.engine import Engine
from hipcue.realtime.run.offline import BeltFeed, constant_belt
from hipcue.realtime.vision.markers.marker_body import find_body
from hipcue.realtime.vision.markers.marker_file import MarkerFile
from hipcue.realtime.vision.markers.marker_poses import poses
from tests.realtime.vision.track_runner import RATE_HZ, SPEED_MPS, STRIDE_S, on_a_belt, times


@pytest.mark.parametrize("every", [1, 2])
def test_what_a_stance_tells_of_the_belt_times_the_landing_before_it(every: int) -> None:
    ways = {name: way[::every] for name, way in on_a_belt(times(5.0)).items()}
    t_s = times(5.0)[::every]
    body = find_body(MarkerFile(Path("run.trc"), RATE_HZ / every, t_s, ways))
    engine, feed = Engine(Settings(), markers=True), BeltFeed(constant_belt(SPEED_MPS))
    strides = []
    for pose in poses(body):
        strides += engine.step(pose, feed.until(pose.t_capture_s), ()).strides
    assert len(strides) >= 8
    told = [stride.measure("stride_time_s") for stride in strides]
    off_s = np.array([one.value for one in told]) - STRIDE_S
    assert np.abs(off_s).max() < 0.008
    assert max(one.sigma or 1.0 for one in told) < 0.015
