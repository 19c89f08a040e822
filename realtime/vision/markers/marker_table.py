"""From named columns of numbers to a marker file: what every reader of a table does alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.vision.markers.file_clock import find_clock
from hipcue.realtime.vision.markers.hidden import hidden_markers
from hipcue.realtime.vision.markers.marker_file import MarkerFile, Trajectory
from hipcue.realtime.vision.markers.units import scale_of

MOST_MARKERS = 1000
"""More are no body's; our choice."""

# Names that systems give to markers that nobody named: Nexus, Qualisys, Cortex, Motive.
_UNNAMED = re.compile(r"(\*|u_?|uname\*?|unlabel+ed.*|unnamed.*|new |c_)\d*", re.IGNORECASE)
# The same marker twice is one where both say the same to so much, m; our choice.
_SAME_M = 0.01

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MarkerTable:
    """What stands in a file, as it stands there.

    Attributes
    ----------
    names : sequence of str
        Of the markers; empty where a column has none.
    xyz : ndarray, shape (frames, markers, 3)
        In the file's unit; NaN where a cell is empty.
    numbers, times_s : ndarray, shape (frames,)
        Frame numbers and times; NaN where there are none.
    stated_hz : float
        Frames per second of its header; NaN where there are none.
    unit : str
        As the file names it; empty where it does not.
    """

    names: Sequence[str]
    xyz: Floats
    numbers: Floats
    times_s: Floats
    stated_hz: float
    unit: str


def check_count(names: Sequence[str], failed: str) -> None:
    """Make sure that there are markers, and no more than a body has.

    Raises
    ------
    UserError
        For none or too many.
    """
    if not any(names):
        raise UserError(failed, "it names no marker", "a file with named markers")
    if len(names) > MOST_MARKERS:
        seen = f"it names {len(names)} markers, {MOST_MARKERS} are the most"
        raise UserError(failed, seen, "the markers of one body")


def marker_file(
    path: Path, table: MarkerTable, failed: str, remarks: tuple[Reason, ...] = ()
) -> MarkerFile:
    """Make a marker file of a table.

    What systems write for a hidden marker, as the origin, is missing. A frame that
    is the one before once more, number and time included, is left out, and so are markers that
    nobody named. A marker that is there twice fills its own gaps; where both contradict each
    other there is none.

    Raises
    ------
    UserError
        No frame with a marker, an unknown unit, no time.
    """
    keep = _told_once(np.column_stack([table.numbers, table.times_s]), table.xyz)
    xyz = table.xyz[keep]
    hidden = hidden_markers(xyz)
    if not len(xyz) or hidden.all():
        raise UserError(failed, "there is no frame with a marker in it", "a file of somebody")
    xyz = np.where(hidden[:, :, None], np.nan, xyz)
    scale, guessed = scale_of(table.unit, xyz, failed)
    clock = find_clock(table.times_s[keep], table.numbers[keep], table.stated_hz, failed)
    markers, doubled = _by_name(table.names, xyz * scale)
    every = (*guessed, *remarks, *clock.remarks, *doubled)
    return MarkerFile(path, clock.rate_hz, clock.t_s, markers, every, stated_hz=clock.stated_hz)


def _told_once(stamps: Floats, xyz: Floats) -> NDArray[np.bool_]:
    """Leave out frames that are the frame before once more."""
    keep = np.ones(len(stamps), dtype=bool)
    if len(stamps) and np.isfinite(stamps).any():
        rows = np.column_stack([stamps, xyz.reshape(len(xyz), -1)])
        one, other = rows[1:], rows[:-1]
        keep[1:] = ~((one == other) | (np.isnan(one) & np.isnan(other))).all(axis=1)
    return keep


def _by_name(
    names: Sequence[str], xyz_m: Floats
) -> tuple[dict[str, Trajectory], tuple[Reason, ...]]:
    """Return the named markers; one that is there twice fills its own gaps, or contradicts."""
    found: dict[str, Trajectory] = {}
    doubled: dict[str, Reason] = {}
    for at, name in enumerate(names):
        if not name or _UNNAMED.fullmatch(name.split(":")[-1]):
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
