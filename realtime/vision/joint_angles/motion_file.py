"""Reads MOT and STO files, the tables of OpenSim and of what writes for it.

Layout (OpenSim's documentation, "Motion (.mot) files", "Storage (.sto) files")::

    Coordinates              a name                   older files, of SIMM:
    version=1                                         name run.mot
    nRows=216                                         datacolumns 38
    nColumns=38                                       datarows 216
    inDegrees=yes            or no: radians           range 0.52 2.67
    (free text)
    endheader
    time  pelvis_tilt  pelvis_list ...
    0.52  -9.35        -0.12 ...
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.realtime.vision.markers.cell_rows import numbers_of, separator_of
from hipcue.realtime.vision.markers.text_file import cut_off, read_lines

TRY = "joint angles as OpenSim's inverse kinematics or OpenCap write them (.mot, .sto)"

MOST_COLUMNS = 2000
"""More are no body's; our choice."""

_HEADER_LINES = 200

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MotionFile:
    """The columns of a file.

    Attributes
    ----------
    path : Path
        Where it was read.
    t_s : ndarray, shape (rows,)
        Times, growing.
    columns : mapping of str to ndarray, shape (rows,)
        As the file has them; NaN where missing.
    in_degrees : bool or None
        What its header says of angles; None where it says nothing.
    twice : frozenset of str
        Columns that are there twice, with different numbers.
    """

    path: Path
    t_s: Floats
    columns: Mapping[str, Floats]
    in_degrees: bool | None
    twice: frozenset[str] = frozenset()


def read_motion(path: Path) -> MotionFile:
    """Read a file.

    Raises
    ------
    UserError
        No such file, too large, no MOT or STO, no rows, times that do not grow.
    """
    failed = f"cannot read joint angles {path}"
    lines = read_lines(path, failed, TRY)
    end = next(
        (k for k, line in enumerate(lines[:_HEADER_LINES]) if line.strip().lower() == "endheader"),
        None,
    )
    if end is None or end + 2 >= len(lines):
        seen = "no line 'endheader'" if end is None else "no rows under its header"
        raise UserError(failed, seen, TRY)
    header = "\n".join(lines[:end])
    names_at, rows = lines[end + 1], lines[end + 2 :]
    parts = names_at.split("\t") if "\t" in names_at.strip() else names_at.split()
    names = [part.strip() for part in parts if part.strip()]
    if len(names) > MOST_COLUMNS:
        raise UserError(failed, f"it has {len(names)} columns, {MOST_COLUMNS} are the most", TRY)
    separator = separator_of(rows, names_at, failed)
    if cut_off(path) and len(rows) > 1 and len(rows[-1].split()) < len(names):
        rows = rows[:-1]
    table, _ = numbers_of(rows, separator, len(names), failed)
    if not names or names[0].lower() != "time" or not len(table):
        seen = f"its first column is {names[0]!r}, not time" if names else "it names no columns"
        raise UserError(failed, seen, TRY)
    t_s = table[:, 0]
    if not np.isfinite(t_s).all() or not (np.diff(t_s) > 0).all():
        raise UserError(failed, "its times do not grow from row to row", "one recording to a file")
    said = re.search(r"^\s*indegrees\s*=\s*(\w+)", header, re.IGNORECASE | re.MULTILINE)
    columns: dict[str, Floats] = {}
    twice = set()
    for k, name in enumerate(names[1:], start=1):
        first = columns.setdefault(name, table[:, k])
        if not np.array_equal(first, table[:, k], equal_nan=True):
            twice.add(name)
    in_degrees = None if said is None else said.group(1).lower() in ("yes", "true", "1")
    return MotionFile(path, t_s, columns, in_degrees, frozenset(twice))
