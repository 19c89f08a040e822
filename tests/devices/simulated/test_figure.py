"""The drawn runner: the pose model must find them, and what it finds must be true."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from hipcue.config.settings import PoseSettings
from hipcue.devices.readings import Frame
from hipcue.devices.simulated import Body, Figure
from hipcue.devices.simulated.figure import _sensor_noise
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.pose import open_pose_models
from tests.devices.simulated.running import fresh, run
from tests.pose_model import needs_pose_model


def inclination_deg(upper, lower, facing):
    """Angle of a segment behind the vertical; y is down."""
    return np.degrees(np.arctan2(facing * (upper[0] - lower[0]), lower[1] - upper[1]))


@needs_pose_model
@pytest.mark.parametrize("near", ["R", "L"])
def test_the_pose_model_finds_the_drawn_runner_in_every_picture(near):
    runner, figure = fresh(near), Figure(Body(), near=near, noise=2.0)
    model = open_pose_models(PoseSettings())[0]
    poses = [*run(runner, 0.9)[::8], *run(runner, 6.0)[-100:-40]]
    seen_deg, true_deg = [], []
    for index, pose in enumerate(poses):
        seen = model.detect(Frame(pose.t_s, index, figure.draw(pose))).pose
        assert seen.seen
        hip, knee = (seen.xy_px[Joint.of(Side(near), name)] for name in ("hip", "knee"))
        if pose.run == 1.0:
            seen_deg.append(inclination_deg(hip, knee, -figure.facing))
            true_deg.append(-pose.thigh_extension_deg[near])
        nose, ear = seen.xy_px[Joint.NOSE], seen.xy_px[Joint.of(Side(near), "ear")]
        assert (nose[0] - ear[0]) * figure.facing > 0
    model.close()
    error = np.array(seen_deg) - np.array(true_deg)
    assert len(error) == 60
    # Single pictures in which the model swaps the legs are left to the median.
    spread = 1.4826 * np.median(np.abs(error - np.median(error)))
    assert spread < 4.5
    assert abs(np.median(error)) < 4.0
    assert np.corrcoef(seen_deg, true_deg)[0, 1] > 0.9


def test_the_printed_squares_turn_with_pelvis_and_ribs_on_both_sides():
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    detector = cv2.aruco.ArucoDetector(dictionary)
    for near in ("R", "L"):
        runner = fresh(near)
        # Larger than life, so that this looks at the drawing and not at the detector.
        figure = Figure(Body(), (2560, 1440), near=near, tag=True)
        run(runner, 6.0)
        runner.compensate()
        turns = {0: [], 1: []}
        for pose in run(runner, 3.0)[::9]:
            corners, ids, _ = detector.detectMarkers(figure.draw(pose))
            for which, corner in zip([] if ids is None else ids.ravel(), corners, strict=True):
                # The background may look like some other square.
                if which not in turns:
                    continue
                top = corner[0][1] - corner[0][0]
                turn = figure.facing * np.degrees(np.arctan2(top[1], top[0]))
                turns[int(which)].append(turn - (pose.tilt_deg, pose.lean_deg)[int(which)])
        assert len(turns[0]) >= 10 and len(turns[1]) >= 5
        assert np.max(np.abs(turns[0])) < 2.5
        assert np.max(np.abs(turns[1])) < 2.5


def test_facing_left_is_the_mirror_image_of_the_body():
    left, right = Figure(Body(), near="L"), Figure(Body(), near="R")
    point = np.array([(0.3, 1.0)])
    (x_left, y_left), (x_right, y_right) = left.to_px(point)[0], right.to_px(point)[0]
    assert x_left + x_right == pytest.approx(1280.0)
    assert y_left == y_right


def test_a_turned_camera_turns_the_picture():
    figure = Figure(Body(), roll_deg=3.0)
    low, high = figure.to_px(np.array([(0.0, 0.0), (0.0, 1.0)]))
    lean = np.degrees(np.arctan2(high[0] - low[0], low[1] - high[1]))
    assert lean == pytest.approx(3.0)


def test_only_the_runner_changes_from_picture_to_picture():
    figure = Figure(Body(), noise=2.0)
    one, two = (figure.draw(pose).astype(int) for pose in run(fresh(), 6.0)[-5::4])
    changed = np.abs(one - two).max(axis=2) > 0
    columns = np.flatnonzero(changed.any(axis=0))
    assert columns[0] > 200 and columns[-1] < 1080
    assert changed.any()


def test_the_foot_on_the_belt_glides_in_the_picture_too():
    runner, figure = fresh(), Figure(Body())
    for before, after in pairwise(run(runner, 6.0)[-60:]):
        if before.legs["R"].on_belt and after.legs["R"].on_belt:
            way = figure.to_px(np.array([before.legs["R"].ball, after.legs["R"].ball]))
            assert way[0, 0] - way[1, 0] == pytest.approx(3.0 / 60.0 * figure.px_per_m, abs=1e-6)


def test_tipping_the_pelvis_hollows_the_back_in_the_picture():
    """The outline over sacrum and lumbar spine leans forward more when the pelvis tips."""

    def lean_deg(pose, figure):
        hip_y = figure.to_px(np.array([pose.hip]))[0, 1]
        rows = np.arange(int(hip_y - 0.15 * figure.px_per_m), int(hip_y - 0.03 * figure.px_per_m))
        image = figure.draw(pose)[rows].astype(int)
        body = np.abs(image - figure.background[rows].astype(int)).max(axis=2) > 40
        back = [np.flatnonzero(row)[0] for row in body]
        return np.degrees(np.arctan(-np.polyfit(rows, back, 1)[0]))

    runner, figure = fresh(), Figure(Body())
    poses = run(runner, 6.0)
    runner.compensate()
    poses += run(runner, 8.0)

    def behind_is_clear(pose):
        return all(
            wrist[0] > pose.hip[0] and elbow[1] > pose.hip[1] + 0.2
            for _, elbow, wrist in pose.arms.values()
        )

    clean = [lean_deg(p, figure) for p in poses[300:355] if behind_is_clear(p)]
    borrowed = [lean_deg(p, figure) for p in poses[-55:] if behind_is_clear(p)]
    assert len(clean) > 5 and len(borrowed) > 5
    assert np.median(borrowed) - np.median(clean) > 3.0


def test_every_picture_of_noise_is_the_first_one_moved_about():
    pictures = _sensor_noise(2.0, (18, 32, 3))
    size = pictures[0][0].size
    for k, parts in enumerate(pictures):
        for moved, first in zip(parts, pictures[0], strict=True):
            np.testing.assert_array_equal(moved, np.roll(first, k * size // 4 + 7 * k))
    brighter, darker = pictures[0]
    assert brighter.any() and darker.any() and not np.logical_and(brighter, darker).any()
