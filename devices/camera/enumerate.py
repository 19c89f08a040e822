"""Which cameras there are, what they can do, and why one cannot be opened."""

from __future__ import annotations

import importlib
import os
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hipcue.devices.camera.silent_cv2 import cv2

LINUX = platform.system() == "Linux"

_SYSFS = Path("/sys/class/video4linux")
_DEV = Path("/dev")
_PROC = Path("/proc")

# Picture sizes and rates worth asking a camera for; our choice of what USB cameras sell.
_PROBES = [(640, 480, 30), (640, 480, 60), (1280, 720, 30), (1280, 720, 60), (1280, 720, 120)]
_PROBES += [(1920, 1080, 30), (1920, 1080, 60)]


@dataclass(frozen=True, slots=True, order=True)
class CameraMode:
    """A picture size in pixels and its frames per second."""

    width: int
    height: int
    fps: float


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """One camera that the system knows.

    Attributes
    ----------
    index : int
        Its number: the address for ``hipcue run --camera``.
    name : str
        The maker's name; part of it works as an address too.
    node : str
        Its device file on Linux, else empty.
    trouble : str
        Why it cannot be used, e.g. ``"no permission"``; empty when nothing is known.
    modes : tuple of CameraMode
        What it gave when asked; empty when it was not asked.
    """

    index: int
    name: str
    node: str = ""
    trouble: str = ""
    modes: tuple[CameraMode, ...] = ()


def backend() -> int:
    """Return OpenCV's backend for live cameras on this system."""
    if LINUX:
        return cv2.CAP_V4L2
    return cv2.CAP_AVFOUNDATION if platform.system() == "Darwin" else cv2.CAP_DSHOW


def list_cameras(probe: bool = False) -> tuple[CameraInfo, ...]:
    """List the cameras of this system.

    Parameters
    ----------
    probe : bool
        Open each one and ask for common modes. Takes seconds and lights its lamp.
    """
    cameras = linux_cameras(_SYSFS, _DEV) if LINUX else _other_cameras()
    if not probe:
        return cameras
    return tuple(_probed(camera) for camera in cameras)


def linux_cameras(sysfs: Path, dev: Path) -> tuple[CameraInfo, ...]:
    """Read the cameras from the kernel's own list.

    Parameters
    ----------
    sysfs : Path
        Folder like /sys/class/video4linux: one folder per node with ``name`` and ``index``.
    dev : Path
        Folder of the device files.
    """
    found: list[CameraInfo] = []
    for entry in sysfs.glob("video*"):
        number = re.fullmatch(r"video(\d+)", entry.name)
        # One camera has several nodes; those with an index above 0 carry metadata only.
        if number is None or _text(entry / "index") not in ("", "0"):
            continue
        node = dev / entry.name
        name = _text(entry / "name") or entry.name
        found.append(CameraInfo(int(number[1]), name, str(node), trouble_with(node)))
    return tuple(sorted(found, key=lambda camera: camera.index))


def trouble_with(node: Path) -> str:
    """Say why a device file cannot be used; empty when it looks well."""
    if not node.exists():
        return "not plugged in"
    if not os.access(node, os.R_OK | os.W_OK):
        return "no permission"
    users = users_of(node)
    return f"used by {users}" if users else ""


def users_of(node: Path, proc: Path = _PROC) -> str:
    """Name the other programs that hold a device file open; empty if none can be seen."""
    names: list[str] = []
    target = str(node.resolve())
    for process in proc.glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        try:
            open_files = [os.readlink(link) for link in (process / "fd").iterdir()]
        except OSError:
            continue  # another user's process, or gone meanwhile
        if target in open_files:
            names.append(f"{_text(process / 'comm') or 'a program'} ({process.name})")
    return ", ".join(sorted(names))


def match_name(wanted: str, cameras: Iterable[CameraInfo]) -> list[CameraInfo]:
    """Return the cameras that a name means: the exact ones, else those that contain it."""
    cameras = list(cameras)
    key = wanted.strip().casefold()
    exact = [camera for camera in cameras if camera.name.casefold() == key]
    return exact or [camera for camera in cameras if key and key in camera.name.casefold()]


def describe(cameras: Iterable[CameraInfo]) -> str:
    """Name the cameras in one line: ``cameras found: 0 (HD Webcam), 2 (BRIO)``."""
    listed = [f"{camera.index} ({camera.name})" for camera in cameras]
    return f"cameras found: {', '.join(listed)}" if listed else "no camera found"


def probe_modes(capture: cv2.VideoCapture) -> tuple[CameraMode, ...]:
    """Ask an open camera for common modes and return those that it really gave."""
    given: set[CameraMode] = set()
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    for width, height, fps in _PROBES:
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
        capture.set(cv2.CAP_PROP_FPS, fps)
        mode = CameraMode(
            int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            round(capture.get(cv2.CAP_PROP_FPS), 1),
        )
        if mode.width > 0 and mode.height > 0:
            given.add(mode)
    return tuple(sorted(given))


def _probed(camera: CameraInfo) -> CameraInfo:
    capture = cv2.VideoCapture(camera.index, backend())
    try:
        modes = probe_modes(capture) if capture.isOpened() else ()
        trouble = camera.trouble or ("" if modes else "does not open")
        return CameraInfo(camera.index, camera.name, camera.node, trouble, modes)
    finally:
        capture.release()


def _other_cameras() -> tuple[CameraInfo, ...]:
    """List cameras on Windows and macOS, with names where the helper package is there."""
    try:
        helper: Any = importlib.import_module("cv2_enumerate_cameras")
    except ImportError:
        return tuple(CameraInfo(index, f"camera {index}") for index in range(4) if _opens(index))
    found = helper.enumerate_cameras(backend())
    return tuple(CameraInfo(int(entry.index), str(entry.name)) for entry in found)


def _opens(index: int) -> bool:
    capture = cv2.VideoCapture(index, backend())
    try:
        return bool(capture.isOpened())
    finally:
        capture.release()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
