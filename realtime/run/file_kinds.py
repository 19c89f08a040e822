"""What a file is, by what is in it; its name only where that does not tell."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.realtime.vision.markers.lab_tables import whose_table
from hipcue.realtime.vision.markers.points_csv import is_points_csv
from hipcue.realtime.vision.markers.text_file import binary_kind, decoded, head_of

FILMS = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm")
MARKERS = (".trc",)
TABLES = (".tsv",)
_TABLES = (".csv", ".tsv", ".txt")
ANGLES = (".mot", ".sto")
LATER = (".c3d",)

SUFFIXES = (*FILMS, *MARKERS, *TABLES, *ANGLES, *LATER)
"""What a folder is searched for."""

# How texts begin that can be read.
_TRC = "pathfiletype"
# The names of an HDF5 file's tables stand near its start, in files of one group.
_HDF5_HEAD = 4_000_000
_END_OF_HEADER = re.compile(r"^endheader\b", re.IGNORECASE | re.MULTILINE)
_TO_TRC = "a TRC of it, which Mokka, OpenSim, Vicon Nexus, Qualisys and pyomeca export from a C3D"


_READ = "a film, markers as TRC, joint angles as MOT, or keypoints of DeepLabCut or SLEAP"


class FileKind(StrEnum):
    """What can be measured."""

    FILM = "film"
    TRC = "trc"
    ANGLES = "angles"
    LAB_TABLE = "laboratory's table"
    POINTS = "points"
    DEEPLABCUT = "DeepLabCut"
    SLEAP = "SLEAP"


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
    if kind == "an HDF5 file":
        return _of_hdf5(path, failed)
    if kind not in (None, "no text"):
        raise UserError(failed, f"it is {kind}", _READ)
    if kind == "no text" and suffix in _TABLES:
        raise UserError(failed, "it is no text", _READ)
    text = "" if kind else decoded(head).strip(" \t\r\n\"'")
    if text.lower().startswith(_TRC):
        return FileKind.TRC
    if _END_OF_HEADER.search(text.replace("\r", "\n")):
        return FileKind.ANGLES
    table = _of_table(text, failed)
    if table is not None:
        return table
    if whose_table(text) is not None:
        return FileKind.LAB_TABLE
    if suffix in MARKERS:
        return FileKind.TRC  # Its reader says what is the matter.
    if suffix in ANGLES:
        return FileKind.ANGLES
    if kind is None and suffix not in FILMS:
        first = text.splitlines()[0][:40] if text else ""
        seen = f"neither a film nor markers; it begins with {first!r}"
        raise UserError(failed, seen, _READ)
    return FileKind.FILM


def _of_table(text: str, failed: str) -> FileKind | None:
    """Return what a table holds, by the names of its columns; None where they do not tell.

    Raises
    ------
    UserError
        For tables that belong elsewhere.
    """
    first = re.split(r"[\r\n]", text, maxsplit=1)[0].lower()
    names = {name.strip(' "') for name in re.split(r"[,;\t]", first)}
    if first.startswith("scorer,"):
        return FileKind.DEEPLABCUT
    if is_points_csv(first):
        return FileKind.POINTS
    if {"frame_idx", "instance.score"} <= names:
        raise UserError(failed, "it is SLEAP's CSV", "SLEAP's own .slp file, or its analysis HDF5")
    if any(name.startswith("speed") for name in names) and len(names) < 8:
        advice = "a film or markers, with this file as --speed-csv"
        raise UserError(failed, "it holds belt speeds", advice)
    return None


def _of_hdf5(path: Path, failed: str) -> FileKind:
    """Return whose HDF5 file it is, by the names of its tables."""
    with path.open("rb") as file:
        head = file.read(_HDF5_HEAD)
    if b"df_with_missing" in head:
        return FileKind.DEEPLABCUT
    if b"track_occupancy" in head or b"pred_points" in head or path.suffix.lower() == ".slp":
        return FileKind.SLEAP
    raise UserError(failed, "it is an HDF5 file of neither DeepLabCut nor SLEAP", _READ)
