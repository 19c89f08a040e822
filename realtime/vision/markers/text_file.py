"""Text files of laboratories: whatever wrote them, as lines.

What is no text, too large or packed is refused before it is read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from hipcue.config.errors import UserError

MOST_BYTES = 200_000_000
"""A longer file is refused unread. Our choice: a quarter of an hour of 100 markers at 100 frames a
second has so much, and takes three times as much memory while it is read."""

_HEAD = 4096
# What files begin with that carry another name; after the format's own description each.
_MAGIC = {
    b"\x1f\x8b": "a packed file (gzip)",
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x89HDF": "an HDF5 file",
    b"MATLAB": "a MATLAB file",
    b"%PDF": "a PDF",
    b"RIFF": "a film (AVI)",
    b"\x1aE\xdf\xa3": "a film (Matroska)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"SQLite": "a database",
}
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


def head_of(path: Path, failed: str) -> bytes:
    """Return how a file begins.

    Raises
    ------
    UserError
        When it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        raise UserError(failed, error.strerror or str(error), "check the path") from error


def binary_kind(head: bytes) -> str | None:
    """Say what a file is that is no text; None for a text."""
    if head[4:8] == b"ftyp":
        return "a film"
    if head[1:2] == b"\x50" and 2 <= head[0] <= 20 and b"\0" in head[:64]:
        return "a C3D file"
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) and not _wide(head):
        return "no text"
    return None


def decoded(data: bytes) -> str:
    """Return the text of bytes: UTF-8 or 16 with or without its mark, else Western European."""
    for bom, encoding in _BOMS.items():
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    if wide := _wide(data[:_HEAD]):
        return data.decode(wide, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_lines(path: Path, failed: str, advice: str) -> list[str]:
    """Read the lines of a text file, whatever ends them; empty ones are left out.

    Parameters
    ----------
    path : Path
        The file.
    failed : str
        What failed if it does.
    advice : str
        What to give instead of a file that holds something else.

    Raises
    ------
    UserError
        No such file, one that is too large, empty or no text.
    """
    head = head_of(path, failed)
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            seen = f"it has {size / 1e6:.0f} MB, {MOST_BYTES / 1e6:.0f} are the most"
            raise UserError(failed, seen, "export one trial, or a part of it, as a file of its own")
        kind = binary_kind(head)
        if kind is not None:
            raise UserError(failed, f"it is {kind} by its content", advice)
        text = decoded(path.read_bytes())
    except OSError as error:
        raise UserError(failed, error.strerror or str(error), "check the path") from error
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip(' \t,;"')]
    if not lines:
        raise UserError(failed, "the file is empty", advice)
    return lines


def csv_rows(lines: Iterable[str]) -> list[list[str]]:
    """Return the cells of lines with commas between them.

    No cell of a laboratory's table goes over the end of its line: a quote that nobody closes is
    a stray one, and costs nothing but itself.
    """
    rows = []
    for line in lines:
        quotes = line.count('"')
        if quotes and quotes % 2 == 0:
            try:
                rows.append(next(csv.reader([line])))
                continue
            except csv.Error:  # A cell that is longer than any number or name.
                pass
        rows.append(line.replace('"', "").split(","))
    return rows


def cut_off(path: Path) -> bool:
    """Whether a text file ends in the middle of a line."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 4, 0))
        return not re.search(rb"[\r\n]\0?$", file.read())


def _wide(head: bytes) -> str | None:
    """Name the UTF-16 of a text without its mark: every other byte of it is 0."""
    if len(head) < 8:
        return None
    even, odd = head[0::2][:200], head[1::2][:200]
    for letters, zeros, encoding in ((even, odd, "utf-16-le"), (odd, even, "utf-16-be")):
        if zeros.count(0) > 0.9 * len(zeros) and all(9 <= one < 127 for one in letters[:20]):
            return encoding
    return None
