"""What a file is, by what is in it; its name only where that does not tell."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.realtime.vision.markers.text_file import binary_kind, decoded, head_of

FILMS = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm")
MARKERS = (".trc",)
LATER = (".c3d",)

SUFFIXES = (*FILMS, *MARKERS, *LATER)
"""What a folder is searched for."""

_TEXTS = (*MARKERS,)
# How texts begin that can be read.
_TRC = "pathfiletype"
_TO_TRC = "a TRC of it, which Mokka, OpenSim, Vicon Nexus, Qualisys and pyomeca export from a C3D"


class FileKind(StrEnum):
    """What can be measured."""

    FILM = "film"
    TRC = "trc"


def kind_of(path: Path) -> FileKind:
    """Return what a file is.

    Raises
    ------
    UserError
        When there is none, it is empty, or of a kind that cannot be read.
    """
    failed = f"cannot analyze {path}"
    if path.is_dir():
        raise UserError(failed, "it is a folder within a folder", "its files one by one")
    suffix = path.suffix.lower()
    head = head_of(path, failed)
    if not head:
        raise UserError(failed, "the file is empty", "export or copy it again")
    kind = binary_kind(head)
    if kind == "a C3D file" or suffix in LATER:
        raise UserError(failed, "C3D files are not read yet", _TO_TRC)
    if kind is not None and kind.startswith("a film"):
        return FileKind.FILM
    if kind not in (None, "no text"):
        raise UserError(failed, f"it is {kind}", "a film, or markers as TRC")
    if kind is None and decoded(head).lstrip(" \t\"'").lower().startswith(_TRC):
        return FileKind.TRC
    if suffix in MARKERS:
        return FileKind.TRC  # Its reader says what is the matter.
    if suffix in _TEXTS or (kind is None and suffix not in FILMS):
        first = decoded(head).strip().splitlines()[0][:40] if decoded(head).strip() else ""
        seen = f"neither a film nor markers; it begins with {first!r}"
        raise UserError(failed, seen, "a film, or markers as TRC")
    return FileKind.FILM
