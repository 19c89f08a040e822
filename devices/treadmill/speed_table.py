"""Tables of belt speeds as spreadsheets and machines write them: text in, cells out.

Cells stand between commas, semicolons or tabs; a decimal comma is read where commas do not part
the cells. The names of the columns tell time and speed with its unit: a speed without one is
refused, since 8 may be m/s or km/h.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.devices.treadmill.protocols.units import KMH, MPH

MOST_BYTES = 50_000_000
"""A longer file is refused unread: two days at ten rows a second. Our choice."""

# Seconds, and m/s, per unit, by a column's name without blanks and signs; best first.
_TIME = {"ts": 1.0, "times": 1.0, "timesec": 1.0, "timeseconds": 1.0, "seconds": 1.0, "t": 1.0,
         "time": 1.0, "zeits": 1.0, "zeit": 1.0, "timems": 1e-3, "tms": 1e-3, "zeitms": 1e-3,
         "elapseds": 1.0, "elapsed": 1.0, "elapsedtime": 1.0}  # fmt: skip
_UNITS = {"mps": 1.0, "ms": 1.0, "kmh": KMH, "kph": KMH, "kmph": KMH, "mph": MPH, "mih": MPH}
_SPEEDS = ("speed", "beltspeed", "belt", "velocity", "v", "geschwindigkeit", "tempo", "")

Wrong = Callable[..., UserError]


def read_table(path: Path, wrong: Wrong) -> tuple[list[str], list[list[str]], str]:
    """Return a table's header in small letters, its rows, and what parts the cells.

    Raises
    ------
    UserError
        When it cannot be read, is too large or no text.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise wrong(f"it has {size / 1e6:.0f} MB", "a file of 50 MB at most")
        data = path.read_bytes()
    except OSError as error:
        raise wrong(error.strerror or str(error), "check the path") from error
    text = _text(data)
    if text is None:
        raise wrong("not a text file with commas")
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip(' \t,;"')]
    mark = _mark(lines[0]) if lines else ","
    try:
        table = list(csv.reader(lines, delimiter=mark))
    except csv.Error as error:
        raise wrong("not a text file with commas") from error
    return ([cell.strip().lower() for cell in table[0]] if table else []), table[1:], mark


def _text(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _mark(header: str) -> str:
    """Return what parts the names of the columns."""
    return max("\t;,", key=header.count)


def columns_of(header: Sequence[str], wrong: Wrong) -> tuple[tuple[int, float], tuple[int, float]]:
    """Return number and unit of the time's and the speed's column.

    Raises
    ------
    UserError
        When one is missing, or the speed has no unit.
    """
    plain = [re.sub(r"[^a-zäöü]", "", name.replace("/", "p", 1) if "m/s" in name else name)
             for name in header]  # fmt: skip
    listed = f"columns: {', '.join(header)[:120] or 'none'}"
    time = next((k for name in _TIME for k, column in enumerate(plain) if column == name), None)
    named = {speed + unit: of for speed in _SPEEDS for unit, of in _UNITS.items()}
    named.pop("ms", None)  # Milliseconds, more likely.
    speed = next((k for name in named for k, column in enumerate(plain) if column == name), None)
    if time is None or speed is None:
        bare = any(column in _SPEEDS and column for column in plain)
        if time is not None and bare:
            raise wrong(f"{listed}: the speed has no unit", "the column's name with it: speed_kmh")
        raise wrong(listed)
    return (time, _TIME[plain[time]]), (speed, named[plain[speed]])


def number(cell: str, mark: str) -> float:
    """Return a cell's number; `ValueError` for what is none."""
    text = cell.strip()
    if mark != "," and re.fullmatch(r"[-+]?\d*,\d+", text):
        text = text.replace(",", ".")
    clock = re.fullmatch(r"(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)", text)
    if clock is not None:
        hours, minutes, seconds = clock.groups(default="0")
        return 3600.0 * int(hours) + 60.0 * int(minutes) + float(seconds)
    return float(text)
