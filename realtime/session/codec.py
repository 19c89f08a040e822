"""Blobs of frames: what a `hipcue.realtime.session.frame_layout` describes, packed and back.

Nothing is pickled. What a blob must hold follows from the number of frames, so a forged one
can be wrong but can run nothing and cannot grow beyond its expected size.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason
from hipcue.realtime.session.frame_layout import FOLLOWED, FORMAT, WIDE, Field, layout

# A chunk is one second; four minutes at 60 fps is far beyond any honest one.
MAX_FRAMES = 15_000
# Level 3 is within a few percent of level 9 on joint positions, at a fifth of its time.
_LEVEL = 3

Columns = np.void
"""One record of a layout: ``columns["t_s"]`` is the field of the whole chunk."""


class SessionDamagedError(UserError):
    """The session is damaged; `hipcue.realtime.library.recover` repairs what it can."""


def damaged(what: str) -> SessionDamagedError:
    """Return the error for a row or blob that is not what it should be."""
    return SessionDamagedError("cannot read the session", what, "hipcue review repairs what it can")


def filled(fields: tuple[Field, ...], n: int, *, wide: bool = False, **columns: Any) -> Columns:
    """Return a record of `n` frames with these fields; those not given are 0."""
    out = np.zeros(1, layout(fields, n, wide=wide))
    for name, values in columns.items():
        out[name][0] = values
    record: Columns = out[0]
    return record


def pack(columns: Columns, *, wide: bool = False) -> bytes:
    """Return a record as a blob."""
    flags = (WIDE if wide else 0) | (FOLLOWED if "followed" in (columns.dtype.names or ()) else 0)
    return bytes((FORMAT, flags)) + zlib.compress(columns.tobytes(), _LEVEL)


def unpack(blob: bytes, fields: tuple[Field, ...], n: int) -> Columns:
    """Return the record of `n` frames in a blob, with the fields that it has.

    Raises `UserError` when it is not one.
    """
    if not 0 <= n <= MAX_FRAMES:
        raise damaged(f"a block of {n} frames")
    flags = flags_of(blob)
    if not flags & FOLLOWED:
        fields = tuple(field for field in fields if field[0] != "followed")
    kind = layout(fields, n, wide=bool(flags & WIDE))
    raw = inflated(blob, kind.itemsize)
    return record_in(raw, kind)


def unpack_rows(blob: bytes, fields: tuple[Field, ...], most: int) -> Columns:
    """Return the record in a blob, however many rows it has; more than `most` are refused."""
    size = layout(fields, 1).itemsize
    flags_of(blob)
    raw = inflated(blob, most * size)
    if len(raw) % size:
        raise damaged("a block of frames has the wrong length")
    return record_in(raw, layout(fields, len(raw) // size))


def flags_of(blob: bytes, format: int = FORMAT) -> int:
    """Return the flag byte of a blob of that format."""
    if len(blob) < 2 or blob[0] != format:
        raise damaged("a block of frames has an unknown format")
    return blob[1]


def inflated(blob: bytes, limit: int) -> bytes:
    """Return what is in a blob; a forged one could inflate to gigabytes."""
    inflate = zlib.decompressobj()
    try:
        # One more than may be there: a limit of zero would be none.
        raw = inflate.decompress(blob[2:], limit + 1)
    except zlib.error as error:
        raise damaged("a block of frames is damaged") from error
    if not inflate.eof or len(raw) > limit:
        raise damaged("a block of frames has the wrong length")
    return raw


def record_in(raw: bytes, kind: np.dtype[np.void], at: int = 0) -> Columns:
    """Return the record that begins at a place in some bytes. Raises `UserError` past their end."""
    if at + kind.itemsize > len(raw):
        raise damaged("a block of frames is too short")
    # NumPy reads no record of no bytes.
    found = np.frombuffer(raw, kind, 1, at) if kind.itemsize else np.zeros(1, kind)
    record: Columns = found[0]
    return record


def as_float64(values: NDArray[np.generic]) -> NDArray[np.float64]:
    """Return numbers of a blob as contiguous float64; one that is none becomes NaN."""
    with np.errstate(invalid="ignore"):
        return np.ascontiguousarray(values, np.float64)


def fits_float32(values: NDArray[np.float64]) -> bool:
    """Tell whether float32 keeps every one of the numbers exactly."""
    with np.errstate(over="ignore"):
        narrow = values.astype(np.float32).astype(np.float64)
    return bool(np.array_equal(narrow, values, equal_nan=True))


class StringTable:
    """Texts that occur again and again, kept once and referred to by number; 0 is none.

    `fresh` holds the numbered words that are not in the database yet.
    """

    LIMIT = 60_000

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self.fresh: list[tuple[int, str]] = []

    def number(self, text: str | None) -> int:
        """Return the number of a text; beyond the limit every new text is "other"."""
        if text is None:
            return 0
        found = self._number.get(text)
        if found is None:
            if len(self._number) >= self.LIMIT and text != "other":
                return self.number("other")
            found = len(self._number) + 1
            self._number[text] = found
            self.fresh.append((found, text))
        return found

    def reason(self, reason: Reason | None) -> int:
        """Return the number of a reason."""
        return self.number(None if reason is None else reason.to_json())
