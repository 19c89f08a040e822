"""Small films made on the spot, and the byte work that makes them odd."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

SIZE = (96, 64)
Image = NDArray[np.uint8]


def picture(number: int, size: tuple[int, int] = SIZE) -> Image:
    """A picture whose grey says its number (8 apart, so that compression cannot mix them)."""
    width, height = size
    image = np.full((height, width, 3), 8 * (number % 30) + 10, np.uint8)
    image[: height // 4, : width // 4] = 255  # a white corner, top left
    return image


def number_of(image: Image) -> int:
    """The number of a picture, read back after compression (modulo 30)."""
    grey = float(image[image.shape[0] // 2 :, image.shape[1] // 2 :].mean())
    return round((grey - 10) / 8)


def write_film(
    path: Path, pictures: Iterable[Image], fps: float = 50.0, code: str = "mp4v"
) -> Path:
    pictures = list(pictures)
    height, width = pictures[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*code), fps, (width, height))
    assert writer.isOpened()
    for image in pictures:
        writer.write(image)
    writer.release()
    return path


def counting_film(path: Path, frames: int = 20, fps: float = 50.0, code: str = "mp4v") -> Path:
    return write_film(path, (picture(number) for number in range(frames)), fps, code)


def lying_down(path: Path) -> Path:
    """Write the quarter turn of a phone held upright into the track header of an MP4."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4
    assert data[at] == 0, "version 0 of the box is expected"
    # 4 version and flags, 5 x 4 times and track, 8 reserved, 4 x 2 layer to volume
    turn = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    data[at + 40 : at + 76] = turn
    path.write_bytes(data)
    return path


def with_durations(path: Path, ticks: list[int]) -> Path:
    """Give every frame of an MP4 its own duration: a film with a variable frame rate."""
    data = path.read_bytes()
    table = struct.pack(">II", 0, len(ticks))
    table += b"".join(struct.pack(">II", 1, tick) for tick in ticks)
    at = data.index(b"stts") - 4
    size = struct.unpack(">I", data[at : at + 4])[0]
    box = struct.pack(">I4s", len(table) + 8, b"stts") + table
    growth = len(box) - size
    grown = bytearray(data[:at] + box + data[at + size :])
    assert data.index(b"mdat") < at, "the pictures must lie before the tables"
    for parent in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
        start = data.index(parent) - 4
        length = struct.unpack(">I", data[start : start + 4])[0]
        grown[start : start + 4] = struct.pack(">I", length + growth)
    # The edit list would end the film at its old length.
    path.write_bytes(bytes(grown).replace(b"edts", b"free", 1))
    return path


def timescale_of(path: Path) -> int:
    """Ticks per second of the film's track."""
    data = path.read_bytes()
    at = data.index(b"mdhd") + 4
    return int(struct.unpack(">I", data[at + 12 : at + 16])[0])


def box(kind: bytes, contents: bytes) -> bytes:
    return struct.pack(">I4s", len(contents) + 8, kind) + contents


def _insert(path: Path, at: int, piece: bytes, parents: Iterable[bytes]) -> Path:
    """Put bytes into an MP4 whose tables lie behind its pictures; the boxes around them grow."""
    data = path.read_bytes()
    assert data.index(b"mdat") < at
    grown = bytearray(data[:at] + piece + data[at:])
    for parent in parents:
        start = data.index(parent) - 4
        length = struct.unpack(">I", data[start : start + 4])[0]
        grown[start : start + 4] = struct.pack(">I", length + len(piece))
    path.write_bytes(bytes(grown))
    return path


def _end_of(data: bytes, kind: bytes) -> int:
    start = data.index(kind) - 4
    return start + int(struct.unpack(">I", data[start : start + 4])[0])


def with_pixels(path: Path, wide: int, high: int) -> Path:
    """Write into an MP4 that its pixels are not square."""
    entry = path.read_bytes().index(b"mp4v", path.read_bytes().index(b"stsd")) - 4
    data = path.read_bytes()
    end = entry + int(struct.unpack(">I", data[entry : entry + 4])[0])
    parents = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
    _insert(path, end, box(b"pasp", struct.pack(">II", wide, high)), parents)
    grown = bytearray(path.read_bytes())
    grown[entry : entry + 4] = struct.pack(">I", end - entry + 16)
    path.write_bytes(bytes(grown))
    return path


def captured_at(path: Path, value: bytes, kind: int = 23, *, iso: bool = False) -> Path:
    """Write Android's tag of the rate of the capture into an MP4."""
    key = b"com.android.capture.fps"
    names = [b"com.android.version", key]
    keys = struct.pack(">II", 0, len(names))
    keys += b"".join(struct.pack(">I4s", len(name) + 8, b"mdta") + name for name in names)
    items = b"".join(
        box(struct.pack(">I", number), box(b"data", struct.pack(">II", form, 0) + data))
        for number, form, data in ((1, 1, b"14"), (2, kind, value))
    )
    handler = box(b"hdlr", bytes(8) + b"mdta" + bytes(13))
    meta = handler + box(b"keys", keys) + box(b"ilst", items)
    piece = box(b"meta", bytes(4 * iso) + meta)
    return _insert(path, _end_of(path.read_bytes(), b"moov"), piece, (b"moov",))


def by_sony(path: Path, captured: str, played: str) -> Path:
    """Append the XML that Sony's cameras write."""
    xml = (
        '<NonRealTimeMeta><VideoFormat><VideoFrame videoCodec="AVC_1920_1080_HP@L42" '
        f'captureFps="{captured}" formatFps="{played}"/></VideoFormat></NonRealTimeMeta>'
    ).encode()
    handler = box(b"hdlr", bytes(8) + b"nrtm" + bytes(13))
    meta = box(b"meta", bytes(4) + handler + box(b"xml ", bytes(4) + xml))
    path.write_bytes(path.read_bytes() + meta)
    return path


def index_first(path: Path) -> Path:
    """Move the tables before the pictures, as films for the web have them."""
    data = path.read_bytes()
    start = data.index(b"moov") - 4
    first = data.index(b"mdat") - 4
    moov = bytearray(data[start : _end_of(data, b"moov")])
    at = moov.index(b"stco") + 4
    for entry in range(struct.unpack(">I", moov[at + 4 : at + 8])[0]):
        place = at + 8 + 4 * entry
        offset = struct.unpack(">I", moov[place : place + 4])[0]
        moov[place : place + 4] = struct.pack(">I", offset + len(moov))
    path.write_bytes(data[:first] + bytes(moov) + data[first:start])
    return path


def first_part(path: Path, share: float) -> Path:
    """Cut a file off after a share of its bytes."""
    data = path.read_bytes()
    path.write_bytes(data[: round(share * len(data))])
    return path
