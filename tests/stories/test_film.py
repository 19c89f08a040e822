"""A film of a runner, measured afterwards and played as a live camera."""

from __future__ import annotations

import csv
import statistics
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from hipcue.config.settings import CameraSettings
from hipcue.devices.readings import BeltSource
from hipcue.devices.simulated import Scenario, SimulatedCamera
from hipcue.devices.simulated.treadmill.simulated_treadmill import SimulatedTreadmill
from hipcue.realtime.session import SessionReader
from tests.pose_model import needs_pose_model
from tests.stories.test_demo import hipcue

FPS = 30
SECONDS = 11.0


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film_runner(tmp_path_factory.mktemp("film") / "runner.mp4")


def film_runner(path: Path, seconds: float = SECONDS, seed: int = 1, stands_s: float = 3.0) -> Path:
    """Film the simulated runner: standing for 3 s, then 3 m/s."""
    belt = ((stands_s, 0.0), (stands_s + 1.5, 3.0))
    scenario = Scenario(seconds, seed=seed, belt=belt, noise=0.0)
    camera = SimulatedCamera(scenario, CameraSettings(fps=FPS, width=640, height=480))
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, (640, 480))
    for frame in camera.frames():
        writer.write(np.ascontiguousarray(frame.image_bgr))
    writer.release()
    return path


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "strides.csv").open() as file:
        return list(csv.DictReader(file))


@needs_pose_model
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_film_is_analyzed_and_its_session_replays_identically(film: Path, tmp_path: Path) -> None:
    out = tmp_path / "analysis"
    said, complained = hipcue(
        "analyze", str(film), "--speed", "3.0", "--out", str(out)
    ).communicate(timeout=180)
    assert "Traceback" not in complained
    strides = rows(out)
    assert len(strides) >= 8, said + complained
    lasted = [r["stride_time_s"] for r in strides if float(r["contact_s"]) > 5.5]
    # A stride in which the model mixed up the legs may have no time.
    steady = [float(time) for time in lasted if time]
    assert len(steady) >= len(lasted) - 2
    assert 0.62 < statistics.median(steady) < 0.80
    assert {r["belt_source"] for r in strides} == {"fixed"}
    process = hipcue("replay", str(out), "--check")
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 0, said + complained
    assert said.startswith("identical")


@needs_pose_model
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_film_played_as_a_camera_with_a_treadmill_on_a_real_port(
    film: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    with SimulatedTreadmill("csafe", speed_mps=3.0) as machine:
        process = hipcue(
            "run",
            "--camera",
            str(film),
            "--treadmill",
            machine.address,
            "--headless",
            "--out",
            str(out),
        )
        said, complained = process.communicate(timeout=120)
    assert process.returncode == 0, complained
    with SessionReader(out) as session:
        told = [sample for _, sample in session.belt_steps if sample.speed_mps is not None]
    assert len(told) > 10, said + complained
    assert {sample.source for sample in told} == {BeltSource.WIRE}
    for sample in told:
        assert sample.speed_mps == pytest.approx(3.0, rel=0.01)
    # How many strides there are is a matter of the machine: it runs in real time, and a busy one
    # skips pictures, so that a first stride's feet may look as if the belt were another.
    strides = rows(out)
    by_wire = [row for row in strides if row["belt_source"] == "wire"]
    assert len(by_wire) >= len(strides) - 1
    for row in by_wire:
        assert float(row["belt_speed_mps"]) == pytest.approx(3.0, rel=0.01)


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (("run", "--camera", "nosuch.mp4"), "nosuch.mp4"),
        (("analyze", "nosuch.mp4"), "nosuch.mp4"),
        (("run", "--camera", "97"), "camera"),
        (("demo", "--set", "pose.complexity=9"), "pose.complexity"),
        (("demo", "--set", "pose.colour=red"), "pose.colour"),
        (("demo", "--headless", "--set", "pose.model_file=nosuch.task"), "nosuch.task"),
        (("replay", "nosuch"), "nosuch"),
        (("analyze", "--speed", "-4", "x.mp4"), "--speed"),
    ],
)
def test_what_a_user_can_mend_is_one_line_and_exit_code_two(
    words: tuple[str, ...], seen: str
) -> None:
    process = hipcue(*words)
    _, complained = process.communicate(timeout=60)
    assert process.returncode == 2
    lines = [line for line in complained.splitlines() if line.strip()]
    assert len(lines) == 1
    assert lines[0].startswith("hipcue: ")
    assert seen in lines[0]


@needs_pose_model
def test_a_film_without_anybody_says_so(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 30, (320, 240))
    for _ in range(20):
        writer.write(np.full((240, 320, 3), 90, np.uint8))
    writer.release()
    process = hipcue("analyze", str(path), "--out", str(tmp_path / "out"))
    _, complained = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "nobody found" in complained
