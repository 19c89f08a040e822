"""Reads TRC marker files: the text format of motion laboratories and OpenSim.

Layout, tab separated (OpenSim's documentation, "Marker (.trc) files")::

    PathFileType  4  (X/Y/Z)  name.trc
    DataRate  CameraRate  NumFrames  NumMarkers  Units  ...     names of the next line
    150.00    150.00      4500       16          m      ...
    Frame#  Time  RHip           LHip           ...             a name per three columns
                  X1   Y1   Z1   X2   Y2   Z2   ...
    (often an empty line)
    1       0.000 2.269 0.982 1.144 ...

`hipcue.realtime.vision.markers.marker_poses` makes poses of what is read here.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.realtime.vision.markers.marker_file import MarkerFile

_TRY = "export it again as TRC, e.g. from OpenSim, Pose2Sim, Sports2D or your laboratory's system"

# Metres per unit, for the spellings seen in the wild.
_METRES = {
    "m": 1.0,
    "meter": 1.0,
    "meters": 1.0,
    "metre": 1.0,
    "metres": 1.0,
    "cm": 0.01,
    "centimeters": 0.01,
    "mm": 0.001,
    "millimeters": 0.001,
    "millimetres": 0.001,
}


def read_trc(path: str | Path) -> MarkerFile:
    """Read a TRC file.

    Empty cells, NaN and the origin (0, 0, 0), which many systems write for a hidden
    marker, are missing. Times come from the Time column, or from the rate where that
    column does not grow.

    Raises
    ------
    UserError
        No such file, no TRC file, no frames, an unknown unit, no time.
    """
    path = Path(path)
    failed = f"cannot read markers {path}"
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise UserError(failed, error.strerror or str(error), "check the path") from error
    lines = text.splitlines()
    if len(lines) < 6 or not lines[0].startswith("PathFileType"):
        seen = "the file is empty" if not text.strip() else "no PathFileType in its first line"
        raise UserError(failed, seen, _TRY)
    header = dict(zip(_cells(lines[1]), _cells(lines[2]), strict=False))
    scale = _scale(header.get("Units", ""), failed)
    names = [cell for cell in _cells(lines[3])[2:] if cell]
    if not names:
        raise UserError(failed, "no marker is named in its fourth line", _TRY)
    table = _table(lines[5:], 2 + 3 * len(names))
    xyz_m = table[:, 2:].reshape(len(table), len(names), 3)
    hidden = ~np.isfinite(xyz_m).all(axis=2) | (xyz_m == 0.0).all(axis=2)
    if hidden.all():
        raise UserError(failed, "there is no frame with a marker in it", _TRY)
    rate_hz, t_s = _times(table[:, 1], header.get("DataRate", ""), failed)
    xyz_m = np.where(hidden[:, :, None], np.nan, xyz_m * scale)
    return MarkerFile(path, rate_hz, t_s, {name: xyz_m[:, at, :] for at, name in enumerate(names)})


def _cells(line: str) -> list[str]:
    """Take a line apart; a file without tabs is taken apart at its blanks."""
    parts = line.split("\t") if "\t" in line else line.split()
    return [part.strip() for part in parts]


def _scale(unit: str, failed: str) -> float:
    scale = _METRES.get(unit.lower())
    if scale is None:
        raise UserError(
            failed,
            f"its unit is {unit!r}" if unit else "it names no unit",
            "m, cm or mm in the Units field of its third line; pixels carry no scale",
        )
    return scale


def _table(lines: list[str], width: int) -> NDArray[np.float64]:
    """Read the rows of numbers, shape (frames, width); short rows are filled with NaN."""
    rows: list[list[float]] = []
    for line in lines:
        cells = _cells(line)
        if not cells or not cells[0]:
            continue
        row = [_number(cell) for cell in cells[:width]]
        rows.append(row + [math.nan] * (width - len(row)))
    return np.array(rows, dtype=np.float64).reshape(len(rows), width)


def _number(cell: str) -> float:
    """Read a number; whatever is none is missing. Some systems write a decimal comma."""
    if re.fullmatch(r"[-+]?\d+,\d+(e[-+]?\d+)?", cell, re.IGNORECASE):
        cell = cell.replace(",", ".")
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _times(
    column: NDArray[np.float64], rate: str, failed: str
) -> tuple[float, NDArray[np.float64]]:
    """Return rate and times; the Time column rules, the stated rate is the fallback."""
    if len(column) > 1 and np.isfinite(column).all() and (np.diff(column) > 0).all():
        return float(1.0 / np.median(np.diff(column))), column
    rate_hz = _number(rate)
    if not (math.isfinite(rate_hz) and rate_hz > 0):
        raise UserError(failed, f"its Time column does not grow and its DataRate is {rate!r}", _TRY)
    return rate_hz, np.arange(len(column)) / rate_hz
