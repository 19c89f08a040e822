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

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.vision.markers.cell_rows import (
    Separator,
    cells_of,
    number,
    numbers_of,
    separator_of,
)
from hipcue.realtime.vision.markers.marker_file import MarkerFile
from hipcue.realtime.vision.markers.marker_table import MarkerTable, check_count, marker_file
from hipcue.realtime.vision.markers.text_file import cut_off, read_lines

_TRY = "export it again as TRC, e.g. from OpenSim, Pose2Sim, Sports2D or your laboratory's system"
_FRAME_TIME = re.compile(r"frame\s*#?\W*times?\b")
_HERTZ = re.compile(r"(?<=\d)\s*hz\b", re.IGNORECASE)
# A header is no longer; our choice.
_HEADER_LINES = 40


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands above the numbers."""

    values: dict[str, str]
    names: list[str]
    separator: Separator
    first_row: int
    lead: int

    def value(self, key: str) -> float:
        return number(re.sub(r"[^\d.,eE+-]+$", "", self.values.get(key, "")))


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
    width = header.lead + 3 * len(header.names)
    cells, left_out = numbers_of(rows, header.separator, width, failed)
    rates = (header.value(key) for key in ("datarate", "camerarate"))
    stated_hz = next((rate for rate in rates if math.isfinite(rate)), math.nan)
    if rate_hz is not None and not math.isfinite(stated_hz):
        stated_hz = rate_hz
    table = MarkerTable(
        header.names,
        cells[:, header.lead :].reshape(len(cells), len(header.names), 3),
        cells[:, 0],
        cells[:, 1],
        stated_hz,
        header.values.get("units", ""),
    )
    remarks: list[Reason] = []
    said = header.value("numframes")
    if said > len(cells) + left_out + 1 and said < 1e9:
        remarks.append(Reason(ReasonCode.FILE_FRAMES_FEWER, said=round(said), have=len(cells)))
    if left_out:
        remarks.append(Reason(ReasonCode.FILE_ROWS_LEFT_OUT, count=left_out))
    return marker_file(path, table, failed, tuple(remarks))


def _header(lines: list[str], failed: str) -> _Header:
    """Find the lines above the numbers by what is in them."""
    first = _bare(lines[0]).lower()
    if not first.startswith("pathfiletype"):
        seen = f"no PathFileType in its first line, but {_bare(lines[0])[:40]!r}"
        raise UserError(failed, seen, _TRY)
    top = [_bare(line).lower() for line in lines[:_HEADER_LINES]]
    keys_at = next((k for k, line in enumerate(top) if re.search(r"\bdatarate\b", line)), None)
    names_at = next((k for k, line in enumerate(top) if _FRAME_TIME.match(line)), 0)
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
    # Some systems write the time of day beside the time.
    lead = 3 if re.match(r"frame\s*#?\W*times?\W+time\W?stamp\b", top[names_at]) else 2
    columns = max(len(re.findall(r"[xX]_?\d*\b", axes)), (separator.columns + 2 - lead) // 3)
    names = _names(lines[names_at], columns, lead, separator, failed)
    check_count(names, failed)
    return _Header(values, names, separator, first_row, lead)


def _bare(line: str) -> str:
    return line.strip().strip("\"'").strip()


def _values(keys: str, values: str) -> dict[str, str]:
    """Give each key of the header its value; where some are missing, by what they can be."""
    mark = next((mark for mark in ("\t", ";", ",") if mark in keys), None)
    names, given = ([_bare(part) for part in line.split(mark)] for line in (keys, values))
    placed = dict(zip((name.lower() for name in names), given, strict=False))
    if len(names) <= len(given) and all(_can_be(n, v) for n, v in placed.items()):
        return placed
    apart = r"[\s;,\"']+" if mark == "," else r"[\s;\"']+"
    left = [word for word in re.split(apart, _HERTZ.sub("", values)) if word]
    found: dict[str, str] = {}
    for name in (name for name in re.split(r"[\s,;\"']+", keys.lower()) if name):
        if left and _can_be(name, left[0]):
            found[name] = left.pop(0)
    return found


def _can_be(name: str, value: str) -> bool:
    """Whether a value of the header is of its key's kind."""
    if not name or not value:
        return not value
    return (re.match(r"[-+.]?\d", value) is not None) != (name == "units")


def _names(line: str, columns: int, lead: int, separator: Separator, failed: str) -> list[str]:
    """Return a name per three columns, empty for those without one."""
    cells = [_bare(cell) for cell in separator.split(line)]
    each = [cell for cell in cells if cell]
    joined = re.fullmatch(r"frame\s*#?\s*times?", each[0].lower()) is not None
    each = each[lead - joined :]
    whole = [name[:-2] for name in each[::3]]
    if len(each) == 3 * columns and all(
        name.lower() == f"{whole[k // 3]}{name[-2]}{'xyz'[k % 3]}".lower()
        for k, name in enumerate(each)
    ):
        return whole  # Each column has a name of its own, as in "RKnee_x".
    over = cells[lead:]
    if separator.placed and all(not cell or k % 3 == 0 for k, cell in enumerate(over)):
        names = over[::3]
        last = max((k for k, name in enumerate(names) if name), default=-1)
        names = names[: last + 1]
        return names + [""] * (columns - len(names)) if names else []
    if columns and len(each) != columns:
        seen = f"{len(each)} marker names for {columns} times three columns"
        raise UserError(failed, seen, "the names apart by tabs, one over each three columns")
    return each
