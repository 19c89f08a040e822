"""Rows of numbers as laboratories write them, taken apart into cells.

Cells stand between tabs, doubled tabs, semicolons, commas or blanks. Between blanks an empty
cell leaves no trace: rows with too few numbers are left out, since which are missing is not
known. A decimal comma is read where commas do not part the cells.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError

# So many rows tell how the cells are parted.
_LOOK = 50
# A file with more rows that cannot be read is not one with a few damaged rows; our choice.
_LEFT_OUT = 0.2


@dataclass(frozen=True, slots=True)
class Separator:
    """What parts the cells of a file.

    Attributes
    ----------
    mark : str
        The character, or a blank for any number of blanks and tabs.
    times : int
        How often it stands between two cells.
    columns : int
        Columns of coordinates that the rows have, where they all have as many.
    """

    mark: str
    times: int = 1
    columns: int = 0

    @property
    def placed(self) -> bool:
        """Whether an empty cell keeps its place."""
        return self.mark != " "

    def split(self, line: str) -> list[str]:
        """Return the cells of a line of names, in which nothing is doubled but by mistake."""
        return line.split(self.mark) if self.placed else line.split()


def separator_of(rows: list[str], names: str, failed: str) -> Separator:
    """Tell what parts the cells of a file's rows, from the first of them.

    Raises
    ------
    UserError
        When there are no rows.
    """
    some = [row for row in rows[:_LOOK] if re.match(r"[\s\"']*[-+\d.,;]", row)]
    if not some:
        raise UserError(
            failed, "there is no frame: no row of numbers under its names", "a whole file"
        )
    for mark in ("\t", ";"):
        if mark in names and all(mark in row.strip() for row in some):
            return _counted(mark, some)
    if "," in names and "\t" not in some[0] and all("," in row for row in some):
        return _counted(",", some)
    return _counted(" ", some) if "\t" not in some[0].strip() else _counted("\t", some)


def _counted(mark: str, rows: list[str]) -> Separator:
    """Tell how often a mark parts two cells, and how many cells there are."""
    if mark == " ":
        counts = Counter(len(row.split()) for row in rows)
        return Separator(mark, 1, counts.most_common(1)[0][0] - 2)
    # The second cell is the time; nobody leaves it out and its place too.
    gaps = Counter(
        len(found.group(0))
        for row in rows
        if (found := re.search(re.escape(mark) + "+", _tight(row)))
    )
    times = gaps.most_common(1)[0][0] if gaps else 1
    widths = [len(cells_of(row, Separator(mark, times))) for row in rows]
    return Separator(mark, times, max(widths) - 2)


def _tight(row: str) -> str:
    """Take the blanks beside marks away."""
    return re.sub(r" *([\t;,]) *", r"\1", row)


def cells_of(row: str, separator: Separator) -> list[str]:
    """Return the cells of a row of numbers, without the empty ones at its end."""
    if not separator.placed:
        return row.split()
    parts = row.split(separator.mark)
    cells = [part.strip(" \t\"'") for part in parts[:: separator.times]]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def numbers_of(
    rows: list[str], separator: Separator, width: int, failed: str
) -> tuple[NDArray[np.float64], int]:
    """Read rows of numbers.

    Parameters
    ----------
    rows : list of str
        The lines.
    separator : Separator
        What parts their cells.
    width : int
        Cells of a whole row.
    failed : str
        What failed if too few can be read.

    Returns
    -------
    table : ndarray, shape (rows, width)
        NaN where a cell is empty or no number.
    left_out : int
        Rows of which it is not known what is missing.

    Raises
    ------
    UserError
        When that is the case for many of them.
    """
    table = np.full((len(rows), width), np.nan)
    have, left_out, why = 0, 0, ""
    for row in rows:
        parts = row.split()
        if len(parts) == width and (separator.mark in " \t"):
            try:
                table[have] = [float(part) for part in parts]
                have += 1
                continue
            except ValueError:
                pass
        cells = cells_of(row, separator)
        if not cells or not _counts(cells):
            continue  # A remark, an empty row.
        if len(cells) > width or (len(cells) < width and not separator.placed):
            left_out += 1
            why = why or f"row {cells[0]} has {len(cells)} cells instead of {width}"
            continue
        table[have, : len(cells)] = [number(cell) for cell in cells]
        have += 1
    if left_out > _LEFT_OUT * (have + left_out):
        raise UserError(
            failed,
            f"{why}, as do {left_out} rows: which markers are missing cannot be told",
            "a file with tabs between its cells, which keep the place of a missing marker",
        )
    return table[:have], left_out


def _counts(cells: list[str]) -> bool:
    """Whether a row is one of numbers: its frame or its time is one."""
    return any(math.isfinite(number(cell)) for cell in cells[:2])


def number(cell: str) -> float:
    """Read a number; whatever is none is missing. Some systems write a decimal comma."""
    if "," in cell and re.fullmatch(r"[-+]?\d*,\d+(e[-+]?\d+)?", cell, re.IGNORECASE):
        cell = cell.replace(",", ".")
    try:
        return float(cell)
    except ValueError:
        return math.nan
