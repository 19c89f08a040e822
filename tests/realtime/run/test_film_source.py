"""A film as poses: one in which the runner lies is turned before the engine sees it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import CameraSettings, Settings
from hipcue.devices.simulated import Scenario, SimulatedCamera
from hipcue.realtime.records import Joint
from hipcue.realtime.run.file_sources import open_source
from tests.devices.camera.films import write_film
from tests.pose_model import needs_pose_model

WIDTH, HEIGHT = 480, 400


@pytest.fixture(scope="module")
def runner() -> list[NDArray[np.uint8]]:
    """The simulated runner, just after they have begun to run."""
    camera = SimulatedCamera(Scenario(10.0), CameraSettings(fps=30, width=WIDTH, height=HEIGHT))
    return [frame.image_bgr for frame in islice(camera.frames(), 90, 114)]


@needs_pose_model
@pytest.mark.parametrize(
    ("turns", "said"),
    [
        (0, []),
        (1, [ReasonCode.FILM_TURNED_RIGHT]),
        (2, [ReasonCode.FILM_UPSIDE_DOWN]),
        (3, [ReasonCode.FILM_TURNED_LEFT]),
    ],
)
def test_a_film_on_its_side_is_turned(
    tmp_path: Path, runner: list[NDArray[np.uint8]], turns: int, said: list[ReasonCode]
) -> None:
    film = [np.ascontiguousarray(np.rot90(image, turns)) for image in runner]
    source = open_source(write_film(tmp_path / "film.mp4", film, 30.0), Settings())
    poses = [pose for pose, _ in source.poses()]
    assert [pose.index for pose in poses] == list(range(len(runner)))
    assert [remark.code for remark in source.remarks()] == said
    assert {pose.size_px for pose in poses} == {(WIDTH, HEIGHT)}
    trunks = np.array(
        [pose.xy_px[Joint.L_SHOULDER] - pose.xy_px[Joint.L_HIP] for pose in poses if pose.seen]
    )
    assert len(trunks) > 15
    up = -trunks[:, 1] / np.linalg.norm(trunks, axis=1)
    assert np.median(up) > 0.9


@needs_pose_model
def test_there_is_no_pose_in_the_first_picture_of_another_scene(
    tmp_path: Path, runner: list[NDArray[np.uint8]]
) -> None:
    dark = [np.ascontiguousarray(255 - image[:, ::-1]) for image in runner[12:]]
    source = open_source(write_film(tmp_path / "film.mp4", [*runner[:12], *dark], 30.0), Settings())
    poses = [pose for pose, _ in source.poses()]
    assert [pose.index for pose in poses] == list(range(len(runner)))
    hidden = [pose.index for pose in poses if pose.reason == Reason(ReasonCode.FILM_CUT)]
    assert hidden == [12]
    assert not np.isfinite(poses[12].xy_px).any()
    assert source.remarks() == (Reason(ReasonCode.FILM_HAS_CUT, seconds=0.4),)
