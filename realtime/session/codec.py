"""Frames in binary: many steps to three compact blobs and back.

A chunk holds the steps of one transaction, column by column (all times, then all x ...),
which compresses better than frame by frame. Three blobs, so that a reader takes only
what it needs: ``pose`` (what the engine was given), ``angles`` and ``state`` (what it
found out). Nothing is pickled: a blob is a version byte, a flag byte and zlib of plain
little-endian arrays whose shapes follow from the number of frames, so a forged blob can
be wrong but can run nothing and cannot grow beyond its expected size.

Joint positions and confidences are kept as float32 when that loses nothing, which is
checked for every chunk, and as float64 otherwise. What the engine was given therefore
comes back bit for bit. Times and belt readings are float64; angles of single frames are
for looking at and are kept as float32.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason
from hipcue.realtime.records import JOINT_COUNT, Pose

FORMAT = 1
# A chunk is one second; four minutes at 60 fps is far beyond any honest one.
MAX_FRAMES = 15_000
# Level 3 is within a few percent of level 9 on joint positions, at a fifth of its time.
_LEVEL = 3
_WIDE = 1

_NO_WORD = 0

Floats = NDArray[np.float64]
Array = NDArray[np.generic]


def damaged(what: str) -> UserError:
    """Return the error for a blob that is not what it should be."""
    return UserError("cannot read the session", what, "hipcue review repairs what it can")


def pack(arrays: Sequence[Array], flag: int = 0) -> bytes:
    """Return the arrays, in order, as one compressed blob."""
    raw = b"".join(np.ascontiguousarray(a).tobytes() for a in arrays)
    return bytes((FORMAT, flag)) + zlib.compress(raw, _LEVEL)


def flag_of(blob: bytes) -> int:
    """Return the flag byte of a blob."""
    if len(blob) < 2 or blob[0] != FORMAT:
        raise damaged("a block of frames has an unknown format")
    return blob[1]


class Unpacker:
    """Takes arrays back out of a blob, in the order in which they went in.

    Parameters
    ----------
    blob : bytes
        What `pack` returned.
    limit : int
        More bytes than this are refused: a forged blob could inflate to gigabytes.
    """

    def __init__(self, blob: bytes, limit: int) -> None:
        self.flag = flag_of(blob)
        inflate = zlib.decompressobj()
        try:
            self._raw = inflate.decompress(blob[2:], limit)
        except zlib.error as error:
            raise damaged("a block of frames is damaged") from error
        if inflate.unconsumed_tail or not inflate.eof:
            raise damaged("a block of frames has the wrong length")
        self._at = 0

    def take(self, dtype: str, *shape: int) -> Array:
        """Return the next array of that type and shape."""
        kind = np.dtype(dtype)
        size = kind.itemsize * math.prod(shape)
        end = self._at + size
        if end > len(self._raw):
            raise damaged("a block of frames is too short")
        out = np.frombuffer(self._raw, kind, size // kind.itemsize, self._at).reshape(shape)
        self._at = end
        return out

    def floats(self, dtype: str, *shape: int) -> Floats:
        """Return the next array as float64."""
        return self.take(dtype, *shape).astype(np.float64)


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
            return _NO_WORD
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


def opt(value: float | None) -> float:
    """Return NaN for a missing value."""
    return float("nan") if value is None else value


def back(value: float) -> float | None:
    """Return ``None`` for NaN."""
    return None if value != value else float(value)


def encode_poses(poses: Sequence[Pose], words: StringTable) -> bytes:
    """Return the poses of one chunk as a blob.

    Float32 where it is exact for every number of the chunk, else float64.
    """
    xy = np.array([p.xy_px for p in poses], np.float64)
    confidence = np.array([p.confidence for p in poses], np.float64)
    wide = not (_fits_float32(xy) and _fits_float32(confidence))
    kind = "<f8" if wide else "<f4"
    readings = [r for p in poses for r in p.pelvis]
    return pack(
        [
            np.array([p.t_capture_s for p in poses], "<f8"),
            np.array([p.index for p in poses], "<i8"),
            np.array([p.size_px for p in poses], "<u4"),
            np.array([opt(p.px_per_m) for p in poses], "<f8"),
            np.array([words.reason(p.reason) for p in poses], "<u2"),
            np.array([len(p.pelvis) for p in poses], "<u2"),
            xy.transpose(1, 2, 0).astype(kind),
            confidence.T.astype(kind),
            np.array([r.t_s for r in readings], "<f8"),
            np.array([words.number(r.source) for r in readings], "<u2"),
            np.array([opt(r.angle_deg) for r in readings], "<f8"),
            np.array([opt(r.sigma_deg) for r in readings], "<f8"),
            np.array([opt(r.thorax_deg) for r in readings], "<f8"),
            np.array([opt(r.thorax_sigma_deg) for r in readings], "<f8"),
            np.array([words.reason(r.reason) for r in readings], "<u2"),
        ],
        _WIDE if wide else 0,
    )


def _fits_float32(values: Floats) -> bool:
    with np.errstate(over="ignore"):
        narrow = values.astype(np.float32).astype(np.float64)
    return bool(np.array_equal(narrow, values, equal_nan=True))


@dataclass(frozen=True, slots=True, eq=False)
class PoseColumns:
    """The poses of one chunk, column by column, and their pelvis readings.

    `xy_px` is (n, JOINT_COUNT, 2), `confidence` (n, JOINT_COUNT), `readings` (n,) how
    many pelvis readings each pose carries; `pelvis` maps a field of `PelvisReading` to
    all readings of the chunk one after the other. Texts are word numbers.
    """

    t_s: Floats
    index: NDArray[np.int64]
    size_px: NDArray[np.int64]
    px_per_m: Floats
    reason: NDArray[np.int64]
    xy_px: Floats
    confidence: Floats
    readings: NDArray[np.int64]
    pelvis: dict[str, Array]


def decode_poses(blob: bytes, n: int) -> PoseColumns:
    """Return the `n` poses of a blob. Raises `UserError` when it is not one."""
    if not 0 <= n <= MAX_FRAMES:
        raise damaged(f"a block of {n} frames")
    per_frame = 8 + 8 + 8 + 8 + 2 + 2 + JOINT_COUNT * 3 * 8
    # Up to 40 pelvis readings a frame (a 1 kHz sensor under a 25 fps camera), 44 bytes each.
    source = Unpacker(blob, n * (per_frame + 40 * 44))
    kind = "<f8" if source.flag & _WIDE else "<f4"
    t_s = source.floats("<f8", n)
    index = source.take("<i8", n).astype(np.int64)
    size = source.take("<u4", n, 2).astype(np.int64)
    px_per_m = source.floats("<f8", n)
    reason = source.take("<u2", n).astype(np.int64)
    readings = source.take("<u2", n).astype(np.int64)
    xy = source.floats(kind, JOINT_COUNT, 2, n).transpose(2, 0, 1)
    confidence = source.floats(kind, JOINT_COUNT, n).T
    m = int(readings.sum())
    pelvis = {
        "t_s": source.take("<f8", m),
        "source": source.take("<u2", m),
        "angle_deg": source.take("<f8", m),
        "sigma_deg": source.take("<f8", m),
        "thorax_deg": source.take("<f8", m),
        "thorax_sigma_deg": source.take("<f8", m),
        "reason": source.take("<u2", m),
    }
    return PoseColumns(
        t_s=t_s,
        index=index,
        size_px=size,
        px_per_m=px_per_m,
        reason=reason,
        xy_px=np.ascontiguousarray(xy),
        confidence=np.ascontiguousarray(confidence),
        readings=readings,
        pelvis=pelvis,
    )
