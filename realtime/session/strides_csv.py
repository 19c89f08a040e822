"""strides.csv: one row per stride, empty where missing."""

from __future__ import annotations

import csv
import io

from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import COLUMNS, table_of

# Digits after the point by unit: finer than any measurement, so that rounding never shows.
_DIGITS = {"_s": 4, "_m": 4, "_mps": 4, "_spm": 2, "_deg": 3, "confidence": 3}

# A spreadsheet takes a cell that begins so for a formula and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def text_cell(text: str) -> str:
    """Return a text so that no spreadsheet runs it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def number(value: float | None, digits: int = 4) -> str:
    """Return a number with fixed digits and a point, ``""`` when missing, never ``-0.0``."""
    if value is None or value != value:
        return ""
    text = f"{value:.{digits}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def strides_csv(session: SessionReader) -> str:
    """Return the whole file as text, with Unix line ends.

    Times count from the first frame; those of a marker file are its own. A last column
    ``runner`` follows where more than one ran.
    """
    table = table_of(session)
    names = (*COLUMNS, "runner") if len(session.runners) > 1 else COLUMNS
    cells = [[_cell(value, name) for value in table.column(name)] for name in names]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(zip(*cells, strict=True))
    return text.getvalue()


def _cell(value: float | int | str | None, name: str) -> str:
    if isinstance(value, str):
        return text_cell(value)
    if isinstance(value, int):
        return str(value)
    return number(value, next((d for unit, d in _DIGITS.items() if name.endswith(unit)), 4))
