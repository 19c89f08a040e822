"""A film as poses: one in which the runner lies is turned before the engine sees it."""

from __future__ import annotations

import struct
from dataclasses import replace
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
from hipcue.realtime.run.film_source import FilmSource
from tests.devices.camera.films import captured_at, counting_film, write_film
from tests.pose_model import needs_pose_model
from tests.realtime.test_engine import film

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
    lying = [np.ascontiguousarray(np.rot90(image, turns)) for image in runner]
    source = open_source(write_film(tmp_path / "film.mp4", lying, 30.0), Settings())
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


@pytest.mark.parametrize(("slower", "refuted"), [(0.5, True), (1.0, False), (2.0, False)])
def test_a_tag_of_slow_motion_is_refuted_by_steps_that_nobody_takes(
    tmp_path: Path, slower: float, refuted: bool
) -> None:
    """The film says that it was slowed twice; the runner is so many times slower than life."""
    path = captured_at(counting_film(tmp_path / "film.mp4", fps=30.0), struct.pack(">f", 60.0))
    source = FilmSource(path, Settings())
    poses = [replace(p, t_capture_s=slower * p.t_capture_s) for p in film()[1][240:900]]
    begin = poses[:20]
    assert source._is_no_slow_motion(begin, iter(poses[20:])) is refuted
    assert len(begin) % 60 == 0
    assert len(begin) < 400, "a few strides are enough"


def test_somebody_who_stands_refutes_no_tag(tmp_path: Path) -> None:
    path = captured_at(counting_film(tmp_path / "film.mp4", fps=30.0), struct.pack(">f", 60.0))
    source = FilmSource(path, Settings())
    assert source._is_no_slow_motion([], iter(film()[1][:170])) is False


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
