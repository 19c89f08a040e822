"""Opening a film file, or saying why it is none."""

from __future__ import annotations

from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.devices.camera.container import Container, read_container
from hipcue.devices.camera.silent_cv2 import cv2

TRY_FILM = "a film that a video player opens, e.g. MP4, MOV, MKV or AVI"
_TRY_AGAIN = "copy it again from the camera; programs that repair films mend a broken recording"

# The first bytes of pictures, whatever their file is called.
_PICTURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
)
_HEIF = {b"heic", b"heix", b"mif1", b"avif"}


def open_film(path: Path) -> tuple[cv2.VideoCapture, Container]:
    """Open a film file for its pictures, with what its container says.

    Raises
    ------
    UserError
        No such file, a folder, empty, a picture, sound only, cut off, or no film at all.
    """
    failed = f"cannot open film {path}"
    try:
        if path.is_dir():
            raise UserError(failed, "it is a folder", TRY_FILM)
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise UserError(failed, error.strerror or str(error), "check the path") from error
    if not head:
        raise UserError(failed, "the file is empty", "record or copy the film again")
    picture = _picture_kind(head)
    if picture is not None:
        raise UserError(failed, f"it is a picture ({picture}), no film", TRY_FILM)
    container = read_container(path)
    # Absolute, so that FFmpeg never takes "a:b.mp4" for a network address.
    capture = cv2.VideoCapture(str(path.absolute()), cv2.CAP_FFMPEG)
    if not capture.isOpened():
        capture.release()
        raise UserError(failed, *_why_not(container))
    # Phones store portrait films lying down, with the turn written beside them.
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
    return capture, container


def no_film(path: Path, container: Container, pictures: int) -> UserError:
    """Return the error for a film of which so few pictures could be had: none, or one."""
    failed = f"cannot read film {path}"
    if not container.whole:
        return UserError(failed, "the film is cut off before its second picture", _TRY_AGAIN)
    if (container.pictures or 0) > 1:
        seen = "its pictures cannot be decoded: damaged, or compressed in an unknown way"
        return UserError(failed, seen, TRY_FILM)
    seen = "there is only one picture in it" if pictures else "there is no picture in it"
    return UserError(failed, seen, TRY_FILM)


def _picture_kind(head: bytes) -> str | None:
    for begin, name in _PICTURES:
        if head.startswith(begin):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    return "HEIF" if head[4:8] == b"ftyp" and head[8:12] in _HEIF else None


def _why_not(container: Container) -> tuple[str, str]:
    if container.kind == "mp4" and not container.indexed:
        return (
            "the film is cut off: its index (moov), which is written last, is missing",
            _TRY_AGAIN,
        )
    if container.kind and not container.whole:
        return "the film is cut off", _TRY_AGAIN
    if container.tracks and "vide" not in container.tracks:
        return "there are no pictures in it, only " + (
            "sound" if "soun" in container.tracks else "other data"
        ), TRY_FILM
    return "the file is no film, or it is damaged", TRY_FILM
