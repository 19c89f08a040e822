"""Which program runs the pose model, by what is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import PoseSettings
from hipcue.realtime.vision import model_files
from hipcue.realtime.vision.pose_runtime import open_landmark_models


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The packages of a Python that has none, and a user who has fetched no model."""
    for name in [name for name in sys.modules if name.startswith(("mediapipe", "ai_edge_litert"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setattr(model_files, "models_folder", lambda: tmp_path / "models")
    return tmp_path


def refused(runtime: str, **more: object) -> UserError:
    settings = PoseSettings.model_validate({"runtime": runtime, **more})
    with pytest.raises(UserError) as raised:
        open_landmark_models(settings, want_mask=True, count=1)
    return raised.value


@pytest.mark.parametrize(
    ("runtime", "missing"),
    [("auto", "ai_edge_litert"), ("litert", "ai_edge_litert"), ("mediapipe", "mediapipe")],
)
def test_program_that_is_not_installed(packages: Path, runtime: str, missing: str) -> None:
    error = refused(runtime)
    assert error.failed == f"cannot use pose.runtime = {runtime}"
    assert error.seen == f"the Python package '{missing}' is not installed"


def test_without_mediapipe_litert_runs_the_model_that_was_fetched(packages: Path) -> None:
    (packages / "ai_edge_litert").mkdir()
    error = refused("auto")
    assert error.failed == "no pose model"
    assert error.try_this.startswith("hipcue models fetch")


def test_files_that_mediapipe_does_not_take_are_run_by_litert(packages: Path) -> None:
    for package in ("ai_edge_litert", "mediapipe"):
        (packages / package).mkdir()
        (packages / package / "__init__.py").touch()
    error = refused("auto", model_file=packages / "mediapipe-0.10.21.whl")
    assert error.failed.startswith("cannot use pose model")
    assert error.seen == "no such file"


def test_litert_comes_first_where_both_are_installed(packages: Path) -> None:
    (packages / "ai_edge_litert").mkdir()
    (packages / "mediapipe").mkdir()
    error = refused("auto")
    assert error.failed == "no pose model", "which MediaPipe would bring itself"
