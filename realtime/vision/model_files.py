"""Where the two files of the pose model are: named, fetched, or installed with MediaPipe.

A picture is searched by a detector, and by a landmark model from then on. Both are TFLite
files of Google's MediaPipe (Apache-2.0). They come in three packings: a ``.task`` file and a
wheel are zips with both in them, and MediaPipe's package has them in its folders.
"""

from __future__ import annotations

import hashlib
import importlib.util
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from hipcue.config.errors import UserError
from hipcue.config.settings import PoseSettings

FETCH = "hipcue models fetch"
# By `pose.complexity`.
SIZES = ("lite", "full", "heavy")
# As they are called in MediaPipe's package and wheels, and in the folder of fetched ones.
PACKED_DETECTOR = "modules/pose_detection/pose_detection.tflite"
PACKED_LANDMARKS = "modules/pose_landmark/pose_landmark_{size}.tflite"
# SHA-256 of the two in the wheels of mediapipe 0.10.21, by the name they are kept under.
KNOWN_SUMS = {
    "pose_detection.tflite": "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    "pose_landmark_full.tflite": "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
}
_TASK_DETECTOR = "pose_detector.tflite"
_TASK_LANDMARKS = "pose_landmarks_detector.tflite"
# Our choice: the heavy landmark model has 27 MB, the largest wheel of MediaPipe 120.
_LARGEST_MODEL_BYTES = 64 << 20
_LARGEST_ARCHIVE_BYTES = 256 << 20
# A TFLite file says what it is after its first four bytes.
_TFLITE_MARK = b"TFL3"
_UNREADABLE_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError)
# Packed in a manner, or with a password, that Python's zipfile does not open.
_FOREIGN_ZIP = (NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The two files of a pose model, each a whole TFLite file.

    Attributes
    ----------
    detector : bytes
        Finds where somebody is in a picture.
    landmarks : bytes
        Finds the landmarks of who is there.
    origin : str
        Where they are from, for a message; with a path in it.
    """

    detector: bytes
    landmarks: bytes
    origin: str


def find_model_files(settings: PoseSettings) -> ModelFiles:
    """Return the files of the model that the settings name; nothing is ever fetched.

    The named file first, then what `hipcue models fetch` has kept, then what the installed
    MediaPipe brings.

    Raises
    ------
    UserError
        When there is none, or what there is cannot be used.
    """
    if settings.model_file is not None:
        return _named(settings.model_file, settings.complexity)
    found = fetched_files(settings.complexity) or packaged_files(settings.complexity)
    if found is not None:
        return found
    size = SIZES[settings.complexity]
    if settings.complexity != 1:
        raise UserError(
            f"no pose model for pose.complexity = {settings.complexity}",
            f"no {size} one is installed, and none can be fetched",
            f"pose.complexity = 1, or pose.model_file = pose_landmarker_{size}.task",
        )
    raise UserError(
        "no pose model",
        f"none was fetched, and {_what_package_is_there()}",
        f"{FETCH}  (once, 36 MB to download), or pose.model_file = a pose_landmarker .task file",
    )


def models_folder() -> Path:
    """Return the folder where fetched models are kept, which need not exist."""
    return platformdirs.user_data_path("hipcue", False) / "models"


def fetched_files(complexity: int = 1) -> ModelFiles | None:
    """Return what `hipcue models fetch` has kept; None when there is nothing.

    Raises
    ------
    UserError
        When it is no longer what was fetched.
    """
    folder = models_folder()
    found = _from_folder(folder, complexity, flat=True)
    # A model with a few wrong numbers in it opens like any other, and sees wrongly.
    if found is not None and not is_known(found):
        raise _unusable(folder, "its checksum is not that of the model that was fetched")
    return found


def packaged_files(complexity: int = 1) -> ModelFiles | None:
    """Return what the installed MediaPipe brings; None when there is no such model."""
    for folder in _package_folders():
        found = _from_folder(folder, complexity, flat=False)
        if found is not None:
            return found
    return None


def is_known(files: ModelFiles) -> bool:
    """Whether both files are those of MediaPipe 0.10.21, byte for byte."""
    return [checksum(files.detector), checksum(files.landmarks)] == list(KNOWN_SUMS.values())


def checksum(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


def files_in_archive(path: Path, complexity: int = 1) -> ModelFiles:
    """Return the model in a zip: a ``.task`` file or a wheel of MediaPipe.

    Raises
    ------
    UserError
        When it cannot be opened or has no pose model in it.
    """
    try:
        if path.stat().st_size > _LARGEST_ARCHIVE_BYTES:
            raise _unusable(path, f"it is larger than {_LARGEST_ARCHIVE_BYTES >> 20} MB")
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if _TASK_LANDMARKS in names:
                wanted = (_TASK_DETECTOR, _TASK_LANDMARKS)
            else:
                landmarks = PACKED_LANDMARKS.format(size=SIZES[complexity])
                wanted = (f"mediapipe/{PACKED_DETECTOR}", f"mediapipe/{landmarks}")
            missing = [name for name in wanted if name not in names]
            if missing:
                raise _unusable(path, f"there is no {missing[0]} in it")
            detector, landmark = (_from_zip(archive, name, path) for name in wanted)
    except _UNREADABLE_ZIP as error:
        raise _unusable(path, f"it is damaged or cannot be read ({_words(error)})") from error
    except _FOREIGN_ZIP as error:
        raise _unusable(path, f"it cannot be unpacked ({_words(error)})") from error
    return ModelFiles(detector, landmark, str(path))


def _named(path: Path, complexity: int) -> ModelFiles:
    path = path.expanduser()
    if not path.is_file():
        seen = "it is not a file" if path.exists() else "no such file"
        raise _unusable(path, seen)
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise _unusable(path, f"it cannot be read ({_words(error)})") from error
    if start[4:] == _TFLITE_MARK:
        return ModelFiles(_detector_for(path), _whole(path), str(path))
    if not start.startswith(b"PK"):
        raise _unusable(path, "it is neither a .task file, a wheel nor a .tflite file")
    return files_in_archive(path, complexity)


def _detector_for(landmarks: Path) -> bytes:
    """Return the detector beside a landmark model, or else the one that is there anyway."""
    for name in (_TASK_DETECTOR, Path(PACKED_DETECTOR).name):
        beside = landmarks.with_name(name)
        if beside.is_file():
            return _whole(beside)
    found = fetched_files() or packaged_files()
    if found is None:
        raise _unusable(landmarks, f"it needs a detector, and there is no {_TASK_DETECTOR} beside")
    return found.detector


def _from_folder(folder: Path, complexity: int, *, flat: bool) -> ModelFiles | None:
    places = (PACKED_DETECTOR, PACKED_LANDMARKS.format(size=SIZES[complexity]))
    detector, landmarks = (folder / (Path(place).name if flat else place) for place in places)
    if not (detector.is_file() and landmarks.is_file()):
        return None
    return ModelFiles(_whole(detector), _whole(landmarks), str(folder))


def _package_folders() -> list[Path]:
    """Return where MediaPipe's package lies, without importing it."""
    try:
        spec = importlib.util.find_spec("mediapipe")
    except ValueError:  # Somebody has put a module without a spec in its place.
        return []
    locations = spec.submodule_search_locations if spec is not None else None
    return [Path(location) for location in locations or ()]


def _what_package_is_there() -> str:
    if _package_folders():
        return "the mediapipe that is installed brings none"
    return "no mediapipe is installed that brings one"


def _from_zip(archive: zipfile.ZipFile, name: str, path: Path) -> bytes:
    def read(most: int) -> bytes:
        with archive.open(name) as file:
            return file.read(most)

    return _checked(read, path, f"{name} in it")


def _whole(path: Path) -> bytes:
    def read(most: int) -> bytes:
        with path.open("rb") as file:
            return file.read(most)

    try:
        return _checked(read, path, "it")
    except OSError as error:
        raise _unusable(path, f"it cannot be read ({_words(error)})") from error


def _checked(read: Callable[[int], bytes], path: Path, which: str) -> bytes:
    """Return all of a model file; `read` gives at most so many bytes of it."""
    content = read(_LARGEST_MODEL_BYTES + 1)
    if len(content) > _LARGEST_MODEL_BYTES:
        raise _unusable(path, f"{which} is larger than {_LARGEST_MODEL_BYTES >> 20} MB")
    if content[4:8] != _TFLITE_MARK:
        raise _unusable(path, f"{which} is no TFLite file")
    return content


def _unusable(path: Path, seen: str) -> UserError:
    return UserError(
        f"cannot use pose model {path}", seen, f"{FETCH}, or another file as pose.model_file"
    )


def _words(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
