"""The pose model is fetched by the real pip, out of a folder of wheels instead of the net."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import PoseSettings
from hipcue.realtime.vision import model_fetch, model_files
from hipcue.realtime.vision.model_fetch import fetch_model
from hipcue.realtime.vision.model_files import checksum, fetched_files, find_model_files

DETECTOR = b"\x1c\0\0\0TFL3 a detector"
LANDMARKS = b"\x1c\0\0\0TFL3 a landmark model"
PIP = (sys.executable, "-m", "pip")
NEVER = (sys.executable, "-c", "raise SystemExit('was called')")


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has fetched nothing, a pip that knows an empty folder, no MediaPipe."""
    for name in ("PIP_CONSTRAINT", "PIP_REQUIRE_VIRTUALENV", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    folder = tmp_path / "user" / "models"
    for module in (model_files, model_fetch):
        monkeypatch.setattr(module, "models_folder", lambda: folder)
    sums = (("pose_detection", DETECTOR), ("pose_landmark_full", LANDMARKS))
    known = {f"{name}.tflite": checksum(content) for name, content in sums}
    for module in (model_files, model_fetch):
        monkeypatch.setattr(module, "KNOWN_SUMS", known)
    monkeypatch.setattr(model_files, "_package_folders", list)
    return folder


def publish(folder: Path, landmarks: bytes = LANDMARKS) -> Path:
    """Write a wheel with the models in it."""
    path = folder / "mediapipe-0.10.21-cp312-cp312-manylinux_2_28_x86_64.whl"
    about = "mediapipe-0.10.21.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("mediapipe/modules/pose_detection/pose_detection.tflite", DETECTOR)
        wheel.writestr("mediapipe/modules/pose_landmark/pose_landmark_full.tflite", landmarks)
        wheel.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: mediapipe\nVersion: 0.10.21\n"
        )
        wheel.writestr(
            f"{about}/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp312-cp312-manylinux_2_28_x86_64\n",
        )
        wheel.writestr(f"{about}/RECORD", "")
    return path


def refused(pip: tuple[str, ...] = PIP) -> UserError:
    with pytest.raises(UserError) as raised:
        fetch_model(pip)
    assert "\n" not in str(raised.value)
    assert "pose.model_file" in raised.value.try_this
    return raised.value


def test_what_was_fetched_is_kept_with_its_licence_and_used(tmp_path: Path, kept: Path) -> None:
    publish(tmp_path)
    assert str(kept) in fetch_model(PIP)
    files = find_model_files(PoseSettings())
    assert (files.detector, files.landmarks) == (DETECTOR, LANDMARKS)
    assert "Apache License" in (kept / "NOTICE.txt").read_text(encoding="utf-8")
    assert len(list(kept.iterdir())) == 3
    assert fetch_model(NEVER).startswith("nothing to do")


def test_damaged_one_is_fetched_anew(tmp_path: Path, kept: Path) -> None:
    publish(tmp_path)
    kept.mkdir(parents=True)
    (kept / "pose_detection.tflite").write_bytes(DETECTOR)
    (kept / "pose_landmark_full.tflite").write_bytes(LANDMARKS[:-3])
    fetch_model(PIP)
    assert fetched_files() is not None


def test_installed_mediapipe_is_asked_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(publish(tmp_path)) as wheel:
        wheel.extractall(tmp_path)
    monkeypatch.setattr(model_files, "_package_folders", lambda: [tmp_path / "mediapipe"])
    assert fetch_model(NEVER).startswith("copied from the installed mediapipe")


def test_other_checksum_than_the_published_one_is_not_kept(tmp_path: Path, kept: Path) -> None:
    publish(tmp_path, landmarks=LANDMARKS + b"!")
    assert "another checksum" in refused().seen
    assert not kept.exists()


def test_nothing_to_be_found(kept: Path) -> None:
    assert "No matching distribution" in refused().seen
    assert not kept.exists()


def test_no_pip() -> None:
    assert "this Python has no pip" in refused((sys.executable, "-S", "-m", "pip")).seen
    assert "cannot be started" in refused(("there-is-no-such-python",)).seen


def test_no_connection_is_told_from_what_pip_says() -> None:
    says = (
        "import sys; sys.exit('WARNING: Retrying (Retry(total=4)) after connection broken\\n"
        "ERROR: No matching distribution found for mediapipe==0.10.21')"
    )
    assert refused((sys.executable, "-c", says)).seen == (
        "no connection (pip: No matching distribution found for mediapipe==0.10.21)"
    )


def test_folder_that_cannot_be_written(tmp_path: Path, kept: Path) -> None:
    publish(tmp_path)
    kept.parent.write_text("a file where the folder should be")
    assert refused().failed == f"cannot keep the pose model in {kept}"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_full_disk_leaves_no_half_file(tmp_path: Path, kept: Path) -> None:
    publish(tmp_path)
    kept.mkdir(parents=True)
    (kept / f".pose_detection.tflite.{os.getpid()}.part").symlink_to("/dev/full")
    assert refused().seen == "No space left on device"
    assert [file.name for file in kept.iterdir()] == ["NOTICE.txt"]
