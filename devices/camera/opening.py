"""From an address to a camera: number, name, device file, network stream or film."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import CameraSettings
from hipcue.devices.camera.camera import Camera
from hipcue.devices.camera.enumerate import (
    LINUX,
    CameraInfo,
    backend,
    describe,
    list_cameras,
    match_name,
    trouble_with,
)
from hipcue.devices.camera.film import Film
from hipcue.devices.camera.live import LiveCamera, Opened
from hipcue.devices.camera.paced import PacedFilm
from hipcue.devices.camera.silent_cv2 import cv2
from hipcue.devices.readings import Clock

_LIST = "hipcue devices lists what is plugged in"
_STREAMS = ("rtsp", "rtsps", "http", "https", "rtmp", "udp", "tcp")
_STREAM_TIMEOUT_MS = 5000


def open_camera(
    address: str, settings: CameraSettings, clock: Clock, slow_motion: float | None = None
) -> Camera:
    """Open a camera; `Camera.start` sets it going.

    Parameters
    ----------
    address : str
        ``"0"`` (the number of a camera), a camera's name or part of it, a device file
        (``/dev/video2``, ``/dev/v4l/by-id/...``), a stream (``rtsp://``, ``http://`` ...)
        or a film, which plays at its own pace and ends.
    settings : CameraSettings
        What to ask a live camera for.
    clock : callable
        The session's monotonic clock, in s.
    slow_motion : float or None
        As for `Film`.

    Raises
    ------
    UserError
        Nothing there, busy, no permission, no picture, unreadable film.
    """
    address = address.strip()
    scheme = re.match(r"(\w+)://", address)
    if scheme is not None:
        if scheme[1].lower() not in _STREAMS:
            raise UserError(
                f"cannot open camera {_shown(address)}",
                f"{scheme[1]}:// is no stream hipcue knows",
                f"one of {', '.join(f'{name}://' for name in _STREAMS)}",
            )
        return _stream(address, settings, clock)
    path = Path(address)
    if address.isdecimal() or address.startswith("/dev/") or _is_device(path):
        return _plugged_in(address, settings, clock)
    if address and path.exists():
        return PacedFilm(Film(path, slow_motion), clock)
    if match_name(address, list_cameras()):
        return _plugged_in(address, settings, clock)
    if path.suffix or path.name != address:
        return PacedFilm(Film(path, slow_motion), clock)  # says what is wrong with the file
    raise UserError(
        f"cannot open camera {address!r}",
        f"neither a camera nor a film of that name; {describe(list_cameras())}",
        _LIST,
    )


def _plugged_in(address: str, settings: CameraSettings, clock: Clock) -> Camera:
    """Open a camera of this computer by number, device file or name."""
    camera = _find(address)
    opened = _connect(camera.index, settings)
    if opened is None:
        raise _cannot_open(address, camera)

    def reopen() -> Opened | None:
        # Plugged back in, a camera may have another number: its name finds it.
        for again in (camera, *match_name(camera.name, list_cameras())):
            if (found := _connect(again.index, settings)) is not None:
                return found
        return None

    return LiveCamera(opened, reopen, settings, clock)


def _find(address: str) -> CameraInfo:
    """Return the one camera that an address means; made up when the system lists none."""
    if address.isdecimal():
        index = int(address)
        listed = [camera for camera in list_cameras() if camera.index == index]
        made_up = CameraInfo(index, "", f"/dev/video{index}" if LINUX else "")
        return listed[0] if listed else made_up
    if address.startswith("/dev/") or _is_device(Path(address)):
        node = Path(address).resolve()
        number = re.search(r"(\d+)$", node.name)
        if number is None:
            raise UserError(f"cannot open camera {address}", "it is no video device", _LIST)
        return CameraInfo(int(number[1]), "", str(node))
    meant = match_name(address, list_cameras())
    if len(meant) > 1:
        raise UserError(
            f"cannot choose camera {address!r}",
            f"{len(meant)} cameras have it in their name: "
            + ", ".join(f"{camera.index} ({camera.name})" for camera in meant),
            f"the number, e.g. --camera {meant[0].index}",
        )
    return meant[0]


def _cannot_open(address: str, camera: CameraInfo) -> UserError:
    """Say why a camera of this computer did not open."""
    failed = f"cannot open camera {address}"
    node = Path(camera.node) if camera.node else None
    trouble = trouble_with(node) if node is not None else "it does not answer"
    if trouble == "not plugged in":
        return UserError(failed, describe(list_cameras()), f"plug it in; {_LIST}")
    if trouble == "no permission":
        return UserError(
            failed,
            f"no permission to read {node}",
            "sudo usermod -aG video $USER, then log out and in again",
        )
    if trouble:
        return UserError(failed, trouble, "close the other program, then start again")
    return UserError(
        failed,
        f"{node} is there but gives no picture",
        "close other programs that use it, plug it in again, or try another number",
    )


def _stream(address: str, settings: CameraSettings, clock: Clock) -> Camera:
    """Open a network stream."""
    options = [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _STREAM_TIMEOUT_MS),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, _STREAM_TIMEOUT_MS),
    ]

    def connect() -> Opened | None:
        return _proved(cv2.VideoCapture(address, cv2.CAP_FFMPEG, options), lambda _: ())

    opened = connect()
    if opened is None:
        raise UserError(
            f"cannot open camera {_shown(address)}",
            f"no picture from it (waited up to {_STREAM_TIMEOUT_MS / 1000:.0f} s)",
            "the same address in a video player; check network, user and password",
        )
    return LiveCamera(opened, connect, settings, clock)


def _connect(index: int, settings: CameraSettings) -> Opened | None:
    """Open a camera by number and ask for what the settings want."""
    capture = cv2.VideoCapture(index, backend())
    return _proved(capture, lambda opened: _ask(opened, settings))


def _proved(
    capture: cv2.VideoCapture, ask: Callable[[cv2.VideoCapture], tuple[Reason, ...]]
) -> Opened | None:
    """Take one picture, since some busy cameras open but never give any."""
    if capture.isOpened():
        complaints = ask(capture)
        ok, image = capture.read()
        if ok and image is not None:
            rate = capture.get(cv2.CAP_PROP_FPS)
            fps = rate if math.isfinite(rate) and 1 <= rate <= 1000 else None
            return Opened(capture, (image.shape[1], image.shape[0]), fps, complaints)
    capture.release()
    return None


def _ask(capture: cv2.VideoCapture, settings: CameraSettings) -> tuple[Reason, ...]:
    """Ask a camera for mode, exposure, gain and focus; return what it did not take."""
    # In this order: the rates on offer depend on the format, then on the size.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, settings.width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, settings.height)
    capture.set(cv2.CAP_PROP_FPS, settings.fps)
    # One buffer: an old picture is worth less than none.
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    complaints = list(_fix_controls(capture, settings))
    width = int(capture.get(cv2.CAP_PROP_FRAME_WIDTH))
    height = int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
    if (width, height) != (settings.width, settings.height):
        complaints.append(
            Reason(
                ReasonCode.OTHER_PICTURE_SIZE,
                width=width,
                height=height,
                asked_width=settings.width,
                asked_height=settings.height,
            )
        )
    return tuple(complaints)


def _fix_controls(capture: cv2.VideoCapture, settings: CameraSettings) -> list[Reason]:
    """Fix exposure, gain and focus where asked, else leave them to the camera's automatics."""
    # Video4Linux counts 1 manual, 3 automatic; DirectShow in OpenCV 0.25 and 0.75.
    manual, automatic = (1.0, 3.0) if LINUX else (0.25, 0.75)
    complaints: list[Reason] = []
    capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, automatic)
    if settings.exposure_ms is not None:
        # Video4Linux wants units of 0.1 ms, DirectShow the power of two of seconds.
        ms = settings.exposure_ms
        value = max(1.0, round(ms * 10)) if LINUX else float(round(math.log2(ms / 1000)))
        capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, manual)
        if not _set(capture, cv2.CAP_PROP_EXPOSURE, value):
            complaints.append(Reason(ReasonCode.KEEPS_EXPOSURE))
    if settings.gain is not None and not _set(capture, cv2.CAP_PROP_GAIN, settings.gain):
        complaints.append(Reason(ReasonCode.KEEPS_GAIN))
    capture.set(cv2.CAP_PROP_AUTOFOCUS, 1.0 if settings.focus is None else 0.0)
    if settings.focus is not None and not _set(capture, cv2.CAP_PROP_FOCUS, settings.focus):
        complaints.append(Reason(ReasonCode.KEEPS_FOCUS))
    return complaints


def _set(capture: cv2.VideoCapture, control: int, value: float) -> bool:
    """Set a control and read it back; whether the camera took it within a tenth."""
    if not capture.set(control, value):
        return False
    return abs(capture.get(control) - value) <= max(0.1 * abs(value), 0.5)


def _is_device(path: Path) -> bool:
    """Whether it is a character device like /dev/video0."""
    try:
        return path.is_char_device()
    except OSError:
        return False


def _shown(address: str) -> str:
    """Return the address without user and password."""
    return re.sub(r"//[^/@]*@", "//", address)
