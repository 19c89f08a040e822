"""Where the pose model's files are found, and what is said when they are not."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import zipfile
from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import PoseSettings
from hipcue.realtime.vision import model_files
from hipcue.realtime.vision.model_files import find_model_files

DETECTOR = b"\x1c\0\0\0TFL3 a detector"
LANDMARKS = b"\x1c\0\0\0TFL3 a landmark model"
OTHER = b"\x1c\0\0\0TFL3 another landmark model"


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without fetched models, and a Python without MediaPipe; returns its packages."""
    packages = tmp_path / "packages"
    packages.mkdir()
    monkeypatch.setattr(model_files, "models_folder", lambda: tmp_path / "fetched")
    monkeypatch.setattr(sys, "path", [str(packages)])
    monkeypatch.delitem(sys.modules, "mediapipe", raising=False)
    return packages


def task_file(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.tflite", content)
    return path


def package(folder: Path, **sizes: bytes) -> None:
    for place, content in {
        "pose_detection/pose_detection": DETECTOR,
        **{f"pose_landmark/pose_landmark_{size}": content for size, content in sizes.items()},
    }.items():
        file = folder / "mediapipe" / "modules" / f"{place}.tflite"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (folder / "mediapipe" / "__init__.py").write_text("raise RuntimeError('was imported')")


def keep_fetched(monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = model_files.models_folder()
    folder.mkdir(parents=True)
    names = ("pose_detection.tflite", "pose_landmark_full.tflite")
    sums = {}
    for name, content in zip(names, (DETECTOR, OTHER), strict=True):
        (folder / name).write_bytes(content)
        sums[name] = hashlib.sha256(content).hexdigest()
    monkeypatch.setattr(model_files, "KNOWN_SUMS", sums)
    return folder


def found(**settings: object) -> tuple[bytes, bytes]:
    files = find_model_files(PoseSettings.model_validate(settings))
    return files.detector, files.landmarks


def refused(**settings: object) -> UserError:
    with pytest.raises(UserError) as raised:
        find_model_files(PoseSettings.model_validate(settings))
    assert "\n" not in str(raised.value)
    return raised.value


def test_named_task_file(tmp_path: Path) -> None:
    path = task_file(tmp_path / "a.task", pose_detector=DETECTOR, pose_landmarks_detector=LANDMARKS)
    files = find_model_files(PoseSettings(model_file=path))
    assert (files.detector, files.landmarks, files.origin) == (DETECTOR, LANDMARKS, str(path))


def test_named_wheel_gives_the_size_that_is_set(tmp_path: Path) -> None:
    package(tmp_path, full=LANDMARKS, lite=OTHER)
    wheel = tmp_path / "mediapipe.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file in (tmp_path / "mediapipe").rglob("*.tflite"):
            archive.write(file, file.relative_to(tmp_path))
    assert found(model_file=wheel) == (DETECTOR, LANDMARKS)
    assert found(model_file=wheel, complexity=0) == (DETECTOR, OTHER)
    error = refused(model_file=wheel, complexity=2)
    assert "no mediapipe/modules/pose_landmark/pose_landmark_heavy.tflite in it" in error.seen


def test_named_landmark_model_takes_the_detector_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.tflite"
    path.write_bytes(LANDMARKS)
    (tmp_path / "pose_detector.tflite").write_bytes(DETECTOR)
    assert found(model_file=path) == (DETECTOR, LANDMARKS)


def test_named_landmark_model_takes_the_installed_detector(
    tmp_path: Path, bare_machine: Path
) -> None:
    path = tmp_path / "mine.tflite"
    path.write_bytes(OTHER)
    assert "it needs a detector" in refused(model_file=path).seen
    package(bare_machine, full=LANDMARKS)
    assert found(model_file=path) == (DETECTOR, OTHER)


def test_package_is_read_without_being_imported(bare_machine: Path) -> None:
    package(bare_machine, full=LANDMARKS)
    assert found() == (DETECTOR, LANDMARKS)
    assert "mediapipe" not in sys.modules


def test_what_was_fetched_goes_before_the_package(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(bare_machine, full=LANDMARKS)
    keep_fetched(monkeypatch)
    assert found() == (DETECTOR, OTHER)


def test_fetched_model_that_has_changed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = keep_fetched(monkeypatch)
    (folder / "pose_landmark_full.tflite").write_bytes(OTHER + b"!")
    error = refused()
    assert "checksum" in error.seen
    assert "hipcue models fetch" in error.try_this


def test_no_model_at_all_says_how_to_get_one(bare_machine: Path) -> None:
    error = refused()
    assert error.seen == "none was fetched, and no mediapipe is installed that brings one"
    assert error.try_this.startswith("hipcue models fetch")
    package(bare_machine)
    assert refused().seen.endswith("the mediapipe that is installed brings none")


@pytest.mark.parametrize(("complexity", "size"), [(0, "lite"), (2, "heavy")])
def test_size_that_is_not_there_is_named(bare_machine: Path, complexity: int, size: str) -> None:
    package(bare_machine, full=LANDMARKS)
    error = refused(complexity=complexity)
    assert f"no {size} one" in error.seen
    assert f"pose_landmarker_{size}.task" in error.try_this


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"", "neither a .task file"),
        (b"\x89PNG\r\n\x1a\n", "neither a .task file"),
        (b"PK\x03\x04 and then nothing", "damaged"),
    ],
)
def test_file_of_another_kind(tmp_path: Path, content: bytes, seen: str) -> None:
    path = tmp_path / "model.task"
    path.write_bytes(content)
    assert seen in refused(model_file=path).seen


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert refused(model_file=tmp_path / "none.task").seen == "no such file"
    assert refused(model_file=tmp_path).seen == "it is not a file"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read any file"
)
def test_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = task_file(tmp_path / "a.task", pose_detector=DETECTOR, pose_landmarks_detector=LANDMARKS)
    path.chmod(0)
    assert "Permission denied" in refused(model_file=path).seen


def test_task_file_cut_short_or_with_a_flipped_bit(tmp_path: Path) -> None:
    path = task_file(
        tmp_path / "a.task", pose_detector=DETECTOR, pose_landmarks_detector=LANDMARKS * 50
    )
    whole = path.read_bytes()
    for damaged in (
        *(whole[:length] for length in range(4, len(whole), 7)),
        *(whole[:k] + bytes([whole[k] ^ 0x10]) + whole[k + 1 :] for k in range(4, 60)),
    ):
        path.write_bytes(damaged)
        with contextlib.suppress(UserError):  # Nothing else may be raised.
            assert found(model_file=path) == (DETECTOR, LANDMARKS * 50)  # A time stamp, say.


def test_task_file_of_another_model(tmp_path: Path) -> None:
    hands = task_file(tmp_path / "hand.task", hand_detector=DETECTOR)
    assert "in it" in refused(model_file=hands).seen
    text = task_file(
        tmp_path / "a.task", pose_detector=b"not a model", pose_landmarks_detector=LANDMARKS
    )
    assert refused(model_file=text).seen == "pose_detector.tflite in it is no TFLite file"


def test_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = task_file(
        tmp_path / "a.task",
        pose_detector=DETECTOR,
        pose_landmarks_detector=LANDMARKS + bytes(65 << 20),
    )
    assert path.stat().st_size < 200_000
    assert "larger than 64 MB" in refused(model_file=path).seen


def test_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.task"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(300 << 20)
    assert "larger than 256 MB" in refused(model_file=path).seen
