"""Gets the pose model once from its publisher and keeps it; only when somebody asks for it.

Google publishes the model in the wheels of MediaPipe 0.10.21. pip downloads one of them, so
that the user's own mirrors and proxies count; the two files are taken out of it, compared with
their known checksums, and kept in the user's data folder.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.realtime.vision.model_files import (
    KNOWN_SUMS,
    ModelFiles,
    fetched_files,
    files_in_archive,
    is_known,
    models_folder,
    packaged_files,
)

PACKAGE = "mediapipe==0.10.21"
# The smallest of its wheels; the model in all of them is the same, byte for byte.
_WHEEL = (
    *("--python-version", "3.12", "--implementation", "cp", "--abi", "cp312"),
    *("--platform", "manylinux_2_28_x86_64"),
)
_ELSEWHERE = f"pose.model_file = a wheel of {PACKAGE} or a .task file that you have"
_NOTICE = """\
pose_detection.tflite and pose_landmark_full.tflite are the pose models of MediaPipe 0.10.21
(https://github.com/google/mediapipe), unchanged, as in the wheels that its authors publish.

Copyright The MediaPipe Authors. Licensed under the Apache License, Version 2.0:
http://www.apache.org/licenses/LICENSE-2.0
"""


def fetch_model(pip: tuple[str, ...] = (sys.executable, "-m", "pip")) -> str:
    """Keep the model in the user's data folder, and say in words what was done.

    Nothing goes over the net where it is kept already, or where the installed MediaPipe
    brings it.

    Parameters
    ----------
    pip : tuple of str
        How pip is called.

    Raises
    ------
    UserError
        When it cannot be got, is not the known one, or cannot be kept.
    """
    folder = models_folder()
    if _usable(fetched_files):
        return f"nothing to do: the pose model is already in {folder}"
    files = _usable(packaged_files)
    source = "copied from the installed mediapipe"
    if files is None or not is_known(files):
        files, source = _downloaded(pip), f"fetched from {PACKAGE}"
    _keep(files, folder)
    return f"{source}: the pose model is now in {folder}"


def _usable(find: Callable[[], ModelFiles | None]) -> ModelFiles | None:
    try:
        return find()
    except UserError:  # Damaged: got anew.
        return None


def _downloaded(pip: tuple[str, ...]) -> ModelFiles:
    with tempfile.TemporaryDirectory(prefix="hipcue-") as room:
        ask = ("download", PACKAGE, "--no-deps", "--only-binary=:all:", *_WHEEL)
        quiet = ("--no-input", "--disable-pip-version-check", "-d", room)
        try:
            # What pip says of its progress goes to the user.
            done = subprocess.run(
                [*pip, *ask, *quiet],
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                check=False,
            )
        except OSError as error:
            raise _cannot_fetch(f"pip cannot be started ({error.strerror})") from error
        wheels = list(Path(room).glob("*.whl"))
        if done.returncode != 0 or len(wheels) != 1:
            raise _cannot_fetch(_why(done.stderr, done.returncode))
        files = files_in_archive(wheels[0])
    if not is_known(files):
        raise _cannot_fetch("what came has another checksum than what Google published")
    return files


def _why(said: str, code: int) -> str:
    """Return what pip said, in a few words."""
    if "No module named pip" in said:
        return "this Python has no pip (python -m ensurepip brings it)"
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")] or lines
    words = errors[-1].removeprefix("ERROR:").strip()[:160] if errors else f"exit code {code}"
    if any("Retrying" in line for line in lines):
        return f"no connection (pip: {words})"
    return f"pip: {words}"


def _cannot_fetch(seen: str) -> UserError:
    return UserError("cannot fetch the pose model", seen, f"again later, or {_ELSEWHERE}")


def _keep(files: ModelFiles, folder: Path) -> None:
    """Write the files; each is there whole or not at all."""
    contents = (_NOTICE.encode(), files.detector, files.landmarks)
    names = ("NOTICE.txt", *KNOWN_SUMS)
    drafts = [folder / f".{name}.{os.getpid()}.part" for name in names]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, draft, content in zip(names, drafts, contents, strict=True):
            draft.write_bytes(content)
            draft.replace(folder / name)
    except OSError as error:
        for draft in drafts:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
        raise UserError(
            f"cannot keep the pose model in {folder}",
            error.strerror or str(error),
            f"9 MB of room there, which you may write to; or {_ELSEWHERE}",
        ) from error
