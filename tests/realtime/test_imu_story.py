"""A sensor on the sacrum, noisy and late, through the whole engine."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np

from hipcue.devices.readings import TiltSample
from hipcue.realtime.gait.pelvis import imu_readings
from hipcue.realtime.records import PelvisSource, Pose
from tests.realtime.test_engine import Treadmill

LAG_S = 0.02


def test_the_sensor_measures_a_strides_tilt_within_a_degree_and_a_half() -> None:
    treadmill = Treadmill()
    chance = np.random.default_rng(11)
    on_the_way: deque[tuple[float, float]] = deque()

    def worn(pose: Pose) -> Pose:
        """The sensor's own zero is anywhere; what it says arrives 20 ms late."""
        true_deg = pose.pelvis[0].angle_deg
        assert true_deg is not None
        on_the_way.append((pose.t_capture_s, 71.0 + true_deg + chance.normal(0.0, 1.0)))
        arrived = []
        while on_the_way and on_the_way[0][0] <= pose.t_capture_s - LAG_S:
            t_s, pitch_deg = on_the_way.popleft()
            arrived.append(TiltSample(t_s, pitch_deg, 1.0))
        return replace(pose, pelvis=imu_readings(arrived))

    treadmill.change = worn
    treadmill.run(20.0)
    treadmill.runner.compensate()
    treadmill.run(34.0)
    errors, covered = [], []
    for true in treadmill.runner.truth.strides:
        for stride in treadmill.strides:
            mean = stride.measure("pelvic_tilt_mean_deg")
            same = stride.side.value == true.side and abs(stride.contact_s - true.contact_s) < 0.1
            if same and mean.value is not None and true.contact_s > 7.0:
                assert stride.pelvis_source is PelvisSource.IMU
                error = mean.value - true.pelvic_tilt_mean_deg
                errors.append(error)
                covered.append(abs(error) <= 1.65 * (mean.sigma or 0.0))
    assert len(errors) > 60
    assert np.sqrt(np.mean(np.square(errors))) < 1.5
    assert np.mean(covered) >= 0.9
