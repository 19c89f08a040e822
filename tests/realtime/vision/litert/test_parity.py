"""The networks say under LiteRT what they say under MediaPipe, picture by picture."""

from __future__ import annotations

import importlib.util
from itertools import islice

import numpy as np
import pytest

from hipcue.config.settings import CameraSettings, PoseSettings
from hipcue.devices.readings import Frame
from hipcue.devices.simulated import Scenario, SimulatedCamera
from hipcue.realtime.vision.landmark_models import MARKS
from hipcue.realtime.vision.litert.detector import Detector
from hipcue.realtime.vision.litert.landmarks import LandmarkFile, LandmarkNetwork
from hipcue.realtime.vision.litert.square import Square
from hipcue.realtime.vision.model_files import ModelFiles
from hipcue.realtime.vision.pose_graph import GraphOutput, PoseGraph

WIDTH, HEIGHT = 640, 480


@pytest.fixture(scope="module")
def seen() -> list[tuple[Frame, GraphOutput]]:
    """Pictures of the simulated runner, and what MediaPipe says of them."""
    if importlib.util.find_spec("mediapipe") is None:
        pytest.skip("MediaPipe is not installed: nothing to compare with")
    scenario = Scenario(4.0, belt=((0.5, 0.0), (1.0, 3.0)))
    camera = SimulatedCamera(scenario, CameraSettings(fps=30, width=WIDTH, height=HEIGHT))
    graph = PoseGraph(PoseSettings(threads=1), want_mask=True)
    found = []
    for frame in islice(camera.frames(), 0, 60, 6):
        rgb = np.ascontiguousarray(frame.image_bgr[..., ::-1])
        rgb.flags.writeable = False
        output = graph.run(rgb)
        if output is not None:
            found.append((frame, output))
    graph.close()
    assert len(found) >= 8
    return found


def square_of(output: GraphOutput) -> Square:
    rect = output.rect
    side = max(rect.width * WIDTH, rect.height * HEIGHT)
    return Square(rect.x_center * WIDTH, rect.y_center * HEIGHT, side, rect.rotation)


def test_the_same_square_gives_the_same_landmarks_and_silhouette(
    files: ModelFiles, seen: list[tuple[Frame, GraphOutput]]
) -> None:
    network = LandmarkNetwork(LandmarkFile(files.landmarks, files.origin, 1, want_mask=True), MARKS)
    apart_px, masks = [], []
    for frame, output in seen:
        square = square_of(output)
        # Of larger squares we make a smoother cut than MediaPipe does.
        assert square.side_px < 2 * 256
        body = network.find(frame.image_bgr, square)
        theirs = np.array([(mark.x, mark.y) for mark in output.landmarks])[list(MARKS)]
        apart_px.append(np.hypot(*(body.xy_px - theirs * (WIDTH, HEIGHT)).T))
        visible = np.array([mark.visibility for mark in output.landmarks])[list(MARKS)]
        assert body.visibility == pytest.approx(visible, abs=0.02)
        assert body.presence > 0.9
        assert body.cells is not None
        assert output.mask is not None
        masks.append(np.abs(body.cells() - output.mask).mean())
    # A landmark's map may be just sure enough in the one and not in the other.
    assert np.median(apart_px) < 0.1
    assert np.percentile(apart_px, 95) < 0.5
    assert np.mean(masks) < 0.01


def test_the_detector_puts_the_first_square_where_mediapipe_puts_it(
    files: ModelFiles, seen: list[tuple[Frame, GraphOutput]]
) -> None:
    frame, output = seen[0]
    people = Detector(files.detector, files.origin, 1, least_score=0.5).find(frame.image_bgr)
    assert len(people) == 1
    assert people[0].score > 0.5
    theirs, ours = square_of(output), people[0].square
    assert (ours.x_px, ours.y_px) == pytest.approx((theirs.x_px, theirs.y_px), abs=0.2)
    assert ours.side_px == pytest.approx(theirs.side_px, rel=1e-3)
    assert ours.angle_rad == pytest.approx(theirs.angle_rad, abs=1e-3)
