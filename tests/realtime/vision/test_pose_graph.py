"""The lean graph sees what MediaPipe's own way sees, to the last bit, and loads no plotting."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import CameraSettings, PoseSettings
from hipcue.devices.simulated import Scenario, SimulatedCamera
from hipcue.realtime.vision.cores import cores, threads
from hipcue.realtime.vision.pose_graph import PoseGraph
from tests.pose_model import needs_mediapipe


def pictures() -> list[np.ndarray]:
    """The simulated runner standing, then running, in colours the other way round."""
    scenario = Scenario(4.0, belt=((0.5, 0.0), (1.0, 3.0)))
    camera = SimulatedCamera(scenario, CameraSettings(fps=30, width=640, height=480))
    seen = []
    for frame in islice(camera.frames(), 0, 60, 6):
        image = np.ascontiguousarray(frame.image_bgr[..., ::-1])
        image.flags.writeable = False
        seen.append(image)
    return seen


@needs_mediapipe
@pytest.mark.parametrize("cores", [1, 2])
def test_landmarks_are_those_of_mediapipe_itself_to_the_last_bit(cores: int) -> None:
    from mediapipe.python.solutions.pose import Pose

    graph = PoseGraph(PoseSettings(threads=cores), want_mask=True)
    whole = Pose(model_complexity=1, smooth_landmarks=False, enable_segmentation=True)
    found = 0
    try:
        for image in pictures():
            ours, theirs = graph.run(image), whole.process(image).pose_landmarks
            assert (ours is None) == (theirs is None)
            if ours is None:
                continue
            found += 1
            assert len(ours.landmarks) == 33
            for mine, other in zip(ours.landmarks, theirs.landmark, strict=True):
                assert (mine.x, mine.y, mine.visibility) == (other.x, other.y, other.visibility)
    finally:
        graph.close()
        whole.close()
    assert found >= 8


@pytest.mark.parametrize(
    ("cores", "trackers", "asked", "taken"),
    [
        (1, 1, 0, 1),
        (2, 1, 0, 1),
        (4, 1, 0, 2),
        (4, 2, 0, 1),
        (8, 2, 0, 2),
        (64, 1, 0, 2),
        (2, 1, 3, 3),
    ],
)
def test_a_picture_is_shared_where_half_the_cores_are_left_to_others(
    monkeypatch: pytest.MonkeyPatch, cores: int, trackers: int, asked: int, taken: int
) -> None:
    monkeypatch.setattr("hipcue.realtime.vision.cores.cores", lambda: cores)
    assert threads(PoseSettings(trackers=trackers, threads=asked)) == taken


def test_cores_that_this_process_may_not_use_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {3}, raising=False)
    assert cores() == 1
    monkeypatch.delattr("os.sched_getaffinity")
    assert cores() == 8
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert cores() == 1


@needs_mediapipe
def test_a_run_loads_neither_plots_nor_ready_made_solutions() -> None:
    code = (
        "import sys\n"
        "from hipcue.config.settings import PoseSettings\n"
        "from hipcue.realtime.vision.pose_graph import PoseGraph\n"
        "from tests.realtime.vision.test_pose_graph import pictures\n"
        "graph = PoseGraph(PoseSettings(), want_mask=True)\n"
        "print(sum(graph.run(image) is not None for image in pictures()))\n"
        "print([m for m in sys.modules if m in ('matplotlib', 'jax', 'sounddevice')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    seen, loaded = done.stdout.split("\n")[-3:-1]
    assert int(seen) >= 8
    assert loaded == "[]"


@needs_mediapipe
def test_a_model_that_is_not_in_the_wheel_is_named_and_not_fetched() -> None:
    with pytest.raises(UserError, match=r"pose.complexity = 2: .*heavy.*try: pose.complexity = 1"):
        PoseGraph(PoseSettings(complexity=2), want_mask=False)
