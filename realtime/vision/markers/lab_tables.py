"""Reads the tables of three laboratory systems: Qualisys TSV, Vicon Nexus CSV, Motive CSV.

Qualisys Track Manager (TSV, 3D), always in mm, with or without number and time of the frames::

    NO_OF_FRAMES  4500
    FREQUENCY     150
    DATA_INCLUDED 3D
    MARKER_NAMES  RASI  LASI ...
    (Frame  Time  RASI X  RASI Y  RASI Z ...)
    1  0.00000  786.7  -34.0  1064.3 ...

Vicon Nexus (ASCII, CSV): sections of a rate each, of which the trajectories are read::

    Trajectories
    100
    ,,Anna:RASI,,,Anna:LASI,,
    Frame,Sub Frame,X,Y,Z,X,Y,Z
    ,,mm,mm,mm,mm,mm,mm
    1,0,786.7,-34.0,1064.3 ...

OptiTrack Motive (CSV): the markers that were measured, else those of the solved skeleton::

    Format Version,1.23,...,Export Frame Rate,120.0,...,Length Units,Meters,...
    ,Type,Marker,Marker,Marker, ...          older versions leave the first two cells empty
    ,Name,Anna:RASI,Anna:RASI,Anna:RASI, ...
    ,,Position,Position,Position, ...
    Frame,Time (Seconds),X,Y,Z, ...
    0,0.000000,0.786,1.064,0.034 ...
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.realtime.vision.markers.cell_rows import number
from hipcue.realtime.vision.markers.marker_file import MarkerFile
from hipcue.realtime.vision.markers.marker_table import MarkerTable, check_count, marker_file
from hipcue.realtime.vision.markers.text_file import csv_rows, read_lines

_TRY = "the trajectories, exported again, or a TRC"
_HEADER_LINES = 40
# What Nexus' sections are called.
_SECTIONS = ("trajectories", "devices", "joints", "model outputs", "events", "segments")
_AXES = ("x", "y", "z")
# Motive's markers, best first: a solved skeleton's are where the solver has them.
_TYPES = ("marker", "bone marker", "rigid body marker")

Floats = NDArray[np.float64]


class LabTable(StrEnum):
    """Whose table it is."""

    QUALISYS = "Qualisys TSV"
    NEXUS = "Vicon Nexus CSV"
    MOTIVE = "Motive CSV"


def whose_table(text: str) -> LabTable | None:
    """Tell a table by its first lines; None for another one."""
    first = text.lstrip().lower()
    if first.startswith("no_of_frames"):
        return LabTable.QUALISYS
    if first.startswith("format version,"):
        return LabTable.MOTIVE
    if re.match(rf"({'|'.join(_SECTIONS)})\W*[\r\n]", first):
        return LabTable.NEXUS
    return None


def read_lab_table(path: Path, rate_hz: float | None = None) -> MarkerFile:
    """Read a table of one of the three.

    Raises
    ------
    UserError
        No such file, too large, another table, no trajectories in it, no time.
    """
    failed = f"cannot read markers {path}"
    lines = read_lines(path, failed, _TRY)
    whose = whose_table("\n".join(lines[:3]))
    if whose is LabTable.QUALISYS:
        table = _qualisys(lines, failed)
    elif whose is LabTable.NEXUS:
        table = _nexus(lines, failed)
    elif whose is LabTable.MOTIVE:
        table = _motive(lines, failed)
    else:
        raise UserError(failed, "none of Qualisys, Vicon Nexus and Motive writes so", _TRY)
    if rate_hz is not None and not math.isfinite(table.stated_hz):
        table = MarkerTable(
            table.names, table.xyz, table.numbers, table.times_s, rate_hz, table.unit
        )
    return marker_file(path, table, failed)


def _qualisys(lines: list[str], failed: str) -> MarkerTable:
    """Read Qualisys' TSV."""
    parted = [[cell.strip() for cell in line.strip().split("\t")] for line in lines[:_HEADER_LINES]]
    heads_at = (
        k
        for k, row in enumerate(parted)
        if math.isfinite(number(row[0])) or row[0].lower() in ("frame", "time")
    )
    at = next(heads_at, len(parted))
    header = {row[0].upper(): row[1:] for row in parted[:at]}
    if "MARKER_NAMES" not in header:
        what = "".join(header.get("DATA_INCLUDED", ["no markers"]))
        raise UserError(failed, f"it holds {what}, no markers", "QTM's 3D data as TSV")
    names = [name for name in header["MARKER_NAMES"] if name]
    check_count(names, failed)
    rows = [line.rstrip("\t \r\n").split("\t") for line in lines[at:]]
    if not rows:
        raise UserError(failed, "there is no frame under its header", "a whole file")
    heads = [cell.strip().lower() for cell in rows[0]]
    if not math.isfinite(number(heads[0])):
        rows = rows[1:]
    width = max((len(row) for row in rows), default=0)
    lead = width - 3 * len(names)
    if lead not in (0, 1, 2):
        seen = f"{len(names)} marker names for {width} columns"
        raise UserError(failed, seen, "QTM's 3D data as TSV")
    cells = _cells(rows, width)
    numbers, times = np.arange(1.0, len(cells) + 1), np.full(len(cells), np.nan)
    if lead == 2:
        numbers, times = cells[:, 0], cells[:, 1]
    elif lead == 1 and heads[0] == "time":
        times = cells[:, 0]
    elif lead == 1:
        numbers = cells[:, 0]
    stated_hz = _rate("".join(header.get("FREQUENCY", [""])[:1]))
    if not np.isfinite(times).any() and math.isfinite(stated_hz):
        times = (numbers - 1.0) / stated_hz  # QTM counts frames from 1 at time 0.
    return MarkerTable(names, _xyz(cells, lead, len(names)), numbers, times, stated_hz, "mm")


def _nexus(lines: list[str], failed: str) -> MarkerTable:
    """Read the trajectories of Nexus' CSV."""
    table = csv_rows(lines)
    bare = ["".join(row).strip().lower() for row in table]
    start = next((k for k, line in enumerate(bare) if line == "trajectories"), None)
    if start is None or start + 4 >= len(table):
        held = ", ".join(line for line in bare if line in _SECTIONS)[:80]
        seen = f"it holds {held or 'nothing'}, no trajectories"
        raise UserError(failed, seen, "Nexus' ASCII export with trajectories")
    rate_hz = _rate(bare[start + 1])
    over, axes, units = table[start + 2 : start + 5]
    names = [cell.strip() for cell in over[2::3]]
    count = sum(cell.strip().lower() == "x" for cell in axes)
    names = (names + [""] * count)[:count]
    check_count(names, failed)
    rows: list[list[str]] = []
    for row in table[start + 5 :]:
        if not row or not math.isfinite(number(row[0])):
            break  # The next section.
        rows.append(row)
    cells = _cells(rows, 2 + 3 * count)
    numbers = cells[:, 0]
    unit = next((cell.strip() for cell in units if cell.strip()), "")
    # Nexus counts frames from 1 at time 0, or from where the trial was cut.
    times = (numbers - 1.0) / rate_hz
    return MarkerTable(names, _xyz(cells, 2, count), numbers, times, rate_hz, unit)


def _motive(lines: list[str], failed: str) -> MarkerTable:
    """Read the markers of Motive's CSV."""
    table = [[cell.strip() for cell in row] for row in csv_rows(lines)]
    pairs = dict(zip(table[0][::2], table[0][1::2], strict=False))
    meta = {key.lower(): value for key, value in pairs.items()}
    at = next((k for k, row in enumerate(table[:20]) if row and row[0].lower() == "frame"), None)
    if at is None or at < 3:
        raise UserError(failed, "no row of 'Frame, Time, X, Y, Z'", "Motive's CSV with its header")
    labelled = {row[1].lower(): row for row in table[1:at] if len(row) > 1 and row[1]}
    kinds = labelled.get("type", table[1])
    over = labelled.get("name", table[2])
    what, axes = table[at - 1], [cell.lower() for cell in table[at]]
    found: dict[str, dict[str, list[int]]] = {}
    for k in range(2, len(axes)):
        if k >= min(len(kinds), len(over), len(what)) or what[k].lower() != "position":
            continue
        if axes[k] in _AXES:
            found.setdefault(kinds[k].lower(), {}).setdefault(over[k], []).append(k)
    kind = next((kind for kind in _TYPES if kind in found), None)
    if kind is None:
        held = ", ".join(sorted(found)) or "nothing"
        seen = f"it holds {held[:60]}, no markers"
        raise UserError(failed, seen, "Motive's CSV with markers, or a TRC")
    columns = {name: ks[:3] for name, ks in found[kind].items() if len(ks) >= 3}
    check_count(list(columns), failed)
    rows = [row for row in table[at + 1 :] if row and math.isfinite(number(row[0]))]
    cells = _cells(rows, len(axes))
    xyz = np.stack([cells[:, ks] for ks in columns.values()], axis=1)
    rate_hz = _rate(meta.get("export frame rate") or meta.get("capture frame rate") or "")
    unit = meta.get("length units", "")
    return MarkerTable(list(columns), xyz, cells[:, 0], cells[:, 1], rate_hz, unit)


def _rate(cell: str) -> float:
    """Read frames per second; what cannot be any is missing."""
    rate_hz = number(cell)
    return rate_hz if 0.0 < rate_hz < math.inf else math.nan


def _cells(rows: Sequence[Sequence[str]], width: int) -> Floats:
    cells = np.full((len(rows), width), np.nan)
    for k, row in enumerate(rows):
        part = [number(cell.strip()) for cell in row[:width]]
        cells[k, : len(part)] = part
    return cells


def _xyz(cells: Floats, lead: int, count: int) -> Floats:
    return cells[:, lead : lead + 3 * count].reshape(len(cells), count, 3)
