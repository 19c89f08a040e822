"""What a film's container says of itself and OpenCV does not hand on: a bounded reader.

Containers are read for a few facts only, and nothing in them is believed further than the
file reaches: every size is held against its parent and against the file, boxes are counted,
and no more than a megabyte of any of them is looked at.

=====================  ===========================================================================
MP4, MOV (ISO          ``moov``: tracks with their kind, length, number of pictures and their
14496-12, QuickTime)   durations; ``moov/meta`` with ``keys`` and ``ilst``, in which Android
                       writes ``com.android.capture.fps``; Sony's ``xml`` box (NonRealTimeMeta)
                       with ``captureFps`` and ``formatFps``
MKV, WebM (RFC 9559)   how long the segment is, bytes
AVI                    how long its first RIFF chunk is, bytes
=====================  ===========================================================================

iPhones write no rate at which slow motion was captured: their files either play at the rate of
the capture, or are slowed down for good without a word.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

# No film needs more: fragments of a second over a day, and what is looked at of one box.
_MOST_BOXES, _MOST_BYTES = 200_000, 1 << 20
_MOST_KEYS, _DEEPEST = 1000, 8
# Faster than any camera; slower tells nothing of a runner.
_FPS = (0.01, 100_000.0)
_PARENTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"meta", b"udta"}
_LEAVES = {b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"stsz", b"stts", b"keys", b"ilst", b"xml "}
_CAPTURE_KEY = b"com.android.capture.fps"
_SONY = re.compile(rb'<VideoFrame\b[^>]*?\bcaptureFps="(\d{1,6}(?:\.\d{1,6})?)[a-z]?"')
_SONY_PLAYED = re.compile(rb'<VideoFrame\b[^>]*?\bformatFps="(\d{1,6}(?:\.\d{1,6})?)[a-z]?"')


@dataclass(slots=True)
class Container:
    """Facts of a container; what it does not say is None.

    Attributes
    ----------
    kind : str
        "mp4", "mkv", "avi" or "" for others.
    whole : bool
        Whether the file is as long as the container says; True where it does not say.
    indexed : bool
        Whether an MP4 has its index, without which nothing in it can be found.
    tracks : set of str
        Kinds of its tracks, e.g. "vide" and "soun".
    capture_fps, played_fps : float or None
        Pictures a second when they were taken, and as they are played.
    pictures : int or None
        How many the index lists.
    length_s : float or None
        How long they play, edits taken into account.
    """

    kind: str = ""
    whole: bool = True
    indexed: bool = False
    tracks: set[str] = field(default_factory=set)
    capture_fps: float | None = None
    played_fps: float | None = None
    pictures: int | None = None
    length_s: float | None = None


def read_container(path: Path) -> Container:
    """Return what the container says; of a damaged or unknown one as much as there is."""
    found = Container()
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            head = file.read(64)
            if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}:
                found.kind = "mp4"
                _Mp4(file, size, found).read()
            elif head[:4] == b"\x1aE\xdf\xa3":
                found.kind = "mkv"
                end = _segment_end(head)
                found.whole = end is None or end <= size
            elif head[:4] == b"RIFF" and head[8:12] == b"AVI ":
                found.kind = "avi"
                found.whole = int.from_bytes(head[4:8], "little") + 8 <= size
    except OSError:
        pass  # Whoever opens the film says so.
    return found


@dataclass(slots=True)
class _Track:
    """What is known of the track that is being read."""

    kind: str = ""
    timescale: int = 0
    shown: int = 0
    pictures: int = 0
    tick: int = 0


class _Mp4:
    """Walks through the boxes of an MP4 and fills in what it finds."""

    def __init__(self, file: BinaryIO, size: int, found: Container) -> None:
        self._file, self._size, self._found = file, size, found
        self._boxes = 0
        self._movie_scale = 0
        self._track = _Track()
        self._keys: list[bytes] = []
        self._sony_played: float | None = None

    def read(self) -> None:
        self._walk(0, self._size, 0)
        if self._sony_played is not None:
            self._found.played_fps = self._sony_played

    def _within(self, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
        """Yield the boxes of a stretch: kind, start of the contents, end as the box says it."""
        while at + 8 <= end and self._boxes < _MOST_BOXES:
            self._boxes += 1
            head = self._bytes(at, at + 16)
            size, kind, start = int.from_bytes(head[:4], "big"), head[4:8], at + 8
            if size == 1 and len(head) == 16:
                size, start = int.from_bytes(head[8:], "big"), at + 16
            elif size == 0:  # To the end of what it lies in.
                size = end - at
            if size < start - at:
                return
            yield kind, start, at + size
            at += size

    def _walk(self, start: int, end: int, depth: int) -> None:
        for kind, first, last in self._within(start, end):
            if depth == 0:
                self._found.whole &= last <= self._size
                self._found.indexed |= kind == b"moov" and last <= self._size
            last = min(last, end)
            if kind in _PARENTS and depth < _DEEPEST:
                self._walk_parent(kind, first, last, depth + 1)
            elif kind in _LEAVES:
                self._leaf(kind, self._bytes(first, last))

    def _walk_parent(self, kind: bytes, first: int, last: int, depth: int) -> None:
        if kind == b"trak":
            self._track = _Track()
        # A version and flags come first, except in QuickTime's own films.
        if kind == b"meta" and self._bytes(first + 4, first + 8) not in {b"hdlr", b"mhdr"}:
            first += 4
        self._walk(first, last, depth)
        if kind == b"trak":
            self._take_track()

    def _leaf(self, kind: bytes, data: bytes) -> None:
        track = self._track
        match kind:
            case b"mvhd":
                self._movie_scale = _number(data, 20 if data[:1] == b"\1" else 12)
            case b"tkhd":
                track.shown = _wide(data, 28) if data[:1] == b"\1" else _number(data, 20)
            case b"mdhd":
                track.timescale = _number(data, 20 if data[:1] == b"\1" else 12)
            case b"hdlr" if not track.kind:
                track.kind = data[8:12].decode("ascii", "replace")
            case b"stsz":
                track.pictures = _number(data, 8)
            case b"stts":
                track.tick = _usual_tick(data)
            case b"keys":
                self._keys = _read_keys(data)
            case b"ilst":
                self._read_items(data)
            case b"xml ":
                self._read_sony(data)

    def _take_track(self) -> None:
        found, track = self._found, self._track
        found.tracks.add(track.kind)
        if track.kind != "vide" or found.pictures is not None:
            return
        found.pictures = track.pictures
        if track.timescale and track.tick:
            found.played_fps = _rate(track.timescale / track.tick)
        if self._movie_scale and 0 < track.shown < 0xFFFFFFFF:
            found.length_s = track.shown / self._movie_scale

    def _read_items(self, data: bytes) -> None:
        """Values of the keys: a box each, named by the number of its key, with the value in it."""
        at = 0
        for _ in range(_MOST_KEYS):
            size, number = _number(data, at), _number(data, at + 4)
            if size < 8:
                return
            if 0 < number <= len(self._keys) and self._keys[number - 1] == _CAPTURE_KEY:
                if data[at + 12 : at + 16] == b"data":
                    length = min(_number(data, at + 8), size - 8)
                    value = data[at + 24 : at + 8 + length]
                    self._found.capture_fps = _value(_number(data, at + 16) & 0xFFFFFF, value)
                return
            at += size

    def _read_sony(self, data: bytes) -> None:
        captured, played = _SONY.search(data), _SONY_PLAYED.search(data)
        if captured is not None and played is not None:
            self._found.capture_fps = _rate(float(captured[1]))
            self._sony_played = _rate(float(played[1]))

    def _bytes(self, start: int, end: int) -> bytes:
        self._file.seek(start)
        return self._file.read(max(0, min(end - start, self._size - start, _MOST_BYTES)))


def _number(data: bytes, at: int) -> int:
    """Four bytes; 0 where they are not all there."""
    return int.from_bytes(data[at : at + 4], "big") if at + 4 <= len(data) else 0


def _wide(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 8], "big") if at + 8 <= len(data) else 0


def _rate(fps: float) -> float | None:
    return fps if _FPS[0] <= fps <= _FPS[1] else None


def _usual_tick(data: bytes) -> int:
    """The median duration of a picture in ticks."""
    entries = min(_number(data, 4), max(0, len(data) - 8) // 8)
    counted = [struct.unpack_from(">II", data, 8 + 8 * n) for n in range(entries)]
    half = sum(count for count, _ in counted) / 2
    for count, tick in sorted(counted, key=lambda entry: entry[1]):
        half -= count
        if half <= 0:
            return int(tick)
    return 0


def _read_keys(data: bytes) -> list[bytes]:
    """Names of the keys, in the order of their numbers."""
    names, at = [], 8
    for _ in range(min(_number(data, 4), _MOST_KEYS)):
        size = _number(data, at)
        if size < 8:
            break
        names.append(data[at + 8 : at + size])
        at += size
    return names


def _value(kind: int, data: bytes) -> float | None:
    """A rate, as one of the kinds of numbers that QuickTime knows, or as text."""
    try:
        match kind:
            case 23:
                return _rate(struct.unpack(">f", data)[0])
            case 24:
                return _rate(struct.unpack(">d", data)[0])
            case 21 | 22 | 66 | 67 | 75 | 76 | 77 | 78:
                # Of eight bytes at most, in all of them.
                return _rate(float(int.from_bytes(data, "big"))) if len(data) <= 8 else None
            case 1:
                return _rate(float(data.decode("ascii")))
    except (struct.error, ValueError):
        pass
    return None


def _segment_end(head: bytes) -> int | None:
    """Where the segment of a Matroska file ends; None where it does not say."""
    at = 4
    length, at = _vint(head, at)
    if length is None:
        return None
    at += length
    if head[at : at + 4] != b"\x18\x53\x80\x67":
        return None
    length, at = _vint(head, at + 4)
    return None if length is None else at + length


def _vint(data: bytes, at: int) -> tuple[int | None, int]:
    """A number of Matroska's, and where it ends; None where it is unknown or not there."""
    first = data[at] if at < len(data) else 0
    width = 9 - first.bit_length()
    if first == 0 or at + width > len(data):
        return None, at
    value = int.from_bytes(data[at : at + width], "big") & ((1 << 7 * width) - 1)
    return (None if value == (1 << 7 * width) - 1 else value), at + width
