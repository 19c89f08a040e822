"""Reads points in space from tables of FreeMoCap and Anipose.

One row per frame, three columns per point (``left_hip_x, left_hip_y, left_hip_z``): FreeMoCap's
``*_body_3d_xyz.csv``, which may put ``body_`` before its names, and Anipose's files, with more
columns about each point. Or one row per frame and point: FreeMoCap's ``*_by_frame.csv``. Neither
tells its unit; FreeMoCap's times are in some of its tables.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.realtime.vision.markers.cell_rows import number
from hipcue.realtime.vision.markers.marker_file import MarkerFile, Trajectory
from hipcue.realtime.vision.markers.marker_table import (
    MOST_MARKERS,
    MarkerTable,
    check_count,
    marker_file,
)
from hipcue.realtime.vision.markers.text_file import csv_rows, read_lines

_TRY = "FreeMoCap's *_body_3d_xyz.csv or *_by_frame.csv, or Anipose's 3D CSV"
Floats = NDArray[np.float64]

_TIDY = {"frame", "keypoint", "x", "y", "z"}
_POINT = re.compile(r"(?:(?:body|mediapipe_body)_)?(.+)_([xyz])")


def is_points_csv(first_line: str) -> bool:
    """Whether a table's first line names points in space."""
    names = {name.strip().strip('"').lower() for name in first_line.split(",")}
    return names >= _TIDY or len(_wide(sorted(names))) >= 3


def read_points(path: Path, rate_hz: float | None) -> MarkerFile:
    """Read a table.

    Parameters
    ----------
    path : Path
        The file.
    rate_hz : float or None
        Frames per second; wanted where the table has no times.

    Raises
    ------
    UserError
        No such file, too large, no points, no times and no rate, a size that is no body's.
    """
    failed = f"cannot read points {path}"
    lines = read_lines(path, failed, _TRY)
    table = csv_rows(lines)
    heads = [name.strip().lower() for name in table[0]]
    tidy = set(heads) >= _TIDY
    ways, times, numbers = (_of_tidy if tidy else _of_wide)(heads, table[1:])
    if not ways or not len(times):
        raise UserError(failed, "no points in it", _TRY)
    check_count(list(ways), failed)
    if rate_hz is None and not np.isfinite(times).any():
        raise UserError(failed, "its points carry no times", "--rate with the frames per second")
    stated_hz = math.nan if rate_hz is None else rate_hz
    column = times if np.isfinite(times).all() else (numbers - numbers[0]) / stated_hz
    xyz = np.stack(list(ways.values()), axis=1)
    return marker_file(path, MarkerTable(list(ways), xyz, numbers, column, stated_hz, ""), failed)


def _wide(heads: list[str]) -> dict[str, dict[str, int]]:
    """Return the columns of each point that has all three."""
    found: dict[str, dict[str, int]] = {}
    for column, head in enumerate(heads):
        match = _POINT.fullmatch(head)
        if match is not None:
            found.setdefault(match.group(1), {})[match.group(2)] = column
    return {name: axes for name, axes in found.items() if len(axes) == 3}


def _of_wide(
    heads: list[str], rows: list[list[str]]
) -> tuple[dict[str, Trajectory], Floats, Floats]:
    """Read a row per frame."""
    width = len(heads)
    cells = np.full((len(rows), width), np.nan)
    for k, row in enumerate(rows):
        cells[k, : len(row)] = [number(cell) for cell in row[:width]]
    ways = {name: cells[:, [axes[axis] for axis in "xyz"]] for name, axes in _wide(heads).items()}
    times = next((cells[:, heads.index(h)] for h in ("timestamp", "time") if h in heads), None)
    frames = next((cells[:, heads.index(h)] for h in ("fnum", "frame") if h in heads), None)
    if frames is None or not np.isfinite(frames).all():
        frames = np.arange(len(rows), dtype=float)
    return ways, np.full(len(rows), np.nan) if times is None else times, frames


def _of_tidy(
    heads: list[str], rows: list[list[str]]
) -> tuple[dict[str, Trajectory], Floats, Floats]:
    """Read a row per frame and point; of the body's model, where the table names models."""
    at = {head: k for k, head in enumerate(heads)}
    rows = [row for row in rows if len(row) > max(at[name] for name in _TIDY)]
    if "model" in at and any("body" in row[at["model"]] for row in rows[:2000]):
        rows = [row for row in rows if "body" in row[at["model"]]]
    rows = [row for row in rows if math.isfinite(number(row[at["frame"]]))]
    numbers = np.array([number(row[at["frame"]]) for row in rows])
    frames, where = np.unique(numbers, return_inverse=True)
    names = list(dict.fromkeys(row[at["keypoint"]].strip() for row in rows))
    ways = {name: np.full((len(frames), 3), np.nan) for name in names[: MOST_MARKERS + 1]}
    times = np.full(len(frames), np.nan)
    for row, k in zip(rows, where, strict=True):
        way = ways.get(row[at["keypoint"]].strip())
        if way is not None:
            way[k] = [number(row[at[axis]]) for axis in "xyz"]
        if "timestamp" in at:
            times[k] = number(row[at["timestamp"]])
    return ways, times, frames
