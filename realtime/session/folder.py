"""Where session folders live and what they are called."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path

import platformdirs

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.realtime.session.schema import DATABASE

STRIDES_CSV = "strides.csv"
REPORT = "report.html"
VIDEO = "video.mp4"
# Nobody but the runner's own user reads a session, also when its folder is copied.
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


def sessions_parent(settings: Settings) -> Path:
    """Return the folder that holds all sessions."""
    return settings.session.folder or platformdirs.user_data_path("hipcue", False) / "sessions"


def session_folders(parent: Path) -> list[Path]:
    """Return the folders in a folder that may be sessions, by name; hidden ones are not."""
    if not parent.is_dir():
        return []
    found = (path.parent for path in parent.glob(f"*/{DATABASE}"))
    return sorted(folder for folder in found if not folder.name.startswith("."))


def default_session_folder(settings: Settings, runner: str | None = None) -> Path:
    """Return a free name for a session that starts now; creates nothing.

    For example ``2025-03-01_18-30-05_anna``; the name of the runner is reduced to plain
    letters, digits and dashes, so that it cannot lead anywhere else.
    """
    stem = f"{datetime.now():%Y-%m-%d_%H-%M-%S}_{slug(runner or settings.runner.name)}"
    parent = sessions_parent(settings)
    folder, number = parent / stem, 1
    while folder.exists():
        number += 1
        folder = parent / f"{stem}-{number}"
    return folder


def slug(text: str) -> str:
    """Return a harmless file name made of a text: ``"../Ann O'K"`` becomes ``"ann-o-k"``."""
    return re.sub(r"[^\w]+", "-", text, flags=re.UNICODE).strip("-_").lower()[:40] or "runner"


def create_folder(folder: Path) -> None:
    """Create a session folder that only its owner can read.

    An empty folder is taken as it is; one that holds anything is refused, so that no
    earlier session is overwritten and nobody's home is made private by mistake.

    Raises
    ------
    UserError
        When the folder holds something or cannot be written.
    """
    try:
        make_private(folder)
        if any(folder.iterdir()):
            raise UserError(
                f"cannot start a session in {folder}",
                "the folder is not empty",
                "choose another folder with --out",
            )
        folder.chmod(_PRIVATE_FOLDER)
        probe = folder / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UserError(
            f"cannot write a session into {folder}",
            error.strerror or str(error),
            "check the permissions, or choose another folder with --out",
        ) from error


def make_private(folder: Path) -> None:
    """Make a folder and what is missing above it; the names in it tell who ran."""
    for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        missing.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)


def private_opener(path: str, flags: int) -> int:
    """Open a file that only its owner can read; for the ``opener`` of `open`."""
    return os.open(path, flags, _PRIVATE_FILE)


def keep_private(path: Path) -> None:
    """Let only the owner read a file that a library wrote."""
    path.chmod(_PRIVATE_FILE)


def progress_of(parent: Path, runner: str) -> Path:
    """Return where the progress page of a runner is, among the sessions."""
    return parent / f"progress_{slug(runner)}.html"


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Write a file so that there is always a whole one: the old one or the new one."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    opener = private_opener if private else None
    with open(new, "w", encoding="utf-8", newline="", opener=opener) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
