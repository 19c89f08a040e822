"""The pose model on pictures of the simulated runner: where it looks, and what it makes black."""

from __future__ import annotations

from itertools import islice
from typing import Literal

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import CameraSettings, PoseSettings
from hipcue.devices.readings import Frame
from hipcue.devices.simulated import Scenario, SimulatedCamera
from hipcue.realtime.records import Joint
from hipcue.realtime.vision import pose as pose_module
from hipcue.realtime.vision.pose import Detection, open_pose_models

WIDTH, HEIGHT = 960, 480
WHOLE = (0, 0, WIDTH, HEIGHT)
Runtime = Literal["litert", "mediapipe"]
BOTH = pytest.mark.parametrize("runtime", ["litert", "mediapipe"])


@pytest.fixture(scope="module")
def standing() -> Frame:
    """The simulated runner, standing in the middle."""
    camera = SimulatedCamera(Scenario(1.0), CameraSettings(fps=30, width=WIDTH, height=HEIGHT))
    return next(islice(camera.frames(), 5, None))


def look(pictures: list[np.ndarray], runtime: Runtime = "mediapipe") -> list[Detection]:
    try:
        model = open_pose_models(PoseSettings(runtime=runtime))[0]
    except UserError as error:
        pytest.skip(f"not on this machine: {error}")
    try:
        return [model.detect(Frame(k / 30.0, k, image)) for k, image in enumerate(pictures)]
    finally:
        model.close()


def part(detection: Detection) -> tuple[int, int, int, int]:
    assert detection.silhouette is not None
    return detection.silhouette.part


def test_after_a_moment_only_a_square_around_the_runner_is_looked_at(standing: Frame) -> None:
    seen = look([standing.image_bgr] * 20)
    assert all(detection.pose.seen for detection in seen)
    assert [part(detection) for detection in seen[:8]] == [WHOLE] * 8
    left, top, right, bottom = part(seen[-1])
    assert right - left == bottom - top < 0.8 * WIDTH
    xy = np.array([detection.pose.xy_px for detection in seen])
    assert left < np.nanmin(xy[..., 0])
    assert np.nanmax(xy[..., 0]) < right
    # The same place, whatever of the picture is looked at.
    hips = xy[:, [Joint.L_HIP, Joint.R_HIP]].mean(axis=1)
    assert np.ptp(hips[2:], axis=0).max() < 0.02 * HEIGHT


def test_a_runner_who_drifts_out_of_the_square_is_followed(standing: Frame) -> None:
    still = [standing.image_bgr] * 12
    drifting = [np.roll(standing.image_bgr, 10 * k, axis=1) for k in range(1, 26)]
    seen = look([*still, *drifting, *[drifting[-1]] * 8])
    assert all(detection.pose.seen for detection in seen)
    parts = [part(detection) for detection in seen]
    assert parts[11] != WHOLE
    assert WHOLE in parts[12:], "the square was left"
    assert parts[-1] not in (WHOLE, parts[11]), "and another one was chosen"
    hips_px = [detection.pose.xy_px[[Joint.L_HIP, Joint.R_HIP], 0].mean() for detection in seen]
    assert hips_px[-1] - hips_px[11] == pytest.approx(250.0, abs=12.0)


@BOTH
def test_whoever_is_gone_is_looked_for_in_the_whole_picture(
    standing: Frame, runtime: Runtime
) -> None:
    empty = np.full_like(standing.image_bgr, 180)
    elsewhere = np.roll(standing.image_bgr, 260, axis=1)
    # Longer than a runner is remembered who is only hidden.
    gone = 5 if runtime == "mediapipe" else 70
    seen = look([standing.image_bgr] * 12 + [empty] * gone + [elsewhere] * 5, runtime)
    assert not seen[16].pose.seen
    assert seen[16].pose.reason == Reason(ReasonCode.NOBODY_IN_PICTURE)
    assert seen[-1].pose.seen
    moved_px = seen[-1].pose.xy_px[Joint.L_HIP] - seen[0].pose.xy_px[Joint.L_HIP]
    assert moved_px == pytest.approx((260.0, 0.0), abs=12.0)
    if runtime == "mediapipe":
        assert part(seen[-1]) == WHOLE


@BOTH
def test_a_detection_without_one_joint_above_the_threshold_is_nobody(
    standing: Frame, monkeypatch: pytest.MonkeyPatch, runtime: Runtime
) -> None:
    monkeypatch.setattr(pose_module, "LEAST_VISIBILITY", 1.1)  # every landmark is a guess
    detections = look([standing.image_bgr] * 12, runtime)
    assert not any(detection.pose.seen for detection in detections)
    assert {detection.pose.reason for detection in detections} == {
        Reason(ReasonCode.NOBODY_IN_PICTURE)
    }
    assert all(np.isnan(detection.pose.xy_px).all() for detection in detections)
    assert {detection.silhouette for detection in detections} == {None}


@BOTH
def test_a_camera_that_comes_back_with_smaller_pictures_is_followed(
    standing: Frame, runtime: Runtime
) -> None:
    small = np.ascontiguousarray(standing.image_bgr[::2, ::2])
    seen = look([standing.image_bgr] * 12 + [small] * 12, runtime)
    assert part(seen[11]) != WHOLE
    assert seen[-1].pose.seen
    assert seen[-1].pose.size_px == (WIDTH // 2, HEIGHT // 2)
    if runtime == "mediapipe":
        assert part(seen[12]) == (0, 0, WIDTH // 2, HEIGHT // 2)
    hips = [detection.pose.xy_px[[Joint.L_HIP, Joint.R_HIP]].mean(axis=0) for detection in seen]
    assert 2.0 * hips[-1] == pytest.approx(hips[11], abs=0.03 * HEIGHT)
