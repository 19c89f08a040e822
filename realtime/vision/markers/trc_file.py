"""Reads TRC marker files: the text format of motion laboratories and OpenSim.

Layout, tab separated (OpenSim's documentation, "Marker (.trc) files")::

    PathFileType  4  (X/Y/Z)  name.trc
    DataRate  CameraRate  NumFrames  NumMarkers  Units  ...     names of the next line
    150.00    150.00      4500       16          m      ...
    Frame#  Time  RHip           LHip           ...             a name per three columns
                  X1   Y1   Z1   X2   Y2   Z2   ...
    (often an empty line)
    1       0.000 2.269 0.982 1.144 ...

The lines are told by what is in them, not by their numbers; tabs may be doubled, or blanks,
semicolons or commas instead (`hipcue.realtime.vision.markers.cell_rows`).
`hipcue.realtime.vision.markers.marker_poses` makes poses of what is read here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.vision.markers.cell_rows import (
    Separator,
    cells_of,
    number,
    numbers_of,
    separator_of,
)
from hipcue.realtime.vision.markers.file_clock import find_clock
from hipcue.realtime.vision.markers.marker_file import MarkerFile, Trajectory
from hipcue.realtime.vision.markers.text_file import cut_off, read_lines
from hipcue.realtime.vision.markers.units import scale_of

MOST_MARKERS = 1000
"""More are no body's; our choice."""

_TRY = "export it again as TRC, e.g. from OpenSim, Pose2Sim, Sports2D or your laboratory's system"
# Names that systems give to markers that nobody named: Nexus, Qualisys, Cortex, Motive.
_UNNAMED = re.compile(r"(\*|u_?|uname\*?|unlabel+ed.*|unnamed.*|new |c_)\d*", re.IGNORECASE)
# The same marker twice is one where both say the same to so much, m; our choice.
_SAME_M = 0.01
# A header is no longer; our choice.
_HEADER_LINES = 40


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands above the numbers."""

    values: dict[str, str]
    names: list[str]
    separator: Separator
    first_row: int

    def value(self, key: str) -> float:
        return number(self.values.get(key, ""))


def read_trc(path: str | Path, rate_hz: float | None = None) -> MarkerFile:
    """Read a TRC file.

    Empty cells, NaN and the origin (0, 0, 0), which many systems write for a hidden
    marker, are missing. Columns without a name are left out. For the times see
    `hipcue.realtime.vision.markers.file_clock`, for the unit
    `hipcue.realtime.vision.markers.units`.

    Parameters
    ----------
    path : str or Path
        The file.
    rate_hz : float or None
        Frames per second of a file that states none.

    Raises
    ------
    UserError
        No such file, too large, no TRC file, no frames, an unknown unit, no time.
    """
    path = Path(path)
    failed = f"cannot read markers {path}"
    lines = read_lines(path, failed, _TRY)
    header = _header(lines, failed)
    rows = lines[header.first_row :]
    if cut_off(path) and len(rows) > 1:
        # Its last number may be cut too.
        whole = len(cells_of(rows[0], header.separator))
        rows = rows[:-1] if len(cells_of(rows[-1], header.separator)) < whole else rows
    width = 2 + 3 * len(header.names)
    table, left_out = numbers_of(rows, header.separator, width, failed)
    table = table[_told_once(table)]
    xyz = table[:, 2:].reshape(len(table), len(header.names), 3)
    hidden = ~np.isfinite(xyz).all(axis=2) | (xyz == 0.0).all(axis=2)
    if not len(table) or hidden.all():
        raise UserError(failed, "there is no frame with a marker in it", _TRY)
    xyz = np.where(hidden[:, :, None], np.nan, xyz)
    scale, remarks = scale_of(header.values.get("units", ""), xyz, failed)
    stated_hz = header.value("datarate")
    if rate_hz is not None and not math.isfinite(stated_hz):
        stated_hz = rate_hz
    clock = find_clock(table[:, 1], table[:, 0], stated_hz, failed)
    said = header.value("numframes")
    if said > len(table) + left_out + 1 and said < 1e9:
        remarks += (Reason(ReasonCode.FILE_FRAMES_FEWER, said=round(said), have=len(table)),)
    if left_out:
        remarks += (Reason(ReasonCode.FILE_ROWS_LEFT_OUT, count=left_out),)
    markers, doubled = _by_name(header.names, xyz * scale)
    return MarkerFile(
        path,
        clock.rate_hz,
        clock.t_s,
        markers,
        (*remarks, *clock.remarks, *doubled),
        stated_hz=clock.stated_hz,
    )


def _header(lines: list[str], failed: str) -> _Header:
    """Find the lines above the numbers by what is in them."""
    first = _bare(lines[0]).lower()
    if not first.startswith("pathfiletype"):
        seen = f"no PathFileType in its first line, but {_bare(lines[0])[:40]!r}"
        raise UserError(failed, seen, _TRY)
    top = [_bare(line).lower() for line in lines[:_HEADER_LINES]]
    keys_at = next((k for k, line in enumerate(top) if re.search(r"\bdatarate\b", line)), None)
    names_at = next((k for k, line in enumerate(top) if re.match(r"frame\s*#?\W*time\b", line)), 0)
    if not names_at:
        raise UserError(failed, "no line of marker names (Frame#, Time, ...)", _TRY)
    first_row = names_at + 1
    axes = ""
    if first_row < len(lines) and re.match(r"\W*x_?1?\b", _bare(lines[first_row]).lower()):
        axes = lines[first_row]
        first_row += 1
    separator = separator_of(lines[first_row:], lines[names_at], failed)
    values: dict[str, str] = {}
    if keys_at is not None and keys_at + 1 < names_at:
        values = _values(lines[keys_at], lines[keys_at + 1])
    columns = max(len(re.findall(r"[xX]_?\d*\b", axes)), separator.columns // 3)
    names = _names(lines[names_at], columns, separator, failed)
    if len(names) > MOST_MARKERS:
        seen = f"it names {len(names)} markers, {MOST_MARKERS} are the most"
        raise UserError(failed, seen, "the markers of one body")
    return _Header(values, names, separator, first_row)


def _bare(line: str) -> str:
    return line.strip().strip("\"'").strip()


def _values(keys: str, values: str) -> dict[str, str]:
    """Give each key of the header its value; where some are missing, by what they can be."""
    split = re.compile(r"[\t;]|,(?!\d)" if re.search(r"[\t;,]", keys) else r"\s+")
    names, given = ([_bare(part) for part in split.split(line)] for line in (keys, values))
    names = [name.lower() for name in names]
    placed = dict(zip(names, given, strict=False))
    if len(names) <= len(given) and all(_can_be(n, v) for n, v in placed.items()):
        return placed
    left = [word for word in re.split(r"[\s;\"']+", values) if word]
    found: dict[str, str] = {}
    for name in (name for name in re.split(r"[\s,;\"']+", keys.lower()) if name):
        if left and _can_be(name, left[0]):
            found[name] = left.pop(0).rstrip(",")
    return found


def _can_be(name: str, value: str) -> bool:
    """Whether a value of the header is of its key's kind."""
    if not name or not value:
        return not value
    return math.isfinite(number(value.rstrip(","))) != (name == "units")


def _names(line: str, columns: int, separator: Separator, failed: str) -> list[str]:
    """Return a name per three columns, empty for those without one."""
    cells = [_bare(cell) for cell in separator.split(line)]
    if separator.placed and all(not cell or k % 3 == 2 for k, cell in enumerate(cells[2:], 2)):
        names = cells[2::3]
        last = max((k for k, name in enumerate(names) if name), default=-1)
        names = names[: max(last + 1, 0)]
        return names + [""] * (columns - len(names)) if names else []
    names = [cell for cell in cells if cell]
    names = names[1:] if re.fullmatch(r"frame\s*#?\s*time", names[0].lower()) else names[2:]
    if not names:
        raise UserError(failed, "no marker is named in its line of names", _TRY)
    if columns and len(names) != columns:
        seen = f"{len(names)} marker names for {columns} times three columns"
        raise UserError(failed, seen, "the names apart by tabs, one over each three columns")
    return names


def _told_once(table: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Leave out rows that are the row before once more, number and time included."""
    keep = np.ones(len(table), dtype=bool)
    if len(table):
        keep[1:] = ~((table[1:] == table[:-1]) | np.isnan(table[1:]) & np.isnan(table[:-1])).all(1)
    return keep


def _by_name(
    names: list[str], xyz_m: NDArray[np.float64]
) -> tuple[dict[str, Trajectory], tuple[Reason, ...]]:
    """Return the named markers; one that is there twice fills its own gaps, or contradicts."""
    found: dict[str, Trajectory] = {}
    doubled: dict[str, Reason] = {}
    for at, name in enumerate(names):
        if not name or _UNNAMED.fullmatch(name):
            continue
        one, other = found.get(name), xyz_m[:, at, :]
        if one is None:
            found[name] = other
            continue
        apart_m = np.linalg.norm(one - other, axis=1)
        if (apart_m[np.isfinite(apart_m)] > _SAME_M).any():
            doubled[name] = Reason(ReasonCode.MARKER_TWICE, name=name[:40])
        else:
            found[name] = np.where(np.isfinite(one), one, other)
    return {k: v for k, v in found.items() if k not in doubled}, tuple(doubled.values())
